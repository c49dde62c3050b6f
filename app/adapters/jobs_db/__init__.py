"""What runs by the clock: plain functions, safe to run twice, declared in code."""
