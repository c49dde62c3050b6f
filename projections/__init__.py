"""Tables made from events, thrown away and made again at will."""
