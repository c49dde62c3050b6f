"""The workbench: everything about one recommendation, and every action on it."""
