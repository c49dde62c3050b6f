"""Removes texts permanently: from the record, from what is stored beside it, and from the bytes of the files."""
