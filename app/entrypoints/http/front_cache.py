"""A WSGI cache in front of the application: it serves public pages until the data behind them changes."""

import gzip
from collections import OrderedDict
from collections.abc import Callable, Iterable
from hashlib import sha256
from sys import getsizeof
from time import monotonic, time
from typing import Any
from urllib.parse import quote, urlencode
from wsgiref.types import WSGIEnvironment

import brotli
from msgspec import Struct, field
from werkzeug.wrappers import Request

from app.adapters.availability import Availability
from app.adapters.database import is_away
from app.entrypoints.http.host_names import host_name
from app.entrypoints.http.recent_pages import RecentPages
from app.entrypoints.http.stale_pages import stale_page
from app.entrypoints.http.streamed_bodies import StartedBody, streamed_headers

Environ = WSGIEnvironment
Headers = list[tuple[str, str]]
Start = Callable[..., Any]
Application = Callable[[Environ, Start], Iterable[bytes]]

STATE_TTL_SECONDS = 0.01
"""How long the cached state is trusted, in seconds; well below 50 ms."""
QUARTER_HOUR_SECONDS = 900
"""A page that says “today” can change when a day begins in some time zone, always at a quarter of an hour."""
MAX_KEY_CHARS = 2_000
MIN_CACHED_RESPONSES = 4
"""A response that takes more than its part of the cache is sent and not cached, so that it drives out no others."""
BAR_COOKIE, BAR_VALUE = "uptake_bar", "1"
BAR_COOKIES = (BAR_COOKIE, f"__Host-{BAR_COOKIE}")
"""The cookie of staff who see a bar on public pages, without a secret; over TLS under its second name. Their pages are
never cached."""
ENDPOINT, FROM_CACHE = "uptake.endpoint", "uptake.from_cache"
"""WSGI environment keys for metrics: the endpoint, and whether the response came from the cache."""
ASCII = "".join(map(chr, range(128)))
READ_PARAMETERS = "uptake.parameters"
"""WSGI environment key for the names of the query parameters that a page knows; it ignores all others."""
MIN_COMPRESSED_BYTES = 500
COMPRESSIBLE = ("text/", "application/json", "application/javascript", "application/xml", "image/svg+xml")
"""How the types of content begin that become smaller; fonts, pictures and packages are compressed already."""
COMPRESSIBLE_SUFFIXES = ("+json", "+xml")
ENCODINGS = ("br", "gzip")
"""The content encodings, best first."""
PAGE_QUALITY, FILE_QUALITY = 5, 11
"""Of Brotli: for pages, quicker than gzip and smaller; for static files, which are compressed once per process."""


class Encoded(Struct):
    """A body as it is sent, with its headers."""

    body: bytes
    headers: Headers

    @property
    def held_bytes(self) -> int:
        return getsizeof(self.body) + _bytes_of_headers(self.headers)


class CachedResponse(Struct):
    """A response with its headers, and its forms by encoding, each made when a browser first asks for it."""

    content: bytes
    headers: Headers
    tag: str
    is_compressible: bool
    is_static_file: bool
    endpoint: str = ""
    key: str = ""
    path: str = ""
    counted_bytes: int = 0
    """What the cache last counted for it."""
    compared_at: float = 0.0
    """When a page that a change drove out was last compared with the record, by the monotonic clock in seconds."""
    driven_out_at: float = 0.0
    forms: dict[str, Encoded] = field(default_factory=dict)

    @property
    def held_bytes(self) -> int:
        """What the response takes up with its key, its headers and all of its forms."""
        own = sum(map(getsizeof, (self, self.content, self.tag, self.key, self.path, self.forms)))
        return own + _bytes_of_headers(self.headers) + sum(form.held_bytes for form in self.forms.values())

    @property
    def tags(self) -> frozenset[str]:
        return frozenset(etags_of(self.tag))

    def encoded(self, encoding: str) -> Encoded:
        """The response in an encoding; "" is plain."""
        if encoding not in self.forms:
            body = _compress(encoding, self.content, is_static_file=self.is_static_file) if encoding else self.content
            tag = f"{self.tag}-{encoding}" if encoding else self.tag
            own = [("ETag", f'"{tag}"'), ("Content-Length", str(len(body)))]
            own += [("Content-Encoding", encoding)] if encoding else []
            self.forms[encoding] = Encoded(body, [*self.headers, *own])
        return self.forms[encoding]


def _bytes_of_headers(headers: Headers) -> int:
    return getsizeof(headers) + sum(getsizeof(h) + getsizeof(h[0]) + getsizeof(h[1]) for h in headers)


def etags_of(tag: str) -> list[str]:
    """The ETags of a response in each of its forms."""
    return [f'"{tag}"', *(f'"{tag}-{encoding}"' for encoding in ENCODINGS)]


def _compress(encoding: str, content: bytes, *, is_static_file: bool) -> bytes:
    if encoding == "gzip":
        return gzip.compress(content, 6, mtime=0)
    compressed: bytes = brotli.compress(content, quality=FILE_QUALITY if is_static_file else PAGE_QUALITY)
    return compressed


