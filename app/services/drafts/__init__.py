"""Forms that are not sent yet: saved by their author, or kept because the session ended in the middle of them."""
