"""Caches in front of the site: they keep nothing without the setting, and nothing private or removable with it."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from msgspec.structs import replace
from werkzeug.test import Client, TestResponse

from app.bootstrap.flask_app import create_app
from app.entrypoints.http.assets import IMMUTABLE_CACHE_CONTROL
from app.entrypoints.http.front_cache import FrontCache
from app.entrypoints.http.page_scopes import ABOUT_ONE_REGISTER, ABOUT_THE_SITE
from app.entrypoints.http.shared_caches import FINAL_WHEN_PINNED
from app.services.container import Services
from domain import commands as c
from domain.codes import RemovalReason
from domain.values import Body
from projections.catalogue import queries as catalogue
from tests.support.crawl import VALUES
from tests.support.staff_client import Member
from tests.support.story import assessment

SHARED = "public, max-age=0, s-maxage=300, stale-while-revalidate=300, stale-if-error=86400"
PINNED = "as_of=2025-06-01&known_at=2026-03-03"


@pytest.fixture
def cdn(small: Services) -> Services:
    small.settings = replace(small.settings, cdn_seconds=300)
    small.clock.go_on(days=3)  # type: ignore[attr-defined]
    return small


@pytest.fixture
def client(cdn: Services) -> FlaskClient:
    return create_app(cdn).test_client()


def test_without_the_setting_caches_keep_nothing(small: Services) -> None:
    client = Client(FrontCache(create_app(small), small.public_state), TestResponse)
    for path in ("/", "/small/", f"/small/?{PINNED}", "/api/v1/registers/small/scorecard"):
        headers = client.get(path).headers
        assert (headers["Cache-Control"], headers["Vary"]) == ("public, no-cache", "Accept-Encoding")
        assert "Surrogate-Key" not in headers


@pytest.mark.parametrize(
    ("path", "keys"),
    [
        ("/", "uptake site"),
        ("/ko/small/", "uptake register:small register:small:kind:scorecard"),
        (
            "/small/recommendations/law/",
            "uptake register:small register:small:kind:recommendation register:small:recommendation:law",
        ),
        ("/api/v1/registers/small/scorecard", "uptake register:small register:small:kind:scorecard"),
    ],
)
def test_current_pages_name_what_they_are_about(cdn: Services, client: FlaskClient, path: str, keys: str) -> None:
    assert client.get(path).headers["Cache-Control"] == SHARED
    front = Client(FrontCache(create_app(cdn), cdn.public_state), TestResponse)
    for _ in range(2):
        answer = front.get(path, headers={"Accept-Encoding": "gzip"})
        assert (answer.headers["Cache-Control"], answer.headers["Surrogate-Key"]) == (SHARED, keys)
        assert answer.headers["Vary"].startswith("Accept-Encoding")
        assert ("Cookie" in answer.headers["Vary"]) is (answer.mimetype == "text/html")


@pytest.mark.parametrize(
    "path",
    [
        *("/small/search?q=law", "/verify/", "/verify/checkpoints/", "/api/v1/checkpoint", "/small/follow/", "/staff/"),
        *("/staff/sign-in", "/small/nothing/", "/small/?as_of=nonsense", "/healthz", "/small/report-error/", "/small"),
        "/api/v1/registers/small/recommendations/law/proposals",
    ],
)
def test_other_answers_are_not_kept(client: FlaskClient, path: str) -> None:
    answer = client.get(path)
    assert "s-maxage" not in answer.headers["Cache-Control"], "without one, a cache may guess"
    assert "immutable" not in answer.headers["Cache-Control"]
    assert "Surrogate-Key" not in answer.headers


def test_nothing_of_anyone_who_is_signed_in_is_kept(cdn: Services, member: Callable[[str], Member]) -> None:
    ana = member("ana")
    for path in ("/staff/", "/staff/small/", "/small/", "/", f"/small/?{PINNED}", "/small/recommendations/law/"):
        headers = ana.client.get(path).headers
        assert headers["Cache-Control"] in ("no-store", "private, no-store"), path
        assert "Surrogate-Key" not in headers


def test_a_program_with_a_token_gets_what_no_cache_keeps(client: FlaskClient) -> None:
    answer = client.get("/api/v1/registers/small/scorecard", headers={"Authorization": "Bearer x"})
    assert answer.headers["Cache-Control"] == "public, no-cache"


def pinned_paths(app: Flask) -> list[str]:
    paths = []
    for rule in app.url_map.iter_rules():
        if rule.endpoint in FINAL_WHEN_PINNED and (rule.defaults or {}).get("lang") in ("en", "ko"):
            names = rule.arguments - {"lang"}
            values = {n: next(iter(getattr(rule._converters[n], "items", None) or VALUES[n])) for n in names}
            built = rule.build({**values, **(rule.defaults or {})})
            assert built
            paths.append(f"{built[1]}?{PINNED}")
    return paths


def test_what_is_kept_for_a_year_is_about_registers_and_has_two_dates() -> None:
    assert FINAL_WHEN_PINNED < ABOUT_ONE_REGISTER
    assert not FINAL_WHEN_PINNED & ABOUT_THE_SITE


def test_a_pinned_page_is_for_a_year_and_is_never_another(cdn: Services) -> None:
    """After a publication, a withdrawal, an amendment, the removal of a source’s text, and months: the same bytes."""
    app = create_app(cdn)
    client, paths = app.test_client(), pinned_paths(app)
    assert len(paths) == 2 * len(FINAL_WHEN_PINNED)
    before = {path: client.get(path) for path in paths}
    kept = {path: (a.status_code, a.headers["Cache-Control"], a.headers["Surrogate-Key"]) for path, a in before.items()}
    assert set(kept.values()) == {(200, IMMUTABLE_CACHE_CONTROL, "uptake")}
    with cdn.views.connect() as db:
        entry = catalogue.register(db, "small")
    assert entry
    proposal = assessment(
        id="p1", status="in_progress", effective_on="2024-05-01", reason="new_evidence", evidence=("story",)
    )
    of_law: dict[str, Any] = {"recommendation": "law"}
    for command in (
        c.ProposeAssessment("small", **of_law, assessment=proposal),
        c.PublishAssessment("small", **of_law, assessment="p1"),
        c.WithdrawAssessment("small", **of_law, assessment="law-2", reason="It was wrong."),
        c.AmendRegister("small", fact=replace(entry.settings, title="Another title"), why="W."),
        c.NameBody("small", body=Body(id="new", name="New")),
        c.RemoveEvidenceText("small", evidence="story", reason=next(iter(RemovalReason))),
    ):
        cdn.execute(command, by="ana" if isinstance(command, c.ProposeAssessment) else "ben")
    cdn.clock.go_on(days=100)  # type: ignore[attr-defined]
    assert [path for path in paths if client.get(path).data != before[path].data] == []


@pytest.mark.parametrize(
    "query",
    [
        "",
        "?as_of=2025-06-01",
        "?known_at=2026-03-03",
        "?as_of={today}&known_at=2026-03-03",
        "?as_of=2025-06-01&known_at={now}",
    ],
)
def test_a_page_that_can_still_change_is_current(cdn: Services, client: FlaskClient, query: str) -> None:
    now = cdn.clock()
    path = f"/small/{query.format(today=f'{now:%Y-%m-%d}', now=f'{now:%Y-%m-%dT%H:%M:%SZ}')}"
    assert client.get(path).headers["Cache-Control"] == SHARED


def test_pages_with_texts_that_can_be_removed_are_current_though_pinned(client: FlaskClient) -> None:
    for path in ("/small/recommendations/law/", "/small/download/evidence.csv"):
        assert "immutable" not in client.get(f"{path}?{PINNED}").headers["Cache-Control"]


def test_a_pinned_page_is_current_while_the_tables_lack_an_event(
    cdn: Services, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = f"/small/?as_of=2025-06-01&known_at={cdn.clock():%Y-%m-%dT%H:%M:%SZ}"
    cdn.clock.go_on(days=2)  # type: ignore[attr-defined]
    assert client.get(path).headers["Cache-Control"] == IMMUTABLE_CACHE_CONTROL
    row, stamp = cdn.log.last()
    monkeypatch.setattr(cdn.log, "last", lambda: (row + 1, stamp))
    assert client.get(path).headers["Cache-Control"] == SHARED
