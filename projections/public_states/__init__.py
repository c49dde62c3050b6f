"""How far what the public sees of each register reaches: the last event that a public page can show."""
