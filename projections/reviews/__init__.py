"""Reviews: their schedules, what is prepared for each day, and what was frozen, as known at any instant."""
