"""Moves an installation from one store to another: between SQLite and PostgreSQL, or between two of a kind."""
