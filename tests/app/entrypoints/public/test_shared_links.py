"""Links that mail programs and networks add parameters to: the page ignores them, and so does the cache."""

import re

import pytest
from flask import Flask
from werkzeug.test import Client, TestResponse

from app.bootstrap.flask_app import create_app
from app.entrypoints.http.front_cache import FrontCache
from app.services.container import Services
from app.services.snapshots.freeze import freeze_review
from tests.support.crawl import VALUES
from tests.support.pages import Browser

ADDED = "fbclid=A1b2&utm_source=news&utm_medium=e-mail&gclid=7&mc_cid=8&colour=blue&colour=red&empty=&long=" + "x" * 600


def public_paths(app: Flask) -> list[str]:
    """Every public address without parameters that can be read, in each language, also those of files and feeds."""
    paths = []
    for rule in app.url_map.iter_rules():
        if rule.endpoint.startswith("public.") and "GET" in (rule.methods or ()):
            names = rule.arguments - {"lang"}
            items = {n: getattr(rule._converters[n], "items", None) or VALUES[n] for n in names}
            built = rule.build({n: next(iter(items[n])) for n in names} | (rule.defaults or {}))
            assert built
            paths.append(built[1])
    return paths


def test_no_public_address_minds_a_parameter_that_it_does_not_know(small: Services) -> None:
    freeze_review(small, "small", "ten", by="ana")
    app = create_app(small)
    client = app.test_client()
    paths = public_paths(app)
    assert len(paths) > 80
    for path in paths:
        plain, shared = client.get(path), client.get(f"{path}?{ADDED}")
        assert shared.status_code == plain.status_code, path
        assert plain.status_code >= 400 or shared.data == plain.data, f"{path} repeats what it was sent"


def test_a_known_parameter_counts_beside_the_unknown(browser: Browser) -> None:
    page = browser.get(f"/small/?{ADDED}&as_of=2024-12-01")
    assert page.heading == browser.get("/small/?as_of=2024-12-01").heading
    assert "fbclid" not in page.html


def test_a_shared_link_is_answered_from_the_cache_and_leaves_nothing_in_it(small: Services) -> None:
    served: list[str] = []
    app = create_app(small)
    app.before_request(lambda: served.append("again"))
    client = Client(FrontCache(app, small.public_state), TestResponse)
    first = client.get("/small/?fbclid=first&as_of=2024-12-01")
    served.clear()
    for query in ("fbclid=second&as_of=2024-12-01", "as_of=2024-12-01", "utm_source=x&as_of=2024-12-01&gclid=y"):
        assert client.get(f"/small/?{query}").data == first.data
    assert served == []
    assert "fbclid" not in first.text
    assert client.get("/small/?as_of=2024-12-02").data != first.data
    assert client.get("/small/?as_of=2024-12-01&as_of=2024-12-01").status_code == 400
    assert client.get("/api/v1/registers").status_code == 200
    assert client.get("/api/v1/registers?fbclid=1").status_code == 400


@pytest.mark.parametrize("path", ["/api/v1/registers", "/api/v1/registers/small/scorecard", "/api/openapi.json"])
def test_the_api_stays_strict(browser: Browser, path: str) -> None:
    answer = browser.client.get(f"{path}?fbclid=1")
    assert answer.status_code == 400
    assert "There is no parameter “fbclid” here." in answer.json["detail"]


@pytest.mark.parametrize(
    ("path", "names"),
    [
        ("/small/?as_of=soon&known_at=2026-03-02&theme=offices", ("as_of", "known_at")),
        ("/small/?as_of=9999-12-31", ("as_of", "known_at")),
        ("/small/?as_of=2024-01-01&as_of=2024-02-01", ("as_of", "known_at")),
        ("/small/recommendations/law/?known_at=yesterday", ("as_of", "known_at")),
        ("/ko/small/bodies/senate/?as_of=2024-13-01", ("as_of", "known_at")),
        ("/small/compare/?from=soon&to=later", ("from", "to", "known_from", "known_to")),
        ("/small/series/?as_of=1", ("as_of", "known_at")),
    ],
)
def test_a_wrong_date_can_be_corrected_where_it_is_refused(browser: Browser, path: str, names: tuple[str, ...]) -> None:
    page = browser.get(path, status=400)
    form = next(f for f in page.root.iter("form") if f.get("method") == "get")
    assert form.get("action") == path.split("?")[0]
    fields = {i.get("name"): i for i in form.iter("input")}
    assert set(names) <= set(fields)
    typed = dict(pair.split("=") for pair in reversed(path.split("?")[1].split("&")))
    for name, value in typed.items():
        assert fields[name].get("value") == value, "what was typed is there to be corrected"
    wrong = [name for name, field in fields.items() if field.get("aria-invalid") == "true"]
    assert wrong
    for name in wrong:
        reason = next(e for e in page.root.iter() if e.get("id") == f"e-{name}")
        assert "".join(reason.itertext()).strip()
    right = {name: "2024-12-01" for name in fields if name in names}
    assert browser.get(form.get("action"), **right).status == 200


def test_a_wrong_filter_is_left_out_of_the_form(browser: Browser) -> None:
    html = browser.get("/small/?theme=nothing&sort=title&as_of=2024-12-01", status=400).html
    form = re.search(r"<form.*?</form>", html, re.S).group()
    assert 'name="theme"' not in form
    assert 'name="sort" value="title"' in form
    assert 'value="2024-12-01"' in form


def test_a_query_that_is_no_text_is_refused(small: Services) -> None:
    client = Client(FrontCache(create_app(small), small.public_state), TestResponse)
    client.get("/small/")
    for _ in range(2):
        answer = client.get("/small/", environ_overrides={"QUERY_STRING": "as_of=\xff"})
        assert answer.status_code == 400
