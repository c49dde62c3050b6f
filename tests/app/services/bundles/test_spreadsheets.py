"""Spreadsheets are read like the folder of the same name, and their problems name sheet, row and column."""

import io
import zipfile
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.services.bundles.problems import BundleRefused
from app.services.bundles.reading import read_bundle
from app.services.bundles.writing import bundle_files
from tests.support.bundles import write_small_bundle
from tests.support.workbooks import Workbook, put, saved, small_workbook

Spoil = Callable[[Workbook], object]


def problems(path: Path) -> list[str]:
    with pytest.raises(BundleRefused) as caught:
        read_bundle(path)
    return [str(p) for p in caught.value.problems]


def test_a_spreadsheet_is_read_like_the_folder(tmp_path: Path) -> None:
    folder = write_small_bundle(tmp_path / "small")
    book = small_workbook()
    put(book, "recommendations", "recommended_on", datetime(2023, 9, 14))
    put(book, "reviews", "as_of", date(2024, 2, 17))
    assert bundle_files(read_bundle(saved(book, tmp_path / "small.xlsx"))) == bundle_files(read_bundle(folder))


def test_dates_keep_the_precision_in_which_they_are_shown(tmp_path: Path) -> None:
    book = small_workbook()
    put(book, "recommendations", "recommended_on", datetime(2023, 9, 1)).number_format = "mmm-yy"
    put(book, "recommendations", "recommended_on", 2023, line=3)
    put(book, "recommendations", "recommended_on", datetime(2023, 9, 1), line=4)
    bundle = read_bundle(saved(book, tmp_path / "b.xlsx"))
    assert [r.fact.recommended_on for r in bundle.recommendations] == ["2023-09", "2023", "2023-09-01"]


CASES: list[tuple[str, Spoil, list[str]]] = [
    ("a wrong code", lambda b: put(b, "recommendations", "kind", "wrong"), [
        "b.xlsx/recommendations, row 2, column kind: “wrong” is not one of one_off, continuing, outcome, restraint."
    ]),
    ("a formula without a result", lambda b: put(b, "recommendations", "locator", "=1+1"), [
        "b.xlsx/recommendations: L2: formulas without a result (1). Open the file in your spreadsheet program and save it "
        "again."
    ]),
    ("an error's mark", lambda b: put(b, "themes", "title", "#REF!"), [
        "b.xlsx/themes: B2: the error #REF! (1). Read as empty. Correct the formula, or type the value.",
        "b.xlsx/themes, row 2, column title: the cell is empty. Enter a value.",
    ]),
    ("a text that is cut", lambda b: put(b, "evidence", "summary", "x" * 32_767), [
        "b.xlsx/evidence, row 2: the text has 32,767 characters, the most that a cell can have, and may be cut. Import "
        "the bundle (.zip) instead."
    ]),
    ("a misspelled sheet", lambda b: setattr(b["assessments"], "title", "Assesments"), [
        "b.xlsx/Assesments: “Assesments” may be “assessments”. Correct its name, or choose another one for a table of "
        "your own."
    ]),
    ("a misspelled column", lambda b: put(b, "recommendations", "locator", "locater", line=1), [
        "b.xlsx/recommendations, row 1: the column “locater” may be “locator”. Correct its heading, or choose another "
        "one for a column of your own."
    ]),
    ("a table twice", lambda b: b.create_sheet("주제"), ["b.xlsx/주제: it is the same table as “themes”. Keep one of the two."]),
    ("no recommendations", lambda b: b.remove(b["recommendations"]), ["b.xlsx/recommendations: the sheet is missing."]),
    ("no settings", lambda b: b.remove(b["register"]), ["b.xlsx/register: the sheet is missing."]),
    ("an empty sheet", lambda b: b["themes"].delete_rows(1, 9), [
        "b.xlsx/themes, row 1: the sheet is empty. Add at least a header row."
    ]),
    ("a cell far away", lambda b: b["themes"].cell(9, 16000, "x"), [
        "Row 9 of “b.xlsx” has 1,002 columns. At most 1,000 are read. Delete the columns that you do not need, or check "
        "the separator."
    ]),
    ("a setting twice", lambda b: b["register"].append(["title", "Again"]), [
        "b.xlsx/register, row 13, column title: “title” is already in row 3."
    ]),
    ("an unknown setting", lambda b: b["register"].append(["flavour", "blue"]), [
        "b.xlsx/register, row 13, column flavour: a bundle has no such setting."
    ]),
    ("a wrong setting", lambda b: put(b, "register", "value", "Mars/Base", line=6), [
        "b.xlsx/register, row 6, column time_zone: “Mars/Base” is no time zone; write one as Asia/Seoul."
    ]),
    ("a wrong column of settings", lambda b: put(b, "register", "value", "says", line=1), [
        "b.xlsx/register, row 1: unknown columns: “says”.",
        "b.xlsx/register, row 1: missing columns: value.",
    ]),
    ("a review of no day", lambda b: put(b, "reviews", "as_of", "2024-02-30"), [
        "b.xlsx/reviews, row 2, column as_of: There is no day “2024-02-30” in the calendar."
    ]),
    ("a review of half a year", lambda b: put(b, "reviews", "every_years", 0.5, line=3), [
        "b.xlsx/reviews, row 3, column every_years: enter a whole number of years, 1 or more."
    ]),
    ("problems of several sheets", lambda b: (put(b, "themes", "id", "A A"), put(b, "register", "value", "B B")), [
        "b.xlsx/register, row 2, column id: “B B” is not an id. Use at most 80 lower-case letters, digits and hyphens, "
        "starting with a letter or digit.",
        "b.xlsx/themes, row 2, column id: “A A” is not an id. Use at most 80 lower-case letters, digits and hyphens, "
        "starting with a letter or digit.",
    ]),
]  # fmt: skip


