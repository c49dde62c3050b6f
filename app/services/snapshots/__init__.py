"""Snapshots: a register at one pair of times as a package that anybody can check, and that can be made again."""
