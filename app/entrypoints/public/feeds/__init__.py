"""Feeds of what changed: the same entries as Atom (RFC 4287) and as JSON Feed 1.1."""
