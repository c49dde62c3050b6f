"""Pages about the members of a register."""
