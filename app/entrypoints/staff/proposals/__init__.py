"""Proposing, reviewing, correcting and discussing a status change."""
