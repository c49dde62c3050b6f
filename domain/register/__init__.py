"""A register: a set of recommendations tracked together."""
