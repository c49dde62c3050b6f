"""Browsers in which a person signed in before. Guesses made elsewhere do not keep that person out of them."""

import secrets
from datetime import timedelta
from hashlib import sha256

from itsdangerous import BadData, URLSafeSerializer

from app.adapters.settings import Settings
from app.services.accounts.web_secrets import load_web_secrets

DEVICE_COOKIE, DEVICE_TTL = "uptake_device", timedelta(days=365)
MAX_ACCOUNTS = 20
"""The accounts that one browser remembers; the oldest go first."""
SALT = "known-device"


def known_device(settings: Settings, cookie: str, account: str) -> str:
    """The id of this browser for an account; empty if it never signed in here."""
    return _read(settings, cookie).get(_digest(account), "")


def remember_device(settings: Settings, cookie: str, *accounts: str) -> str:
    """The cookie of a browser in which a person signed in, under all names of the account."""
    known = _read(settings, cookie)
    device = known.get(_digest(accounts[0])) or secrets.token_urlsafe(16)
    names = {_digest(account): device for account in accounts}
    others = [(name, value) for name, value in known.items() if name not in names]
    return str(_signer(settings).dumps(dict([*others, *names.items()][-MAX_ACCOUNTS:])))


def _read(settings: Settings, cookie: str) -> dict[str, str]:
    try:
        return dict(_signer(settings).loads(cookie)) if cookie else {}
    except BadData:
        return {}


def _digest(account: str) -> str:
    return sha256(f"{SALT}:{account.strip().lower()}".encode()).hexdigest()[:32]


def _signer(settings: Settings) -> URLSafeSerializer:
    return URLSafeSerializer(load_web_secrets(settings).session, salt=SALT)
