"""Backups: all that an installation must not lose, consistent while it runs, and put back into either store."""
