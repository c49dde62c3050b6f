"""Open work for staff: proposals, drafts of success criteria, sources. Never public."""
