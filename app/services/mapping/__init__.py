"""Maps an office's own spreadsheet to a register: guesses, asks, builds rows of a bundle, compares with the stored."""
