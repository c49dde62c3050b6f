"""A malformed bundle of each kind: answered with file, line, column and reason, and never with anything else."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from app.services.bundles.importing import ImportOptions, import_bundle
from app.services.bundles.problems import BundleRefused
from app.services.bundles.reading import read_bundle
from app.services.container import Services
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


def folder_instead_of(file: str) -> Spoil:
    def spoil(folder: Path) -> None:
        (folder / file).unlink()
        (folder / file).mkdir()

    return spoil


A, R, E = "assessments.csv", "recommendations.csv", "evidence.csv"
STATUSES = (
    "not_assessed, no_action, contrary, announced, in_progress, partly, implemented, in_effect, reversed, superseded, "
    "unverifiable"
)
IMPOSSIBLE = "is not a date. Write 2024, 2024-05 or 2024-05-20."

CASES: list[tuple[str, Spoil, list[str]]] = [
    ("no register.json", drop("register.json"), ["register.json: the file is missing."]),
    ("no recommendations", drop(R), [f"{R}: the file is missing."]),
    ("a file that is none of a bundle's", put("extra.csv", b"a\n"), ["extra.csv: a bundle has no such file."]),
    ("broken JSON", put("register.json", b'{"id":\n x}'), ["register.json, line 2: this is not JSON: Expecting value."]),
    ("a setting twice", put("register.json", b'{"id": 1, "id": 2}'), ["register.json: the setting “id” is set twice."]),
    ("an unknown setting", register(flavour="blue"), ["register.json, line 1, column flavour: a bundle has no such setting."]),
    ("a setting of the wrong type", register(title=5), ["register.json, line 1, column title: enter a text."]),
    (
        "an id that is an address of the site",
        register(id="staff"),
        ["register.json, line 1, column id: “staff” is an address of the site itself. Choose another id."],
    ),
    (
        "a time zone that is none",
        register(time_zone="Mars/Base"),
        ["register.json, line 1, column time_zone: “Mars/Base” is no time zone; write one as Asia/Seoul."],
    ),
    (
        "a review both once and yearly",
        register(reviews=[{"id": "x", "title": "X", "as_of": "2024-01-01", "every_years": 1}]),
        ["register.json, line 1, column reviews[1]: enter either as_of, or anniversary_of with every_years."],
    ),
    ("an empty file", put("themes.csv", b""), ["themes.csv, line 1: the file is empty. Add at least a header row."]),
    ("an unknown column", swap("themes.csv", "title_ko", "flavour"), ["themes.csv, line 1: unknown columns: “flavour”."]),
    ("a column twice", swap("themes.csv", "title_ko", "title"), ["themes.csv, line 1: repeated columns: title."]),
    (
        "a missing column",
        swap("bodies.csv", "id,name,name_ko", "id,name_ko,parent"),
        [
            "bodies.csv, line 1: repeated columns: parent.",
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
        ["themes.csv, line 2: text follows a closing quote. Double the quotes inside a quoted cell. Nothing after this line was read."],
    ),
    ("a required cell that is empty", swap("themes.csv", "laws,Laws", "laws,"), ["themes.csv, line 3, column title: the cell is empty. Enter a value."]),
    (
        "an id in capitals",
        swap("themes.csv", "laws,Laws", "Laws,Laws"),
        [
            "themes.csv, line 3, column id: “Laws” is not an id. Use at most 80 lower-case letters, digits and "
            "hyphens, starting with a letter or digit."
        ],
    ),
    ("an id twice", swap("themes.csv", "laws,Laws", "offices,Laws"), ["themes.csv, line 3, column id: “offices” is already on line 2."]),
    ("an unknown status", swap(A, "law-1,law,,no_action", "law-1,law,,done"), [f"{A}, line 6, column status: “done” is not one of {STATUSES}."]),
    ("an impossible date", swap(A, "2024-10-13,world", "2024-02-30,world"), [f"{A}, line 4, column effective_on: There is no day “2024-02-30” in the calendar."]),
    ("a date that is none", swap(R, "2023-09,,", "autumn,,"), [f"{R}, line 3, column recommended_on: “autumn” {IMPOSSIBLE}"]),
    (
        "an instant without offset",
        swap(R, "explicit,,\n", "explicit,,2023-01-01T00:00:00\n"),
        [
            f"{R}, line 2, column registered_at: “2023-01-01T00:00:00” is not a date and time. Write it with its offset, "
            "such as 2024-05-20T12:00:00Z."
        ],
    ),
    ("a list with an empty part", swap(R, "ministry;senate", "ministry;;senate"), [f"{R}, line 2, column addressees: the list has an empty part. Separate the parts with one semicolon."]),
    ("neither yes nor no", swap("elements.csv", "one_off,yes", "one_off,maybe"), ["elements.csv, line 2, column core: “maybe” is neither “yes” nor “no”."]),
    (
        "no core element",
        put("elements.csv", FILES["elements.csv"].replace(",yes,", ",no,").encode()),
        ["elements.csv, line 2, column core: “post” has no core element. Add at least one."],
    ),
    (
        "a cell of ten megabytes",
        swap(E, "The oath was taken.", "x" * 10_000_000),
        [f"{E}, line 2, column summary: the text has 10,000,000 characters; the limit is 100,000."],
    ),
    (
        "a control character",
        swap(E, "The oath was taken.", "The \x07oath."),
        [f"{E}, line 2, column summary: the text contains a control character. Type the text again."],
    ),
    (
        "a withdrawal of two things",
        swap("withdrawals.csv", "law-3,,", "law-3,law,"),
        [
            "withdrawals.csv, line 2, column assessment: name either an assessment or a recommendation, not "
            "both."
        ],
    ),
    (
        "a card approved by its author",
        swap("cards.csv", "ana,ben", "ana,ana"),
        ["cards.csv, line 2, column approved_by: success criteria must be approved by someone other than their author (rule 10)."],
    ),
    ("a digest that is none", swap(E, "taken.,,en,", "taken.,,en,abc"), [f"{E}, line 2, column sha256: “abc” is not a SHA-256. Write 64 digits from 0 to f."]),
    ("an unknown body", swap(R, "ministry;senate", "ministry;court"), [f"{R}, line 2, column addressees: there is no body “court”."]),
    ("a body that is part of itself", swap("bodies.csv", "state,State,국가,", "state,State,국가,ministry"), [
        "bodies.csv, line 2, column parent: “state” is part of itself.",
        "bodies.csv, line 3, column parent: “ministry” is part of itself.",
    ]),
    ("unknown evidence", swap(A, "search,ana", "void,ana"), [f"{A}, line 6, column evidence: there is no evidence “void”."]),
    ("an element that is not there", swap(A, "post,kept,in_progress", "post,gone,in_progress"), [f"{A}, line 3, column element: “post” has no element “gone”."]),
    ("no element where there are some", swap(A, "post,kept,in_progress", "post,,in_progress"), [f"{A}, line 3, column element: “post” has elements. Name the one you mean."]),
    ("a withdrawal of nothing", swap("withdrawals.csv", "law-3", "law-7"), [
        "withdrawals.csv, line 2, column assessment: there is no assessment “law-7”.",
        "withdrawals.csv, line 2, column replaced_by: it is an assessment of another recommendation.",
    ]),
    ("a rule broken", swap(A, "world_changed,office_vacant", "world_changed,"), [
        f"{A}, line 5, column cause: “Reversed” needs a cause, one of: repealed, expired, defunded, office_vacant, "
        "struck_down, enjoined, not_enforced, waived, mandate_ended, replaced_by_contrary_act (rule 3)."
    ]),
    ("a day in the future", swap(A, "2024-10-13,world", "2027-10-13,world"), [
        f"{A}, line 4, column effective_on: 2027-10-13 is after the day of publishing, 2026-03-01 (rule 7).",
        f"{A}, line 5, column effective_on: 2025-01 is before the item's latest assessment, of 2027-10-13. Choose the "
        "reason “new evidence”, “our correction” or “method changed” (rule 7).",
    ]),
    ("a character that changes the order of reading", swap(E, "The oath was taken.", "The \u202eoath."), [
        f"{E}, line 2, column summary: the text contains RIGHT-TO-LEFT OVERRIDE (U+202E), which changes the order of "
        "reading. Delete it."
    ]),
    ("a control character of the upper range", swap(E, "The oath was taken.", "The \x9boath."), [
        f"{E}, line 2, column summary: the text contains a control character. Type the text again."
    ]),
    ("a quote within an unquoted cell", swap("themes.csv", "laws,Laws", 'laws,La"ws'), [
        "themes.csv, line 3: a quote is inside a cell that does not begin with one; quote the whole cell and double the "
        "quotes in it."
    ]),
    ("an id twice, and one of its rows wrong", swap("themes.csv", "offices,Offices,직위\nlaws,Laws", "laws,\x00,직위\nlaws,Laws"), [
        "themes.csv, line 2, column title: the text contains a control character. Type the text again.",
        "themes.csv, line 3, column id: “laws” is already on line 2.",
    ]),
    ("a withdrawal twice", swap("withdrawals.csv", "law-3,,", "law-3,,Twice.,,,\nlaw-3,,"), [
        "withdrawals.csv, line 3, column assessment: “law-3” is already on line 2."
    ]),
    ("a spoiled element that may have been the core one", put("elements.csv", FILES["elements.csv"].replace("continuing,yes", "continuing,no").replace("one_off,yes", "odd,yes").encode()), [
        "elements.csv, line 2, column kind: “odd” is not one of one_off, continuing, outcome, restraint."
    ]),
    ("an unknown methodology of an assessment", put(A, FILES[A].replace("published_at\n", "published_at,methodology\n").replace(",,,,\n", ",,,,,uptake-1999\n", 1).split("post-kept-1")[0].encode()), [
        f"{A}, line 2, column methodology: there is no methodology “uptake-1999”; use uptake-2026.1, uptake-2026.2."
    ]),
    ("years without what they follow", register(reviews=[{"id": "x", "title": "X", "as_of": "2024-01-01", "years": 3}]), [
        "register.json, line 1, column reviews[1].years: it goes with as_of and anniversary_of, as the years between them."
    ]),
    ("two reviews of one id", register(reviews=[{"id": "x", "title": "X", "as_of": "2024-01-01"}] * 2), [
        "register.json, line 1, column reviews[2].id: “x” is the id of review 1 already."
    ]),
    ("a review on half a date", register(reviews=[{"id": "x", "title": "X", "as_of": "2024-01"}]), [
        "register.json, line 1, column reviews[1].as_of: “2024-01” is not a full date. Write it as 2024-05-20."
    ]),
    ("a review that is no object", register(reviews=["x"]), ["register.json, line 1, column reviews[1]: enter an object."]),
    ("a zone that differs by machine", register(time_zone="localtime"), [
        "register.json, line 1, column time_zone: “localtime” is no time zone; write one as Asia/Seoul."
    ]),
    ("settings that are a list", put("register.json", b"[]"), ["register.json, line 1: enter an object with the register's settings."]),
    ("a number without end", put("register.json", b'{"id": ' + b"9" * 5000 + b"}"), ["register.json: the number 9999999999… is too long."]),
    ("settings without a bottom", put("register.json", b"[" * 100_000), ["register.json: it is nested too deeply."]),
    ("half a character and a terminal's command", put("register.json", rb'{"\ud800": 1, "id": "x", "title": "\u001b[31m"}'), [
        "register.json, line 1, column �: a bundle has no such setting.",
        "register.json, line 1, column title: the text contains a control character. Type the text again.",
    ]),
    ("a header of a thousand columns", put("themes.csv", b"id,title" + b",c,d" * 500), ["themes.csv, line 1: unknown columns: “c”, “d”."]),
    ("a folder in the place of a file", folder_instead_of("themes.csv"), [
        "themes.csv: this is not a regular file."
    ]),
    ("an address that would run as a script", swap(E, "https://example.org/oath", "javascript:alert(1)//"), [
        f"{E}, line 2, column url: “javascript:alert(1)//” is not an address. Start it with http:// or https:// and leave out spaces."
    ]),
    ("the same of a publication", swap("publications.csv", "https://example.org/report", "Data:text/html"), [
        "publications.csv, line 2, column url: “Data:text/html” is not an address. Start it with http:// or https:// and leave out "
        "spaces."
    ]),
    ("a list that names one thing twice", swap(R, "ministry;senate", "ministry;ministry"), [f"{R}, line 2, column addressees: the list names the same thing twice."]),
    ("a review_by of half a date", swap(A, "2025-12-01", "2025-12"), [f"{A}, line 7, column review_by: “2025-12” is not a full date. Write it as 2024-05-20."]),
]  # fmt: skip


@pytest.mark.parametrize(("spoil", "expected"), [c[1:] for c in CASES], ids=[c[0] for c in CASES])
def test_a_malformed_bundle(services: Services, tmp_path: Path, spoil: Spoil, expected: list[str]) -> None:
    folder = write_small_bundle(tmp_path / "small")
    spoil(folder)
    with pytest.raises(BundleRefused) as caught:
        import_bundle(services, folder, ImportOptions())
    assert [str(p) for p in caught.value.problems] == expected
    assert services.log.last() == (0, 0)


def test_the_line_is_the_one_on_which_a_record_begins(tmp_path: Path) -> None:
    folder = write_small_bundle(tmp_path / "small")
    change(folder, R, "Fill it, and keep it filled.", "Fill it,\nand\r\nkeep it filled.")
    change(folder, R, "Renew the law,,Renew it.", "Renew the law,,")
    with pytest.raises(BundleRefused) as caught:
        read_bundle(folder)
    assert [str(p) for p in caught.value.problems] == [
        f"{R}, line 5, column summary: the cell is empty. Enter a value."
    ]


def test_all_problems_are_told_at_once_in_the_order_of_the_files(tmp_path: Path) -> None:
    folder = write_small_bundle(tmp_path / "small")
    change(folder, A, "law-1,law,,no_action", "law-1,law,,done")
    change(folder, "themes.csv", "laws,Laws", "laws,")
    register(flavour="blue")(folder)
    with pytest.raises(BundleRefused) as caught:
        read_bundle(folder)
    assert [p.file for p in caught.value.problems] == ["register.json", "themes.csv", A]
