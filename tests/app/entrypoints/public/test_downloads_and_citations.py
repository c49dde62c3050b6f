"""Citations, downloads and data for machines."""

import csv
import io
import json
import re
import zipfile
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import openpyxl
import pytest
from flask.testing import FlaskClient
from openpyxl.worksheet.worksheet import Worksheet

from app.adapters.spreadsheets.formula_escapes import escape_formula, unescape_formula
from app.bootstrap.flask_app import create_app
from app.entrypoints.public import compare
from app.services.bundles.columns import SHEETS
from app.services.bundles.exporting import export_bundle
from app.services.bundles.importing import ImportOptions, find_register, import_bundle
from app.services.bundles.reading import read_bundle
from app.services.bundles.writing import bundle_files
from app.services.container import Services
from app.services.tables.csv_files import (
    DataTable,
    stream_plain_csv,
    write_spreadsheet_csv,
)
from app.services.tables.dictionary import build_dictionary, column_meaning
from tests.support.bundles import FILES


@pytest.fixture
def client(small: Services) -> FlaskClient:
    return create_app(small).test_client()


def test_a_citation_carries_both_dates_in_every_form(client: FlaskClient) -> None:
    times = "?as_of=2024-12-01&known_at=2026-03-01"
    bib = client.get(f"/small/cite.bib{times}").text
    assert bib.startswith("@online{uptake-small-2024-12-01,")
    assert "url = {http://127.0.0.1:8000/small/?as_of=2024-12-01&known_at=2026-03-01}" in bib
    assert "As of 1 December 2024, as known at 2026-03-01T23:59:59.999999Z" in bib
    ris = client.get(f"/small/recommendations/post/cite.ris{times}").text.split("\r\n")
    assert ris[0] == "TY  - ELEC"
    assert ris[-2] == "ER  - "
    assert "TI  - Fill the post (A small register)" in ris
    assert all(re.match(r"[A-Z][A-Z0-9]  - ", line) for line in ris[:-1])
    item = json.loads(client.get(f"/small/cite.json{times}").data)[0]
    assert item["issued"] == {"date-parts": [[2026, 3, 1]]}
    assert item["type"] == "webpage"


def test_a_citation_of_today_names_the_instant(client: FlaskClient) -> None:
    assert re.search(r"known_at=\d{4}-\d\d-\d\dT", client.get("/small/cite.bib").text)


def test_the_files_of_a_citation_are_linked(client: FlaskClient) -> None:
    assert 'href="/small/cite.bib?as_of=2024-12-01"' in client.get("/small/?as_of=2024-12-01").text


@pytest.mark.parametrize(("cell", "shown"), [
    ("=1+1", "'=1+1"), ("+1", "'+1"), ("-1", "'-1"), ("@a", "'@a"), ("\tx", "'\tx"), ("＝1", "'＝1"), ("'=1", "''=1"), ("'a", "'a"), ("a=1", "a=1"), ("", ""),
])  # fmt: skip
def test_a_cell_that_looks_like_a_formula_is_made_a_text_for_people(cell: str, shown: str) -> None:
    assert escape_formula(cell) == shown
    assert unescape_formula(shown) == cell
    table = DataTable("t", ("a",), ((cell,), ("x",)))
    assert write_spreadsheet_csv(table).startswith(b"\xef\xbb\xbf")
    assert list(csv.reader(io.StringIO(write_spreadsheet_csv(table).decode("utf-8-sig"), newline="")))[1:2] in (
        [[shown]],
        [[]],
    )
    assert not next(stream_plain_csv(table)).startswith(b"\xef\xbb\xbf")


def test_the_tables_for_programs_are_the_files_of_the_bundle(small: Services, client: FlaskClient) -> None:
    with small.views.connect() as db:
        files = bundle_files(export_bundle(db, "small"))
    with zipfile.ZipFile(io.BytesIO(client.get("/small/download/bundle.zip").data)) as archive:
        assert {n: archive.read(n) for n in archive.namelist()} == files
    for sheet in (sheet for sheet in SHEETS if sheet.file in files):
        assert client.get(f"/small/download/{sheet.name}.csv").data == files[sheet.file]
        assert client.get(f"/small/download/spreadsheet/{sheet.name}.csv").data.startswith(b"\xef\xbb\xbf")


def test_the_scorecard_as_a_table_says_what_the_api_says(client: FlaskClient) -> None:
    api = client.get("/api/v1/registers/small/scorecard?as_of=2024-12-01").json
    rows = list(csv.DictReader(io.StringIO(client.get("/small/download/scorecard.csv?as_of=2024-12-01").text)))
    assert [(r["id"], r["status"], r["since"]) for r in rows] == [
        (r["id"], r["status"], r["since"] or "") for r in api["recommendations"]
    ]
    assert {r["as_of"] for r in rows} == {"2024-12-01"}
    assert [r["statement"] for r in rows] == [r["statement"] or "" for r in api["recommendations"]]
    assert list(rows[0])[4:6] == ["title", "title_ko"]


