"""Searches a register, and arranges what matches under the recommendations that it is about."""
