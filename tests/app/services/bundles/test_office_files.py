"""Files as offices make them are read as bundles, with a note of what was assumed and left out."""

import csv
import io
import json
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook

from app.services.bundles.problems import BundleRefused
from app.services.bundles.reading import read_bundle
from app.services.bundles.rows import Bundle

REGISTER: dict[str, Any] = {
    "id": "office",
    "title": "A register of an office",
    "time_zone": "America/New_York",
    "methodology": "uptake-2026.1",
    "peer_review": "never",
}
Tables = dict[str, list[list[Any]]]


def tables() -> Tables:
    return {
        "themes": [["id", "title"], ["courts", "Courts"]],
        "publications": [["id", "title", "publisher", "published_on"], ["report", "A report", "A group", "2023-09-14"]],
        "bodies": [["id", "name"], ["ministry", "Ministry of Justice"], ["parliament", "Parliament"]],
        "recommendations": [
            ["id", "title", "summary", "kind", "theme", "addressees", "publication", "locator", "recommended_on"],
            ["r1", "Appoint an envoy", "Appoint one.", "one_off", "courts", "ministry", "report", "p. 3", "2023-09-14"],
            ["r2", "Hold a hearing", "Hold one.", "one_off", "courts", "parliament", "report", "p. 4", "2023-09-14"],
        ],
        "evidence": [
            ["id", "title", "publisher", "url", "published_on", "source_class", "summary"],
            ["e1", "Gazette", "State", "https://example.org/gazette", "2024-03-01", "official", "It names the envoy."],
        ],
        "assessments": [
            ["id", "recommendation", "status", "effective_on", "reason", "rationale", "evidence", "proposed_by"],
            ["a1", "r1", "implemented", "2024-03-01", "first_assessment", "Appointed on that day.", "e1", "ana"],
        ],
    }


def written(rows: list[list[Any]], separator: str = ",") -> str:
    buffer = io.StringIO()
    csv.writer(buffer, delimiter=separator, lineterminator="\r\n").writerows(rows)
    return buffer.getvalue()


def folder(path: Path, content: Tables, encoding: str = "utf-8", separator: str = ",") -> Path:
    path.mkdir()
    (path / "register.json").write_text(json.dumps(REGISTER), encoding="utf-8")
    for name, rows in content.items():
        (path / f"{name}.csv").write_bytes(written(rows, separator).encode(encoding))
    return path


def workbook(path: Path, content: Tables, change: Callable[[Workbook], object] = lambda _book: None) -> Path:
    book = Workbook()
    book.remove(book.worksheets[0])
    register = book.create_sheet("register")
    register.append(["key", "value"])
    for pair in REGISTER.items():
        register.append(pair)
    for name, rows in content.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    change(book)
    book.save(path)
    return path


def problems(path: Path) -> list[str]:
    with pytest.raises(BundleRefused) as caught:
        read_bundle(path)
    return [str(p) for p in caught.value.problems]


def recommendations(bundle: Bundle) -> list[tuple[str, str]]:
    return [(row.fact.id, row.fact.recommended_on) for row in bundle.recommendations]


def test_rows_and_columns_of_separators_are_no_rows(tmp_path: Path) -> None:
    content = tables()
    for row in content["recommendations"]:
        row.append("")
    content["recommendations"] += [[""] * 10, ["  "] * 10, [""] * 12]
    bundle = read_bundle(folder(tmp_path / "office", content))
    assert [row.fact.id for row in bundle.recommendations] == ["r1", "r2"]
    assert bundle.notes == ()
    workbook(tmp_path / "office.xlsx", content)
    assert [row.fact.id for row in read_bundle(tmp_path / "office.xlsx").recommendations] == ["r1", "r2"]


def test_a_row_longer_than_the_header_is_still_refused(tmp_path: Path) -> None:
    content = tables()
    content["themes"].append(["laws", "Laws", "and more"])
    assert problems(folder(tmp_path / "office", content)) == [
        "themes.csv, line 3: the row has 3 cells; the header has 2 columns."
    ]


