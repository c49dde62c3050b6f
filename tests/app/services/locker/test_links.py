"""What becomes of the addresses of sources: looked at by the worker, told to staff, and beside the evidence to everybody."""

from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec
import pytest
from flask import Flask

from app.bootstrap.flask_app import create_app
from app.entrypoints.worker.schedule import links
from app.services.accounts.actors import Operator
from app.services.bundles.importing import ImportOptions, import_bundle
from app.services.container import Services
from app.services.locker.copies import check_copy, naive_utc, store_copy
from app.services.locker.link_checks import check_next_link, checks_of, expect_content
from app.services.locker.models import LinkCheck, StoredFile
from domain import commands as c
from domain.errors import Refused
from tests.support.bundles import change, write_small_bundle
from tests.support.sample_files import PDF_BYTES
from tests.support.sites import Site, reach, site
from tests.support.story import REGISTER, Story

PAGE = "/small/recommendations/post/"
ARTICLE = b"<!doctype html><html><head><script>n=%d</script></head><body><nav>Menu %d</nav><p>The oath was taken.</p></body></html>"


@pytest.fixture
def outside() -> Iterator[Site]:
    with site("127.0.0.2") as made:
        made.show("/oath", ARTICLE % (1, 1), Content_Type="text/html; charset=utf-8")
        made.show("/story", PDF_BYTES, Content_Type="application/pdf")
        yield made


@pytest.fixture
def app(services: Services, outside: Site, tmp_path: Path) -> Flask:
    """The small register with two links that lead to a real site; only its oath and its story have one."""
    folder = write_small_bundle(tmp_path / "small")
    change(folder, "evidence.csv", "https://example.org/oath", f"http://source.example:{outside.port}/oath")
    change(folder, "evidence.csv", "A story,Daily,,", f"A story,Daily,http://source.example:{outside.port}/story,")
    import_bundle(services, folder, ImportOptions(approve_cards="cem"))
    services.clock.go_on(days=1)  # type: ignore[attr-defined]
    services.fetcher = reach({"source.example": ["127.0.0.2"], "inside.example": ["127.0.0.1"]}, outside)
    services.settings = msgspec.structs.replace(services.settings, check_links=True)
    return create_app(services)


def _open(services: Services) -> None:
    services.execute(c.OpenRegister("small", origin="x"), by="ana")
    services.clock.go_on(days=1)  # type: ignore[attr-defined]


def _look(services: Services, **later: float) -> dict[str, str]:
    """The worker's rounds until nothing is due; what came of each link."""
    services.clock.go_on(**later)  # type: ignore[attr-defined]
    for _ in range(4):
        links(services)
    with services.accounts.work() as db:
        return {ident: row.result for ident, row in checks_of(db, "small", ["oath", "story", "search", "leak"]).items()}


def test_links_of_an_open_register_are_looked_at_one_by_one_each_week(
    services: Services, app: Flask, outside: Site
) -> None:
    assert _look(services) == {}, "nobody learns what is being prepared"
    _open(services)
    assert check_next_link(services) == "oath"
    assert outside.asked == ["/oath"]
    assert _look(services) == {"oath": "ok", "story": "ok"}
    assert outside.asked == ["/oath", "/story"]
    _look(services, days=6)
    assert len(outside.asked) == 2
    _look(services, days=1)
    assert len(outside.asked) == 4
    assert "Link checked on" in app.test_client().get(PAGE).text


def test_nothing_is_asked_where_it_was_not_turned_on(services: Services, app: Flask, outside: Site) -> None:
    _open(services)
    services.settings = msgspec.structs.replace(services.settings, check_links=False)
    assert _look(services) == {}
    assert outside.asked == []


