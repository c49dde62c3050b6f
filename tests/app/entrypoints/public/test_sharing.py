"""Links and citations to copy, and the way from a past day to what was known then."""

import pytest
from flask.testing import FlaskClient

from app.bootstrap.flask_app import create_app
from app.services.container import Services
from domain import commands as c
from domain.values import Theme
from tests.support.pages import Browser, Page

BASE = "http://127.0.0.1:8000"


def _link(page: Page, words: str) -> str:
    (link,) = (e for e in page.root.iter("a") if "".join(e.itertext()).strip() == words)
    return str(link.get("href"))


def _field(browser: Browser, path: str, ident: str) -> str:
    (field,) = (e for e in browser.get(path).root.iter() if e.get("id") == ident)
    return str(field.get("value") or field.text)


@pytest.mark.parametrize("path", ["/small/", "/small/recommendations/post/", "/ko/small/"])
def test_a_page_offers_its_link_and_citation_live_and_pinned(browser: Browser, path: str) -> None:
    dated = f"{path}?as_of=2024-12-01"
    assert _field(browser, dated, "share-live") == BASE + path
    pinned = _field(browser, dated, "share-pinned")
    assert "as_of=2024-12-01" in pinned
    assert "known_at=" in pinned
    words, live_words = _field(browser, dated, "share-words"), _field(browser, dated, "share-live-words")
    assert words.endswith(pinned)
    assert "2024" in words
    assert live_words.endswith(BASE + path)
    assert browser.get(pinned.removeprefix(BASE)).status == 200


def test_a_link_says_what_changed_since_its_instant(browser: Browser) -> None:
    since = _field(browser, "/small/?as_of=2024-12-01", "share-since")
    assert "from=2024-12-01" in since
    assert "known_from=" in since
    assert browser.get(since.removeprefix(BASE)).status == 200


def test_the_script_that_copies_runs_only_where_it_is_used(small: Services) -> None:
    client: FlaskClient = create_app(small).test_client()
    assert "script-src 'self'" in client.get("/small/").headers["Content-Security-Policy"]
    assert "script-src" not in client.get("/small/changes/").headers["Content-Security-Policy"]


@pytest.mark.parametrize("path", ["/small/", "/small/recommendations/post/", "/small/bodies/"])
def test_a_past_day_leads_to_what_was_known_on_it_and_back(small: Services, path: str) -> None:
    small.clock.go_on(days=3)  # type: ignore[attr-defined]
    small.execute(c.AmendTheme("small", fact=Theme(id="laws", title="Statutes"), why="Shorter."), by="ana")
    browser = Browser(create_app(small).test_client())
    then = _link(browser.get(f"{path}?as_of=2026-03-02"), "As it was known on that day")
    assert then == f"{path}?as_of=2026-03-02&known_at=2026-03-02"
    back = browser.get(then)
    assert _link(back, "The same day, as it is known now") == f"{path}?as_of=2026-03-02"
    before_opening = browser.get(f"{path}?as_of=2026-03-01").text
    assert "As it was known on that day" not in before_opening, "this register knew nothing then"
    assert "As it was known on that day" not in back.text
    assert "As it was known on that day" not in browser.get(path).text
