"""Assessments with their texts, public and proposed. Reads the events that the timeline stores; has no second copy."""
