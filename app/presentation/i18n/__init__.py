"""Texts, labels and event sentences in the language of the reader."""
