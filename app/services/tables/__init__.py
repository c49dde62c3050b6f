"""A register to take away: tables for people and for machines, a workbook, and what every column means."""
