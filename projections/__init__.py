"""Tables made from events; they can be rebuilt at any time."""
