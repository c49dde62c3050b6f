"""Home, the overview of a register, the page of a recommendation, and history."""
