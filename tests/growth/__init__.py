"""Whether anything grows with a register."""
