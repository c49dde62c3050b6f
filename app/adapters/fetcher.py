"""Reading an address of the outside world, and never one of our own: the server is nobody's way into its network.

Every name is resolved once a hop, every address that it stands for is judged, and the connection goes to an address
that was judged: a name that changes its mind in between changes nothing. Each hop of a redirect is judged anew.
"""

import http.client
import time
from collections.abc import Callable, Sequence
from urllib.parse import SplitResult, quote, urljoin, urlsplit

from msgspec import Struct

from app.adapters.http_client import Line, is_public, resolved
from domain.errors import Refused, refusal

HOPS = 5
LASTING = (301, 308)
REDIRECTS = (301, 302, 303, 307, 308)
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
        raise Silent(refusal("The address redirects more than {n} times.", n=HOPS))

    def _ask(self, url: str, largest: int, until: float) -> tuple[Answer, str]:
        parts, host, port = self._parts(url)
        addresses = self._judged(host, port)
        line = Line(host, port, addresses, tls=parts.scheme == "https", seconds=until - time.monotonic())
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
                    raise Silent(refusal("The address returned a compressed response that was not requested."))
                content = found.read(largest + 1)
        except (OSError, http.client.HTTPException, ValueError, AttributeError) as e:
            if line.is_late:
                raise Silent(refusal("The address did not answer within {n} seconds.", n=round(self.seconds))) from None
            raise Silent(refusal("The address did not answer: {why}.", why=str(e)[:200] or type(e).__name__)) from None
        if line.is_late:
            raise Silent(refusal("The address did not answer within {n} seconds.", n=round(self.seconds)))
        charset = found.headers.get_content_charset("") or ""
        return Answer(found.status, url, content[:largest], charset, whole=len(content) <= largest), ""

    def _parts(self, url: str) -> tuple[SplitResult, str, int]:
        try:
            parts = urlsplit(url)
            host, port = parts.hostname or "", parts.port or (443 if parts.scheme == "https" else 80)
            if not host.isascii():
                host = host.encode("idna").decode("ascii")
        except ValueError:
            raise Forbidden(refusal("“{url}” is not an address that can be fetched.", url=url[:200])) from None
        if parts.scheme not in ("http", "https") or not host or parts.username is not None:
            raise Forbidden(refusal("“{url}” is not an address that can be fetched.", url=url[:200]))
        if port not in self.ports:
            raise Forbidden(refusal("Only these ports are allowed: {ports}.", ports=", ".join(map(str, self.ports))))
        return parts, host, port

    def _judged(self, host: str, port: int) -> list[str]:
        """The addresses of a host that may be asked; one bad address among many is enough to ask none."""
        try:
            found = list(self.resolve(host, port))
        except (OSError, UnicodeError):
            raise Silent(refusal("There is no host “{host}”.", host=host[:100])) from None
        if not found or not all(self.is_public(address) for address in found):
            raise Forbidden(refusal("“{host}” is not on the public internet, so it is not fetched.", host=host[:100]))
        return found
