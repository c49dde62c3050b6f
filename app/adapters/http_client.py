"""HTTP connections to addresses that were checked beforehand, with one time limit for the whole exchange."""

import http.client
import socket
import ssl
import threading
import time
from collections.abc import Sequence
from contextlib import suppress
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address

_NAT64 = IPv6Network("64:ff9b::/96")


def is_public(address: str) -> bool:
    """Whether an IP address is on the public internet. An address that embeds another is judged by that one."""
    try:
        ip = ip_address(address)
    except ValueError:
        return False
    if isinstance(ip, IPv6Address):
        inner = ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else None)
        if inner is None and ip in _NAT64:
            inner = IPv4Address(int(ip) & 0xFFFFFFFF)
        if inner is not None:
            return is_public(str(inner))
    return ip.is_global and not ip.is_multicast and not ip.is_reserved


def resolve_host(host: str, port: int) -> list[str]:
    """Resolve a host name to its addresses, each once. Raises `OSError` or `UnicodeError` if there are none."""
    results = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(where[0]) for *_, where in results))


class PinnedConnection(http.client.HTTPConnection):
    """A connection to checked addresses of a host, used as a context manager.

    Uses the first of three addresses that answers. `seconds` limits the whole exchange: a socket's own time limit
    counts between two bytes, so a server that sends one byte now and then would never reach it.
    """

    def __init__(self, host: str, port: int, addresses: Sequence[str], *, tls: bool, seconds: float) -> None:
        super().__init__(host, port)
        self.addresses, self.tls = addresses[:3], tls
        self.default_port = 443 if tls else 80
        self.deadline = time.monotonic() + seconds
        self.is_late = False
        self._socket: socket.socket | None = None
        self._timer = threading.Timer(max(0, seconds), self._shut_down)
        self._timer.daemon = True

    def __enter__(self) -> "PinnedConnection":
        self._timer.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._timer.cancel()
        self.close()

    def connect(self) -> None:
        *others, last = self.addresses
        for address in others:
            with suppress(OSError):
                self._socket = self._open_socket(address)
                break
        self._socket = self._socket or self._open_socket(last)
        if self.tls:
            context = ssl.create_default_context()
            secure = context.wrap_socket(self._socket, server_hostname=self.host, do_handshake_on_connect=False)
            self._socket = secure
            secure.do_handshake()
        self.sock = self._socket

    def _open_socket(self, address: str) -> socket.socket:
        seconds_left = max(0.01, self.deadline - time.monotonic())
        connection = socket.create_connection((address, self.port), seconds_left / len(self.addresses))
        connection.settimeout(seconds_left)
        return connection

    def _shut_down(self) -> None:
        self.is_late = True
        if self._socket is not None:
            with suppress(OSError):
                socket.socket.shutdown(self._socket, socket.SHUT_RDWR)  # the TCP socket, beneath TLS
