"""Status changes of several items are proposed in one table, with a verdict for each row."""

import io
import re
from collections.abc import Callable
from typing import Any

import pytest
from openpyxl import load_workbook

from app.services.container import Services
from projections.worklist.queries import open_proposals
from tests.support.staff_client import Member

PATH = "/staff/small/bulk/statuses/"
KEYS = ["law", "post.appointed", "post.kept", "post.funded"]
LAW = {
    "status": "in_progress", "effective_on": "3 March 2025", "reason": "world_changed",
    "rationale": "The bill passed one chamber.", "evidence": "story", "motion": "advancing",
}  # fmt: skip
KEPT = {
    "status": "in_progress", "effective_on": "2025-04", "reason": "world_changed",
    "rationale": "A head was named.", "evidence": "http://www.example.org/oath/ leak",
}  # fmt: skip


def _start(member: Member) -> dict[str, Any]:
    """The form as the overview opens it."""
    page = member.post(PATH, pick=["law", "post"]).text
    rows = re.findall(r'name="row" value="([^"]+)"', page)
    return {"row": rows} | dict(re.findall(r'name="(version\.[^"]+)" value="(\d+)"', page))


def _row(key: str, cells: dict[str, str]) -> dict[str, str]:
    return {f"{name}.{key}": text for name, text in cells.items()}


def _proposals(services: Services) -> dict[str, Any]:
    with services.views.connect() as db:
        return {p.assessment.id: p for p in open_proposals(db, "small")}


def test_two_rows_are_proposed_from_the_overview(services: Services, member: Callable[[str], Member]) -> None:
    ana = member("ana")
    form = _start(ana)
    assert form["row"] == KEYS
    form |= {"pick": ["law", "post.kept"]} | _row("law", LAW) | _row("post.kept", KEPT)
    checked = ana.post(PATH, action="check", **form)
    assert (checked.status_code, checked.text.count("This row is right.")) == (200, 2)
    assert _proposals(services) == {}
    assert ana.post(PATH, action="store", **form).location == "/staff/small/"
    proposals = _proposals(services)
    assert set(proposals) == {"law-2025-03-03", "post-kept-2025-04"}
    law, kept = (proposals[i].assessment for i in sorted(proposals))
    assert (law.status, law.effective_on, law.motion, law.evidence) == (
        "in_progress", "2025-03-03", "advancing", ("story",)
    )  # fmt: skip
    assert (kept.element, kept.evidence, kept.proposed_by) == ("kept", ("oath", "leak"), "person-ana")


def test_each_wrong_cell_is_named_and_the_right_rows_can_go_alone(
    services: Services, member: Callable[[str], Member]
) -> None:
    ana = member("ana")
    bad = {"effective_on": "4/5/2025", "evidence": "https://nowhere.example/x", "rationale": "Kept."}
    form = _start(ana) | {"pick": ["law", "post.kept"]} | _row("law", LAW) | _row("post.kept", bad)
    refused = ana.post(PATH, action="store", **form)
    assert refused.status_code == 400
    text = re.sub(r"\s+", " ", refused.text)
    assert 'id="e-effective_on.post.kept"' in text
    assert "Write the month as a word: this can be" in text
    assert "No source of this register has the address https://nowhere.example/x. Add it first." in text
    assert "Kept.</textarea>" in text
    assert _proposals(services) == {}
    right = ana.post(PATH, action="store_right", **form)
    assert right.status_code == 400
    assert set(_proposals(services)) == {"law-2025-03-03"}
    assert re.findall(r'name="row" value="([^"]+)"', right.text) == KEYS[1:]


def test_rules_and_versions_are_checked_for_each_row(services: Services, member: Callable[[str], Member]) -> None:
    ana = member("ana")
    form = _start(ana) | {"pick": ["law", "post.kept"]}
    first = form | _row("law", LAW | {"status": "in_effect"}) | _row("post.kept", KEPT)
    refused = ana.post(PATH, action="store", **first)
    assert "“In effect” does not fit an item of the kind “one-off”." in refused.text
    assert 'id="e-status.law"' in refused.text
    assert ana.post(PATH, action="store", **form | {"pick": ["law"]} | _row("law", LAW)).status_code == 302
    late = ana.post(PATH, action="store", **form | {"pick": ["law"]} | _row("law", LAW))
    assert late.status_code == 400
    assert "You changed this recommendation after you opened this page." in late.text
    assert set(_proposals(services)) == {"law-2025-03-03"}


