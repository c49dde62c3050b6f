"""How the cost of every route grows with a register."""
