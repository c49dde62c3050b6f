"""One function per command: load the aggregates, ask them, return what changed. Nothing is stored here."""
