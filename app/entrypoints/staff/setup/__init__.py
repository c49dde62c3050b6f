"""Pages that set up and amend a register."""