@pytest.mark.parametrize(("spoil", "expected"), [c[1:] for c in CASES], ids=[c[0] for c in CASES])
def test_a_malformed_spreadsheet(tmp_path: Path, spoil: Spoil, expected: list[str]) -> None:
    book = small_workbook()
    spoil(book)
    assert problems(saved(book, tmp_path / "b.xlsx")) == expected


def repacked(path: Path, member: str, old: bytes, new: bytes) -> Path:
    """The spreadsheet with a piece of one of its parts replaced."""
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    assert old in parts[member]
    parts[member] = parts[member].replace(old, new, 1)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return path


def test_a_sheet_that_claims_to_be_endless_is_read_as_it_is(tmp_path: Path) -> None:
    path = saved(small_workbook(), tmp_path / "b.xlsx")
    expected = bundle_files(read_bundle(path))
    repacked(path, "xl/worksheets/sheet3.xml", b'<dimension ref="A1:C3"', b'<dimension ref="A1:XFD1048576"')
    assert bundle_files(read_bundle(path)) == expected


DAMAGED = "“b.xlsx” is damaged or incomplete. Open it in your spreadsheet program and save it again as .xlsx."


def test_entities_that_multiply_are_refused(tmp_path: Path) -> None:
    path = saved(small_workbook(), tmp_path / "b.xlsx")
    entities = b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>'
    repacked(path, "xl/worksheets/sheet3.xml", b"<worksheet ", entities + b"<worksheet ")
    assert problems(path) == [DAMAGED]


def test_what_is_no_spreadsheet_is_named(tmp_path: Path) -> None:
    (tmp_path / "b.xlsx").write_bytes(b"no book")
    assert problems(tmp_path / "b.xlsx") == ["b.xlsx: this is not a spreadsheet. Save it as .xlsx, without a password."]
    with zipfile.ZipFile(tmp_path / "b.xlsx", "w") as archive:
        archive.writestr("hello.txt", "x")
    assert problems(tmp_path / "b.xlsx") == [
        "“b.xlsx” is a zip with several files. Unpack it, and choose the spreadsheet in it."
    ]
    assert problems(tmp_path / "gone.xlsx")[0].endswith("gone.xlsx: there is nothing here.")


WHOLE = io.BytesIO()
small_workbook().save(WHOLE)


@given(st.integers(0, 40_000), st.binary(min_size=1, max_size=40))
@settings(max_examples=40)
def test_no_damage_raises_anything_but_a_refusal(
    tmp_path_factory: pytest.TempPathFactory, at: int, noise: bytes
) -> None:
    content = WHOLE.getvalue()
    at %= len(content)
    path = tmp_path_factory.mktemp("fuzz") / "b.xlsx"
    path.write_bytes(content[:at] + noise + content[at + len(noise) :])
    try:
        read_bundle(path)
    except BundleRefused as refused:
        assert refused.problems
