"""The log itself: later events correct stamps of a wrong clock, and say that its end was lost."""
