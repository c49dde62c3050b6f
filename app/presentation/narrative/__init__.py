"""Headlines, timelines and feed entries computed from the record."""
