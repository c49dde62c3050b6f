"""The overview of a register for staff: filters, saved views, and what is due."""