def test_the_workbook_opens_with_a_cover_and_a_sheet_per_table(client: FlaskClient, tmp_path: Path) -> None:
    answer = client.get("/small/download/register.xlsx?as_of=2024-12-01")
    assert "small-2024-12-01.xlsx" in answer.headers["Content-Disposition"]
    book = openpyxl.load_workbook(io.BytesIO(answer.data))
    assert book.sheetnames == [
        *("about", "scorecard", "register", "reviews"),
        *(s.name for s in SHEETS if not s.if_used),
        "columns",
    ]
    assert book["about"]["B1"].value == "A small register"
    assert book["about"]["B3"].value == "1 December 2024"
    sheet = book["recommendations"]
    assert sheet.freeze_panes == "B2"
    assert sheet.auto_filter.ref
    assert [c.value for c in sheet["A"]] == ["id", "law", "post", "talks"] or len(sheet["A"]) == 4
    assert all(c.data_type in ("s", "n") for s in book for row in s.iter_rows() for c in row)


def read_list(client: FlaskClient, address: str) -> tuple[Worksheet, list[str], list[dict[str, Any]]]:
    """The sheet of the list, its lines above the table, and its rows by their headings."""
    sheet = openpyxl.load_workbook(io.BytesIO(client.get(address).data)).active
    cells = [[cell.value for cell in row] for row in sheet.iter_rows()]
    head = int(sheet.print_title_rows.strip("$").split(":")[0]) - 1
    return (
        sheet,
        [row[0] for row in cells[:head] if row[0]],
        [dict(zip(cells[head], row, strict=True)) for row in cells[head + 1 :]],
    )


def test_the_list_to_print_speaks_in_words_and_dates(client: FlaskClient) -> None:
    sheet, lines, rows = read_list(client, "/small/recommendations.xlsx?as_of=2024-12-01")
    assert lines[0] == "A small register"
    assert lines[1].startswith("As of 1 December 2024, as known on")
    assert lines[1].endswith("and may name what came after the day.")
    assert "as_of=2024-12-01&known_at=" in lines[-1]
    assert {"Where it was on 1 December 2024", "Why this status"} <= set(rows[0])
    by_title = {row["Recommendation"]: row for row in rows}
    law, post = by_title["Renew the law"], by_title["Fill the post"]
    assert (law["Theme"], law["Status"], law["Confidence"]) == ("Laws", "Announced", "low")
    assert law["Since"] == datetime(2024, 3, 1)
    assert law["Why this status"] == "A bill was filed."
    assert post["Addressed to"] == "Ministry\nSenate"
    assert law["Web page"] == "Open"
    links = {cell.hyperlink.target for row in sheet.iter_rows() for cell in row if cell.hyperlink}
    assert any(link.endswith("/small/recommendations/law/?as_of=2024-12-01") for link in links)
    for target in links:
        assert client.get(urlsplit(target)._replace(scheme="", netloc="").geturl()).status_code == 200
    assert sheet.page_setup.orientation == "landscape"
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    assert sheet.page_setup.fitToHeight == 0, "as many pages as needed"
    assert all(sheet.row_dimensions[n].height for n in range(len(lines) + 2, sheet.max_row + 1)), "no text is cut off"


def test_the_list_to_print_has_the_filters_of_the_list(client: FlaskClient) -> None:
    page = client.get("/small/?as_of=2024-12-01&theme=laws&sort=title").text
    (address,) = re.findall(r'href="(/small/recommendations\.xlsx[^"]*)"', page)
    assert "theme=laws" in address
    _sheet, lines, rows = read_list(client, address.replace("&amp;", "&"))
    assert [row["Recommendation"] for row in rows] == ["Renew the law"]
    assert "Theme: Laws" in lines
    assert client.get("/small/recommendations.xlsx?theme=none").status_code == 400
    _sheet, lines, rows = read_list(client, "/small/recommendations.xlsx?status=contrary")
    assert not any(any(row.values()) for row in rows)
    assert "No recommendation matches." in lines[1]
    _sheet, lines, rows = read_list(client, "/small/recommendations.xlsx")
    assert "Where it is now" in rows[0]
    assert "came after the day" not in lines[1]


def test_the_list_to_print_is_in_the_language_of_the_page(client: FlaskClient) -> None:
    sheet, lines, rows = read_list(client, "/ko/small/recommendations.xlsx?as_of=2024-12-01")
    assert lines[0] == "작은 등록부"
    assert {row["상태"] for row in rows} == {"미평가", "약속·발표", "시행 중"}
    assert "직위를 채울 것" in {row["권고"] for row in rows}
    days = {cell.number_format for row in sheet.iter_rows() for cell in row if getattr(cell, "is_date", False)}
    assert days == {'yyyy"년" m"월" d"일"'}
    assert "웹 페이지" in rows[0] and "쪽" not in rows[0]


