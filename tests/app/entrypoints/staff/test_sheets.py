"""A sheet is downloaded, filled in, uploaded, checked row by row, and proposed as a whole or not at all."""

import io
import re
from collections.abc import Callable

from flask import Flask
from openpyxl import Workbook, load_workbook

from app.services.container import Services
from projections.worklist.queries import open_proposals
from tests.support.staff_client import Member
from tests.support.staff_forms import SHEET_PATH, download_sheet, fill_sheet, upload_sheet

LAW = {
    "status": "in_progress", "effective_on": "2025-03", "reason": "world_changed",
    "rationale": "The bill passed one chamber.", "evidence": "story",
}  # fmt: skip
KEPT = {
    "status": "in_progress", "effective_on": "2025-04-01", "reason": "world_changed",
    "rationale": "Somebody was named.", "evidence": "story;leak",
}  # fmt: skip


def _proposals(services: Services) -> list[str]:
    with services.views.connect() as db:
        return [p.assessment.id for p in open_proposals(db, "small")]


def test_a_sheet_goes_out_and_comes_back_as_proposals(
    services: Services, member: Callable[[str], Member], staff_app: Flask
) -> None:
    ana = member("ana")
    book = download_sheet(ana)
    rows = {(r[0], r[1] or ""): r for r in book["assessments"].iter_rows(min_row=2, values_only=True)}
    assert set(rows) == {("post", "appointed"), ("post", "kept"), ("post", "funded"), ("law", ""), ("talks", "")}
    assert rows["law", ""][3:5] == ("Renew the law", "announced")
    content = fill_sheet(book, {("law", ""): LAW, ("post", "kept"): KEPT})
    checked = upload_sheet(ana, content, "check")
    assert checked.status_code == 200
    assert checked.text.count("Rules 1 to 8 are met.") == 2
    assert _proposals(services) == []
    assert upload_sheet(ana, content).status_code == 302
    assert sorted(_proposals(services)) == ["law-2025-03", "post-kept-2025-04-01"]
    assert "The bill passed one chamber." not in staff_app.test_client().get("/small/recommendations/law/").text


def test_words_of_every_language_and_dates_as_typed_are_read(
    services: Services, member: Callable[[str], Member]
) -> None:
    law = LAW | {
        "status": "추진 중",
        "reason": "The World Changed",
        "effective_on": "March 2025",
        "motion": "Advancing",
    }
    kept = KEPT | {
        "status": "In progress",
        "effective_on": "2025. 4. 1.",
        "confidence": "Low",
        "evidence": "story, leak",
    }
    book = download_sheet(ana := member("ana"))
    content = fill_sheet(book, {("law", ""): law, ("post", "kept"): kept})
    for cell in book["assessments"][1]:
        cell.value = {"status": "New status", "rationale": "근거"}.get(cell.value, cell.value.upper())
    book["assessments"].title = "평가"
    saved = io.BytesIO()
    book.save(saved)
    assert content != saved.getvalue()
    assert upload_sheet(ana, saved.getvalue()).status_code == 302
    assert sorted(_proposals(services)) == ["law-2025-03", "post-kept-2025-04-01"]


def test_one_refused_row_stops_all_and_every_fault_names_its_column(
    services: Services, member: Callable[[str], Member]
) -> None:
    ana = member("ana")
    bad = {"status": "done", "rationale": "Kept.", "evidence": "story; a myth"}
    content = fill_sheet(
        download_sheet(ana),
        {
            ("law", ""): LAW,
            ("talks", ""): bad,
            ("post", "kept"): KEPT | {"status": "implemented", "rationale": "\u202eKept."},
        },
    )
    answer = upload_sheet(ana, content)
    assert answer.status_code == 400
    form_fields = re.sub(r"<[^>]+>", "", answer.text)
    for sentence in (
        "status: “done” is not one of not_assessed, no_action",
        "effective_on: Fill in this cell.",
        "evidence: “a myth” is neither the id nor the title nor the address of a source",
        "rationale: Rationale contains RIGHT-TO-LEFT OVERRIDE",
        "Correct the rows listed below",
    ):
        assert sentence in form_fields
    mended = fill_sheet(download_sheet(ana), {("law", ""): LAW, ("post", "kept"): KEPT | {"status": "implemented"}})
    assert "status: “Implemented” does not fit" in re.sub(r"<[^>]+>", "", upload_sheet(ana, mended).text)
    assert _proposals(services) == []


def test_a_row_older_than_the_recommendation_is_refused_with_both_versions(
    services: Services, member: Callable[[str], Member]
) -> None:
    ana = member("ana")
    book = download_sheet(ana)
    content = fill_sheet(book, {("law", ""): LAW})
    old = book["assessments"]["C5"].value
    assert upload_sheet(ana, content).status_code == 302
    answer = upload_sheet(ana, content)
    assert answer.status_code == 400
    assert f"The row was made from version {old}, with the status “announced”. The current version is" in answer.text
    assert len(_proposals(services)) == 1


def test_what_is_no_such_sheet_is_refused_with_a_sentence(member: Callable[[str], Member]) -> None:
    ana = member("ana")
    book = download_sheet(ana)
    assert "No row contains a new assessment" in upload_sheet(ana, fill_sheet(book, {})).text
    assert "Choose the sheet as .xlsx." in upload_sheet(ana, b"x", name="sheet.csv").text
    assert "this is not a spreadsheet" in upload_sheet(ana, b"x").text
    assert "The file is larger than 4 MB." in upload_sheet(ana, b"x" * (4 * 2**20 + 1)).text
    assert "Choose a file first." in ana.post(SHEET_PATH, action="check").text
    book["assessments"]["H1"].value = "stand"
    assert "The first line must name each column once. Check: status." in upload_sheet(ana, fill_sheet(book, {})).text
    del book["assessments"]
    assert "The file has no sheet “assessments”" in upload_sheet(ana, _filled_elsewhere(book)).text


def test_two_rows_about_the_same_and_too_many_are_refused(member: Callable[[str], Member]) -> None:
    ana = member("ana")
    book = download_sheet(ana)
    content = fill_sheet(book, {("law", ""): LAW})
    sheet = load_workbook(io.BytesIO(content))
    law = next(r for r in sheet["assessments"].iter_rows(values_only=True) if r[0] == "law")
    sheet["assessments"].append(law)
    assert "Line 5 already covers the same item." in upload_sheet(ana, _filled_elsewhere(sheet)).text
    for _ in range(500):
        sheet["assessments"].append(law)
    assert (
        "You can propose at most 500 rows at once. You filled in 502."
        in upload_sheet(ana, _filled_elsewhere(sheet)).text
    )


def test_no_one_publishes_what_they_proposed_in_a_sheet(member: Callable[[str], Member]) -> None:
    ben = member("ben")
    done = LAW | {"status": "implemented", "evidence": "oath;story"}
    assert upload_sheet(ben, fill_sheet(download_sheet(ben), {("law", ""): done})).status_code == 302
    path = "/staff/small/proposals/law-2025-03/"
    version = re.search(r'name="version" value="(\d+)"', ben.get(path).html)
    assert version
    refused = ben.post(path, action="publish", version=version.group(1))
    assert "must be published by someone other than its proposer." in refused.text


def _filled_elsewhere(book: Workbook) -> bytes:
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()