def test_labels_are_read_as_codes_in_every_language_and_letter_case(tmp_path: Path) -> None:
    content = tables()
    content["recommendations"][0] = [heading.capitalize() for heading in content["recommendations"][0]]
    content["recommendations"][1][3] = "One-off"
    content["recommendations"][2][3] = "일회성: 한 번 하는 일"
    content["assessments"][1][2] = "Implemented"
    content["assessments"][1][4] = "First Assessment"
    content["evidence"][0][5] = "Kind of source"
    content["evidence"][1][5] = "1차 자료, 공식"
    bundle = read_bundle(folder(tmp_path / "office", content))
    assert [row.fact.kind for row in bundle.recommendations] == ["one_off", "one_off"]
    assert (bundle.assessments[0].fact.status, bundle.assessments[0].fact.reason) == ("implemented", "first_assessment")
    assert bundle.evidence[0].fact.source_class == "official"
    assert [str(note) for note in bundle.notes] == [
        "recommendations.csv, column kind: “One-off” was read as one_off, and 1 more in such a way.",
        "evidence.csv, column source_class: “1차 자료, 공식” was read as official.",
        "assessments.csv, column status: “Implemented” was read as implemented.",
        "assessments.csv, column reason: “First Assessment” was read as first_assessment.",
    ]


def test_columns_and_sheets_of_the_own_are_left_out_of_workbooks_with_a_note(tmp_path: Path) -> None:
    def change(book: Workbook) -> None:
        book.create_sheet("Notes").sheet_state = "hidden"
        book.create_sheet("Sheet1")
        book["recommendations"]["J1"] = "Our note"
        book["recommendations"]["J2"] = "ask Ana"
        book["recommendations"]["L3"] = "beside the table"
        book["bodies"].title = "x"
        book["x"].title = "Bodies"
        book["evidence"].title = "근거 자료"

    bundle = read_bundle(workbook(tmp_path / "office.xlsx", tables(), change))
    assert [row.fact.name for row in bundle.bodies] == ["Ministry of Justice", "Parliament"]
    assert [row.fact.id for row in bundle.evidence] == ["e1"]
    assert [str(note) for note in bundle.notes] == [
        "“office.xlsx/Notes” left out: it is no part of a bundle.",
        "“office.xlsx/Sheet1” left out: it is no part of a bundle.",
        "office.xlsx/recommendations: columns left out: “Our note”.",
        "office.xlsx/recommendations: cells without a heading left out, in 1 row.",
    ]


def test_dates_as_typed_are_read_if_they_are_clear(tmp_path: Path) -> None:
    content, forms = tables(), {
        "d0": "09/14/2023", "d1": "14/09/2023", "d2": 45183, "d3": "2023/9/14", "d4": "2023.9.14.", "d5": "Sept 2023",
        "d6": "2023-9-14", "d7": datetime(2023, 9, 14, 15, 30), "d8": "2023년 9월 14일", "d9": "14. September 2023",
    }  # fmt: skip
    base = content["recommendations"][1]
    content["recommendations"][1:] = [[ident, *base[1:8], value] for ident, value in forms.items()]
    content["assessments"][1][1] = "d0"
    bundle = read_bundle(workbook(tmp_path / "office.xlsx", content))
    expected = dict.fromkeys(forms, "2023-09-14") | {"d5": "2023-09"}
    assert recommendations(bundle) == list(expected.items())
    assert [str(note) for note in bundle.notes] == [
        "office.xlsx/recommendations, column recommended_on: “09/14/2023” was read as 2023-09-14, and 9 more in such a way."
    ]


def test_a_date_with_two_readings_is_refused_with_both(tmp_path: Path) -> None:
    content = tables()
    content["recommendations"][1][8] = "03/04/2024"
    assert problems(folder(tmp_path / "office", content)) == [
        "recommendations.csv, line 2, column recommended_on: “03/04/2024” can be read as 2024-04-03 or as 2024-03-04. "
        "Write the one that is meant."
    ]


def test_other_values_are_read_as_they_are_typed(tmp_path: Path) -> None:
    content = tables()
    content["recommendations"][0] += ["priority", "position"]
    content["recommendations"][1] += ["Yes", "1,200"]
    content["recommendations"][2] += ["예", "3.0"]
    content["recommendations"][1][5] = "ministry, parliament"
    content["recommendations"][2][5] = "ministry\nparliament"
    content["evidence"][1][3] = "www.example.org/gazette"
    bundle = read_bundle(folder(tmp_path / "office", content))
    assert [(r.fact.priority, r.fact.position, r.fact.addressees) for r in bundle.recommendations] == [
        (True, 1200, ("ministry", "parliament")),
        (True, 3, ("ministry", "parliament")),
    ]
    assert bundle.evidence[0].text.url == "https://www.example.org/gazette"


