"""Signatures of webhook requests, as in Standard Webhooks."""

import hmac
from base64 import b64encode
from datetime import datetime
from hashlib import sha256

from app.adapters.settings import Settings
from app.services.accounts.web_secrets import load_web_secrets

PREFIX = "whsec_"


def secret_of(settings: Settings, seed: str) -> str:
    """The secret of a receiver; stays the same as long as the web secrets do."""
    return PREFIX + b64encode(_key(settings, seed)).decode()


def headers(settings: Settings, seed: str, ident: str, at: datetime, body: bytes) -> dict[str, str]:
    """The headers of a request to a receiver."""
    return sign(_key(settings, seed), ident, at, body)


def sign(key: bytes, ident: str, at: datetime, body: bytes) -> dict[str, str]:
    """The headers of a request: an id that stays the same on retries, the time, and the signature."""
    timestamp = str(int(at.timestamp()))
    signature = hmac.new(key, f"{ident}.{timestamp}.".encode() + body, sha256).digest()
    return {
        "webhook-id": ident,
        "webhook-timestamp": timestamp,
        "webhook-signature": f"v1,{b64encode(signature).decode()}",
    }


def _key(settings: Settings, seed: str) -> bytes:
    return hmac.new(load_web_secrets(settings).session.encode(), f"webhook/{seed}".encode(), sha256).digest()
