"""What changed in public, newest first, for the changes page, the corrections page and their feeds."""
