"""What the overview of a register for staff filters and sorts by. Never public."""
