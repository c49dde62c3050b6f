"""Makes the log verifiable from outside: signing key, checkpoints and verification."""
