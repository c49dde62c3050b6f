"""A malformed bundle of each kind: answered with file, line, column and reason, and never with anything else."""

import json
import stat
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from app.bundles.importing import Wish, import_bundle
from app.bundles.problems import BundleRefused
from app.bundles.reading import read_bundle
from app.bundles.writing import bundle_files
from app.wiring import Services
from domain.errors import Refused
from tests.support.bundles import FILES, REGISTER, change, write_small_bundle

Spoil = Callable[[Path], None]


def swap(file: str, old: str, new: str) -> Spoil:
    return lambda folder: change(folder, file, old, new)


def register(**values: object) -> Spoil:
    def spoil(folder: Path) -> None:
        (folder / "register.json").write_text(json.dumps(REGISTER | values), encoding="utf-8")

    return spoil


def put(file: str, content: bytes) -> Spoil:
    return lambda folder: (folder / file).write_bytes(content) and None


def drop(file: str) -> Spoil:
    return lambda folder: (folder / file).unlink()


A, R, E = "assessments.csv", "recommendations.csv", "evidence.csv"
STATUSES = (
    "not_assessed, no_action, contrary, announced, in_progress, partly, implemented, in_effect, reversed, superseded, "
    "unverifiable"
)
IMPOSSIBLE = "is not a date; write 2024, 2024-05 or 2024-05-20."

