"""The jobs database: locks of jobs, heartbeats, the leader lock and checkpoints."""
