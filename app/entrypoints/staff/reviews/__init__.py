"""Pages that prepare an anniversary review."""