CASES: list[tuple[str, Spoil, list[str]]] = [
    ("no register.json", drop("register.json"), ["register.json: the file is missing."]),
    ("no recommendations", drop(R), [f"{R}: the file is missing."]),
    ("a file that is none of a bundle's", put("extra.csv", b"a\n"), ["extra.csv: there is no such file in a bundle."]),
    ("broken JSON", put("register.json", b'{"id":\n x}'), ["register.json, line 2: this is no JSON: Expecting value."]),
    ("a setting twice", put("register.json", b'{"id": 1, "id": 2}'), ["register.json: the setting “id” stands twice."]),
    ("an unknown setting", register(colour="blue"), ["register.json, line 1, column colour: there is no such setting."]),
    ("a setting of the wrong type", register(title=5), ["register.json, line 1, column title: a text is needed."]),
    (
        "an id that is an address of the site",
        register(id="staff"),
        ["register.json, line 1, column id: “staff” is an address of the site itself; choose another id."],
    ),
    (
        "a time zone that is none",
        register(time_zone="Mars/Base"),
        ["register.json, line 1, column time_zone: “Mars/Base” is no time zone."],
    ),
    (
        "a review both once and yearly",
        register(reviews=[{"id": "x", "title": "X", "as_of": "2024-01-01", "every_years": 1}]),
        ["register.json, line 1, column reviews[1]: give either one as_of, or anniversary_of with every_years."],
    ),
    ("an empty file", put("themes.csv", b""), ["themes.csv, line 1: the file is empty; it needs at least a header row."]),
    (
        "another encoding",
        put("themes.csv", "id,title\nkorea,한국\n".encode("euc-kr")),
        ["themes.csv, line 2: the file is not UTF-8; save it as “CSV UTF-8”."],
    ),
    ("an unknown column", swap("themes.csv", "title_ko", "colour"), ["themes.csv, line 1: unknown columns: “colour”."]),
    ("a column twice", swap("themes.csv", "title_ko", "title"), ["themes.csv, line 1: columns that stand twice: title."]),
    (
        "a missing column",
        swap("bodies.csv", "id,name,name_ko", "id,name_ko,parent"),
        [
            "bodies.csv, line 1: columns that stand twice: parent.",
            "bodies.csv, line 1: missing columns: name.",
        ],
    ),
    (
        "a row too short",
        swap("themes.csv", "laws,Laws,", "laws,Laws"),
        ["themes.csv, line 3: the row has 2 cells; the header has 3 columns."],
    ),
    (
        "a quote that is not closed",
        put("themes.csv", b'id,title,title_ko\nlaws,"Laws,\n'),
        ["themes.csv, line 2: a quoted cell is not closed."],
    ),
    (
        "text after a closing quote",
        put("themes.csv", b'id,title,title_ko\nlaws,"Laws"x,\n'),
        ["themes.csv, line 2: the quoting is broken (',' expected after '\"')."],
    ),
    ("a required cell that is empty", swap("themes.csv", "laws,Laws", "laws,"), ["themes.csv, line 3, column title: the cell is empty; it is required."]),
    (
        "an id in capitals",
        swap("themes.csv", "laws,Laws", "Laws,Laws"),
        [
            "themes.csv, line 3, column id: “Laws” is no id; use small letters, digits and hyphens, at most 80, "
            "beginning with a letter or digit."
        ],
    ),
    ("an id twice", swap("themes.csv", "laws,Laws", "offices,Laws"), ["themes.csv, line 3, column id: “offices” stands already on line 2."]),
    ("an unknown status", swap(A, "law-1,law,,no_action", "law-1,law,,done"), [f"{A}, line 6, column status: “done” is not one of {STATUSES}."]),
    ("an impossible date", swap(A, "2024-10-13,world", "2024-02-30,world"), [f"{A}, line 4, column effective_on: There is no day “2024-02-30” in the calendar."]),
    ("a date that is none", swap(R, "2023-09,,", "autumn,,"), [f"{R}, line 3, column recommended_on: “autumn” {IMPOSSIBLE}"]),
    (
        "an instant without offset",
        swap(R, "explicit,,\n", "explicit,,2023-01-01T00:00:00\n"),
        [
            f"{R}, line 2, column registered_at: “2023-01-01T00:00:00” is not an instant; write it with its offset, "
            "such as 2024-05-20T12:00:00Z."
        ],
    ),
    ("a list with an empty part", swap(R, "ministry;senate", "ministry;;senate"), [f"{R}, line 2, column addressees: the list has an empty part; write parts separated by one semicolon."]),
    ("neither yes nor no", swap("elements.csv", "one_off,yes", "one_off,true"), ["elements.csv, line 2, column core: “true” is neither “yes” nor “no”."]),
    (
        "no core element",
        put("elements.csv", FILES["elements.csv"].replace(",yes,", ",no,").encode()),
        ["elements.csv, line 2, column core: “post” has no core element; at least one is needed."],
    ),
    (
        "a formula",
        swap(E, "The oath was taken.", "=HYPERLINK(1)"),
        [f"{E}, line 2, column summary: the cell begins like a formula (“=HYPERLINK”); begin it with a word."],
    ),
    (
        "a cell of ten megabytes",
        swap(E, "The oath was taken.", "x" * 10_000_000),
        [f"{E}, line 2, column summary: the cell holds 10,000,000 characters; at most 100,000 are kept."],
    ),
    (
        "a control character",
        swap(E, "The oath was taken.", "The \x07oath."),
        [f"{E}, line 2, column summary: the cell holds a control character; type the text again."],
    ),
    (
        "a withdrawal of two things",
        swap("withdrawals.csv", "law-3,,", "law-3,law,"),
        [
            "withdrawals.csv, line 2, column assessment: name either an assessment or a recommendation, not both and "
            "not neither."
        ],
    ),
    (
        "a card approved by its author",
        swap("cards.csv", "ana,ben", "ana,ana"),
        ["cards.csv, line 2, column approved_by: a card is approved by a person other than its author (rule 10)."],
    ),
    ("a digest that is none", swap(E, "taken.,,en,", "taken.,,en,abc"), [f"{E}, line 2, column sha256: “abc” is no SHA-256; it has 64 digits from 0 to f."]),
    ("an unknown body", swap(R, "ministry;senate", "ministry;court"), [f"{R}, line 2, column addressees: there is no body “court”."]),
    ("a body that is part of itself", swap("bodies.csv", "state,State,국가,", "state,State,국가,ministry"), [
        "bodies.csv, line 2, column parent: “state” is a part of itself.",
        "bodies.csv, line 3, column parent: “ministry” is a part of itself.",
    ]),
    ("unknown evidence", swap(A, "search,ana", "void,ana"), [f"{A}, line 6, column evidence: there is no evidence “void”."]),
    ("an element that is not there", swap(A, "post,kept,in_progress", "post,gone,in_progress"), [f"{A}, line 3, column element: “post” has no element “gone”."]),
    ("no element where there are some", swap(A, "post,kept,in_progress", "post,,in_progress"), [f"{A}, line 3, column element: “post” has elements; name the one you mean."]),
    ("a withdrawal of nothing", swap("withdrawals.csv", "law-3", "law-7"), [
        "withdrawals.csv, line 2, column assessment: there is no assessment “law-7”.",
        "withdrawals.csv, line 2, column replaced_by: it is an assessment of another recommendation.",
    ]),
    ("a rule broken", swap(A, "world_changed,office_vacant", "world_changed,"), [
        f"{A}, line 5, column cause: “Reversed” needs a cause, one of: repealed, expired, defunded, office_vacant, "
        "struck_down, enjoined, not_enforced, waived, mandate_ended, replaced_by_contrary_act (rule 3)."
    ]),
    ("a day in the future", swap(A, "2024-10-13,world", "2027-10-13,world"), [
        f"{A}, line 4, column effective_on: 2027-10-13 lies after the day of publishing, 2026-03-01 (rule 7).",
        f"{A}, line 5, column effective_on: 2025-01 lies before the item's latest assessment, of 2027-10-13; that needs the "
        "reason “new evidence”, “our correction” or “method changed” (rule 7).",
    ]),
]  # fmt: skip


