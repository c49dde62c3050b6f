"""The evidence locker: copies of sources, notes on them, and link checks."""
