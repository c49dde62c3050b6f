"""What the overview of a register finds."""
