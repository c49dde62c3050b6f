"""Titles typed, pasted, imported or sent with line breaks are stored in one line; no subject of a letter breaks. An address
with a password is refused on every road, and what was typed stays."""

from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from app.adapters.settings import read_settings
from app.services.bundles.importing import ImportOptions, export_register, import_bundle
from app.services.bundles.writing import write_bundle
from app.services.container import Services
from app.services.mail.messages import Receiver, write_message
from domain.ids import recommendation_id, register_id
from domain.recommendation.aggregate import Recommendation
from domain.register.aggregate import Register
from domain.values import Theme
from projections.catalogue import queries as catalogue
from projections.engine.position import last_applied_at
from tests.support.bundles import change
from tests.support.staff_client import Member, Members
from tests.support.staff_forms import text_in_field

SOURCE = {"src_title": "A law", "src_publisher": "Gazette", "src_class": "official", "src_summary": "It was enacted."}
NEW = "/staff/small/new-source/"
PASSWORD = "http://user:pw@x.org/"
REFUSED = "The address contains a user name or password, which everyone could read. Delete what is between // and @."


@pytest.fixture
def ada(member: Members) -> Member:
    return member("ada")


def _titles(services: Services, kind: str) -> dict[str, str]:
    with services.views.connect() as db:
        known_at = last_applied_at(db)
        if kind == "themes":
            return {i: theme.title for i, theme in catalogue.themes(db, "small", known_at).items()}
        return {i: e.facts.title for i, e in catalogue.recommendations(db, "small", known_at).items()}


def test_a_title_from_a_form_or_pasted_rows_is_in_one_line(ada: Member, small: Services) -> None:
    assert ada.post(NEW, action="add", **SOURCE | {"src_title": "A law\r\non courts"}).status_code == 302
    assert "A law on courts" in ada.get("/staff/small/evidence/").text
    pasted = 'id\ttitle\ncourts\t"Courts\nand judges"\n'
    assert ada.confirm("/staff/small/setup/themes/", action="paste", pasted=pasted).status_code == 302
    assert _titles(small, "themes")["courts"] == "Courts and judges"


def test_an_imported_title_is_in_one_line_and_the_same_file_changes_nothing(
    services: Services, small_bundle: Path
) -> None:
    change(small_bundle, "recommendations.csv", "law,Renew the law", 'law,"Renew\nthe law"')
    change(small_bundle, "register.json", "A small register", "A small\\nregister")
    import_bundle(services, small_bundle, ImportOptions())
    assert _titles(services, "recommendations")["law"] == "Renew the law"
    assert import_bundle(services, small_bundle, ImportOptions()).stored == 0


def test_a_record_with_an_older_title_is_exported_and_read_back(small: Services, tmp_path: Path) -> None:
    register = small.tracker.load(Register, register_id("small"))
    register.name_theme(Theme(id="old", title="Old\ntheme"), by="ada")
    small.tracker.save(register)
    small.catch_up()
    assert _titles(small, "themes")["old"] == "Old\ntheme"
    write_bundle(export_register(small, "small"), tmp_path / "out")
    assert import_bundle(small, tmp_path / "out", ImportOptions()).stored == 0


@pytest.mark.parametrize("kind", ["assigned", "opinion", "mention", "follow_request"])
def test_the_subject_of_a_letter_is_one_line_whatever_is_stored(small: Services, kind: str) -> None:
    facts = small.tracker.load(Recommendation, recommendation_id("small", "law")).facts
    title = "Renew\nthe law"
    topic = {"name": title, "register_name": "R", "path": "/small/", "kind": "recommendation"}
    values: dict[str, Any] = {"facts": replace(facts, title=title), "who": "Ana\nB", "path": "/x/", "text": "T"}
    to = Receiver("a@example.org", "en")
    letter = write_message(read_settings({}), to, kind, "slot", small.clock(), topic=topic, stop="", **values)
    assert "\n" not in letter["Subject"]
    assert "Renew the law" in letter["Subject"]
    assert not letter.get_content().startswith("the law")


def test_a_password_in_an_address_is_refused_and_what_was_typed_stays(ada: Member) -> None:
    answer = ada.post(NEW, action="add", **SOURCE, src_url=PASSWORD)
    assert answer.status_code == 400
    assert REFUSED in answer.text and f'value="{PASSWORD}"' in answer.text
    table = ada.post("/staff/small/bulk/sources/", action="read", addresses=PASSWORD)
    assert PASSWORD in table.text
    rows = "id\ttitle\tpublisher\tpublished_on\turl\n"
    pasted = ada.post("/staff/small/setup/publications/", action="paste", pasted=f"{rows}p\tP\tQ\t2020\t{PASSWORD}\n")
    assert pasted.status_code == 400 and REFUSED.rstrip(".") in pasted.text
    assert PASSWORD in text_in_field(pasted, "pasted")
    path = "/staff/small/recommendations/law/relations/"
    assert REFUSED in ada.post(path, relation="renews", to="https://user:pw@x.org/").text
