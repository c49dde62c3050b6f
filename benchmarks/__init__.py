"""Speed, as ratios to a limit measured in the same run; medians of several runs, since machines are noisy."""
