"""Files as offices have them, from title row to pasted commas."""

import csv
import io
from datetime import datetime
from typing import Any

from app.adapters.spreadsheets.reading import read_file
from tests.app.adapters.spreadsheets.workbooks import first_sheet, rows_of, workbook


def test_rows_of_commas_and_an_empty_last_column_are_left_out() -> None:
    buffer = io.StringIO()
    rows = [["id", "title", ""], ["r1", "Appoint an envoy", ""], *[[""] * 3] * 3]
    csv.writer(buffer, lineterminator="\r\n").writerows(rows)
    sheet = first_sheet(buffer.getvalue().encode(), "recommendations.csv")
    assert rows_of(sheet) == [(1, ("id", "title")), (2, ("r1", "Appoint an envoy"))]
    assert sheet.width == 2


def test_a_csv_of_a_european_office_is_read() -> None:
    content = "id;title\r\nr1;Nommer un envoyé – Côte d’Ivoire\r\n".encode("cp1252")
    book = read_file("recommendations.csv", content)
    assert (book.encoding, book.separator) == ("cp1252", ";")
    assert rows_of(book.sheets[0])[1] == (2, ("r1", "Nommer un envoyé – Côte d’Ivoire"))


def test_dates_as_typed_stay_texts_and_true_dates_are_iso() -> None:
    forms = ["09/14/2023", "14/09/2023", 45183, "2023/9/14", "2023.9.14.", "Sept 2023", "2023-9-14"]

    def fill(sheet: Any) -> None:
        for form in (*forms, datetime(2023, 9, 14, 15, 30)):
            sheet.append([form])

    assert [row.cells[0] for row in first_sheet(workbook(fill)).rows] == [*map(str, forms), "2023-09-14T15:30:00"]


def test_a_plain_tracker_with_a_title_and_a_hidden_sheet_is_read() -> None:
    def fill(sheet: Any) -> None:
        sheet.title = "Tracker"
        sheet.append(["Our 2023 report: who did what"])
        sheet.merge_cells("A1:H1")
        sheet.append([])
        sheet.append(["No.", "Recommendation", "Link"])
        sheet.append(["R1.1", "Publish the list", "https://example.org/a\nhttps://example.org/b"])
        sheet.append([None] * 8)
        sheet.append([" "] * 8)
        sheet.parent.create_sheet("Internal").sheet_state = "hidden"

    tracker, internal = read_file("tracker.xlsx", workbook(fill)).sheets
    assert [row.number for row in tracker.rows] == [1, 3, 4]
    assert tracker.rows[2].cell(2) == "https://example.org/a\nhttps://example.org/b"
    assert (tracker.is_hidden, internal.is_hidden, internal.rows) == (False, True, ())
