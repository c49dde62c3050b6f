"""The problems of what a person uploaded or pasted last, kept for a day so that all can be downloaded."""
