"""What waits for one person in a register."""
