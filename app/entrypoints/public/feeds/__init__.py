"""Feed formats: the same entries as Atom (RFC 4287) and JSON Feed 1.1."""
