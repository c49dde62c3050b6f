"""Bodies that are sent while they are made pass the front cache in parts; short ones are cached as any page."""

import gzip
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import brotli
import pytest
from werkzeug.test import Client
from werkzeug.wrappers import Response

from app.entrypoints.http.front_cache import FrontCache
from app.entrypoints.http.streamed_bodies import MAX_HELD_BYTES
from tests.support.record_state import RecordState

PIECE = b"a line of a table\n" * 1_000
LARGE = 3 * MAX_HELD_BYTES // len(PIECE)


class Site:
    """An application that counts the pieces it made, and knows whether its body was closed."""

    def __init__(self, pieces: int) -> None:
        self.pieces, self.made, self.closed, self.asked = pieces, 0, 0, 0
        self.breaks_at: int | None = None

    def _body(self) -> Iterator[bytes]:
        try:
            for n in range(self.pieces):
                if n == self.breaks_at:
                    raise OSError("the disk is full")
                self.made += 1
                yield PIECE
        finally:
            self.closed += 1

    def __call__(self, environ: dict[str, Any], start: Any) -> Iterable[bytes]:
        self.asked += 1
        response = Response(self._body(), content_type="text/csv", headers={"Cache-Control": "public, no-cache"})
        response.implicit_sequence_conversion = False
        response.set_etag("state", weak=True)
        response.make_conditional(environ)
        return response(environ, start)


def client_of(site: Site) -> Client:
    return Client(FrontCache(site, lambda: RecordState(1), clock=lambda: 1_000_000.0))


@pytest.mark.parametrize(
    ("accepted", "decompress"), [("", bytes), ("gzip", gzip.decompress), ("gzip, br", brotli.decompress)]
)
def test_a_large_body_is_sent_as_it_is_made(accepted: str, decompress: Callable[[bytes], bytes]) -> None:
    site = Site(LARGE)
    answer = client_of(site).get("/table", headers={"Accept-Encoding": accepted})
    assert site.made <= MAX_HELD_BYTES // len(PIECE) + 2, "the rest is made when it is read"
    assert "Content-Length" not in answer.headers
    assert answer.headers["Vary"] == "Accept-Encoding"
    assert decompress(b"".join(answer.iter_encoded())) == PIECE * LARGE
    assert site.made == LARGE
    assert answer.headers["ETag"] == 'W/"state"'


def test_a_large_body_is_not_cached() -> None:
    site = Site(LARGE)
    client = client_of(site)
    assert client.get("/table").data == client.get("/table").data
    assert site.asked == 2


def test_a_reader_who_goes_away_ends_the_work() -> None:
    site = Site(LARGE)
    answer = client_of(site).get("/table")
    answer.close()
    assert site.closed == 1
    assert site.made < LARGE


def test_a_short_body_is_cached_under_the_digest_of_its_bytes() -> None:
    site = Site(2)
    client = client_of(site)
    first = client.get("/table")
    assert (client.get("/table").data, site.asked, site.closed) == (first.data, 1, 1)
    assert first.headers["Content-Length"] == str(2 * len(PIECE))
    assert not first.headers["ETag"].startswith("W/")
    assert client.get("/table", headers={"If-None-Match": first.headers["ETag"]}).status_code == 304


def test_nothing_is_made_for_a_reader_who_has_it() -> None:
    site = Site(LARGE)
    client = client_of(site)
    assert client.get("/table", headers={"If-None-Match": 'W/"state"'}).status_code == 304
    assert client.head("/table").headers["ETag"] == 'W/"state"'
    assert site.made == 0


def test_an_error_before_the_first_byte_is_raised_and_the_body_closed() -> None:
    site = Site(LARGE)
    site.breaks_at = 1
    with pytest.raises(OSError, match="the disk is full"):
        client_of(site).get("/table")
    assert site.closed == 1