@pytest.mark.parametrize(
    ("show", "result", "words"),
    [
        (lambda s: s.show("/oath", b"", 301, Location="/elsewhere"), "moved", "it has moved permanently."),
        (lambda s: s.pages.pop("/oath"), "dead", "it no longer works."),
        (lambda s: s.show("/oath", b"", 410), "dead", "it no longer works."),
        (lambda s: s.show("/oath", b"<html><p>Something else.</p>"), "differs", "the page has changed."),
        (lambda s: s.show("/oath", b"<html><p>Something else.</p>", 403), "ok", "Link checked on"),
        (lambda s: s.show("/oath", b"", 302, Location="/elsewhere"), "differs", "the page has changed."),
        (lambda s: s.show("/oath", b"", 301, Location="/oath/"), "ok", "Link checked on"),
        (lambda s: s.show("/oath", ARTICLE % (2, 2)), "ok", "Link checked on"),
        (lambda s: s.show("/oath", b"", 302, Location="http://inside.example/"), "ok", "Link checked on"),
    ],
)  # fmt: skip
def test_what_became_of_a_link_is_told(
    services: Services, app: Flask, outside: Site, show: Callable[[Site], object], result: str, words: str
) -> None:
    outside.show("/elsewhere", b"<html><p>Another page.</p>")
    outside.show("/oath/", ARTICLE % (3, 3))
    _open(services)
    _look(services)
    client = app.test_client()
    pinned = f"{PAGE}?as_of=2026-01-01&known_at={services.clock().date().isoformat()}"
    services.clock.go_on(days=1)  # type: ignore[attr-defined]
    before = client.get(pinned).data
    show(outside)
    assert _look(services, days=7)["oath"] == result
    assert words in client.get(PAGE).text
    assert client.get(pinned).data == before, "a page that is pinned stays the same for ever"
    outside.show("/oath", ARTICLE % (4, 4))
    assert _look(services, days=8)["oath"] == "ok"


def test_nobody_answers_for_some_days_before_a_link_is_dead(services: Services, app: Flask, outside: Site) -> None:
    _open(services)
    _look(services)
    outside.show("/oath", b"", 503)
    results = [_look(services, days=7)["oath"]] + [_look(services, days=1)["oath"] for _ in range(2)]
    assert results == ["ok", "ok", "ok"], "no other site answered since, so the fault may be ours"
    assert _look(services, days=6)["story"] == "ok"
    assert _look(services, days=1)["oath"] == "dead"


def test_a_line_that_is_down_makes_no_link_dead(services: Services, app: Flask, outside: Site) -> None:
    _open(services)
    services.fetcher = reach({"source.example": ["127.0.0.2"]}, outside, public=("127.0.0.2",), seconds=2)
    outside.close()
    for _ in range(6):
        assert set(_look(services, days=1).values()) == {""}
    page = app.test_client().get(PAGE).text
    assert "ooked at on" not in page


def test_a_name_that_begins_to_lead_inside_is_not_followed(services: Services, app: Flask, outside: Site) -> None:
    _open(services)
    _look(services)
    asked = len(outside.asked)
    services.fetcher = reach({"source.example": ["127.0.0.1"]}, outside)
    assert _look(services, days=7) == {"oath": "ok", "story": "ok"}
    assert len(outside.asked) == asked
    with services.accounts.work() as db:
        assert "is not on the public internet" in checks_of(db, "small", ["oath"])["oath"].reason


def test_copies_and_links_are_kept_in_either_store(either: Services) -> None:
    Story(either).evidence("official").evidence("news", "news")
    copy = check_copy(either, PDF_BYTES)
    store_copy(either, Operator("ana"), REGISTER, "official", copy, rights="Free")
    store_copy(either, Operator("ana"), REGISTER, "news", copy)
    with pytest.raises(Refused, match="already saved for this source"):
        store_copy(either, Operator("ben"), REGISTER, "news", copy)
    with either.accounts.work() as db:
        assert [(f.evidence, f.kind, f.size, f.captured_by) for f in db.query(StoredFile).order_by(StoredFile.id)] == [
            ("official", "PDF", len(PDF_BYTES), "ana"),
            ("news", "PDF", len(PDF_BYTES), "ana"),
        ]
        now = naive_utc(either.clock())
        db.add(LinkCheck(register=REGISTER, evidence="news", due_at=now, checked_at=now))
    with either.accounts.work() as db:
        assert checks_of(db, REGISTER, ["news"])["news"].result == ""


def test_a_person_says_that_a_changed_page_still_shows_what_is_cited(
    services: Services, app: Flask, outside: Site
) -> None:
    _open(services)
    _look(services)
    outside.show("/oath", b"<html><p>The oath was taken, it says.</p>")
    assert _look(services, days=7)["oath"] == "differs"
    with services.accounts.work() as db:
        expect_content(services, db, "small", "oath", checks_of(db, "small", ["oath"])["oath"].digest)
    assert _look(services) == {"oath": "ok", "story": "ok"}
    assert _look(services, days=7)["oath"] == "ok"
