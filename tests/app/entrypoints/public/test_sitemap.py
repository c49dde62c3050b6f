"""The sitemap: every public page in every language, or a reason why not."""

from pathlib import Path
from xml.etree import ElementTree as Xml

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.bootstrap.flask_app import create_app
from app.entrypoints.public import sitemap
from app.entrypoints.public.sitemap import NOT_IN_SITEMAP, SITEMAP, XHTML
from app.presentation.i18n.languages import LANGUAGES
from app.services.bundles.importing import ImportOptions, import_bundle
from app.services.container import Services
from app.services.snapshots.freeze import freeze_review
from domain import commands as c
from tests.support.story import assessment

BASE_URL = "http://127.0.0.1:8000"


def public_endpoints(app: Flask) -> set[str]:
    return {r.endpoint for r in app.url_map.iter_rules() if r.endpoint.startswith("public.") and "GET" in r.methods}


def files_of(client: FlaskClient) -> dict[str, Xml.Element]:
    """The files of the sitemap by the path of each, from its index."""
    index = Xml.fromstring(client.get("/sitemap.xml").data)
    paths = [e.text.removeprefix(BASE_URL) for e in index.iter(f"{{{SITEMAP}}}loc")]
    assert len(paths) == len(set(paths))
    return {path: Xml.fromstring(client.get(path).data) for path in paths}


def locations(root: Xml.Element) -> list[str]:
    return [e.text.removeprefix(BASE_URL) for e in root.iter(f"{{{SITEMAP}}}loc")]


def test_every_public_page_is_in_the_sitemap_and_answers(small: Services) -> None:
    freeze_review(small, "small", "ten", by="ana")
    app = create_app(small)
    client = app.test_client()
    files = files_of(client)
    paths = [path for root in files.values() for path in locations(root)]
    assert len(paths) == len(set(paths))
    match = app.url_map.bind("").match
    listed = {(match(path)[0], match(path)[1]["lang"]) for path in paths}
    expected = public_endpoints(app) - set(NOT_IN_SITEMAP)
    assert listed == {(endpoint, language) for endpoint in expected for language in LANGUAGES}
    assert {"/small/reviews/", "/small/series/", "/small/reviews/ten/2024-02-17/", "/ko/small/bodies/senate/"} <= set(
        paths
    )
    for path in paths:
        assert client.get(path).status_code == 200, path
    for root in files.values():
        for url in root:
            links = {e.get("hreflang") for e in url.iter(f"{{{XHTML}}}link")}
            assert links == {*LANGUAGES, "x-default"}


def test_pages_of_a_register_say_when_they_changed(small: Services) -> None:
    freeze_review(small, "small", "ten", by="ana")
    client = create_app(small).test_client()

    def days() -> dict[str, str]:
        return {
            url.findtext(f"{{{SITEMAP}}}loc").removeprefix(BASE_URL): url.findtext(f"{{{SITEMAP}}}lastmod")
            for path, root in files_of(client).items()
            if path.startswith("/sitemap/small/")
            for url in root
        }

    before = days()
    assert set(before.values()) == {"2026-03-02"}, "the day of the opening"
    small.clock.go_on(days=30)  # type: ignore[attr-defined]
    proposal = assessment(status="in_progress", effective_on="2024-05-01", reason="new_evidence", evidence=("story",))
    ident = small.execute(c.ProposeAssessment("small", recommendation="law", assessment=proposal), by="ana")
    small.execute(c.PublishAssessment("small", recommendation="law", assessment=ident), by="ben")
    after = days()
    today = small.clock().date().isoformat()
    assert {after[path] for path in after if "/recommendations/law/" in path or path in ("/small/", "/ko/small/")} == {
        today
    }
    assert after["/small/recommendations/post/"] == before["/small/recommendations/post/"]
    assert after["/small/reviews/ten/2024-02-17/"] == before["/small/reviews/ten/2024-02-17/"]


def test_a_file_is_limited_and_the_next_goes_on(small: Services, monkeypatch: pytest.MonkeyPatch) -> None:
    client = create_app(small).test_client()
    whole = sorted(path for root in files_of(client).values() for path in locations(root))
    monkeypatch.setattr(sitemap, "MAX_PAGES", 2)
    files = files_of(client)
    assert "/sitemap/small/recommendation-2.xml" in files
    assert all(len(locations(root)) <= 2 * len(LANGUAGES) for path, root in files.items() if "recommendation" in path)
    assert sorted(path for root in files.values() for path in locations(root)) == whole
    for path in ("/sitemap/small/recommendation-3.xml", "/sitemap/small/theme-0.xml", "/sitemap/nothing/theme-1.xml"):
        assert client.get(path).status_code == 404


def test_what_the_sitemap_leaves_out_is_there_and_has_a_reason(small: Services) -> None:
    assert set(NOT_IN_SITEMAP) <= public_endpoints(create_app(small))
    assert all(NOT_IN_SITEMAP.values())


def test_a_closed_register_is_not_in_the_sitemap(services: Services, small_bundle: Path) -> None:
    import_bundle(services, small_bundle, ImportOptions())
    client = create_app(services).test_client()
    files = files_of(client)
    assert set(files) == {"/sitemap/site.xml"}
    assert "/about/" in locations(files["/sitemap/site.xml"])
    assert client.get("/sitemap/small/register-1.xml").status_code == 404
