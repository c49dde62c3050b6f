"""Letters to staff: what is new for them, at once, and what waits, in a digest. Sent by the worker, each once."""
