"""Reads files of cells: workbooks, text files and pasted cells."""
