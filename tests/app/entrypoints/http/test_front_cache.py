"""The front cache: no stale page, no private page, and otherwise the same bytes."""

import gzip
from collections.abc import Callable, Iterable
from typing import Any, cast

import brotli
import pytest
from sqlalchemy.exc import OperationalError
from werkzeug.test import Client
from werkzeug.wrappers import Request, Response

from app.adapters.availability import Availability
from app.entrypoints.http import cached_response, front_cache
from app.entrypoints.http.front_cache import FrontCache
from app.entrypoints.http.recent_pages import RECENT_SECONDS
from tests.support.record_state import RecordState


class Site:
    """An application that counts how often it is asked."""

    def __init__(self) -> None:
        self.asked = 0
        self.headers = {"Cache-Control": "public, no-cache"}
        self.body = "word " * 400
        self.status = 200
        self.reads: frozenset[str] | None = None
        self.scope = ""
        self.then: Callable[[], None] = lambda: None

    def __call__(self, environ: dict[str, Any], start: Any) -> Iterable[bytes]:
        self.asked += 1
        self.then()
        if self.reads is not None:
            environ[front_cache.READ_PARAMETERS] = self.reads
        environ[front_cache.SCOPE] = self.scope
        response = Response(
            f"{self.body}{self.asked} {Request(environ).query_string.decode()}", self.status, self.headers
        )
        return response(environ, start)


@pytest.fixture
def site() -> Site:
    return Site()


