"""Reading an address of the outside world, and never one of our own: the server is nobody's way into its network.

Every name is resolved once a hop, every address that it stands for is judged, and the connection goes to an address
that was judged: a name that changes its mind in between changes nothing. Each hop of a redirect is judged anew.
"""

import http.client
import ipaddress
import socket
import ssl
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any
from urllib.parse import SplitResult, quote, urljoin, urlsplit

from msgspec import Struct

from domain.errors import Refused, say

HOPS = 5
LASTING = (301, 308)
REDIRECTS = (301, 302, 303, 307, 308)
NAT64 = ipaddress.ip_network("64:ff9b::/96")
AGENT = "Uptake/0.1 (a public tracker; looks whether sources are still there)"


class Forbidden(Refused):
    """The address is not of the public internet, or not one that is asked."""


class Silent(Refused):
    """Nobody answered in time, or not in a way that can be read."""


class Answer(Struct, frozen=True):
    """`moved_to` is where redirects lead that say they will last; `whole` is false where the body was cut off."""

    status: int
    url: str
    content: bytes
    charset: str = ""
    moved_to: str = ""
    whole: bool = True


def is_public(address: str) -> bool:
    """Whether an IP address belongs to the public internet, with those looked into that carry another."""
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return False
    if isinstance(ip, ipaddress.IPv6Address):
        inner = ip.ipv4_mapped or ip.sixtofour
        if ip in NAT64:
            inner = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
        if inner is not None:
            return is_public(str(inner))
    return ip.is_global and not ip.is_multicast and not ip.is_reserved


def resolved(host: str, port: int) -> list[str]:
    """The addresses that a name stands for now."""
    return [str(found[4][0]) for found in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]


class Reach:
    """How the outside world is read. Tests hand in names and addresses of their own."""

    def __init__(
        self,
        resolve: Callable[[str, int], Sequence[str]] = resolved,
        is_public: Callable[[str], bool] = is_public,
        ports: Sequence[int] = (80, 443),
        seconds: float = 10,
    ) -> None:
        self.resolve, self.is_public, self.ports, self.seconds = resolve, is_public, ports, seconds

    def get(self, url: str, largest: int) -> Answer:
        """What an address answers, after its redirects, up to a number of bytes. Raises `Forbidden` or `Silent`."""
        until = time.monotonic() + self.seconds
        moved_to, lasting = "", True
        for _hop in range(HOPS + 1):
            answer, location = self._ask(url, largest, until)
            if not location:
                return Answer(answer.status, url, answer.content, answer.charset, moved_to, answer.whole)
            url = urljoin(url, location)
            lasting = lasting and answer.status in LASTING
            moved_to = url if lasting else moved_to
        raise Silent(say("The address leads on more than {n} times.", n=HOPS))

    def _ask(self, url: str, largest: int, until: float) -> tuple[Answer, str]:
        parts, host, port = self._parts(url)
        line = _Line(host, port, self._judged(host, port), parts.scheme == "https", until)
        target = quote(parts.path or "/", safe="/%:@!$&'()*+,;=~") + (
            "?" + quote(parts.query, safe="/%:@!$&'()*+,;=?~[]") if parts.query else ""
        )
        try:
            with line:
                line.request("GET", target, headers={"User-Agent": AGENT, "Accept": "*/*", "Connection": "close"})
                found = line.getresponse()
                if found.status in REDIRECTS and (location := found.getheader("Location", "")):
                    return Answer(found.status, url, b""), location
                if found.getheader("Content-Encoding", "identity").lower() != "identity":
                    raise Silent(say("The address answers packed, though it was not asked to."))
                content = found.read(largest + 1)
        except (OSError, http.client.HTTPException, ValueError, AttributeError) as e:
            if line.is_late:
                raise Silent(say("The address did not answer within {n} seconds.", n=round(self.seconds))) from None
            raise Silent(say("The address did not answer: {why}.", why=str(e)[:200] or type(e).__name__)) from None
        if line.is_late:
            raise Silent(say("The address did not answer within {n} seconds.", n=round(self.seconds)))
        charset = found.headers.get_content_charset("") or ""
        return Answer(found.status, url, content[:largest], charset, whole=len(content) <= largest), ""

    def _parts(self, url: str) -> tuple[SplitResult, str, int]:
        try:
            parts = urlsplit(url)
            host, port = parts.hostname or "", parts.port or (443 if parts.scheme == "https" else 80)
            if not host.isascii():
                host = host.encode("idna").decode("ascii")
        except ValueError:
            raise Forbidden(say("“{url}” is no address that can be asked.", url=url[:200])) from None
        if parts.scheme not in ("http", "https") or not host or parts.username is not None:
            raise Forbidden(say("“{url}” is no address that can be asked.", url=url[:200]))
        if port not in self.ports:
            raise Forbidden(say("Only the usual ports are asked, {ports}.", ports=", ".join(map(str, self.ports))))
        return parts, host, port

    def _judged(self, host: str, port: int) -> str:
        """An address of a host that may be asked; one bad address among many is enough to ask none."""
        try:
            found = list(self.resolve(host, port))
        except (OSError, UnicodeError):
            raise Silent(say("There is no host “{host}”.", host=host[:100])) from None
        if not found or not all(self.is_public(address) for address in found):
            raise Forbidden(say("“{host}” is not on the public internet, and is not asked.", host=host[:100]))
        return found[0]


class _Line(http.client.HTTPConnection):
    """A connection to an address that was judged, under the name of its host, that is cut when its time is over."""

    def __init__(self, host: str, port: int, address: str, tls: bool, until: float) -> None:
        super().__init__(host, port)
        self.address, self.tls, self.until = address, tls, until
        self.default_port = 443 if tls else 80
        self.is_late = False
        self.wire: Any = None
        self.clock = threading.Timer(self._left(), self._cut)
        self.clock.daemon = True

    def __enter__(self) -> "_Line":
        self.clock.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.clock.cancel()
        self.close()

    def connect(self) -> None:
        self.wire = socket.create_connection((self.address, self.port), timeout=self._left())
        if self.tls:
            tls = ssl.create_default_context()
            self.wire = tls.wrap_socket(self.wire, server_hostname=self.host, do_handshake_on_connect=False)
            self.wire.do_handshake()
        self.sock = self.wire

    def _left(self) -> float:
        return max(0.01, self.until - time.monotonic())

    def _cut(self) -> None:
        self.is_late = True
        if self.wire is not None:
            with suppress(OSError):
                socket.socket.shutdown(self.wire, socket.SHUT_RDWR)  # of the wire itself, beneath TLS
