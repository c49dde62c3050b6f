"""A review: a stocktaking at a date, frozen once for each date."""