@pytest.fixture
def record(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    monkeypatch.setattr(front_cache, "STATE_TTL_SECONDS", 0.0)
    return [1]


@pytest.fixture
def hour() -> list[float]:
    return [1_000_000.0]


@pytest.fixture
def client(site: Site, record: list[int], hour: list[float]) -> Client:
    return Client(FrontCache(site, lambda: RecordState(record[0]), clock=lambda: hour[0], size=20_000))


def test_a_page_is_made_once(client: Client, site: Site) -> None:
    assert client.get("/a").data == client.get("/a").data
    assert site.asked == 1


def test_head_says_what_get_says_whether_or_not_the_page_is_cached(client: Client, site: Site) -> None:
    first, page, again = client.head("/a"), client.get("/a"), client.head("/a")
    assert dict(first.headers) == dict(page.headers) == dict(again.headers)
    assert (first.data, again.data, site.asked) == (b"", b"", 1)
    site.status = 404
    assert client.head("/none").headers["Content-Length"] == client.get("/none").headers["Content-Length"]


def test_addresses_are_kept_apart_by_their_parameters(client: Client) -> None:
    assert client.get("/a?x=1").data != client.get("/a?x=2").data


def test_parameters_that_a_page_does_not_know_are_no_part_of_its_key(client: Client, site: Site) -> None:
    site.reads = frozenset({"x", "y"})
    first = client.get("/a?x=1&fbclid=2").data
    assert client.get("/a?fbclid=3&x=1").data == first
    assert client.get("/a?x=1&y=%20").data != first
    assert client.get("/a?x=1&x=1").data != first
    assert client.get("/a?x=%E9").data != client.get("/a?x=%E8").data
    assert client.get("/b?x=1").data != first


def test_a_page_is_made_again_when_the_record_moves(client: Client, site: Site, record: list[int]) -> None:
    client.get("/a")
    record[0] = 2
    client.get("/a")
    assert site.asked == 2


def test_a_page_of_a_part_stays_while_only_the_rest_moves(site: Site, record: list[int]) -> None:
    parts = [1]
    front = FrontCache(site, lambda: RecordState(record[0], parts[0]), clock=lambda: 1_000_000.0, size=20_000)
    client, site.scope = Client(front), "part"
    first = client.get("/a").data
    site.scope = ""
    client.get("/whole")
    record[0] = 2
    assert client.get("/a").data == first
    assert list(front.responses) == [key for key in front.responses if "/a" in key]
    parts[0] = 2
    assert client.get("/a").data != first
    assert front.cached_bytes == sum(r.held_bytes for r in front.responses.values())


def test_a_page_made_while_only_the_rest_moved_is_kept(client: Client, site: Site, record: list[int]) -> None:
    def move() -> None:
        record[0] += 1

    site.then, site.scope = move, "part"
    client.get("/a")
    client.get("/a")
    assert site.asked == 1


def test_a_page_is_made_again_when_a_day_may_have_begun(client: Client, site: Site, hour: list[float]) -> None:
    client.get("/a")
    hour[0] += 900
    client.get("/a")
    assert site.asked == 2


def test_a_page_made_while_the_record_moved_is_not_kept(client: Client, site: Site, record: list[int]) -> None:
    def move() -> None:
        record[0] += 1

    site.then = move
    client.get("/a")
    client.get("/a")
    assert site.asked == 2


@pytest.mark.parametrize(
    "headers",
    [{}, {"Cache-Control": "no-store"}, {"Cache-Control": "private"}, {"Cache-Control": "public", "Set-Cookie": "a=b"}],
)
def test_what_is_not_public_is_never_kept(client: Client, site: Site, headers: dict[str, str]) -> None:
    site.headers = headers
    client.get("/a")
    client.get("/a")
    assert site.asked == 2


def test_refusals_and_commands_are_never_kept(client: Client, site: Site) -> None:
    client.post("/a")
    client.post("/a")
    site.status = 404
    client.get("/a")
    client.get("/a")
    assert site.asked == 4


@pytest.mark.parametrize(
    ("accepted", "encoding", "decompress"),
    [
        ("gzip, deflate, br", "br", brotli.decompress),
        ("gzip", "gzip", gzip.decompress),
        ("gzip;q=1.0, br;q=0", "gzip", gzip.decompress),
    ],
)
def test_compressed_and_plain_are_the_same_page_under_their_own_tags(
    client: Client, accepted: str, encoding: str, decompress: Callable[[bytes], bytes]
) -> None:
    plain, packed = client.get("/a"), client.get("/a", headers={"Accept-Encoding": accepted})
    assert decompress(packed.data) == plain.data
    assert packed.headers["Content-Encoding"] == encoding
    assert packed.headers["Vary"] == "Accept-Encoding"
    assert plain.headers["ETag"] != packed.headers["ETag"]


def test_pictures_and_fonts_are_not_compressed_again(client: Client, site: Site) -> None:
    site.headers |= {"Content-Type": "font/woff2"}
    assert "Content-Encoding" not in client.get("/a", headers={"Accept-Encoding": "br, gzip"}).headers


def test_a_static_file_is_compressed_once_though_the_record_moves(
    client: Client, site: Site, record: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    qualities: list[int] = []
    original = brotli.compress

    def compress(content: bytes, *, quality: int) -> bytes:
        qualities.append(quality)
        return original(content, quality=quality)

    monkeypatch.setattr(cached_response.brotli, "compress", compress)
    for _ in range(3):
        client.get("/static/a.css", headers={"Accept-Encoding": "br"})
        record[0] += 1
    assert qualities == [cached_response.FILE_QUALITY]
    assert site.asked == 1


def test_a_browser_that_has_the_page_gets_304(client: Client, site: Site) -> None:
    for encoding in ("", "gzip", "br"):
        tag = client.get("/a", headers={"Accept-Encoding": encoding}).headers["ETag"]
        answer = client.get("/a", headers={"Accept-Encoding": encoding, "If-None-Match": f'"x", {tag}'})
        assert (answer.status_code, answer.data) == (304, b"")
    assert site.asked == 1


def test_a_head_has_no_body(client: Client) -> None:
    full = client.get("/a")
    head = client.head("/a")
    assert head.data == b""
    assert head.headers["Content-Length"] == full.headers["Content-Length"]


def test_the_oldest_goes_when_there_is_no_room(client: Client, site: Site) -> None:
    for n in range(10):
        client.get(f"/{n}")
    client.get("/9")
    assert site.asked == 10
    client.get("/0")
    assert site.asked == 11


def test_an_address_that_is_too_long_is_passed_on(client: Client, site: Site) -> None:
    client.get("/a?" + "x" * 3_000)
    client.get("/a?" + "x" * 3_000)
    assert site.asked == 2


def _held(front: FrontCache) -> int:
    """All bytes and texts that the cache holds."""
    sent = [form for cached in front.responses.values() for form in cached.forms.values()]
    bodies = {
        id(body): body for body in [*(c.content for c in front.responses.values()), *(form.body for form in sent)]
    }
    headers = [h for kept in [*front.responses.values(), *sent] for h in kept.headers]
    keys = [*front.responses, *front.parameters]
    return sum(map(len, bodies.values())) + sum(len(n) + len(v) for n, v in headers) + sum(map(len, keys))


@pytest.mark.parametrize(
    ("words", "tail", "long_header"), [(0, "", 0), (0, "x" * 1500, 0), (0, "", 3000), (2_000, "", 0), (10_000, "", 0)]
)
@pytest.mark.parametrize("folder", ["", "/static"])
def test_what_is_held_never_takes_more_than_the_cache_may(
    site: Site, record: list[int], folder: str, words: int, tail: str, long_header: int
) -> None:
    """Many small answers with long addresses or headers, and large ones in all of their forms."""
    front = FrontCache(site, lambda: RecordState(record[0]), clock=lambda: 1_000_000.0, size=60_000)
    client = Client(front)
    site.headers["X-Long"] = "x" * long_header
    site.reads = frozenset({"x"})
    for n in range(80):
        site.body = "".join(f"{n * k:x} " for k in range(words))
        for accepted in ("", "gzip", "br"):
            client.get(f"{folder}/{n}{tail}?x={n}", headers={"Accept-Encoding": accepted})
            assert _held(front) <= front.cached_bytes <= front.size
    assert len(front.parameters) <= len(front.responses)
    record[0], site.body = 2, ""
    client.get("/a")
    assert _held(front) <= front.cached_bytes <= (front.size if folder else 10_000), (
        "what was made for the record before is gone"
    )


def test_an_answer_too_large_for_the_cache_drives_out_no_other(site: Site, record: list[int]) -> None:
    client = Client(FrontCache(site, lambda: RecordState(record[0]), clock=lambda: 1_000_000.0, size=20_000))
    client.get("/a")
    site.body = "x" * 20_000
    client.get("/large")
    client.get("/a")
    assert site.asked == 2


class GoneDatabase(OperationalError):
    """What a driver raises when the server ends."""

    def __init__(self) -> None:
        super().__init__("SELECT 1", {}, Exception("server closed the connection unexpectedly"), True)


class Outage:
    """A database that stays away once it is lost."""

    is_away = False

    def lost(self, error: BaseException) -> None:
        self.is_away = True


@pytest.fixture
def outage() -> Outage:
    return Outage()


@pytest.fixture
def cache(site: Site, record: list[int], hour: list[float], outage: Outage) -> FrontCache:
    return FrontCache(
        site,
        lambda: RecordState(record[0], removals=len(record)),
        clock=lambda: hour[0],
        availability=cast("Availability", outage),
    )


def lose_while_made(site: Site, outage: Outage) -> None:
    """Let the database go away while the application makes a page."""

    def refuse() -> None:
        outage.lost(GoneDatabase())
        site.status = 503

    site.then = refuse


def test_a_page_that_a_change_drove_out_is_served_if_the_database_goes_away_then(
    cache: FrontCache, site: Site, record: list[int], outage: Outage
) -> None:
    client = Client(cache)
    page = client.get("/a").data
    record[0] = 2
    lose_while_made(site, outage)
    for _ in range(2):  # while it goes away, and later
        response = client.get("/a")
        assert (response.status_code, response.data, response.headers["Age"]) == (200, page, "0")
    assert client.head("/a").status_code == 200
    assert client.get("/b").status_code == 503


def test_a_page_is_served_again_if_the_database_goes_away_as_soon_as_it_is_back(
    cache: FrontCache, site: Site, record: list[int], outage: Outage, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = Client(cache)
    page = client.get("/a").data
    outage.is_away = True
    back_at = front_cache.monotonic() + 2 * RECENT_SECONDS
    monkeypatch.setattr(front_cache, "monotonic", lambda: back_at)
    outage.is_away, record[0] = False, 2
    lose_while_made(site, outage)
    response = client.get("/a")
    assert (response.status_code, response.data) == (200, page)
    assert int(response.headers["Age"]) >= 2 * RECENT_SECONDS - 1


def test_a_page_that_was_driven_out_earlier_is_not_served(
    cache: FrontCache, site: Site, record: list[int], outage: Outage, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = Client(cache)
    client.get("/a")
    record[0] = 2
    client.get("/b")
    later = front_cache.monotonic() + RECENT_SECONDS + 1
    monkeypatch.setattr(front_cache, "monotonic", lambda: later)
    client.get("/b")
    lose_while_made(site, outage)
    assert client.get("/a").status_code == 503


def test_a_page_that_was_driven_out_is_not_served_after_a_removal(
    cache: FrontCache, site: Site, record: list[int], outage: Outage
) -> None:
    client = Client(cache)
    client.get("/a")
    record[0] = 2
    client.get("/b")
    record.append(0)
    cache.checked_at = -1.0
    client.get("/b")
    lose_while_made(site, outage)
    assert client.get("/a").status_code == 503


def test_what_was_driven_out_takes_a_part_of_the_size(cache: FrontCache, record: list[int]) -> None:
    cache.recent.size = 10_000
    client = Client(cache)
    for number in range(20):
        client.get(f"/{number}")
    record[0] = 2
    client.get("/")
    kept = list(cache.recent.pages)
    assert 0 < cache.recent.bytes == sum(p.counted_bytes for p in cache.recent.pages.values()) <= 10_000
    assert kept == [f"localhost/{number}?" for number in range(20 - len(kept), 20)]
