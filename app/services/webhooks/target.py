"""A request to an address that somebody typed: never to this machine or its network, whatever a name resolves to.

A name is resolved once, and what was checked is what is connected to. Redirects are not followed, and nothing of an
answer is read but its first line and its headers.
"""

import http.client
from urllib.parse import SplitResult, urlsplit

from app.adapters.http_client import PinnedConnection, is_public, resolve_host
from app.adapters.settings import Settings

REQUEST_TIMEOUT_SECONDS = 10.0
"""Seconds for all of a request."""
MAX_URL_LENGTH = 500
UNUSABLE, UNKNOWN, PRIVATE = "unusable", "unknown", "private"


class Undeliverable(Exception):
    """Nothing was sent, or nothing came back: one of the three words above, or the name of an error."""

    @property
    def kind(self) -> str:
        return str(self)


def check_url(settings: Settings, url: str) -> None:
    """Raises `Undeliverable` where nothing can be sent."""
    _addresses(settings, _parts(settings, url))


def post(settings: Settings, url: str, body: bytes, headers: dict[str, str]) -> int:
    """Send a body, and return the status of the answer. Raises `Undeliverable`."""
    parts = _parts(settings, url)
    addresses = _addresses(settings, parts)
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    connection = PinnedConnection(
        str(parts.hostname), _port(parts), addresses, tls=parts.scheme == "https", seconds=REQUEST_TIMEOUT_SECONDS
    )
    try:
        with connection:
            connection.request("POST", path, body, headers)
            return connection.getresponse().status
    except (OSError, http.client.HTTPException) as e:
        raise Undeliverable(type(e).__name__) from None


def _parts(settings: Settings, url: str) -> SplitResult:
    """The parts of an address that begins with https:// and holds neither spaces nor a password."""
    schemes = ("https", "http") if settings.private_webhooks else ("https",)
    clean = url.isascii() and url.isprintable() and not set(url) & set(" <>\"'\\#") and len(url) <= MAX_URL_LENGTH
    try:
        parts = urlsplit(url)
        usable = clean and parts.scheme in schemes and parts.hostname and "@" not in parts.netloc and parts.port != 0
    except ValueError:
        usable = False
    if not usable:
        raise Undeliverable(UNUSABLE)
    return parts


def _addresses(settings: Settings, parts: SplitResult) -> list[str]:
    """All addresses of the host, of which none may be private unless a setting allows it."""
    try:
        addresses = resolve_host(str(parts.hostname), _port(parts))
    except (OSError, UnicodeError):
        raise Undeliverable(UNKNOWN) from None
    if not settings.private_webhooks and not all(is_public(a) for a in addresses):
        raise Undeliverable(PRIVATE)
    return addresses


def _port(parts: SplitResult) -> int:
    return parts.port or (443 if parts.scheme == "https" else 80)
