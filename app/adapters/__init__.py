"""What touches the outside world: the event store, the jobs database, HTTP, settings and files."""
