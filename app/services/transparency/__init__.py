"""What makes the log checkable from outside: its signing key, checkpoints, proofs, and the check itself."""
