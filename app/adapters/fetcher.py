"""Fetches pages of the public internet, and never of a private network (server-side request forgery).

For each hop the host is resolved once, every address is checked, and the connection goes to a checked address, so that
a second DNS answer changes nothing. Each redirect is checked in the same way.
"""

import http.client
import time
from collections.abc import Callable, Sequence
from urllib.parse import SplitResult, quote, urljoin, urlsplit

from msgspec import Struct

from app.adapters.http_client import PinnedConnection, is_public, resolve_host
from domain.errors import Refused, refusal

MAX_REDIRECTS = 5
PERMANENT_REDIRECTS = (301, 308)
REDIRECTS = (301, 302, 303, 307, 308)
USER_AGENT = "Uptake/0.1 (a public tracker; looks whether sources are still there)"


class AddressNotAllowed(Refused):
    """The address is not on the public internet, or has a scheme or port that we do not use."""


class NoAnswer(Refused):
    """There was no answer in time, or none that we can read."""


class FetchResult(Struct, frozen=True):
    """`moved_to` is the target of permanent redirects; `whole` is false if the body was cut off."""

    status: int
    url: str
    content: bytes
    charset: str = ""
    moved_to: str = ""
    whole: bool = True


class Fetcher:
    """Fetches pages. Tests pass their own resolver and addresses."""

    def __init__(
        self,
        resolve: Callable[[str, int], Sequence[str]] = resolve_host,
        is_public: Callable[[str], bool] = is_public,
        ports: Sequence[int] = (80, 443),
        seconds: float = 10,
    ) -> None:
        self.resolve, self.is_public, self.ports, self.seconds = resolve, is_public, ports, seconds

    def get(self, url: str, max_bytes: int) -> FetchResult:
        """Fetch up to `max_bytes` of a page, following redirects. Raises `AddressNotAllowed` or `NoAnswer`."""
        deadline = time.monotonic() + self.seconds
        moved_to, is_permanent = "", True
        for _hop in range(MAX_REDIRECTS + 1):
            answer, location = self._request(url, max_bytes, deadline)
            if not location:
                return FetchResult(answer.status, url, answer.content, answer.charset, moved_to, answer.whole)
            url = urljoin(url, location)
            is_permanent = is_permanent and answer.status in PERMANENT_REDIRECTS
            moved_to = url if is_permanent else moved_to
        raise NoAnswer(refusal("The address redirects more than {n} times.", n=MAX_REDIRECTS))

    def _request(self, url: str, max_bytes: int, deadline: float) -> tuple[FetchResult, str]:
        parts, host, port = self._parts(url)
        addresses = self._allowed_addresses(host, port)
        connection = PinnedConnection(
            host, port, addresses, tls=parts.scheme == "https", seconds=deadline - time.monotonic()
        )
        target = quote(parts.path or "/", safe="/%:@!$&'()*+,;=~") + (
            "?" + quote(parts.query, safe="/%:@!$&'()*+,;=?~[]") if parts.query else ""
        )
        try:
            with connection:
                connection.request(
                    "GET", target, headers={"User-Agent": USER_AGENT, "Accept": "*/*", "Connection": "close"}
                )
                response = connection.getresponse()
                if response.status in REDIRECTS and (location := response.getheader("Location", "")):
                    return FetchResult(response.status, url, b""), location
                if response.getheader("Content-Encoding", "identity").lower() != "identity":
                    raise NoAnswer(refusal("The address returned a compressed response that was not requested."))
                content = response.read(max_bytes + 1)
        except (OSError, http.client.HTTPException, ValueError, AttributeError) as e:
            if connection.is_late:
                raise NoAnswer(
                    refusal("The address did not answer within {n} seconds.", n=round(self.seconds))
                ) from None
            raise NoAnswer(
                refusal("The address did not answer: {why}.", why=str(e)[:200] or type(e).__name__)
            ) from None
        if connection.is_late:
            raise NoAnswer(refusal("The address did not answer within {n} seconds.", n=round(self.seconds)))
        charset = response.headers.get_content_charset("") or ""
        return FetchResult(response.status, url, content[:max_bytes], charset, whole=len(content) <= max_bytes), ""

    def _parts(self, url: str) -> tuple[SplitResult, str, int]:
        try:
            parts = urlsplit(url)
            host, port = parts.hostname or "", parts.port or (443 if parts.scheme == "https" else 80)
            if not host.isascii():
                host = host.encode("idna").decode("ascii")
        except ValueError:
            raise AddressNotAllowed(refusal("“{url}” is not an address that can be fetched.", url=url[:200])) from None
        if parts.scheme not in ("http", "https") or not host or parts.username is not None:
            raise AddressNotAllowed(refusal("“{url}” is not an address that can be fetched.", url=url[:200]))
        if port not in self.ports:
            raise AddressNotAllowed(
                refusal("Only these ports are allowed: {ports}.", ports=", ".join(map(str, self.ports)))
            )
        return parts, host, port

    def _allowed_addresses(self, host: str, port: int) -> list[str]:
        """The addresses of a host. One address that is not public is enough to refuse the host."""
        try:
            addresses = list(self.resolve(host, port))
        except (OSError, UnicodeError):
            raise NoAnswer(refusal("There is no host “{host}”.", host=host[:100])) from None
        if not addresses or not all(self.is_public(address) for address in addresses):
            raise AddressNotAllowed(
                refusal("“{host}” is not on the public internet, so it is not fetched.", host=host[:100])
            )
        return addresses