def test_a_sheet_in_the_words_of_another_language_is_read(member: Callable[[str], Member]) -> None:
    """A colleague who reads Korean downloads it; a reader of English uploads it."""
    ana = member("ana")
    english = [
        cell.value for cell in load_workbook(io.BytesIO(ana.client.get(f"{PATH}sheet.xlsx").data))["statuses"][1]
    ]
    ana.post("/staff/account/", name="Ana", language="ko")
    book = load_workbook(io.BytesIO(ana.client.get(f"{PATH}sheet.xlsx").data))
    ana.post("/staff/account/", name="Ana", language="en")
    sheet = book["statuses"]
    assert sheet.cell(1, 4).value != english[3]
    row = next(row for row in sheet.iter_rows(min_row=2) if row[0].value == "law")
    row[english.index("New status")].value = "추진 중"
    row[english.index("Rationale")].value = "The bill passed one chamber."
    buffer = io.BytesIO()
    book.save(buffer)
    shown = ana.post(PATH, action="upload", file=(io.BytesIO(buffer.getvalue()), "mine.xlsx")).text
    assert re.findall(r'name="row" value="([^"]+)"', shown) == ["law"]
    assert 'value="in_progress" selected' in shown
    assert "The bill passed one chamber." in shown
    assert '<html lang="en"' in shown


def test_a_sheet_with_labels_comes_back_as_the_table(services: Services, member: Callable[[str], Member]) -> None:
    ana = member("ana")
    book = load_workbook(io.BytesIO(ana.client.get(f"{PATH}sheet.xlsx").data))
    sheet = book["statuses"]
    header = [cell.value for cell in sheet[1]]
    rows = {row[0].value: row for row in sheet.iter_rows(min_row=2)}
    assert list(rows) == ["law", "post.appointed", "post.kept", "post.funded", "talks"]
    assert rows["law"][2].value.startswith("(Announced, ")
    assert rows["law"][2].value.endswith(") Renew the law")
    filled = {
        "New status": "in progress", "From the day": "3 March 2025", "Sources: titles, addresses or ids": "story",
        "Rationale": "The bill passed one chamber.",
    }  # fmt: skip
    for column, text in filled.items():
        rows["law"][header.index(column)].value = text
    buffer = io.BytesIO()
    book.save(buffer)
    shown = ana.post(PATH, action="upload", file=(io.BytesIO(buffer.getvalue()), "mine.xlsx"))
    assert shown.status_code == 200
    assert re.findall(r'name="row" value="([^"]+)"', shown.text) == ["law"]
    assert "This row is right." in shown.text
    assert 'value="in_progress" selected' in shown.text
    assert 'value="world_changed" selected' in shown.text
    assert _proposals(services) == {}
    form = {"row": ["law"], "pick": ["law"]} | dict(re.findall(r'name="(version\.[^"]+)" value="(\d+)"', shown.text))
    assert ana.post(PATH, action="store", **form | _row("law", LAW)).status_code == 302
    stale = ana.post(PATH, action="upload", file=(io.BytesIO(buffer.getvalue()), "mine.xlsx"))
    assert stale.status_code == 400
    assert "You changed this recommendation after you opened this page." in stale.text


def test_without_a_selection_it_begins_with_all_rows_and_readers_are_kept_out(member: Callable[[str], Member]) -> None:
    ana = member("ana")
    assert "Or select recommendations in the overview first." in ana.get(PATH).text
    assert 'name="row" value="law"' in ana.get(PATH).html
    assert 'name="row" value="law"' not in ana.get(PATH, q="envoy").html
    assert 'name="pick" value="law" checked' not in ana.get(PATH).html
    assert 'formaction="/staff/small/bulk/statuses/"' in ana.get("/staff/small/").html
    assert member("rita").post(PATH, pick=["law"]).status_code == 403


@pytest.mark.parametrize(
    "name", ["criteria", "approvals", "statuses", "publish", "facts/recommendations", "source-facts"]
)
def test_the_first_button_of_a_table_stores_nothing(member: Callable[[str], Member], name: str) -> None:
    page = member("ada").post(f"/staff/small/bulk/{name}/", pick=["law"]).text
    buttons = re.findall(r'<button[^>]*name="action"\s+value="(\w+)"', page)
    assert not buttons or buttons[0] in ("check", "count")
