"""The names under which this site answers."""

from ipaddress import ip_address
from urllib.parse import urlsplit


def host_name(host: str) -> str:
    """A host as browsers send it, without its port; empty if it is none."""
    try:
        name = (urlsplit(f"//{host}").hostname or "").rstrip(".")
        return name if name.isascii() else name.encode("idna").decode()
    except ValueError:
        return ""


def is_known_host(host: str, base_url: str) -> bool:
    """Whether a name is that of the public address. All names of this machine are one, if it is one of them."""
    own = host_name(urlsplit(base_url).netloc)
    return host == own or (_is_this_machine(own) and _is_this_machine(host))


def _is_this_machine(host: str) -> bool:
    try:
        address = ip_address(host)
    except ValueError:
        return host == "localhost"
    return address.is_loopback or address.is_unspecified