@pytest.mark.parametrize(("spoil", "expected"), [c[1:] for c in CASES], ids=[c[0] for c in CASES])
def test_a_malformed_bundle(services: Services, tmp_path: Path, spoil: Spoil, expected: list[str]) -> None:
    folder = write_small_bundle(tmp_path / "small")
    spoil(folder)
    with pytest.raises(BundleRefused) as caught:
        import_bundle(services, folder, Wish())
    assert [str(p) for p in caught.value.problems] == expected
    assert services.log.last() == (0, 0)


def test_the_line_is_the_one_on_which_a_record_begins(tmp_path: Path) -> None:
    folder = write_small_bundle(tmp_path / "small")
    change(folder, R, "Fill it, and keep it filled.", "Fill it,\nand\r\nkeep it filled.")
    change(folder, R, "Renew the law,,Renew it.", "Renew the law,,")
    with pytest.raises(BundleRefused) as caught:
        read_bundle(folder)
    assert [str(p) for p in caught.value.problems] == [
        f"{R}, line 5, column summary: the cell is empty; it is required."
    ]


def test_all_problems_are_told_at_once_in_the_order_of_the_files(tmp_path: Path) -> None:
    folder = write_small_bundle(tmp_path / "small")
    change(folder, A, "law-1,law,,no_action", "law-1,law,,done")
    change(folder, "themes.csv", "laws,Laws", "laws,")
    register(colour="blue")(folder)
    with pytest.raises(BundleRefused) as caught:
        read_bundle(folder)
    assert [p.file for p in caught.value.problems] == ["register.json", "themes.csv", A]


def test_line_ends_marks_and_composed_letters_do_not_matter(tmp_path: Path) -> None:
    import unicodedata

    plain = write_small_bundle(tmp_path / "plain")
    odd = write_small_bundle(tmp_path / "odd")
    for name, text in FILES.items():
        decomposed = unicodedata.normalize("NFD", text).replace("\n", "\r\n" if len(name) % 2 else "\r")
        (odd / name).write_bytes(b"\xef\xbb\xbf" + decomposed.encode())
    assert bundle_files(read_bundle(odd)) == bundle_files(read_bundle(plain))


def spoiled_zip(path: Path, *members: tuple[str, bytes], mode: int = 0) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members:
            info = zipfile.ZipInfo(name)
            info.external_attr = mode << 16
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, content)
    return path


