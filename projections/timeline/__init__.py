"""Everything that happened, event by event, for timelines, histories and feeds."""
