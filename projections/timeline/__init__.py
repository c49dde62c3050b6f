"""Everything that happened, event by event, for the pages and feeds that tell it."""
