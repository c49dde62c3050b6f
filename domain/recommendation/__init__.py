"""A recommendation: one thing that a publication asks someone to do, and what became of it."""
