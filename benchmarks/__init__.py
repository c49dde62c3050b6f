"""Speed, as ratios to a limit measured in the same run; medians of several runs, because machines are noisy."""
