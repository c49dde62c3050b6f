"""A WSGI cache in front of the application: it serves public pages until the data behind them changes."""

from collections import OrderedDict
from collections.abc import Callable, Iterable
from time import monotonic, time
from typing import Protocol
from urllib.parse import quote, urlencode

from werkzeug.wrappers import Request

from app.adapters.database import is_away
from app.entrypoints.http.cached_response import (
    CachedResponse,
    Environ,
    Headers,
    Start,
    best_encoding,
    prepare_response,
    send_response,
    without_shared_caching,
)
from app.entrypoints.http.host_names import host_name
from app.entrypoints.http.recent_pages import RecentPages
from app.entrypoints.http.stale_pages import stale_page
from app.entrypoints.http.streamed_bodies import StartedBody, close_body, streamed_headers

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
SCOPE = "uptake.scope"
"""WSGI environment key for what a page depends on; without it, on the whole store."""


class Reachable(Protocol):
    """Whether the database can be read."""

    @property
    def is_away(self) -> bool: ...
    def lost(self, error: BaseException) -> None: ...


class CurrentState(Protocol):
    """What the site depends on at one moment, equal to that of another if no page can have changed in between."""

    def of(self, scope: str) -> object:
        """What the pages of a scope depend on; an empty one is the whole store."""
        ...

    @property
    def removals(self) -> object:
        """What changes whenever something was removed that no page may show again."""
        ...


class FrontCache:
    """WSGI middleware. `current` returns what the site depends on; a change in a scope empties the cache of its pages.
    One thread serves, so a page is made once and no one waits for a second making of it.

    It caches responses to GET with status 200 that are public and set no cookie, except for staff with a bar. They
    carry a strong ETag, their own if they have one, are compressed once per encoding, and are answered with 304 if the
    browser has them. `size` is in bytes of all that is cached: plain and encoded bodies, headers and keys. While the
    database is away, what is cached is served with its age, and so is what a change drove out a moment before.
    """

    def __init__(
        self,
        application: Application,
        current: Callable[[], CurrentState],
        *,
        size: int = 64 * 2**20,
        clock: Callable[[], float] = time,
        availability: Reachable | None = None,
    ) -> None:
        self.availability = availability
        self.application, self.current, self.size, self.clock = application, current, size, clock
        self.responses: OrderedDict[str, CachedResponse] = OrderedDict()
        self.parameters: dict[str, frozenset[str]] = {}
        """By path of a cached page, the names of the parameters that it knows."""
        self.recent: RecentPages[CachedResponse] = RecentPages(size // MIN_CACHED_RESPONSES)
        self.cached_bytes = 0
        self.checked_at = self.compared_at = -1.0
        self.state: tuple[CurrentState, int] | None = None

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
            return (self._head if environ["REQUEST_METHOD"] == "HEAD" else self._fetch)(key, environ, start)
        self.responses.move_to_end(key)
        environ[ENDPOINT], environ[FROM_CACHE] = cached.endpoint, True
        return self._serve(cached, environ, start)

    def _refresh_state(self) -> None:
        """Forget the pages that depend on something that has changed, and all of them with the quarter of an hour."""
        now = monotonic()
        if self.is_away or now - self.checked_at < STATE_TTL_SECONDS:
            return
        state: tuple[CurrentState, int] | None = None
        try:
            state = (self.current(), int(self.clock()) // QUARTER_HOUR_SECONDS)
        except Exception as e:  # the application reports the error itself; /healthz must still answer
            if self.availability and is_away(e):
                self.availability.lost(e)
                return
        if state != self.state:
            before, self.state = self.state, state
            self._forget_outdated(before)
        self.checked_at = self.compared_at = now

    def _is_unchanged(self, before: tuple[CurrentState, int] | None, scope: str) -> bool:
        """Whether what a scope depends on is as it was before; not if either is unknown."""
        if before is None or self.state is None or before[1] != self.state[1]:
            return False
        return before[0].of(scope) == self.state[0].of(scope)

    def _forget_outdated(self, before: tuple[CurrentState, int] | None) -> None:
        """Forget the pages of all scopes that changed; they are at hand for a moment more. Static files stay."""
        unchanged = {scope: self._is_unchanged(before, scope) for scope in {r.scope for r in self.responses.values()}}
        outdated = [r for r in self.responses.values() if not (r.is_static_file or unchanged[r.scope])]
        self.recent.keep(outdated, self.compared_at, monotonic())
        if not (before and self.state and before[0].removals == self.state[0].removals):
            self.recent.clear()
        for response in outdated:
            del self.responses[response.key]
            self.parameters.pop(response.path, None)
            self.cached_bytes -= response.counted_bytes

    def _fetch(self, key: str, environ: Environ, start: Start, *, reads_streams: bool = True) -> Iterable[bytes]:
        started: list[tuple[str, Headers]] = []
        before = self.state
        body = self.application(environ, lambda status, headers, *_: started.append((status, headers)))
        status, headers = started[0]
        has_length = any(name.lower() == "content-length" for name, _ in headers)
        if not _is_cacheable(status, headers) or not (has_length or reads_streams):
            # The database went away while the page was made: the page before the last change is better than none.
            if self.is_away and status.startswith("503") and (cached := self.recent.find(key, self.compared_at)):
                return self._serve_stale(cached, environ, start)
            start(status, headers)
            return body
        read = StartedBody(body, has_length=has_length)
        if not read.is_whole:
            encoding = best_encoding(environ, headers)
            start(status, streamed_headers(headers, encoding))
            return read.rest(encoding)
        cached = prepare_response(environ["PATH_INFO"], read.content, headers)
        # A response made while the record changed may mix two states: send it, but do not cache it.
        self.checked_at = -1.0
        self._refresh_state()
        cached.endpoint, cached.scope = environ.get(ENDPOINT, ""), environ.get(SCOPE, "")
        if self._is_unchanged(before, cached.scope) and not self.is_away:
            self._store(environ, cached)
        return self._serve(cached, environ, start)

    def _head(self, key: str, environ: Environ, start: Start) -> Iterable[bytes]:
        """The response to GET without its body, so that both have the same headers; a streamed body is not begun."""
        environ["REQUEST_METHOD"] = "GET"
        body = self._fetch(key, environ, start, reads_streams=False)
        environ["REQUEST_METHOD"] = "HEAD"
        close_body(body)
        return []

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
        body = send_response(cached, environ, start)
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
            path, own = environ["PATH_INFO"], without_shared_caching(cached.headers)
            content, headers = stale_page(path, cached.content, own, self.clock() - age, age)
            start("200 OK", headers)
            return [] if environ["REQUEST_METHOD"] == "HEAD" else [content]

        def start_stale(status: str, headers: Headers) -> None:
            start(status, [*without_shared_caching(headers), ("Age", str(age))])

        return send_response(cached, environ, start_stale)

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
