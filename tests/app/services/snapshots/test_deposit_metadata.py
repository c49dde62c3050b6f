"""What a package says to those who register DOIs, and who made it: for DataCite, Zenodo, RO-Crate and CITATION.cff."""

import json
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from app.services.bundles.importing import ImportOptions, export_register, import_bundle
from app.services.bundles.reading import read_bundle
from app.services.container import Services
from app.services.snapshots.freeze import FrozenReview, freeze_review
from app.services.snapshots.package_data import load_report_data
from app.services.snapshots.recomputation import NotFromEvents, open_package, verify_data
from app.services.snapshots.report_builder import build_report
from app.services.snapshots.verify import verify
from domain import commands as c
from domain.png import clean_png
from domain.values import Author, Logo
from tests.support.datacite import datacite_problems
from tests.support.pictures import png
from tests.support.reviews import package_file

KEEPER = "The keepers of the small register"
HANA = Author(name="Hana Kim", orcid="https://orcid.org/0000-0002-1825-0097", affiliation=KEEPER)
ROR = "https://ror.org/05gq02987"
OF = {"review": "ten", "as_of": "2024-02-17"}


@pytest.fixture
def named(small: Services) -> Services:
    """The small register with all that a publisher prints."""
    settings = replace(
        export_register(small, "small").settings,
        authors=(HANA, Author(name="Bo Lee", affiliation="Another institute")),
        ror=ROR,
        colour="#0b5394",
        doi="10.5281/zenodo.1",
        funded_by="A foundation",
    )
    small.execute(c.AmendRegister("small", fact=settings, why="We publish with DOIs."), by="ana")
    small.execute(c.SetLogo("small", logo=Logo(png=png(), alt="A logo")), by="ana")
    small.execute(c.SetReviewDoi("small", **OF, doi="10.5281/zenodo.7"), by="ana")
    return small


def described(frozen: FrozenReview, name: str) -> dict[str, Any]:
    content: dict[str, Any] = json.loads(package_file(frozen, name))
    return content


def test_datacite_gets_a_valid_description(named: Services) -> None:
    frozen = freeze_review(named, "small", "ten", by="ana")
    datacite = described(frozen, "datacite.json")
    assert datacite_problems(datacite) == []
    assert datacite["doi"] == "10.5281/zenodo.7"
    assert datacite["creators"][0] == {
        "name": "Hana Kim",
        "nameType": "Personal",
        "nameIdentifiers": [
            {"nameIdentifier": HANA.orcid, "nameIdentifierScheme": "ORCID", "schemeUri": "https://orcid.org/"}
        ],
        "affiliation": [
            {
                "name": KEEPER,
                "affiliationIdentifier": ROR,
                "affiliationIdentifierScheme": "ROR",
                "schemeUri": "https://ror.org/",
            }
        ],
    }
    assert datacite["creators"][1]["affiliation"] == [{"name": "Another institute"}]
    assert datacite["publisher"] == {
        "name": KEEPER,
        "publisherIdentifier": ROR,
        "publisherIdentifierScheme": "ROR",
        "schemeURI": "https://ror.org/",
    }
    assert {d["dateType"]: d["date"] for d in datacite["dates"]} == {"Collected": "2024-02-17", "Issued": "2026-03-03"}
    assert datacite["rightsList"][0]["rightsIdentifier"] == "CC-BY-4.0"
    assert datacite["fundingReferences"] == [{"funderName": "A foundation"}]
    related = {r["relationType"]: r["relatedIdentifier"] for r in datacite["relatedIdentifiers"]}
    assert related == {"IsVersionOf": "10.5281/zenodo.1", "References": "https://example.org/report"}


def test_zenodo_gets_what_its_deposits_take(named: Services) -> None:
    zenodo = described(freeze_review(named, "small", "ten", by="ana"), "zenodo.json")
    assert zenodo["creators"] == [
        {"name": "Hana Kim", "affiliation": KEEPER, "orcid": "0000-0002-1825-0097"},
        {"name": "Bo Lee", "affiliation": "Another institute"},
    ]
    assert (zenodo["upload_type"], zenodo["access_right"], zenodo["license"]) == ("dataset", "open", "cc-by-4.0")
    assert (zenodo["doi"], zenodo["publication_date"]) == ("10.5281/zenodo.7", "2026-03-03")
    assert {"title", "description", "version"} <= zenodo.keys()
    assert {"identifier": "10.5281/zenodo.1", "relation": "isPartOf"} in zenodo["related_identifiers"]