def test_one_recommendation_may_have_many_addressees(tmp_path: Path) -> None:
    content = tables()
    content["bodies"] = [["id", "name"], *([f"s{n}", f"State {n}"] for n in range(1, 194))]
    content["recommendations"] = content["recommendations"][:2]
    content["recommendations"][1][5] = ";".join(f"s{n}" for n in range(1, 194))
    bundle = read_bundle(workbook(tmp_path / "office.xlsx", content))
    assert len(bundle.recommendations[0].fact.addressees) == 193


@pytest.mark.parametrize(
    ("encoding", "separator", "note"),
    [
        ("cp1252", ";", "read as Windows-1252, with “;” between cells."),
        ("utf-16", "\t", "read as UTF-16, with “tab” between cells."),
        ("utf-8", ";", "read as UTF-8, with “;” between cells."),
        ("utf-8-sig", "\t", "read as UTF-8, with “tab” between cells."),
    ],
)
def test_text_files_of_other_offices_are_read_with_a_note(
    tmp_path: Path, encoding: str, separator: str, note: str
) -> None:
    content = tables()
    content["recommendations"][1][1] = "Nommer un envoyé – Côte d’Ivoire"
    content["recommendations"][1][2] = 'Two lines\nand "quotes"; and, separators'
    bundle = read_bundle(folder(tmp_path / "office", content, encoding, separator))
    assert bundle.recommendations[0].fact.title == "Nommer un envoyé – Côte d’Ivoire"
    assert bundle.recommendations[0].fact.summary == 'Two lines\nand "quotes"; and, separators'
    assert f"recommendations.csv: {note}" in [str(n) for n in bundle.notes]


def test_korean_text_files_are_read(tmp_path: Path) -> None:
    content = tables()
    content["themes"][1][1] = "법원과 교정 시설에 관한 주제"
    content["bodies"][1][1] = "국가인권위원회와 법무부의 모든 부서"
    bundle = read_bundle(folder(tmp_path / "office", content, "cp949"))
    assert (bundle.themes[0].fact.title, bundle.bodies[0].fact.name) == (
        content["themes"][1][1],
        content["bodies"][1][1],
    )


def test_a_line_that_states_the_separator_and_a_title_are_above_the_headings(tmp_path: Path) -> None:
    path = folder(tmp_path / "office", tables())
    rows = written([["Our themes"], [], *tables()["themes"]], ";")
    (path / "themes.csv").write_text(f"sep=;\r\n{rows}", encoding="utf-8", newline="")
    bundle = read_bundle(path)
    assert [row.fact.title for row in bundle.themes] == ["Courts"]
    assert "themes.csv: what is above the headings left out." in [str(n) for n in bundle.notes]


def test_texts_made_safe_for_people_are_read_as_they_were(tmp_path: Path) -> None:
    path = folder(tmp_path / "office", tables())
    rows = [["id", "title"], ["courts", "'-청문회"]]
    (path / "themes.csv").write_bytes(written(rows, ";").encode("utf-8-sig"))
    assert read_bundle(path).themes[0].fact.title == "-청문회"
    (path / "themes.csv").write_bytes(written(rows).encode())
    assert read_bundle(path).themes[0].fact.title == "'-청문회"


def test_formulas_that_need_no_program_and_prose_like_formulas_are_read(tmp_path: Path) -> None:
    def change(book: Workbook) -> None:
        book["recommendations"]["A2"] = '="r"&"1"'
        book["evidence"]["D2"] = '=HYPERLINK("https://example.org/gazette","Gazette")'
        book["assessments"]["F2"] = "@StateDept announced it on 1 March."
        book["recommendations"]["C3"] = "-청문회를 연다."

    bundle = read_bundle(workbook(tmp_path / "office.xlsx", tables(), change))
    assert bundle.recommendations[0].fact.id == "r1"
    assert bundle.recommendations[1].fact.summary == "-청문회를 연다."
    assert bundle.assessments[0].fact.rationale == "@StateDept announced it on 1 March."
    assert bundle.evidence[0].text.url == "https://example.org/gazette"
