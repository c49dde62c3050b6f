"""A request to an address that somebody typed: never to this machine or its network, whatever a name resolves to.

A name is resolved once, and what was checked is what is connected to. Redirects are not followed, and nothing of an
answer is read but its first line and its headers.
"""

import http.client
import socket
import ssl
import threading
from contextlib import suppress
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from urllib.parse import SplitResult, urlsplit

from app.settings import Settings

PATIENCE = 10.0
"""Seconds for all of a request."""
LONGEST = 500
UNUSABLE, UNKNOWN, PRIVATE = "unusable", "unknown", "private"
_NAT64 = IPv6Network("64:ff9b::/96")


class Undeliverable(Exception):
    """Nothing was sent, or nothing came back: one of the three words above, or the name of an error."""

    @property
    def kind(self) -> str:
        return str(self)


def check(settings: Settings, url: str) -> None:
    """Raises `Undeliverable` where nothing can be sent."""
    _addresses(settings, _parts(settings, url))


def post(settings: Settings, url: str, body: bytes, headers: dict[str, str]) -> int:
    """Send a body, and return the status of the answer. Raises `Undeliverable`."""
    parts = _parts(settings, url)
    addresses = _addresses(settings, parts)
    try:
        return _post(parts, _connected(addresses, _port(parts)), body, headers)
    except (OSError, http.client.HTTPException) as e:
        raise Undeliverable(type(e).__name__) from None


def is_public(address: IPv4Address | IPv6Address) -> bool:
    """Whether an address lies on the public internet; one that wraps another is judged by that."""
    if isinstance(address, IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour or (address.teredo[1] if address.teredo else None)
        if inner is None and address in _NAT64:
            inner = IPv4Address(int(address) & 0xFFFFFFFF)
        if inner is not None:
            return is_public(inner)
    return address.is_global and not address.is_multicast and not address.is_reserved


def _parts(settings: Settings, url: str) -> SplitResult:
    """The parts of an address that begins with https:// and holds neither spaces nor a password."""
    schemes = ("https", "http") if settings.private_webhooks else ("https",)
    clean = url.isascii() and url.isprintable() and not set(url) & set(" <>\"'\\#") and len(url) <= LONGEST
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
        found = socket.getaddrinfo(parts.hostname, _port(parts), type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise Undeliverable(UNKNOWN) from None
    addresses = list(dict.fromkeys(str(where[0]) for *_, where in found))
    if not settings.private_webhooks and not all(is_public(ip_address(a)) for a in addresses):
        raise Undeliverable(PRIVATE)
    return addresses


def _port(parts: SplitResult) -> int:
    return parts.port or (443 if parts.scheme == "https" else 80)


def _connected(addresses: list[str], port: int) -> socket.socket:
    """To the first of three that answers."""
    *others, last = addresses[:3]
    for address in others:
        with suppress(OSError):
            return socket.create_connection((address, port), PATIENCE / 3)
    return socket.create_connection((last, port), PATIENCE / 3)


def _post(parts: SplitResult, sock: socket.socket, body: bytes, headers: dict[str, str]) -> int:
    host, port = str(parts.hostname), _port(parts)
    connection: http.client.HTTPConnection = http.client.HTTPConnection(host, port)
    if parts.scheme == "https":
        context = ssl.create_default_context()
        connection = http.client.HTTPSConnection(host, port, context=context)
        sock = context.wrap_socket(sock, server_hostname=host, do_handshake_on_connect=False)
    connection.sock = sock
    # A time limit of a socket counts between two bytes; one that sends a byte now and then is hung up on.
    hang_up = threading.Timer(PATIENCE, socket.socket.shutdown, [sock, socket.SHUT_RDWR])
    hang_up.start()
    try:
        if isinstance(sock, ssl.SSLSocket):
            sock.do_handshake()
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        connection.request("POST", path, body, headers)
        return connection.getresponse().status
    finally:
        hang_up.cancel()
        connection.close()
