"""Staff say who was asked on which days, and merge bodies."""

import re
from typing import Any

from app.services.container import Services
from domain.values import Addressee
from projections.addressees.queries import asked
from projections.catalogue import queries as catalogue
from projections.engine.batches import END_OF_TIME
from tests.support.staff_client import Members, form_version, send_form
from tests.support.staff_forms import text_in_field

PAGE = "/staff/small/recommendations/law/addressees/"
TWO_ROWS = {
    "rows": "2",
    "body-0": "senate",
    "role-0": "lead",
    "to_on-0": "2023-12-31",
    "body-1": "ministry",
    "role-1": "lead",
    "from_on-1": "2024",
}


def _rows(page: Any) -> list[dict[str, str]]:
    """The rows of the form that an answer shows."""
    fields = dict(re.findall(r'name="((?:body|from_on|to_on)-\d+)" value="([^"]*)"', page.text))
    selected = re.findall(r'<select id="f-((?:role|element)-\d+)".*?</select>', page.text, re.DOTALL)
    count = int(re.findall(r'name="rows" value="(\d+)"', page.text)[0])
    assert len([name for name in selected if name.startswith("role")]) == count
    return [{c: fields.get(f"{c}-{n}", "") for c in ("body", "from_on", "to_on")} for n in range(count)]


def test_bodies_are_added_by_name_and_left_out(member: Members) -> None:
    ada = member("ada")
    assert PAGE in ada.get("/staff/small/recommendations/law/").links()
    assert [row["body"] for row in _rows(ada.client.get(PAGE))] == ["senate"]
    found = ada.post(PAGE, action="find", find="minis", why="An act moved it.", **TWO_ROWS)
    assert 'name="add" value="ministry"' in found.text
    assert "An act moved it." in found.text
    assert "No body has these words in its name." in ada.post(PAGE, action="find", find="ship", rows="0").text
    added = ada.post(PAGE, add="state", find="stat", **TWO_ROWS)
    assert [row["body"] for row in _rows(added)] == ["senate", "ministry", "state"]
    assert 'name="find" type="search" value=""' in added.text
    (row,) = _rows(ada.post(PAGE, leave_out="0", **TWO_ROWS))
    assert row == {"body": "ministry", "from_on": "2024", "to_on": ""}


def test_rows_are_pasted_with_names_or_ids(member: Members) -> None:
    ada, pasted = member("ada"), "Senate\n\nministry\tjoint\t2024\nSTATE; ; ; 2023-12-31\n"
    shown = ada.post(PAGE, action="paste", pasted=pasted, rows="0")
    assert [(row["body"], row["from_on"], row["to_on"]) for row in _rows(shown)] == [
        ("senate", "", ""),
        ("ministry", "2024", ""),
        ("state", "", "2023-12-31"),
    ]
    wrong = ada.post(
        PAGE, action="paste", pasted="senate; boss\nstate\n; lead\nThe court\nsenate; ; ; ; No part", rows="0"
    )
    assert wrong.status_code == 400
    assert "write a body; lead or joint" in wrong.text
    assert "is neither the id nor the name of a body" in wrong.text
    assert "is neither the id nor the title of a part" in wrong.text
    assert "The court" in text_in_field(wrong, "pasted")


def test_what_is_typed_and_not_added_is_not_lost(member: Members) -> None:
    ada, seen = member("ada"), form_version(member("ada"), PAGE)
    stopped = ada.post(PAGE, action="store", find="minis", why="So.", version=seen, **TWO_ROWS)
    assert "You typed “minis” and did not add it. Choose a body, or clear the field." in stopped.text
    asked = ada.post(PAGE, action="store", find="state", pasted="state; ; 2030", why="So.", version=seen, **TWO_ROWS)
    assert asked.status_code == 400
    assert "overlap" in asked.text
    assert [row["body"] for row in _rows(asked)] == ["senate", "ministry", "state", "state"]


def test_an_administrator_says_who_was_asked_when(small: Services, member: Members) -> None:
    ada = member("ada")
    refused = ada.post(PAGE, **TWO_ROWS, why="", version=form_version(ada, PAGE))
    assert refused.status_code == 400
    assert "Enter why you changed it." in refused.text
    assert _rows(refused)[1] == {"body": "ministry", "from_on": "2024", "to_on": ""}
    seen = form_version(ada, PAGE)
    wrong = ada.post(PAGE, **TWO_ROWS | {"to_on-0": "2023-13"}, why="So.", version=seen)
    assert 'href="#f-to_on-0"' in wrong.text
    assert ada.confirm(PAGE, **TWO_ROWS, why="An act moved it.", version=seen).status_code == 302
    late = ada.post(PAGE, **{"rows": "1", "body-0": "senate", "role-0": "lead"}, why="Another act.", version=seen)
    assert late.status_code == 400
    assert "You changed this recommendation after you opened this page." in late.text
    assert "Another act." in late.text
    with small.views.connect() as db:
        assert asked(db, "small", END_OF_TIME, ["law"])["law"].rows == [
            Addressee(body="senate", to_on="2023-12-31"),
            Addressee(body="ministry", from_on="2024"),
        ]


def test_an_administrator_merges_bodies(small: Services, member: Members) -> None:
    ada, page = member("ada"), "/staff/small/bodies/merge/"
    assert page in ada.get("/staff/small/facts/bodies/").links()
    fields = {"body": "senate", "into": "ministry", "on": "2024-05", "why": "An act joined them."}
    refused = send_form(ada, page, **fields | {"into": "senate"})
    assert refused.status_code == 400
    assert "A body cannot be merged into itself." in refused.text
    assert send_form(ada, page, confirms=True, **fields).status_code == 302
    with small.views.connect() as db:
        assert catalogue.body_tree(db, "small", END_OF_TIME).current("senate") == "ministry"


def test_only_administrators_do(small: Services, member: Members) -> None:
    for name in ("rita", "ben"):
        assert member(name).post(PAGE, **TWO_ROWS, why="So.").status_code == 403
        assert member(name).post("/staff/small/bodies/merge/", body="senate", into="state").status_code == 403


def test_a_draft_keeps_its_rows_and_is_named_on_home(member: Members) -> None:
    ada = member("ada")
    ada.post(PAGE, action="save_draft", **TWO_ROWS)
    assert [row["body"] for row in _rows(ada.client.get(PAGE))] == ["senate", "ministry"]
    assert "Addressees. Saved" in ada.get("/staff/").text
