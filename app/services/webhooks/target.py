"""Requests to webhook addresses, never to this machine or its private network (server-side request forgery).

A host is resolved once, and the connection goes to a checked address. Redirects are not followed, and the body of an
answer is not read.
"""

import http.client
from urllib.parse import SplitResult, urlsplit

from app.adapters.http_client import PinnedConnection, is_public, resolve_host
from app.adapters.settings import Settings

REQUEST_TIMEOUT_SECONDS = 10.0
"""For the whole request."""
MAX_URL_LENGTH = 500
UNUSABLE, UNKNOWN, PRIVATE = "unusable", "unknown", "private"


class Undeliverable(Exception):
    """Nothing was sent or no answer came. `kind` is one of the three words above, or the name of an error class."""

    @property
    def kind(self) -> str:
        return str(self)


def check_url(settings: Settings, url: str) -> None:
    """Raises `Undeliverable` if the address cannot be used."""
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
    """The addresses of the host. Private ones need the setting `private_webhooks`."""
    try:
        addresses = resolve_host(str(parts.hostname), _port(parts))
    except (OSError, UnicodeError):
        raise Undeliverable(UNKNOWN) from None
    if not settings.private_webhooks and not all(is_public(a) for a in addresses):
        raise Undeliverable(PRIVATE)
    return addresses


def _port(parts: SplitResult) -> int:
    return parts.port or (443 if parts.scheme == "https" else 80)
