"""An uploaded file with problems: each cause once, under the name that the person gave the file."""

import csv
import html
import io
import re
from typing import Any

import pytest

from app.services.container import Services
from projections.catalogue import queries as catalogue
from projections.engine.position import last_applied_at
from tests.support.staff_client import Member, Members
from tests.support.workbooks import small_workbook

UPLOAD = "/staff/registers/upload/"


@pytest.fixture
def ada(small: Services, member: Members) -> Member:
    with small.accounts.work() as db:
        from app.services.accounts import people
        from app.services.accounts.permissions import StaffRole

        people.give_role(db, people.find_user(db, "ada@example.org"), "*", StaffRole.ADMINISTRATOR)
    return member("ada")


def _book(column: str, text: str) -> bytes:
    """The small register as a workbook, with a text in a column of each recommendation."""
    book = small_workbook()
    sheet = book["recommendations"]
    place = [cell.value for cell in sheet[1]].index(column)
    for row in sheet.iter_rows(min_row=2):
        row[place].value = text
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def _where(text: str) -> list[str]:
    return [html.unescape(p) for p in re.findall(r'<p class="where"[^>]*>(.*?)</p>', text, re.DOTALL)]


@pytest.mark.parametrize(
    ("column", "value", "sentence"),
    [
        ("theme", "No Theme", "theme: “No Theme” is not an id"),
        ("publication", "gazette", "publication: there is no publication “gazette”"),
    ],
)
def test_each_cause_is_shown_once_with_the_own_name_of_the_file(
    ada: Member, column: str, value: str, sentence: str
) -> None:
    answer = ada.post(UPLOAD, action="check", file=(io.BytesIO(_book(column, value)), "Our tracker 2026.xlsx"))
    assert answer.status_code == 400
    assert answer.text.count(sentence) == 1
    assert _where(answer.text) == ["Our tracker 2026.xlsx/recommendations, rows 2–4"]
    assert "upload.xlsx" not in answer.text
    report = re.search(r"/staff/problems/[0-9a-f]{16}\.csv", answer.text)
    assert report
    rows = list(csv.reader(io.StringIO(ada.client.get(report[0]).data.decode("utf-8-sig"))))
    assert [row[:4] for row in rows[1:]] == [
        ["Our tracker 2026.xlsx/recommendations", str(row), column, value] for row in (2, 3, 4)
    ]


def test_a_file_that_is_too_large_is_refused_in_a_sentence(ada: Member) -> None:
    content = io.BytesIO(b"PK" + bytes(32 * 2**20))
    answer = ada.post(UPLOAD, action="check", file=(content, "big.zip"))
    assert answer.status_code in (400, 413)
    assert "large" in answer.text


THEMES = "id;title\ncourts;Courts\n".encode("utf-16")
"""A table as an office writes it: nothing in it or in its name says the register."""


def test_a_table_without_settings_goes_into_the_chosen_register(ada: Member, small: Services) -> None:
    def themes() -> set[str]:
        small.catch_up()
        with small.views.connect() as db:
            return set(catalogue.themes(db, "small", last_applied_at(db)))

    assert '<option value="small">' in ada.get(UPLOAD).html
    before = themes()
    refused = ada.post(UPLOAD, action="import", file=(io.BytesIO(THEMES), "themes.csv"))
    assert refused.status_code == 400
    assert themes() == before
    checked = ada.post(UPLOAD, action="check", register="small", file=(io.BytesIO(THEMES), "themes.csv"))
    assert checked.status_code == 200, checked.text
    assert '<option value="small" selected>' in checked.text
    assert themes() == before
    done = ada.post(UPLOAD, action="import", register="small", file=(io.BytesIO(THEMES), "themes.csv"))
    assert done.status_code == 200, done.text
    assert themes() == before | {"courts"}
    assert "themes.csv: read as UTF-16" in done.text
    assert "The file is imported." in done.text
    assert "Nothing has been saved yet" not in done.text


def test_a_workbook_without_settings_goes_into_the_chosen_register(ada: Member) -> None:
    book, buffer = small_workbook(), io.BytesIO()
    for name in ("register", "reviews"):
        if name in book.sheetnames:
            del book[name]
    book.save(buffer)
    answer = ada.post(UPLOAD, action="check", register="small", file=(io.BytesIO(buffer.getvalue()), "rows.xlsx"))
    assert answer.status_code == 200, answer.text
    assert "stored already" in answer.text


def test_settings_of_another_register_than_the_chosen_one_are_refused(ada: Member) -> None:
    book, buffer = small_workbook(), io.BytesIO()
    for row in book["register"].iter_rows():
        for cell in row:
            cell.value = "other" if cell.value == "small" else cell.value
    book.save(buffer)
    answer = ada.post(UPLOAD, action="import", register="small", file=(io.BytesIO(buffer.getvalue()), "rows.xlsx"))
    assert answer.status_code == 400
    assert "The file has the settings of the register “other”, not of “small”." in answer.text


def test_a_register_that_is_not_offered_is_refused(ada: Member) -> None:
    answer = ada.post(UPLOAD, action="check", register="secret", file=(io.BytesIO(THEMES), "themes.csv"))
    assert answer.status_code == 400
    assert "Choose one of the registers that you may set up." in answer.text


def test_an_upload_stores_what_its_check_showed(ada: Member, small: Services) -> None:
    def send(title: str, **fields: str) -> Any:
        table = f"id;title\ncourts;{title}\n".encode("utf-16")
        return ada.post(UPLOAD, register="small", file=(io.BytesIO(table), "themes.csv"), **fields)

    plan = re.search(r'name="plan" value="(\w+)"', send("Courts", action="check").text)
    assert plan
    before = small.log.last()
    other = send("Prisons", action="import", plan=plan[1])
    assert (other.status_code, small.log.last()) == (400, before)
    assert "The register or the file changed after the preview, so nothing was stored." in other.text
    assert send("Courts", action="import", plan=plan[1]).status_code == 200
    assert small.log.last() != before
