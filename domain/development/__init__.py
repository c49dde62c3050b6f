"""A development: a dated event in the world that changes no status by itself."""
