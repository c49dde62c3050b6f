"""The status of every item at any day, as known at any instant."""
