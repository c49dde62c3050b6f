"""Pages about my own account: sign-in, tokens, e-mail, leaving."""
