"""Sentences and stories computed from the record."""
