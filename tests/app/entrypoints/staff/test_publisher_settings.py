"""The settings by which a publisher is cited: typed in the form, kept when they are wrong, and in every download."""

import io
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any

from flask import Flask

from app.services.bundles.importing import ImportOptions, export_register, import_bundle
from app.services.bundles.reading import read_bundle
from app.services.bundles.writing import bundle_files, write_bundle
from app.services.container import Services
from domain import commands as c
from domain.png import clean_png
from domain.values import Author, Logo
from tests.support.bundles import change, import_problems, write_small_bundle
from tests.support.pictures import png
from tests.support.staff_client import Member, form_version, send_form
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


LOGO = "/staff/small/logo/"


def _send(who: Member, content: bytes | None, **fields: str) -> Any:
    file = {"png": (io.BytesIO(content), "logo.png")} if content is not None else {}
    return who.post(LOGO, version=form_version(who, LOGO), **{"action": "save"} | fields, **file)


def test_a_logo_is_chosen_described_and_removed(
    member: Callable[[str], Member], services: Services, staff_app: Flask
) -> None:
    ada, reader = member("ada"), staff_app.test_client()
    nameless = _send(ada, png(), alt="")
    assert nameless.status_code == 400
    assert "Describe the logo in a few words" in nameless.text
    wrong = _send(ada, b"GIF89a", alt="Logo of Example University")
    assert "it is not a PNG. Save the logo as PNG and choose it again." in wrong.text
    assert 'value="Logo of Example University"' in wrong.text
    assert "Choose a file first." in _send(ada, None, alt="A logo").text
    assert "The file is empty. Choose another." in _send(ada, b"", alt="A logo").text
    assert "The file has 61 kB; the limit is 60 kB." in _send(ada, png() + b"0" * 900_000, alt="A logo").text
    assert _send(ada, png(), alt="Logo of Example University", alt_ko="예시대학교 로고").status_code == 302
    logo = export_register(services, "small").logo
    assert (logo.alt, logo.translations) == ("Logo of Example University", {"ko": {"alt": "예시대학교 로고"}})
    assert 'src="data:image/png;base64,' in ada.get(LOGO).html
    assert _send(ada, None, alt="Another text").status_code == 302
    address = f"/small/logo/{sha256(logo.png).hexdigest()}"
    shown = reader.get(address)
    assert (shown.data, shown.mimetype) == (logo.png, "image/png")
    assert "immutable" in shown.headers["Cache-Control"]
    assert reader.get(f"/small/logo/{'0' * 64}").status_code == 404
    asked = _send(ada, None, action="remove", alt="Another text")
    assert "Remove the logo?" in asked.text
    assert send_form(ada, LOGO, confirms=True, action="remove").status_code == 302
    assert export_register(services, "small").logo == Logo()
    assert reader.get(address).data == logo.png, "an address stays"


def test_a_bundle_has_the_logo(services: Services, tmp_path: Path) -> None:
    folder = write_small_bundle(tmp_path / "small")
    (folder / "logo.png").write_bytes(png())
    no_words = ["register.json, column logo_alt: Describe the logo in a few words for people who cannot see it"]
    assert [p.partition(", such")[0] for p in import_problems(services, folder)] == no_words
    change(folder, "register.json", '"title"', '"logo_alt": "A logo", "logo_alt_ko": "로고", "title"')
    bundle = read_bundle(folder)
    assert bundle.logo == Logo(png=clean_png(png()), alt="A logo", translations={"ko": {"alt": "로고"}})
    write_bundle(bundle, tmp_path / "again.zip")
    assert bundle_files(read_bundle(tmp_path / "again.zip")) == bundle_files(bundle)
    import_bundle(services, tmp_path / "again.zip", ImportOptions())
    assert bundle_files(export_register(services, "small"))["logo.png"] == clean_png(png())
    assert import_bundle(services, folder, ImportOptions()).stored == 0
    (folder / "logo.png").write_bytes(png(60))
    assert import_problems(services, folder) == [
        "logo.png: the register has another logo. An import adds; to change what is stored, choose to amend it (--update)."
    ]
    assert import_bundle(services, folder, ImportOptions(update=True)).stored == 1
    (folder / "logo.png").unlink()
    assert import_problems(services, folder) == ["logo.png: the file is missing."]
