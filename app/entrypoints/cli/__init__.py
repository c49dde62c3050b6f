"""The command line: `uptake`."""
