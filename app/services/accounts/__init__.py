"""Staff accounts: people, roles, sign-in, sessions, invitations and API tokens."""
