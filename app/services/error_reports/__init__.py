"""Errors that readers report on public pages, for the staff of the register."""
