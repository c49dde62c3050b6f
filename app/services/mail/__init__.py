"""Staff e-mail: immediate notifications and a digest. The worker sends each message once."""
