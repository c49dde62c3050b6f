"""Posts to addresses that others give, never to this machine or its private network unless that is permitted.

A host is resolved once, and the connection goes to a checked address, so an address cannot change in between
(server-side request forgery). Redirects are not followed. The body of an answer is read up to a limit.
"""

import http.client
from collections.abc import Mapping
from urllib.parse import SplitResult, urlsplit

from msgspec import Struct

from app.adapters.http_client import PinnedConnection, is_public, resolve_host

REQUEST_TIMEOUT_SECONDS = 10.0
"""For the whole request."""
MAX_URL_LENGTH = 500
UNUSABLE, UNKNOWN, PRIVATE = "unusable", "unknown", "private"


class Undeliverable(Exception):
    """Nothing was sent or no answer came. `kind` is one of the three words above, or the name of an error class."""

    @property
    def kind(self) -> str:
        return str(self)


class PostAnswer(Struct, frozen=True):
    """The status, and the beginning of the body."""

    status: int
    body: bytes = b""


def check_url(url: str, *, private: bool) -> None:
    """Raises `Undeliverable` if the address cannot be used. `private` permits private networks, also without TLS."""
    _addresses(_parts(url, private), private)


def post(url: str, body: bytes, headers: Mapping[str, str], *, private: bool, max_answer_bytes: int = 0) -> PostAnswer:
    """Send a body, and return the answer. Raises `Undeliverable`."""
    parts = _parts(url, private)
    addresses = _addresses(parts, private)
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    connection = PinnedConnection(
        str(parts.hostname), _port(parts), addresses, tls=parts.scheme == "https", seconds=REQUEST_TIMEOUT_SECONDS
    )
    try:
        with connection:
            connection.request("POST", path, body, dict(headers))
            answer = connection.getresponse()
            return PostAnswer(answer.status, answer.read(max_answer_bytes) if max_answer_bytes else b"")
    except (OSError, http.client.HTTPException, AttributeError) as e:  # the last one: cut off by the time limit
        raise Undeliverable(type(e).__name__) from None


def _parts(url: str, private: bool) -> SplitResult:
    """The parts of an address that begins with https:// and holds neither spaces nor a password."""
    schemes = ("https", "http") if private else ("https",)
    clean = url.isascii() and url.isprintable() and not set(url) & set(" <>\"'\\#") and len(url) <= MAX_URL_LENGTH
    try:
        parts = urlsplit(url)
        usable = clean and parts.scheme in schemes and parts.hostname and "@" not in parts.netloc and parts.port != 0
    except ValueError:
        usable = False
    if not usable:
        raise Undeliverable(UNUSABLE)
    return parts


def _addresses(parts: SplitResult, private: bool) -> list[str]:
    """The addresses of the host."""
    try:
        addresses = resolve_host(str(parts.hostname), _port(parts))
    except (OSError, UnicodeError):
        raise Undeliverable(UNKNOWN) from None
    if not private and not all(is_public(a) for a in addresses):
        raise Undeliverable(PRIVATE)
    return addresses


def _port(parts: SplitResult) -> int:
    return parts.port or (443 if parts.scheme == "https" else 80)
