"""What things are called and how they are described, at any instant: the newest version at or before it."""
