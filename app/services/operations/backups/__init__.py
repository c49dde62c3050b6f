"""Consistent backups of a running installation, and restoring them into either store."""
