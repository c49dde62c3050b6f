"""A WSGI cache in front of the application: it serves public pages until the data behind them changes."""

import gzip
from collections import OrderedDict
from collections.abc import Callable, Iterable
from hashlib import sha256
from time import monotonic, time
from typing import Any
from wsgiref.types import WSGIEnvironment

from msgspec import Struct

Environ = WSGIEnvironment
Headers = list[tuple[str, str]]
Start = Callable[..., Any]
Application = Callable[[Environ, Start], Iterable[bytes]]

STATE_TTL_SECONDS = 0.01
"""How long the cached state is trusted, in seconds; well below 50 ms."""
QUARTER_HOUR_SECONDS = 900
"""A page that says “today” can change when a day begins in some time zone, always at a quarter of an hour."""
MAX_KEY_CHARS = 2_000
ENDPOINT, FROM_CACHE = "uptake.endpoint", "uptake.from_cache"
"""WSGI environment keys for metrics: the endpoint, and whether the response came from the cache."""
MIN_GZIP_BYTES = 500
GZIP_ETAG_SUFFIX = "-gzip"
"""The suffix of a compressed response's ETag."""


class CachedResponse(Struct):
    """A response in both forms, plain and compressed, ready to send."""

    plain: tuple[bytes, Headers]
    packed: tuple[bytes, Headers]
    tags: frozenset[str]
    endpoint: str = ""


class FrontCache:
    """WSGI middleware. `current` returns the position of the record and the public names; a change empties the cache.

    It caches responses to GET with status 200 that are public and set no cookie. They carry a strong ETag, their own
    if they have one, are compressed once, and are answered with 304 if the browser has them. `size` is in bytes of
    plain content.
    """

    def __init__(
        self,
        application: Application,
        current: Callable[[], object],
        *,
        size: int = 64 * 2**20,
        clock: Callable[[], float] = time,
    ) -> None:
        self.application, self.current, self.size, self.clock = application, current, size, clock
        self.responses: OrderedDict[str, CachedResponse] = OrderedDict()
        self.cached_bytes = 0
        self.checked_at = -1.0
        self.state: object = None

    def __call__(self, environ: Environ, start: Start) -> Iterable[bytes]:
        if environ["REQUEST_METHOD"] not in ("GET", "HEAD"):
            return self.application(environ, start)
        key = f"{environ['PATH_INFO']}?{environ.get('QUERY_STRING', '')}"
        if len(key) > MAX_KEY_CHARS:
            return self.application(environ, start)
        self._refresh_state()
        cached = self.responses.get(key)
        if cached is None:
            if environ["REQUEST_METHOD"] == "HEAD":
                return self.application(environ, start)
            return self._fetch(key, environ, start)
        self.responses.move_to_end(key)
        environ[ENDPOINT], environ[FROM_CACHE] = cached.endpoint, True
        return _send(cached, environ, start)

    def _refresh_state(self) -> None:
        """Empty the cache when the record, a public name or the quarter of an hour has changed."""
        now = monotonic()
        if now - self.checked_at < STATE_TTL_SECONDS:
            return
        try:
            state = (self.current(), int(self.clock()) // QUARTER_HOUR_SECONDS)
        except Exception:  # the application reports the error itself; /healthz must still answer
            state = None
        if state != self.state:
            self.responses.clear()
            self.cached_bytes, self.state = 0, state
        self.checked_at = now

    def _fetch(self, key: str, environ: Environ, start: Start) -> Iterable[bytes]:
        started: list[tuple[str, Headers]] = []
        before = self.state
        body = self.application(environ, lambda status, headers, *_: started.append((status, headers)))
        status, headers = started[0]
        if not _is_cacheable(status, headers):
            start(status, headers)
            return body
        try:
            content = b"".join(body)
        finally:
            if hasattr(body, "close"):
                body.close()
        cached = _prepare(content, headers)
        # A response made while the record changed may mix two states: send it, but do not cache it.
        self.checked_at = -1.0
        self._refresh_state()
        if self.state is not None and self.state == before:
            cached.endpoint = environ.get(ENDPOINT, "")
            self._store(key, cached)
        return _send(cached, environ, start)

    def _store(self, key: str, cached: CachedResponse) -> None:
        self.responses[key] = cached
        self.cached_bytes += len(cached.plain[0])
        while self.cached_bytes > self.size:
            _, oldest = self.responses.popitem(last=False)
            self.cached_bytes -= len(oldest.plain[0])


def _is_cacheable(status: str, headers: Headers) -> bool:
    header_values = {name.lower(): value for name, value in headers}
    return (
        status.startswith("200 ")
        and header_values.get("cache-control", "").startswith("public")
        and "set-cookie" not in header_values
        and "content-encoding" not in header_values
    )


def _prepare(content: bytes, headers: Headers) -> CachedResponse:
    """Keep the response's own ETag, which may cover more than its bytes; else use a digest of the content."""
    etag = next((value for name, value in headers if name.lower() == "etag"), "").removeprefix("W/").strip('"')
    tag = etag or sha256(content).hexdigest()[:20]
    rest = [h for h in headers if h[0].lower() not in ("content-length", "etag", "vary")]
    rest.append(("Vary", "Accept-Encoding"))
    packed = gzip.compress(content, 6, mtime=0) if len(content) > MIN_GZIP_BYTES else content
    encoding = [("Content-Encoding", "gzip")] if packed is not content else []
    plain_tag, packed_tag = f'"{tag}"', f'"{tag}{GZIP_ETAG_SUFFIX}"' if encoding else f'"{tag}"'
    return CachedResponse(
        plain=(content, [*rest, ("ETag", plain_tag), ("Content-Length", str(len(content)))]),
        packed=(packed, [*rest, *encoding, ("ETag", packed_tag), ("Content-Length", str(len(packed)))]),
        tags=frozenset((plain_tag, packed_tag)),
    )


def _send(cached: CachedResponse, environ: Environ, start: Start) -> Iterable[bytes]:
    body, headers = cached.packed if "gzip" in environ.get("HTTP_ACCEPT_ENCODING", "") else cached.plain
    if_none_match = environ.get("HTTP_IF_NONE_MATCH", "")
    if if_none_match and not cached.tags.isdisjoint(tag.strip().removeprefix("W/") for tag in if_none_match.split(",")):
        start("304 Not Modified", [h for h in headers if h[0] not in ("Content-Length", "Content-Encoding")])
        return []
    start("200 OK", headers)
    return [] if environ["REQUEST_METHOD"] == "HEAD" else [body]
