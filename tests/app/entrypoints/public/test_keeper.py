"""Who keeps a register is its author and publisher, wherever it is cited."""

import io
import json
import re
import zipfile

import pytest
from flask.testing import FlaskClient
from openpyxl import load_workbook
from pypdf import PdfReader

from app.bootstrap.flask_app import create_app
from app.services.container import Services
from app.services.snapshots.freeze import freeze_review
from tests.support.reviews import package_file

KEEPER = "The keepers of the small register"
PAGE = "/small/recommendations/law/"


@pytest.fixture
def client(small: Services) -> FlaskClient:
    return create_app(small).test_client()


@pytest.mark.parametrize("path", ["/small/", PAGE])
def test_citations_name_the_keeper(client: FlaskClient, path: str) -> None:
    assert f"author = {{{{{KEEPER}}}}}" in client.get(f"{path}cite.bib").text
    ris = client.get(f"{path}cite.ris").text.splitlines()
    assert f"AU  - {KEEPER}" in ris
    assert f"PB  - {KEEPER}" in ris
    (csl,) = json.loads(client.get(f"{path}cite.json").text)
    assert (csl["author"], csl["publisher"]) == ([{"literal": KEEPER}], KEEPER)
    page = client.get(path).text
    assert f"{KEEPER}. “" in page
    assert "Uptake. “" not in page


def test_pages_say_who_keeps_the_register_and_where_to_report_an_error(client: FlaskClient) -> None:
    for path in ("/small/", PAGE, "/about/"):
        page = client.get(path).text
        assert f"Kept by {KEEPER}." in page
        assert 'rel="license" href="https://spdx.org/licenses/CC-BY-4.0"' in page
        assert 'href="mailto:contact@keepers.example">Contact' in page
        assert re.search('href="/small/report-error/[^"]*">Report an error', page)


def test_feeds_embeds_and_metadata_name_the_keeper(client: FlaskClient) -> None:
    assert f"<author><name>{KEEPER}</name></author>" in client.get("/small/changes.atom").text
    assert client.get("/small/changes.json").get_json()["authors"] == [{"name": KEEPER}]
    oembed = client.get("/oembed", query_string={"url": "http://127.0.0.1:8000/small/"})
    assert oembed.get_json()["provider_name"] == KEEPER
    register = client.get("/api/v1/registers/small").get_json()
    assert [register[name] for name in ("kept_by", "contact", "report_errors", "licence", "funded_by")] == [
        KEEPER,
        "contact@keepers.example",
        "contact@keepers.example",
        "CC-BY-4.0",
        "",
    ]


def test_downloads_name_the_keeper(client: FlaskClient) -> None:
    book = load_workbook(io.BytesIO(client.get("/small/download/register.xlsx").data))
    assert book.properties.creator == KEEPER
    assert ("Kept by", KEEPER) in [(a.value, b.value) for a, b in book["about"].iter_rows(max_col=2)]
    with zipfile.ZipFile(io.BytesIO(client.get("/small/download/bundle.zip").data)) as bundle:
        name = next(n for n in bundle.namelist() if n.endswith("datapackage.json"))
        description = json.loads(bundle.read(name))
    assert description["licenses"] == [{"name": "CC-BY-4.0", "path": "https://spdx.org/licenses/CC-BY-4.0"}]
    assert {c["title"] for c in description["contributors"]} == {KEEPER}


def test_packages_name_the_keeper(small: Services) -> None:
    frozen = freeze_review(small, "small", "ten", by="ana")
    citation = package_file(frozen, "CITATION.cff").decode()
    assert f'  - name: "{KEEPER}"' in citation
    assert 'license: "CC-BY-4.0"' in citation
    graph = {node["@id"]: node for node in json.loads(package_file(frozen, "ro-crate-metadata.json"))["@graph"]}
    assert graph["#publisher"]["name"] == KEEPER
    assert graph["./"]["license"] == {"@id": "https://spdx.org/licenses/CC-BY-4.0"}


def test_the_cover_of_a_report_names_the_keeper_and_at_its_foot_the_software(small: Services) -> None:
    frozen = freeze_review(small, "small", "ten", by="ana")
    cover = PdfReader(io.BytesIO(package_file(frozen, "report.pdf"))).pages[0].extract_text()
    assert cover.startswith(KEEPER)
    assert cover.rstrip().endswith("Made with Uptake")
    assert cover.count("Uptake") == 1
    page = package_file(frozen, "index.html").decode()
    assert f'<p class="brand" dir="auto">{KEEPER}</p>' in page


def test_the_link_of_an_embed_does_not_name_the_software(client: FlaskClient) -> None:
    frame = client.get(f"{PAGE}embed/").text
    assert "(opens in a new window)" in frame
    assert "on Uptake" not in frame
