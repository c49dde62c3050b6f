"""Which hosts are local: they name another machine for each reader, or none."""

import socket
from ipaddress import ip_address

LOCAL_SUFFIXES = ("localhost", "local", "internal", "lan", "home.arpa", "test", "invalid")
"""The ends of names that the public DNS never holds (RFC 6761, 6762, 8375, and ICANN's list of 2024)."""


def is_local_host(host: str) -> bool:
    """Whether a host is a bare name, a local name, or an address that is not public (loopback, private, unspecified).

    An address may be written in any form that browsers accept, such as `127.1`.
    """
    name = host.rstrip(".").lower()
    try:
        address = ip_address(name if ":" in name else socket.inet_ntoa(socket.inet_aton(name)))
    except (OSError, ValueError):
        return "." not in name or any(f".{name}".endswith(f".{suffix}") for suffix in LOCAL_SUFFIXES)
    return not address.is_global or address.is_multicast
