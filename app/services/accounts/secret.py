"""Secrets that are shown once and stored as a digest."""

import secrets
from hashlib import sha256


def new() -> tuple[str, str]:
    """A secret and its digest."""
    secret = secrets.token_urlsafe(32)
    return secret, digest(secret)


def digest(secret: str) -> str:
    return sha256(secret.encode()).hexdigest()
