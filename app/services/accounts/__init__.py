"""The people who keep registers: accounts, roles, sign-in, sessions, invitations and tokens."""
