"""Operating an installation: backups, diagnosis and liveness."""
