"""A register set up in the browser, from nothing to a public correction; and from a file."""

import io
import json
import re
import zipfile

import pytest
from flask import Flask

from app.bootstrap.flask_app import create_app
from app.services.accounts.permissions import StaffRole
from app.services.container import Services
from projections.catalogue import queries as catalogue
from tests.support.bundles import FILES, REGISTER
from tests.support.staff_client import Member, form_version, send_form
from tests.support.staff_forms import add_member, decide_proposal, propose_with_sources, text_in_field

ROWS = """title\tsummary\tkind\ttheme\taddressees\tpublication\trecommended_on
Fill the post\tFill it and keep it filled.\tcontinuing\toffices\tministry\treport\t2024-01-01
Renew the law\tRenew it in time.\tone_off\toffices\tministry\treport\t2024-01-01
Hold talks\tHold them once a year.\tcontinuing\toffices\tministry\treport\t2024-01-01
"""


@pytest.fixture
def empty(services: Services) -> Flask:
    return create_app(services)


@pytest.fixture
def ada(empty: Flask, services: Services) -> Member:
    return add_member(empty, services, "ada", StaffRole.ADMINISTRATOR)


def _register(ada: Member) -> None:
    made = ada.post(
        "/staff/registers/new/",
        id="letters",
        title="Letters",
        summary="Three.",
        time_zone="Europe/Paris",
        peer_review="high_stakes",
        kept_by="A keeper",
        licence="CC-BY-4.0",
    )
    assert made.location == "/staff/letters/setup/", made.text
    add = "/staff/letters/setup"
    for kind, fields in (
        ("publications", {"title": "Report", "publisher": "Tank", "published_on": "2024-01-01"}),
        ("bodies", {"name": "Ministry"}),
        ("themes", {"title": "Offices"}),
    ):
        assert ada.post(f"{add}/{kind}/", action="one", **fields).status_code == 302, kind
    shown = ada.post(f"{add}/recommendations/", action="paste", pasted=ROWS)
    assert shown.status_code == 200, shown.text
    with_ids = text_in_field(shown, "pasted")
    assert ada.post(f"{add}/recommendations/", action="paste", pasted=with_ids).status_code == 302


def test_from_nothing_to_a_correction_in_public(empty: Flask, services: Services, ada: Member) -> None:
    public = empty.test_client()
    _register(ada)
    assert public.get("/letters/").status_code == 404
    assert ada.get("/staff/letters/setup/").text.count("3") >= 1
    ana, ben = (add_member(empty, services, n, r) for n, r in (("ana", StaffRole.ANALYST), ("ben", StaffRole.EDITOR)))
    card = "/staff/letters/recommendations/fill-the-post/card/"
    ana.post(card, element="", counts="Somebody in office.", does_not_count="An acting head.")
    send_form(ben, f"{card}approve/", page=card, element="")
    assert ada.confirm("/staff/letters/open/").location == "/staff/letters/setup/"

    propose = "/staff/letters/recommendations/fill-the-post/propose/"
    _told(ana, ben, propose, status="in_effect", reason="first_assessment", effective_on="2024", source="A")
    fields = {"status": "reversed", "reason": "world_changed", "effective_on": "2025-01", "source": "B"}
    refused = propose_with_sources(ana, propose, **fields)
    assert "needs a cause" in refused.text
    path = propose_with_sources(ana, propose, **fields, cause="office_vacant").location
    assert decide_proposal(ben, path, "publish").status_code == 302
    assert "Reversed" in public.get("/letters/").text
    assert "Reversed from January 2025" in public.get("/letters/changes.atom").text
    ident = re.search(r"/proposals/([^/]+)/", path)
    assert ident
    withdraw = f"/staff/letters/assessments/{ident.group(1)}/withdraw/"
    why = "The post was filled all the time."
    ben.confirm(withdraw, action="withdraw", why=why, version=form_version(ben, withdraw))
    assert "The post was filled all the time." in public.get("/letters/corrections/").text


def _told(author: Member, editor: Member, path: str, **fields: str) -> None:
    made = propose_with_sources(author, path, **fields)
    assert made.status_code == 302, made.text
    assert decide_proposal(editor, made.location, "publish").status_code == 302


def test_every_fault_of_a_new_register_is_named(ada: Member) -> None:
    answer = ada.post("/staff/registers/new/", id="Staff!", title="", time_zone="Mars", peer_review="high_stakes")
    assert answer.status_code == 400
    assert answer.text.count('class="err"') >= 2 or answer.text.count("<li>") >= 3
    taken = ada.post("/staff/registers/new/", id="welcome", title="X", time_zone="UTC", peer_review="never")
    assert taken.status_code == 400


def test_an_invalid_row_is_refused_next_to_its_field(ada: Member) -> None:
    _register(ada)
    path = "/staff/letters/setup/recommendations/"
    row = {"title": "X", "summary": "Y", "theme": "offices", "publication": "report", "action": "one"}
    unread = ada.post(path, **row, kind="sometimes", addressees="ministry", recommended_on="soon")
    unknown = ada.post(path, **row, kind="one_off", addressees="nobody", recommended_on="2024")
    for answer, fields in ((unread, ("kind", "recommended_on")), (unknown, ("addressees",))):
        assert answer.status_code == 400
        assert [f for f in fields if f'id="e-{f}"' not in answer.text] == []
    assert 'value="soon"' in unread.text


def test_an_empty_field_is_asked_for_in_words_of_the_form(ada: Member) -> None:
    _register(ada)
    refused = ada.post("/staff/letters/setup/publications/", action="one", title="Audit", published_on="2025-05")
    assert refused.status_code == 400
    assert "Enter a value. This cannot be empty." in refused.text
    assert "the cell is empty" not in refused.text


