"""The files that every site is asked for, and what pages announce in their heads."""

import io
import json
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import quote
from xml.etree import ElementTree as Xml

import pytest
from flask.testing import FlaskClient
from msgspec.structs import replace
from PIL import Image

from app.adapters.settings import read_settings
from app.bootstrap.flask_app import create_app
from app.services.container import Services
from domain.errors import Refused
from tests.support.pages import Browser

OPENSEARCH = "{http://a9.com/-/spec/opensearch/1.1/}"
HOST = "http://127.0.0.1:8000"


@pytest.fixture
def client(small: Services) -> FlaskClient:
    return create_app(small).test_client()


@pytest.mark.parametrize(
    ("path", "mimetype", "size"),
    [("/favicon.ico", "image/vnd.microsoft.icon", (48, 48)), ("/apple-touch-icon.png", "image/png", (180, 180))],
)
def test_a_browser_finds_the_icons_it_looks_for(
    client: FlaskClient, path: str, mimetype: str, size: tuple[int, int]
) -> None:
    answer = client.get(path)
    assert answer.mimetype in (mimetype, "image/x-icon")
    assert Image.open(io.BytesIO(answer.data)).size == size
    assert "max-age=86400" in answer.headers["Cache-Control"]


def test_the_site_can_be_put_on_a_home_screen(client: FlaskClient) -> None:
    manifest = json.loads(client.get("/manifest.webmanifest").data)
    assert manifest["name"] == "Uptake"
    assert client.get(manifest["start_url"]).status_code == 200
    for icon in manifest["icons"]:
        picture = Image.open(io.BytesIO(client.get(icon["src"]).data))
        assert icon["sizes"] == f"{picture.width}x{picture.height}"
    assert "manifest-src 'self'" in client.get("/").headers["Content-Security-Policy"]


@pytest.mark.parametrize("prefix", ["", "/ko"])
def test_a_browser_learns_how_to_search_a_register(client: FlaskClient, prefix: str) -> None:
    page = Browser(client).get(f"{prefix}/small/themes/laws/")
    href = next(e.get("href", "") for e in page.root.iter("link") if e.get("rel") == "search")
    answer = client.get(href)
    assert answer.mimetype == "application/opensearchdescription+xml"
    root = Xml.fromstring(answer.data)
    assert 0 < len(root.findtext(f"{OPENSEARCH}ShortName")) <= 16
    template = root.find(f"{OPENSEARCH}Url").get("template")
    assert template.startswith(f"{HOST}{prefix}/small/search?")
    found = Browser(client).get(template.removeprefix(HOST).replace("{searchTerms}", quote("post")))
    assert "post" in found.heading


def test_whoever_finds_a_weakness_learns_whom_to_tell(small: Services) -> None:
    def read(services: Services) -> dict[str, str]:
        answer = create_app(services).test_client().get("/.well-known/security.txt")
        assert (answer.status_code, answer.mimetype) == (200, "text/plain")
        return dict(line.split(": ", 1) for line in answer.text.splitlines())

    fields = read(small)
    assert fields["Contact"].startswith(("mailto:", "https://"))
    expires = datetime.fromisoformat(fields["Expires"])
    assert 30 < (expires - small.clock().astimezone(UTC)).days < 365
    assert fields["Canonical"] == f"{HOST}/.well-known/security.txt"
    small.settings = replace(small.settings, security_contact="safety@example.org")
    assert read(small)["Contact"] == "mailto:safety@example.org"


def test_without_anyone_to_tell_there_is_no_file(services: Services) -> None:
    assert create_app(services).test_client().get("/.well-known/security.txt").status_code == 404


def test_a_contact_that_nobody_can_use_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="must be an e-mail address"):
        read_settings({"UPTAKE_SECURITY_CONTACT": "ask us"}, tmp_path)


@pytest.mark.parametrize(
    ("path", "feed"),
    [
        ("/small/", "/small/changes"),
        ("/small/corrections/", "/small/corrections"),
        ("/small/recommendations/law/", "/small/recommendations/law/changes"),
        ("/small/bodies/senate/", "/small/bodies/senate/changes"),
        ("/ko/small/themes/laws/", "/ko/small/themes/laws/changes"),
    ],
)
def test_a_page_announces_its_own_feeds_first(client: FlaskClient, path: str, feed: str) -> None:
    links = [e for e in Browser(client).get(path).root.iter("link") if "feed+json" in e.get("type", "")]
    links += [e for e in Browser(client).get(path).root.iter("link") if "atom" in e.get("type", "")]
    addresses = [e.get("href") for e in links]
    assert {f"{feed}.json", f"{feed}.atom"} <= set(addresses)
    assert addresses[0] == f"{feed}.json"
    assert len({e.get("title") for e in links}) == len(addresses) / 2, "each is called by what it is about"
