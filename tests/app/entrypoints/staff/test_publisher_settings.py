"""The settings by which a publisher is cited: typed in the form, kept when they are wrong, and in every download."""

from collections.abc import Callable
from pathlib import Path

from flask import Flask

from app.services.bundles.importing import ImportOptions, export_register, import_bundle
from app.services.bundles.reading import read_bundle
from app.services.bundles.writing import bundle_files, write_bundle
from app.services.container import Services
from domain import commands as c
from domain.values import Author
from tests.support.staff_client import Member
from tests.support.staff_forms import change_form
from tests.support.workbooks import saved, small_workbook

SETTINGS = "/staff/small/facts/settings/small/"
AUTHORS = "Hana Kim; 0000-0002-1825-0097; Example University\nBo Lee; ; Institute; of Law\nAn Other"
FIELDS = {
    "ror": "https://ror.org/05gq02987",
    "authors": AUTHORS,
    "colour": "#0B5394",
    "doi": "https://doi.org/10.5281/zenodo.12",
    "cite_as": "Example University (2026). Treaty Watch.",
    "cite_as_ko": "예시대학교 (2026).",
}
STORED = (
    Author(name="Hana Kim", orcid="https://orcid.org/0000-0002-1825-0097", affiliation="Example University"),
    Author(name="Bo Lee", affiliation="Institute; of Law"),
    Author(name="An Other"),
)


def test_the_form_stores_them_and_shows_them_again(
    member: Callable[[str], Member], services: Services, staff_app: Flask
) -> None:
    ada = member("ada")
    assert change_form(ada, SETTINGS, **FIELDS, why="We publish with DOIs now.").status_code == 302
    settings = export_register(services, "small").settings
    assert settings.authors == STORED
    assert (settings.ror, settings.colour, settings.doi) == (FIELDS["ror"], "#0b5394", "10.5281/zenodo.12")
    page = ada.get(SETTINGS)
    assert "Hana Kim; https://orcid.org/0000-0002-1825-0097; Example University\n" in page.html
    assert "such as 10.5281/zenodo.1234567" in page.text
    assert change_form(ada, SETTINGS, why="Again.").status_code == 400, "a form sent as it is shown changes nothing"
    shown = staff_app.test_client().get("/api/v1/registers/small").get_json()
    assert shown["authors"][1] == {"name": "Bo Lee", "orcid": "", "affiliation": "Institute; of Law"}
    changes = staff_app.test_client().get("/small/corrections/").text
    assert "Hana Kim (https://orcid.org/0000-0002-1825-0097, Example University)" in changes


def test_what_is_wrong_is_said_beside_its_field_and_stays(member: Callable[[str], Member]) -> None:
    wrong = {"ror": "Example University", "authors": "Hana Kim; 1825-0097", "colour": "#ffcc00", "doi": "zenodo.12"}
    page = change_form(member("ada"), SETTINGS, **wrong, why="We publish with DOIs now.")
    assert page.status_code == 400
    text = page.text
    for field, typed in wrong.items():
        assert f'id="e-{field}"' in text
        assert typed in text
    assert "“1825-0097” is not an ORCID iD." in text
    assert "White text on #ffcc00 is hard to read: the contrast is 1.5 to 1" in text


def test_a_bundle_and_a_spreadsheet_have_them(services: Services, tmp_path: Path) -> None:
    book = small_workbook()
    for key, text in FIELDS.items():
        book["register"].append([key, text])
    bundle = read_bundle(saved(book, tmp_path / "small.xlsx"))
    assert bundle.settings.authors == STORED
    write_bundle(bundle, tmp_path / "again")
    assert bundle_files(read_bundle(tmp_path / "again")) == bundle_files(bundle)
    import_bundle(services, tmp_path / "again", ImportOptions())
    assert export_register(services, "small").settings == bundle.settings
    assert import_bundle(services, tmp_path / "small.xlsx", ImportOptions()).stored == 0
    services.execute(c.OpenRegister("small", origin="x"), by="ana")