def test_pasted_rows_are_all_judged_and_none_is_stored_when_one_is_wrong(ada: Member) -> None:
    _register(ada)
    path = "/staff/letters/setup/bodies/"
    answer = ada.post(path, action="paste", pasted="name\tcolour\nA\tred")
    assert "unknown columns: “colour”" in answer.text
    assert "There are no rows below the header" in ada.post(path, action="paste", pasted="name\n").text
    answer = ada.post(path, action="paste", pasted="name\tparent\nA\t\nB\tnowhere")
    assert answer.status_code == 400
    assert "nowhere" in answer.text
    shown = ada.post(path, action="paste", pasted="name\tparent\nA\t\nB\tministry")
    assert text_in_field(shown, "pasted") == "id\tname\tparent\na\tA\t\nb\tB\tministry"
    assert ada.post(path, action="paste", pasted=text_in_field(shown, "pasted")).status_code == 302


def test_a_bundle_is_checked_and_then_brought_in(ada: Member, empty: Flask) -> None:
    content = _zip()
    page = ada.post("/staff/registers/upload/", action="check", file=(io.BytesIO(content), "small.zip"))
    assert "Nothing has been saved yet" in page.text
    assert "post-kept-3" in page.text
    assert ada.client.get("/staff/small/setup/").status_code == 404
    made = ada.post("/staff/registers/upload/", action="import", file=(io.BytesIO(content), "small.zip"))
    assert made.location == "/staff/small/setup/"
    assert empty.test_client().get("/small/").status_code == 404


def test_a_second_edition_shows_what_would_be_amended_and_is_amended_at_once(ada: Member, empty: Flask) -> None:
    upload, path = _zip(), "/staff/registers/upload/"
    ada.post(path, action="import", file=(io.BytesIO(upload), "small.zip"))
    second = _zip(
        ("recommendations.csv", "Renew it.", "Renew it soon."), ("bodies.csv", "Ministry", "Ministry of State")
    )
    page = ada.post(path, action="check", file=(io.BytesIO(second), "small.zip"))
    assert "2 rows would be amended" in page.text
    assert "summary: “Renew it.” → “Renew it soon.”" in page.text
    assert "tick the box above" in page.text
    refused = ada.post(path, action="import", file=(io.BytesIO(second), "small.zip"))
    assert refused.status_code == 400
    assert "choose to amend it" in refused.text
    wish = {"action": "import", "update": "yes", "why": "The second edition."}
    assert ada.post(path, **wish, file=(io.BytesIO(second), "small.zip")).status_code == 302
    again = ada.post(path, action="check", file=(io.BytesIO(second), "small.zip"))
    assert "would be amended" not in again.text


@pytest.mark.parametrize(("name", "content", "sentence"), [
    ("", b"", "Choose a file first."),
    ("bundle.exe", b"MZ", "Choose a bundle as .zip, a workbook as .xlsx, or a table of it as .csv."),
    ("bundle.zip", b"PK\x03\x04broken", "bundle"),
    ("sheet.xlsx", b"not a sheet", "sheet"),
])  # fmt: skip
def test_a_file_that_is_none_is_refused_in_a_sentence(ada: Member, name: str, content: bytes, sentence: str) -> None:
    answer = ada.post("/staff/registers/upload/", action="import", file=(io.BytesIO(content), name))
    assert answer.status_code == 400
    assert "summary" in answer.text
    assert sentence in answer.text or "upload" in answer.text


def test_a_new_register_is_on_the_newest_methodology_and_needs_a_keeper(ada: Member, services: Services) -> None:
    new = {"id": "letters", "title": "Letters", "time_zone": "UTC", "peer_review": "never"}
    wrong = ada.post("/staff/registers/new/", licence="free", **new)
    assert wrong.status_code == 400
    assert "“free” is neither the SPDX id of a licence" in wrong.text
    assert ada.post("/staff/registers/new/", **new).status_code == 302
    with services.views.connect() as db:
        entry = catalogue.register(db, "letters")
    assert entry
    assert entry.settings.methodology == "uptake-2026.2"
    refused = ada.post("/staff/letters/open/")
    assert refused.status_code == 400
    assert "Enter who keeps this register" in refused.text
    page = ada.get("/staff/letters/facts/settings/letters/")
    for name in ("methodology", "kept_by", "contact", "report_errors", "licence", "funded_by", "scales"):
        assert f'name="{name}"' in page.html


def test_only_an_administrator_of_all_makes_registers(empty: Flask, services: Services) -> None:
    ben = add_member(empty, services, "ben", StaffRole.EDITOR)
    assert ben.client.get("/staff/registers/new/").status_code == 403
    assert ben.post("/staff/registers/upload/", action="import").status_code == 403


@pytest.mark.parametrize(
    "path",
    [
        "/staff/registers/new/",
        "/staff/registers/upload/",
        "/staff/letters/setup/",
        "/staff/letters/setup/recommendations/",
        "/staff/letters/setup/elements/",
        "/staff/letters/setup/developments/",
    ],
)
def test_a_page_of_setting_up_is_well_made(ada: Member, path: str) -> None:
    _register(ada)
    ada.get(path)
    ada.get("/staff/letters/setup/people/", status=404)


def _zip(*changes: tuple[str, str, str]) -> bytes:
    """The small bundle, with pieces of its files replaced."""
    files = dict(FILES)
    for name, old, new in changes:
        files[name] = files[name].replace(old, new, 1)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("register.json", json.dumps(REGISTER))
        for name, text in files.items():
            archive.writestr(name, text)
    return buffer.getvalue()
