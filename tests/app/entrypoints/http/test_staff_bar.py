"""The bar that staff see on public pages and error pages."""

import re
from collections.abc import Callable

import pytest
from flask import Flask
from werkzeug.test import Client

from app.entrypoints.http.front_cache import FrontCache
from app.entrypoints.http.staff_bar import EDITED_AT, WITHOUT_EDITING
from app.services.accounts import login_sessions
from app.services.container import Services
from tests.support.pages import Browser
from tests.support.public_pages import public_pages
from tests.support.staff_client import Member

Members = Callable[[str], Member]
BAR = re.compile(r'<nav class="slimbar".*?</nav>\n', re.DOTALL)
FROZEN = {"public.review"}
FRAMES = {"public.embed", "public.embed_recommendation"}


def _pages(language: str) -> dict[str, str]:
    return {endpoint: path for endpoint, path in public_pages(language).items() if endpoint not in FRAMES}


def _with_bar(app: Flask) -> Browser:
    client = app.test_client()
    client.set_cookie("uptake_bar", "1")
    return Browser(client)


def test_each_public_page_is_edited_somewhere(staff_app: Flask, member: Members) -> None:
    ada, browser = member("ada"), _with_bar(staff_app)
    pages = _pages("en")
    assert set(pages) == (set(EDITED_AT) | WITHOUT_EDITING) - FROZEN
    for endpoint, path in pages.items():
        bar = BAR.search(browser.get(path).html)
        assert bar, path
        home, *edit = re.findall(r'href="([^"]+)"', bar.group())
        assert home == "/staff/"
        assert bool(edit) == (endpoint in EDITED_AT), endpoint
        for address in edit:
            ada.get(address)


@pytest.mark.parametrize("language", ["en", "ko"])
def test_readers_get_the_same_bytes_as_ever(staff_app: Flask, language: str) -> None:
    reader, browser = staff_app.test_client(), _with_bar(staff_app)
    for path in [*_pages(language).values(), "/small/nothing/"]:
        plain, barred = reader.get(path), browser.client.get(path)
        assert "slimbar" not in plain.text, path
        assert BAR.sub("", barred.text, count=1) == plain.text, path
        assert barred.text != plain.text, path


def test_pages_with_the_bar_are_private(staff_app: Flask) -> None:
    reader, browser = staff_app.test_client(), _with_bar(staff_app)
    assert reader.get("/small/").headers["Cache-Control"] == "public, no-cache"
    assert browser.client.get("/small/").headers["Cache-Control"] == "private, no-store"


def test_the_front_cache_neither_stores_nor_serves_them(staff_app: Flask, services: Services) -> None:
    client = Client(FrontCache(staff_app, services.public_state))
    plain = client.get("/small/").text
    client.set_cookie("uptake_bar", "1")
    assert "slimbar" in client.get("/small/").text
    assert "slimbar" in client.get("/small/changes/").text
    client.delete_cookie("uptake_bar")
    assert client.get("/small/").text == plain
    assert "slimbar" not in client.get("/small/changes/").text


def test_error_pages_lead_back_to_work(staff_app: Flask) -> None:
    browser = _with_bar(staff_app)
    missing = browser.get("/small/recommendations/nothing/", status=404)
    assert 'href="/staff/small/"' in missing.html
    elsewhere = browser.get("/nowhere/", status=404)
    assert 'href="/staff/"' in elsewhere.html
    assert 'href="/staff/nowhere/"' not in elsewhere.html
    assert "slimbar" in browser.get("/staff/nowhere/at/all/", status=404).html


def test_the_cookie_comes_with_the_session_and_goes_with_it(member: Members, services: Services) -> None:
    ana = member("ana")
    ana.get("/staff/")
    cookie = ana.client.get_cookie("uptake_bar")
    assert cookie
    assert (cookie.value, cookie.path, cookie.http_only, cookie.same_site) == ("1", "/", True, "Lax")
    assert "slimbar" in ana.get("/small/").html
    ana.post("/staff/sign-out")
    assert ana.client.get_cookie("uptake_bar") is None
    assert "slimbar" not in ana.get("/small/").html


def test_the_cookie_goes_when_the_session_has_ended(member: Members, services: Services) -> None:
    ana = member("ana")
    ana.get("/staff/")
    services.clock.now += login_sessions.IDLE_TIMEOUT  # type: ignore[attr-defined]
    services.clock.go_on(minutes=1)  # type: ignore[attr-defined]
    assert ana.client.get("/staff/").status_code == 302
    assert ana.client.get_cookie("uptake_bar") is None


def test_the_bar_proves_nothing(staff_app: Flask) -> None:
    assert _with_bar(staff_app).client.get("/staff/small/").status_code == 302
