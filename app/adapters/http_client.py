"""The outside world: which addresses belong to it, and a line to one of them that cannot lead anywhere else."""

import http.client
import socket
import ssl
import threading
import time
from collections.abc import Sequence
from contextlib import suppress
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from typing import Any

_NAT64 = IPv6Network("64:ff9b::/96")


def is_public(address: str) -> bool:
    """Whether an IP address lies on the public internet; one that wraps another is judged by that."""
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


def resolved(host: str, port: int) -> list[str]:
    """The addresses that a name stands for now, each once. Raises `OSError` or `UnicodeError` where there are none."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(where[0]) for *_, where in found))


class Line(http.client.HTTPConnection):
    """A connection under the name of a host to addresses that were judged; used as a context, it is hung up in time.

    The first of three addresses that answers is taken. `seconds` are for all of it: a time limit of a socket counts
    between two bytes, and one that sends a byte now and then would hold on for ever.
    """

    def __init__(self, host: str, port: int, addresses: Sequence[str], *, tls: bool, seconds: float) -> None:
        super().__init__(host, port)
        self.addresses, self.tls = addresses[:3], tls
        self.default_port = 443 if tls else 80
        self.until = time.monotonic() + seconds
        self.is_late = False
        self._wire: Any = None
        self._clock = threading.Timer(max(0, seconds), self._hang_up)
        self._clock.daemon = True

    def __enter__(self) -> "Line":
        self._clock.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._clock.cancel()
        self.close()

    def connect(self) -> None:
        *others, last = self.addresses
        for address in others:
            with suppress(OSError):
                self._wire = self._connected(address)
                break
        self._wire = self._wire or self._connected(last)
        if self.tls:
            context = ssl.create_default_context()
            self._wire = context.wrap_socket(self._wire, server_hostname=self.host, do_handshake_on_connect=False)
            self._wire.do_handshake()
        self.sock = self._wire

    def _connected(self, address: str) -> socket.socket:
        left = max(0.01, self.until - time.monotonic())
        wire = socket.create_connection((address, self.port), left / len(self.addresses))
        wire.settimeout(left)
        return wire

    def _hang_up(self) -> None:
        self.is_late = True
        if self._wire is not None:
            with suppress(OSError):
                socket.socket.shutdown(self._wire, socket.SHUT_RDWR)  # of the wire itself, beneath TLS
