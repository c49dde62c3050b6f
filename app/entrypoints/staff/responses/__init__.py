"""Pages about responses of bodies that were asked."""
