"""Citations on public pages name authors, institution, DOI and the register's own words, where it says them."""

import json
import re

import pytest
from flask.testing import FlaskClient
from msgspec.structs import replace

from app.bootstrap.flask_app import create_app
from app.services.bundles.importing import export_register
from app.services.container import Services
from app.services.snapshots.freeze import freeze_review
from domain import commands as c
from domain.values import Author, Logo
from tests.support.pictures import png

ORCID, ROR = "https://orcid.org/0000-0002-1825-0097", "https://ror.org/05gq02987"
KEEPER = "The keepers of the small register"


def amend(small: Services, **fields: object) -> None:
    settings = replace(export_register(small, "small").settings, **fields)
    small.execute(c.AmendRegister("small", fact=settings, why="We publish with DOIs."), by="ana")


@pytest.fixture
def client(small: Services) -> FlaskClient:
    amend(
        small,
        authors=(Author(name="Hana Kim", orcid=ORCID, affiliation="Example University"), Author(name="Bo & Lee")),
        ror=ROR,
        doi="10.5281/zenodo.1",
    )
    small.execute(c.SetLogo("small", logo=Logo(png=png(), alt="A logo")), by="ana")
    small.execute(c.SetReviewDoi("small", review="ten", as_of="2024-02-17", doi="10.5281/zenodo.7"), by="ana")
    freeze_review(small, "small", "ten", by="ana")
    return create_app(small).test_client()


@pytest.mark.parametrize("path", ["/small/", "/small/recommendations/law/", "/small/reviews/ten/2024-02-17/"])
def test_citation_files_name_the_authors(client: FlaskClient, path: str) -> None:
    assert "author = {Hana Kim and {Bo \\& Lee}}" in client.get(f"{path}cite.bib").text
    ris = client.get(f"{path}cite.ris").text.splitlines()
    assert [line for line in ris if line.startswith(("AU", "PB"))] == [
        "AU  - Hana Kim",
        "AU  - Bo & Lee",
        f"PB  - {KEEPER}",
    ]
    (csl,) = json.loads(client.get(f"{path}cite.json").text)
    assert csl["author"] == [{"literal": "Hana Kim"}, {"literal": "Bo & Lee"}]
    is_review = "reviews" in path
    assert csl.get("DOI") == ("10.5281/zenodo.7" if is_review else None)
    assert ("DO  - 10.5281/zenodo.7" in ris) == is_review
    assert f"Hana Kim; Bo &amp; Lee{' (2026)' if is_review else ''}. " in client.get(path).text


def test_pages_link_to_the_authors_and_the_institution(client: FlaskClient) -> None:
    page = client.get("/small/").text
    assert f'<a href="{ORCID}" dir="auto">Hana Kim</a>' in page
    assert f'href="{ROR}"' in page
    assert "https://doi.org/10.5281/zenodo.7" in client.get("/small/reviews/ten/2024-02-17/").text


def test_search_engines_are_told_who_made_it(client: FlaskClient) -> None:
    found = re.search(r'<script type="application/ld\+json">(.*?)</script>', client.get("/small/").text)
    assert found
    dataset = json.loads(found[1])
    assert dataset["creator"] == [
        {
            "@type": "Person",
            "name": "Hana Kim",
            "@id": ORCID,
            "identifier": ORCID,
            "affiliation": {"@type": "Organization", "name": "Example University"},
        },
        {"@type": "Person", "name": "Bo & Lee"},
    ]
    assert dataset["publisher"]["identifier"] == ROR
    assert dataset["identifier"] == "https://doi.org/10.5281/zenodo.1"
    path = dataset["publisher"]["logo"].removeprefix("http://127.0.0.1:8000")
    assert client.get(path).mimetype == "image/png"


def test_its_own_words_begin_the_citation(small: Services) -> None:
    amend(small, cite_as="Example University (2026). Treaty Watch.", translations={"ko": {"cite_as": "예시대 (2026)."}})
    client = create_app(small).test_client()
    assert "Example University (2026). Treaty Watch. “" in client.get("/small/").text
    assert "예시대 (2026). “" in client.get("/ko/small/").text


@pytest.mark.parametrize(
    ("name", "field"),
    [
        ("Hana Kim", "{Hana Kim}"),
        ("Kim, Hana", "{Kim, Hana}"),
        ("Research and Rescue", "{{Research and Rescue}}"),
        ("A, B, and C", "{{A, B, and C}}"),
    ],
)
def test_bibtex_takes_the_names_of_people_apart_and_no_others(small: Services, name: str, field: str) -> None:
    amend(small, authors=(Author(name=name),))
    assert f"author = {field},\n" in create_app(small).test_client().get("/small/cite.bib").text


def test_a_brace_in_a_name_does_not_end_a_field_of_bibtex(small: Services) -> None:
    amend(small, authors=(Author(name="The {Group"),), kept_by="Institute } for #1")
    bib = create_app(small).test_client().get("/small/cite.bib").text
    assert bib.count("{") == bib.count("}")
    assert r"author = {{The \textbraceleft{}Group}}" in bib
    assert r"Institute \textbraceright{} for \#1" in bib