def test_every_column_is_explained(client: FlaskClient) -> None:
    for sheet in SHEETS:
        for column in sheet.columns:
            assert column_meaning(sheet.name, column.name).endswith(".")
    rows = list(csv.reader(io.StringIO(client.get("/small/download/columns.csv").text)))
    assert tuple(rows[0]) == build_dictionary().header
    header = client.get("/small/download/scorecard.csv").text.splitlines()[0].split(",")
    assert [r[1] for r in rows if r[0] == "scorecard"] == header
    for file, text in FILES.items():
        known = {r[1] for r in rows if f"{r[0]}.csv" == file}
        assert set(text.splitlines()[0].split(",")) <= known


def test_a_table_that_is_not_there_is_named(client: FlaskClient) -> None:
    answer = client.get("/small/download/people.csv")
    assert answer.status_code == 404
    assert "There is no table “people”. Use one of: scorecard, themes," in answer.text


def test_a_comparison_can_be_taken_away(client: FlaskClient) -> None:
    api = client.get("/api/v1/registers/small/compare?from=2023-09-14&to=2025-06-01").json
    text = client.get("/small/compare/compare.csv?from=2023-09-14&to=2025-06-01").data.decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert [(r["id"], r["direction"], r["first"]) for r in rows] == [
        (r["id"], r["direction"], r["a"] or "") for r in api["rows"]
    ]


def test_a_comparison_of_the_api_has_pages(client: FlaskClient) -> None:
    path = "/api/v1/registers/small/compare?from=2023-09-14&to=2025-06-01"
    whole = client.get(path).json
    assert whole["next"] is None and len(whole["rows"]) == 3
    rows, cursor = [], "0"
    while cursor is not None:
        part = client.get(f"{path}&limit=2&cursor={cursor}").json
        assert part["counts"] == whole["counts"] and len(part["rows"]) <= 2
        rows += part["rows"]
        cursor = part["next"]
    assert rows == whole["rows"]
    assert client.get(f"{path}&limit=0").status_code == 400


def test_a_comparison_as_csv_is_read_in_batches(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    path = "/small/compare/compare.csv?from=2023-09-14&to=2025-06-01"
    whole = client.get(path).data
    monkeypatch.setattr(compare, "ROWS_PER_BATCH", 1)
    assert client.get(path).data == whole
    assert whole.count(b"\n") == 4


def test_a_register_describes_itself_as_a_dataset(client: FlaskClient) -> None:
    entries = re.search(r'<script type="application/ld\+json">(.*?)</script>', client.get("/small/").text, re.S)
    data = json.loads(entries.group(1))
    assert (data["@context"], data["@type"], data["name"]) == ("https://schema.org", "Dataset", "A small register")
    assert len(data["description"]) > 10
    for file in data["distribution"]:
        path = file["contentUrl"].removeprefix("http://127.0.0.1:8000")
        assert client.get(path).mimetype == file["encodingFormat"]


def test_robots_txt_excludes_staff_pages(client: FlaskClient) -> None:
    text = client.get("/robots.txt").text
    assert "Disallow: /staff/" in text
    assert "Sitemap: http://127.0.0.1:8000/sitemap.xml" in text


def test_a_page_names_its_lasting_address_in_both_languages(client: FlaskClient) -> None:
    html = client.get("/ko/small/?as_of=2024-12-01&known_at=2026-03-01").text
    assert (
        '<link rel="canonical" href="http://127.0.0.1:8000/ko/small/?as_of=2024-12-01&amp;known_at=2026-03-01">' in html
    )
    assert (
        '<link rel="alternate" hreflang="en" href="http://127.0.0.1:8000/small/?as_of=2024-12-01&amp;known_at=2026-03-01">'
        in html
    )


def test_what_is_downloaded_is_imported_without_a_change(small: Services, client: FlaskClient, tmp_path: Path) -> None:
    for name in ("register.xlsx", "bundle.zip", *(f"spreadsheet/{sheet.name}.csv" for sheet in SHEETS)):
        answer = client.get(f"/small/download/{name}")
        path = tmp_path / answer.headers["Content-Disposition"].split('"')[1]
        path.write_bytes(answer.data)
        bundle = read_bundle(path, find_stored=partial(find_register, small))
        assert import_bundle(small, bundle, ImportOptions()).stored == 0, name


def test_what_is_made_for_reading_is_left_out_with_a_note(small: Services, client: FlaskClient, tmp_path: Path) -> None:
    for name in ("scorecard", "columns"):
        path = tmp_path / f"small-{name}-spreadsheet.csv"
        path.write_bytes(client.get(f"/small/download/spreadsheet/{name}.csv").data)
        bundle = read_bundle(path, find_stored=partial(find_register, small))
        outcome = import_bundle(small, bundle, ImportOptions())
        assert (outcome.stored, [str(note) for note in outcome.notes]) == (
            0,
            [f"“small-{name}-spreadsheet.csv” left out: it is made for reading."],
        )
