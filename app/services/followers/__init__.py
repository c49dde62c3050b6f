"""Readers who follow registers, recommendations, themes or bodies by e-mail, and the letters to them."""
