"""API models, how they are built, and how dates in a request are resolved."""
