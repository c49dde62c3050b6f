"""Forms that are not sent yet: saved by their author, or because the session ended."""