class FrontCache:
    """WSGI middleware. `current` returns the position of the record and the public names; a change empties the cache of
    all but static files.

    It caches responses to GET with status 200 that are public and set no cookie, except for staff with a bar. They
    carry a strong ETag, their own if they have one, are compressed once per encoding, and are answered with 304 if the
    browser has them. `size` is in bytes of all that is cached: plain and encoded bodies, headers and keys. While the
    database is away, what is cached is served with its age, and so is what a change drove out a moment before.
    """

    def __init__(
        self,
        application: Application,
        current: Callable[[], object],
        *,
        size: int = 64 * 2**20,
        clock: Callable[[], float] = time,
        availability: Availability | None = None,
    ) -> None:
        self.availability = availability
        self.application, self.current, self.size, self.clock = application, current, size, clock
        self.responses: OrderedDict[str, CachedResponse] = OrderedDict()
        self.parameters: dict[str, frozenset[str]] = {}
        """By path of a cached page, the names of the parameters that it knows."""
        self.recent: RecentPages[CachedResponse] = RecentPages(size // MIN_CACHED_RESPONSES)
        self.cached_bytes = 0
        self.checked_at = self.compared_at = -1.0
        self.state: object = None

    @property
    def is_away(self) -> bool:
        return self.availability is not None and self.availability.is_away

    def __call__(self, environ: Environ, start: Start) -> Iterable[bytes]:
        if environ["REQUEST_METHOD"] not in ("GET", "HEAD") or _has_bar(environ):
            return self.application(environ, start)
        environ["QUERY_STRING"] = quote(environ.get("QUERY_STRING", ""), safe=ASCII, encoding="latin-1")
        if len(environ["PATH_INFO"]) + len(environ["QUERY_STRING"]) > MAX_KEY_CHARS:
            return self.application(environ, start)
        self._refresh_state()
        key = _cache_key(environ, self.parameters.get(environ["PATH_INFO"]))
        cached = self.responses.get(key)
        if self.is_away and (cached is None or not cached.is_static_file):
            cached = cached or self.recent.find(key, self.compared_at)
            return self._serve_stale(cached, environ, start) if cached else self.application(environ, start)
        if cached is None:
            if environ["REQUEST_METHOD"] == "HEAD":
                return self.application(environ, start)
            return self._fetch(key, environ, start)
        self.responses.move_to_end(key)
        environ[ENDPOINT], environ[FROM_CACHE] = cached.endpoint, True
        return self._serve(cached, environ, start)

    def _refresh_state(self) -> None:
        """Forget the pages when the record, a public name or the quarter of an hour has changed."""
        now = monotonic()
        if self.is_away or now - self.checked_at < STATE_TTL_SECONDS:
            return
        try:
            state = (self.current(), int(self.clock()) // QUARTER_HOUR_SECONDS)
        except Exception as e:  # the application reports the error itself; /healthz must still answer
            if self.availability and is_away(e):
                self.availability.lost(e)
                return
            state = None
        if state != self.state:
            self._forget_pages()
            self.state = state
        self.checked_at = self.compared_at = now

    def _forget_pages(self) -> None:
        """Forget all but static files, which do not change with the record; the rest is at hand for a moment more."""
        self.recent.keep((r for r in self.responses.values() if not r.is_static_file), self.compared_at, monotonic())
        self.responses = OrderedDict((key, r) for key, r in self.responses.items() if r.is_static_file)
        self.parameters.clear()
        self.cached_bytes = sum(r.counted_bytes for r in self.responses.values())

    def _fetch(self, key: str, environ: Environ, start: Start) -> Iterable[bytes]:
        started: list[tuple[str, Headers]] = []
        before = self.state
        body = self.application(environ, lambda status, headers, *_: started.append((status, headers)))
        status, headers = started[0]
        if not _is_cacheable(status, headers):
            # The database went away while the page was made: the page before the last change is better than none.
            if self.is_away and status.startswith("503") and (cached := self.recent.find(key, self.compared_at)):
                return self._serve_stale(cached, environ, start)
            start(status, headers)
            return body
        has_length = any(name.lower() == "content-length" for name, _ in headers)
        read = StartedBody(body, has_length=has_length)
        if not read.is_whole:
            encoding = _encoding(environ, headers)
            start(status, streamed_headers(headers, encoding))
            return read.rest(encoding)
        cached = _prepare(environ["PATH_INFO"], read.content, headers)
        # A response made while the record changed may mix two states: send it, but do not cache it.
        self.checked_at = -1.0
        self._refresh_state()
        if self.state is not None and self.state == before and not self.is_away:
            cached.endpoint = environ.get(ENDPOINT, "")
            self._store(environ, cached)
        return self._serve(cached, environ, start)

    def _store(self, environ: Environ, cached: CachedResponse) -> None:
        names = environ.get(READ_PARAMETERS)
        cached.path, cached.key = environ["PATH_INFO"], _cache_key(environ, names)
        if cached.held_bytes > self.size // MIN_CACHED_RESPONSES:
            return
        if names is not None:
            self.parameters[cached.path] = names
        if replaced := self.responses.pop(cached.key, None):
            self.cached_bytes -= replaced.counted_bytes
        self.responses[cached.key] = cached
        self._count(cached)

    def _serve(self, cached: CachedResponse, environ: Environ, start: Start) -> Iterable[bytes]:
        """Send a response, count the form that was made for it, and make room."""
        forms = len(cached.forms)
        body = _send(cached, environ, start)
        if len(cached.forms) > forms and self.responses.get(cached.key) is cached:
            self._count(cached)
        while self.cached_bytes > self.size:
            _, oldest = self.responses.popitem(last=False)
            self.parameters.pop(oldest.path, None)  # other pages at this path are made again
            self.cached_bytes -= oldest.counted_bytes
        return body

    def _serve_stale(self, cached: CachedResponse, environ: Environ, start: Start) -> Iterable[bytes]:
        environ[ENDPOINT], environ[FROM_CACHE] = cached.endpoint, True
        age = int(monotonic() - (cached.compared_at or self.compared_at))
        if dict(cached.headers).get("Content-Type", "").startswith("text/html"):
            path = environ["PATH_INFO"]
            content, headers = stale_page(path, cached.content, cached.headers, self.clock() - age, age)
            start("200 OK", headers)
            return [] if environ["REQUEST_METHOD"] == "HEAD" else [content]
        return _send(cached, environ, lambda status, headers: start(status, [*headers, ("Age", str(age))]))

    def _count(self, cached: CachedResponse) -> None:
        self.cached_bytes -= cached.counted_bytes
        cached.counted_bytes = cached.held_bytes
        self.cached_bytes += cached.counted_bytes


def _cache_key(environ: Environ, names: frozenset[str] | None) -> str:
    """The host, the path, and the part of the query that the page knows; all of it if the page has not said."""
    query = environ["QUERY_STRING"]
    if query and names is not None:
        pairs = Request(environ).args.items(multi=True)  # read as the page reads them
        query = urlencode(sorted(pair for pair in pairs if pair[0] in names))
    return f"{host_name(environ.get('HTTP_HOST', ''))}{environ['PATH_INFO']}?{query}"


def _has_bar(environ: Environ) -> bool:
    cookies = environ.get("HTTP_COOKIE", "").split(";")
    return any(cookie.strip() == f"{name}={BAR_VALUE}" for cookie in cookies for name in BAR_COOKIES)


def _is_cacheable(status: str, headers: Headers) -> bool:
    header_values = {name.lower(): value for name, value in headers}
    return (
        status.startswith("200 ")
        and header_values.get("cache-control", "").startswith("public")
        and "set-cookie" not in header_values
        and "content-encoding" not in header_values
    )


def _prepare(path: str, content: bytes, headers: Headers) -> CachedResponse:
    """Keep the response's own ETag, which may cover more than its bytes; without a strong one, digest the content."""
    header_values = {name.lower(): value for name, value in headers}
    own = header_values.get("etag", "")
    tag = own.strip('"') if own and not own.startswith("W/") else sha256(content).hexdigest()[:20]
    rest = [h for h in headers if h[0].lower() not in ("content-length", "etag", "vary")]
    return CachedResponse(
        content,
        [*rest, ("Vary", "Accept-Encoding")],
        tag,
        is_compressible=len(content) > MIN_COMPRESSED_BYTES and _can_shrink(headers),
        is_static_file=path.startswith("/static/"),
    )


def _can_shrink(headers: Headers) -> bool:
    kind = next((value for name, value in headers if name.lower() == "content-type"), "").partition(";")[0].strip()
    return kind.startswith(COMPRESSIBLE) or kind.endswith(COMPRESSIBLE_SUFFIXES)


def _encoding(environ: Environ, headers: Headers) -> str:
    """The best encoding that the browser accepts for a content that can become smaller; "" is plain."""
    if not _can_shrink(headers):
        return ""
    tokens = environ.get("HTTP_ACCEPT_ENCODING", "").replace(" ", "").lower().split(",")
    wanted = {name for name, _, quality in (t.partition(";q=") for t in tokens) if quality.rstrip("0.") or not quality}
    return next((encoding for encoding in ENCODINGS if encoding in wanted), "")


def _send(cached: CachedResponse, environ: Environ, start: Start) -> Iterable[bytes]:
    encoded = cached.encoded(_encoding(environ, cached.headers) if cached.is_compressible else "")
    if_none_match = environ.get("HTTP_IF_NONE_MATCH", "")
    if if_none_match and not cached.tags.isdisjoint(tag.strip().removeprefix("W/") for tag in if_none_match.split(",")):
        start("304 Not Modified", [h for h in encoded.headers if h[0] not in ("Content-Length", "Content-Encoding")])
        return []
    start("200 OK", encoded.headers)
    return [] if environ["REQUEST_METHOD"] == "HEAD" else [encoded.body]
