"""Finds recommendations, assessments, developments and evidence by their words, in English and Korean."""