@pytest.mark.parametrize(
    ("members", "mode", "reason"),
    [
        ([("../register.json", b"{}")], 0, "“../register.json” points outside the bundle."),
        ([("/etc/passwd", b"")], 0, "“/etc/passwd” points outside the bundle."),
        ([("a\\b.csv", b"")], 0, "points outside the bundle."),
        ([("register.json", b"x")], stat.S_IFLNK | 0o777, "“register.json” is a link; put the file itself in."),
        ([("a/b/register.json", b"{}")], 0, "“a/b/register.json” lies in a folder of a folder."),
        ([("register.json", b"{}"), ("register.json", b"{}")], 0, "“register.json” is in it twice."),
        ([("evidence.csv", b"0" * 30_000_000)], 0, "“evidence.csv” unpacks to over 200 times its size."),
        ([(f"f{n}.txt", b"") for n in range(1001)], 0, "holds 1001 files; a bundle has at most 1000."),
    ],
)
@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_zip_with_tricks_is_refused(tmp_path: Path, members: list[tuple[str, bytes]], mode: int, reason: str) -> None:
    with pytest.raises(Refused) as caught:
        read_bundle(spoiled_zip(tmp_path / "bad.zip", *members, mode=mode))
    assert reason in str(caught.value)


def test_what_is_no_bundle_at_all_is_named(tmp_path: Path) -> None:
    (tmp_path / "note.txt").write_text("hello")
    (tmp_path / "book.xlsx").write_bytes(b"no book")
    for name, reason in (
        ("note.txt", "note.txt is neither a folder, nor a zip, nor a spreadsheet (.xlsx)."),
        ("book.xlsx", "book.xlsx is no spreadsheet."),
        ("nowhere", "There is nothing at"),
    ):
        with pytest.raises(Refused) as caught:
            read_bundle(tmp_path / name)
        assert reason in str(caught.value)
    whole = spoiled_zip(tmp_path / "whole.zip", *((n, t.encode()) for n, t in FILES.items()))
    (tmp_path / "half.zip").write_bytes(whole.read_bytes()[:-40])
    with pytest.raises(Refused):
        read_bundle(tmp_path / "half.zip")


def workbook(path: Path, **cells: object) -> Path:
    """The small bundle as a spreadsheet; `cells` are put into the first row of recommendations by column."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "register"
    sheet.append(["key", "value"])
    for key, value in REGISTER.items():
        if isinstance(value, str):
            sheet.append([key, value])
    reviews = book.create_sheet("reviews")
    names = ["id", "title", "title_ko", "as_of", "anniversary_of", "years", "every_years"]
    reviews.append(names)
    for review in REGISTER["reviews"]:
        reviews.append([review.get(name) for name in names])
    import csv
    import io

    for name, text in FILES.items():
        tab = book.create_sheet(name.removesuffix(".csv"))
        rows = list(csv.reader(io.StringIO(text)))
        for n, row in enumerate(rows):
            if name == R and n == 1:
                row = [cells.get(column, value) for column, value in zip(rows[0], row, strict=True)]  # type: ignore[misc]
            tab.append(row)
    book.save(path)
    return path


def test_a_spreadsheet_is_read_like_the_folder(tmp_path: Path) -> None:
    from datetime import datetime

    folder = write_small_bundle(tmp_path / "small")
    book = workbook(tmp_path / "small.xlsx", recommended_on=datetime(2023, 9, 14))
    assert bundle_files(read_bundle(book)) == bundle_files(read_bundle(folder))


def test_a_spreadsheets_problems_name_sheet_and_row(tmp_path: Path) -> None:
    with pytest.raises(BundleRefused) as caught:
        read_bundle(workbook(tmp_path / "b.xlsx", kind="wrong", locator="=1+1"))
    assert [str(p) for p in caught.value.problems] == [
        "b.xlsx/recommendations, line 2: a cell holds a formula; put its value in instead.",
        "b.xlsx/recommendations, line 2, column kind: “wrong” is not one of one_off, continuing, outcome, restraint.",
    ]


@given(st.sampled_from(["register.json", *FILES]), st.binary(max_size=300), st.integers(0, 200))
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_bytes_at_all_raise_anything_but_a_refusal(
    tmp_path_factory: pytest.TempPathFactory, file: str, noise: bytes, at: int
) -> None:
    folder = write_small_bundle(tmp_path_factory.mktemp("fuzz") / "small")
    content = (folder / file).read_bytes()
    (folder / file).write_bytes(content[:at] + noise + content[at + len(noise) // 2 :])
    try:
        read_bundle(folder)
    except Refused as refused:
        assert all(refused.refusals)
