"""Turns facts into words, pictures and API shapes. Knows no accounts and sends no commands."""
