"""Signatures in the manner of Standard Webhooks: a receiver knows who sent a body, and when."""

import hmac
from base64 import b64encode
from datetime import datetime
from hashlib import sha256

from app.adapters.settings import Settings
from app.services.accounts.web_secrets import load_web_secrets

PREFIX = "whsec_"


def secret_of(settings: Settings, seed: str) -> str:
    """The secret that a receiver is given; the same for as long as the keys of the web are."""
    return PREFIX + b64encode(_key(settings, seed)).decode()


def headers(settings: Settings, seed: str, ident: str, at: datetime, body: bytes) -> dict[str, str]:
    """What a body is sent under: an id that stays the same when it is sent again, the time, the signature over all."""
    timestamp = str(int(at.timestamp()))
    signature = hmac.new(_key(settings, seed), f"{ident}.{timestamp}.".encode() + body, sha256).digest()
    return {
        "webhook-id": ident,
        "webhook-timestamp": timestamp,
        "webhook-signature": f"v1,{b64encode(signature).decode()}",
    }


def _key(settings: Settings, seed: str) -> bytes:
    return hmac.new(load_web_secrets(settings).session.encode(), f"webhook/{seed}".encode(), sha256).digest()
