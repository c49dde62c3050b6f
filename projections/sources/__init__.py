"""Finds the sources of a register by address and by words, public or not; for staff."""
