"""Turns facts into words, pictures and API models. Knows no accounts and sends no commands."""
