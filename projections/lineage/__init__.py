"""Relations between recommendations, read from both sides, within a register and across registers."""
