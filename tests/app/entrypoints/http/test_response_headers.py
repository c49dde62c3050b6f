"""What every answer says to a browser: its type, where it may be shown, and what it may load."""

import pytest
from flask import Flask

from app.bootstrap.flask_app import create_app
from app.services.container import Services
from tests.support.crawl import MORE

PAGES = (
    *("/", "/small/", "/ko/small/", "/small/feed.atom", "/small/feed.json", "/small/due.ics", "/sitemap.xml"),
    *("/robots.txt", "/.well-known/security.txt", "/manifest.webmanifest", "/embed.js", "/verify.py", "/favicon.ico"),
    *("/small/download/scorecard.csv", "/small/download/bundle.zip", "/api/v1/openapi.json", "/healthz", "/readyz"),
    *MORE,
)
NEEDS_CHARSET = ("text/", "application/xml")


@pytest.fixture
def app(small: Services) -> Flask:
    return create_app(small)


def test_every_answer_has_its_type_and_stays_where_it_belongs(app: Flask) -> None:
    client, kinds = app.test_client(), set()
    for page in PAGES:
        answer = client.get(page)
        kind = answer.headers.get("Content-Type", "")
        kinds.add(answer.mimetype)
        if answer.data:
            assert kind, page
            if kind.startswith(NEEDS_CHARSET) or answer.mimetype.endswith("+xml"):
                assert "charset=utf-8" in kind.lower(), f"{page}: {kind}"
        assert answer.headers["X-Content-Type-Options"] == "nosniff", page
        assert answer.headers["Referrer-Policy"] == "strict-origin-when-cross-origin", page
        policy = answer.headers["Content-Security-Policy"]
        for part in ("default-src 'none'", "base-uri 'none'", "frame-ancestors 'none'"):
            assert part in policy, page
        assert "unsafe" not in policy, page
    assert {"text/html", "application/json", "application/zip", "text/csv", "text/calendar"} <= kinds


def test_methods_that_reveal_or_list_are_refused(app: Flask) -> None:
    client = app.test_client()
    for method in ("TRACE", "TRACK", "DEBUG", "PROPFIND"):
        for page in ("/small/", "/staff/", "/api/v1/registers"):
            assert client.open(page, method=method).status_code in (302, 404, 405), (method, page)
    for folder in ("/static/", "/static/js/", "/static/../", "/.git/config", "/static/%2e%2e/main.py"):
        assert client.get(folder).status_code == 404, folder
