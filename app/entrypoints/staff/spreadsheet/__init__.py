"""“Bring your spreadsheet”: an office's own sheet becomes a register, or its next edition, in five steps."""
