"""A deadline: a day by which an item was due, as someone stated it on a day."""
