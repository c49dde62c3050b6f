"""Notices in the workspace: what is new for a person, from the same news as the e-mail."""
