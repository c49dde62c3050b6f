"""Downloads of a register: CSV tables, a workbook, and the meaning of every column."""
