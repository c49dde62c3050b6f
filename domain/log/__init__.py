"""The log itself: stamps that a wrong clock gave are corrected by a later event."""
