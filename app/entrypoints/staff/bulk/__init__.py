"""Work on many recommendations at once: reviews without change, and spreadsheets."""