def test_the_crate_and_the_citation_name_who_made_it(named: Services) -> None:
    frozen = freeze_review(named, "small", "ten", by="ana")
    graph = {node["@id"]: node for node in described(frozen, "ro-crate-metadata.json")["@graph"]}
    assert graph["./"]["author"] == [{"@id": HANA.orcid}, {"@id": "#author-2"}]
    assert graph["./"]["identifier"] == "https://doi.org/10.5281/zenodo.7"
    assert graph[HANA.orcid] == {"@id": HANA.orcid, "@type": "Person", "name": "Hana Kim", "affiliation": KEEPER}
    assert graph["#publisher"]["identifier"] == ROR
    assert graph["./"]["creditText"].startswith("Hana Kim; Bo Lee (2026). ")
    citation = package_file(frozen, "CITATION.cff").decode()
    assert f'  - name: "Hana Kim"\n    orcid: "{HANA.orcid}"\n  - name: "Bo Lee"\n' in citation
    assert 'doi: "10.5281/zenodo.7"\n' in citation


def test_its_own_words_stand_in_place_of_names_and_title(named: Services) -> None:
    settings = replace(export_register(named, "small").settings, cite_as="Example University (2026). Treaty Watch.")
    named.execute(c.AmendRegister("small", fact=settings, why="As our library asks."), by="ana")
    named.clock.go_on(days=1)  # type: ignore[attr-defined]
    frozen = freeze_review(named, "small", "ten", by="ana")
    graph = {node["@id"]: node for node in described(frozen, "ro-crate-metadata.json")["@graph"]}
    words = graph["./"]["creditText"]
    assert words.startswith("Example University (2026). Treaty Watch. ")
    assert "As of 17 February 2024, as known on 3 March 2026." in words
    assert words.endswith(" https://doi.org/10.5281/zenodo.7")
    assert f'message: "Please cite this review as: {words}"' in package_file(frozen, "CITATION.cff").decode()


def test_a_register_that_says_no_more_is_cited_as_its_keeper(small: Services) -> None:
    frozen = freeze_review(small, "small", "ten", by="ana")
    datacite = described(frozen, "datacite.json")
    assert datacite_problems(datacite) == []
    assert datacite["creators"] == [{"name": KEEPER, "nameType": "Organizational"}]
    assert datacite["publisher"] == {"name": KEEPER}
    assert "doi" not in datacite
    assert described(frozen, "zenodo.json")["creators"] == [{"name": KEEPER}]
    assert "logo.png" not in verify(frozen.file).payload


def test_they_follow_from_the_events(named: Services) -> None:
    frozen = freeze_review(named, "small", "ten", by="ana")
    package = verify(frozen.file)
    verify_data(package)
    assert package.payload["logo.png"] == package.payload["bundle/logo.png"] == clean_png(png())
    assert package.metadata.doi == "10.5281/zenodo.7"
    for name, content in (
        ("datacite.json", package.payload["datacite.json"].replace(b"Hana", b"Hans")),
        ("zenodo.json", b"{}"),
        ("logo.png", clean_png(png(60))),
    ):
        with pytest.raises(NotFromEvents, match=f"“data/{name}”"):
            verify_data(replace(package, files=package.files | {f"data/{name}": content}))


def test_the_bundle_in_a_package_is_imported_as_it_is(named: Services, tmp_path: Path) -> None:
    payload = verify(freeze_review(named, "small", "ten", by="ana").file).payload
    folder = tmp_path / "bundle"
    folder.mkdir()
    for name, content in payload.items():
        if name.startswith("bundle/"):
            (folder / name.removeprefix("bundle/")).write_bytes(content)
    assert read_bundle(folder).logo == export_register(named, "small").logo
    assert import_bundle(named, folder, ImportOptions()).stored == 0


def test_the_report_has_what_a_publisher_prints(named: Services) -> None:
    package = verify(freeze_review(named, "small", "ten", by="ana").file)
    with open_package(package) as source:
        data = load_report_data(source)
        assert data.logo == clean_png(png())
        report = build_report(data, "en")
    assert report.authors == [("Hana Kim", HANA.orcid), ("Bo Lee", "")]
    assert (report.institution_ror, report.colour, report.doi) == (ROR, "#0b5394", "10.5281/zenodo.7")
    assert report.how_to_cite == (
        f"Hana Kim; Bo Lee (2026). {report.register}. {report.title}. As of 17 February 2024, as known on 3 March 2026. "
        f"{KEEPER}. https://doi.org/10.5281/zenodo.7"
    )
