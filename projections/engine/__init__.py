"""Moves all projections of a log forward together, and replaces a generation of tables with a new one."""
