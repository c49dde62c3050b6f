"""The sitemap: every public page in every language, or a reason why not."""

from pathlib import Path
from xml.etree import ElementTree as Xml

from flask import Flask

from app.bootstrap.flask_app import create_app
from app.entrypoints.public.sitemap import NOT_IN_SITEMAP, SITEMAP, XHTML
from app.presentation.i18n.languages import LANGUAGES
from app.services.bundles.importing import ImportOptions, import_bundle
from app.services.container import Services
from app.services.snapshots.freeze import freeze_review

BASE_URL = "http://127.0.0.1:8000"


def public_endpoints(app: Flask) -> set[str]:
    return {r.endpoint for r in app.url_map.iter_rules() if r.endpoint.startswith("public.") and "GET" in r.methods}


def test_every_public_page_is_in_the_sitemap_and_answers(small: Services) -> None:
    freeze_review(small, "small", "ten", by="ana")
    app = create_app(small)
    client = app.test_client()
    root = Xml.fromstring(client.get("/sitemap.xml").data)
    locations = [e.text.removeprefix(BASE_URL) for e in root.iter(f"{{{SITEMAP}}}loc")]
    assert len(locations) == len(set(locations))
    match = app.url_map.bind("").match
    listed = {(match(path)[0], match(path)[1]["lang"]) for path in locations}
    expected = public_endpoints(app) - set(NOT_IN_SITEMAP)
    assert listed == {(endpoint, language) for endpoint in expected for language in LANGUAGES}
    assert {"/small/reviews/", "/small/series/", "/small/reviews/ten/2024-02-17/", "/ko/small/bodies/senate/"} <= set(
        locations
    )
    for path in locations:
        assert client.get(path).status_code == 200, path
    for url in root:
        links = {e.get("hreflang") for e in url.iter(f"{{{XHTML}}}link")}
        assert links == set(LANGUAGES)


def test_what_the_sitemap_leaves_out_is_there_and_has_a_reason(small: Services) -> None:
    assert set(NOT_IN_SITEMAP) <= public_endpoints(create_app(small))
    assert all(NOT_IN_SITEMAP.values())


def test_a_closed_register_is_not_in_the_sitemap(services: Services, small_bundle: Path) -> None:
    import_bundle(services, small_bundle, ImportOptions())
    text = create_app(services).test_client().get("/sitemap.xml").text
    assert f"{BASE_URL}/about/" in text
    assert "/small/" not in text
