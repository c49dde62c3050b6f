"""Finds recommendations, assessments, developments, evidence and bodies by their words, in English and Korean."""
