"""A response that the front cache holds: its content, its headers, and its forms by encoding."""

import gzip
from collections.abc import Callable, Iterable
from hashlib import sha256
from sys import getsizeof
from typing import Any
from wsgiref.types import WSGIEnvironment

import brotli
from msgspec import Struct, field

Environ = WSGIEnvironment
Headers = list[tuple[str, str]]
Start = Callable[..., Any]

SHARED_DIRECTIVE = "s-maxage"
"""In Cache-Control, how long a cache between this site and its readers may keep a page."""
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
    scope: str = ""
    """What the response depends on; see `FrontCache`."""
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


def prepare_response(path: str, content: bytes, headers: Headers) -> CachedResponse:
    """Keep the response's own ETag, which may cover more than its bytes; without a strong one, digest the content."""
    header_values = {name.lower(): value for name, value in headers}
    own = header_values.get("etag", "")
    tag = own.strip('"') if own and not own.startswith("W/") else sha256(content).hexdigest()[:20]
    rest = [h for h in headers if h[0].lower() not in ("content-length", "etag", "vary")]
    # Staff see a bar on pages. Only caches in front have to know, and only where they may keep a page.
    is_shared_page = "surrogate-key" in header_values and header_values.get("content-type", "").startswith("text/html")
    vary = "Accept-Encoding, Cookie" if is_shared_page else "Accept-Encoding"
    return CachedResponse(
        content,
        [*rest, ("Vary", vary)],
        tag,
        is_compressible=len(content) > MIN_COMPRESSED_BYTES and _can_shrink(headers),
        is_static_file=path.startswith("/static/"),
    )


def _can_shrink(headers: Headers) -> bool:
    kind = next((value for name, value in headers if name.lower() == "content-type"), "").partition(";")[0].strip()
    return kind.startswith(COMPRESSIBLE) or kind.endswith(COMPRESSIBLE_SUFFIXES)


def best_encoding(environ: Environ, headers: Headers) -> str:
    """The best encoding that the browser accepts for a content that can become smaller; "" is plain."""
    if not _can_shrink(headers):
        return ""
    tokens = environ.get("HTTP_ACCEPT_ENCODING", "").replace(" ", "").lower().split(",")
    wanted = {name for name, _, quality in (t.partition(";q=") for t in tokens) if quality.rstrip("0.") or not quality}
    return next((encoding for encoding in ENCODINGS if encoding in wanted), "")


def send_response(cached: CachedResponse, environ: Environ, start: Start) -> Iterable[bytes]:
    encoded = cached.encoded(best_encoding(environ, cached.headers) if cached.is_compressible else "")
    if_none_match = environ.get("HTTP_IF_NONE_MATCH", "")
    if if_none_match and not cached.tags.isdisjoint(tag.strip().removeprefix("W/") for tag in if_none_match.split(",")):
        start("304 Not Modified", [h for h in encoded.headers if h[0] not in ("Content-Length", "Content-Encoding")])
        return []
    start("200 OK", encoded.headers)
    return [] if environ["REQUEST_METHOD"] == "HEAD" else [encoded.body]


def without_shared_caching(headers: Headers) -> Headers:
    """The headers of a response that is out of date: caches must not keep it."""
    return [
        ("Cache-Control", "no-store") if h[0] == "Cache-Control" and SHARED_DIRECTIVE in h[1] else h for h in headers
    ]


def _allows_shared(header: tuple[str, str]) -> bool:
    return header[0] == "Cache-Control" and SHARED_DIRECTIVE in header[1]
