"""Snapshots: a register as of one date, packaged so that anyone can verify and rebuild it."""
