"""Everything about a person's sheet is guessed, or it is said that only the person knows."""

from collections.abc import Sequence

import pytest
from msgspec import structs

from app.adapters.spreadsheets.cells import CellRow, CellSheet, MergedCells, Workbook
from app.services.mapping.guesses import Guess, with_safe_answers
from app.services.mapping.guessing import guess_mapping, guess_values
from app.services.mapping.types import HostChoice, MappedColumn, NameChoice, NewRegister, PublicationChoice
from domain.errors import Refused
from tests.support.sheets import audit_follow_up, book, book_of, plain_tracker, sheet_of

LONG = "The ministry is asked to publish the list of all contracts and to report on it, part {}"


def fields(guess: Guess) -> dict[str, str]:
    """The field of each column, with its day or language."""
    return {c.heading: " ".join(filter(None, (c.field, c.on, c.language))) for c in guess.mapping.columns}


def ids(choices: dict[str, NameChoice]) -> dict[str, str]:
    return {name: choice.id for name, choice in choices.items()}


def column_of(heading: str, values: Sequence[str]) -> Workbook:
    """A sheet with a number, a text and one more column."""
    rows = [[str(n), LONG.format(n), value] for n, value in enumerate(values, 1)]
    return book(["No.", "Recommendation", heading], *rows)


# The whole


def test_a_plain_tracker() -> None:
    guess = guess_mapping(plain_tracker())
    mapping = guess.mapping
    assert (mapping.sheet, mapping.header_rows, mapping.date_order, mapping.legacy) == ("Tracker", (3,), "", True)
    assert fields(guess) == {
        "No.": "number",
        "Recommendation": "title",
        "Responsible body": "addressees",
        "Theme": "theme",
        "Status": "status",
        "Comment": "",
        "Last updated": "status_on",
        "Link": "source",
    }
    assert mapping.columns[2].separator == ";"
    assert mapping.words == {
        "status": {"In Progress": "in_progress", "Not Started": "no_action", "Complete": "implemented"}
    }
    assert mapping.bodies == {
        "Ministry of Justice": NameChoice(id="ministry-of-justice"),
        "Office of the Ombudsman": NameChoice(id="office-of-the-ombudsman"),
        "Minstry of Justice": NameChoice(id="ministry-of-justice", name="Ministry of Justice"),
    }
    assert ids(mapping.themes) == {"Courts & Prisons": "courts-prisons"}
    assert mapping.hosts == {"example.org": HostChoice(source_class="unclassified")}
    assert mapping.publication == PublicationChoice(
        title="Our 2023 report: who did what", publisher="Not stated", published_on="2023"
    )
    assert mapping.register == NewRegister(title="Our 2023 report: who did what", time_zone="UTC", languages=("en",))
    assert (mapping.choices.kind, mapping.choices.criteria) == ("one_off", "earlier_record")
    assert guess.items == 12


def test_the_sheet_of_an_audit_office() -> None:
    guess = guess_mapping(audit_follow_up())
    mapping = guess.mapping
    assert (mapping.sheet, mapping.header_rows, mapping.heading_rows) == ("Follow-up", (4,), "theme")
    assert fields(guess) == {
        "No.": "number",
        "Audit report": "publication",
        "Recommendation": "title",
        "Directorate": "addressees",
        "Priority": "priority",
        "Due": "deadline",
        "Status 2024": "status 2024",
        "Status 2025": "status 2025",
        "Status 2026": "status 2026",
        "Comments": "",
        "Link": "source",
    }
    assert mapping.words["status"]["?"] == ""
    assert mapping.words["priority"] == {"high": "yes"}
    assert mapping.themes == {
        "PROCUREMENT": NameChoice(id="procurement", name="Procurement"),
        "ROADS AND BRIDGES": NameChoice(id="roads-and-bridges", name="Roads and bridges"),
    }
    assert mapping.bodies["Dir. of Procurement"].id == mapping.bodies["Directorate of Procurement"].id
    assert mapping.bodies["Road Authority"].id == "roads-authority"
    assert mapping.publications["Report 3/2023"].published_on == "2023"
    assert mapping.publication is None
    assert [str(sentence) for sentence in guess.unknown] == [
        "Column J, “Comments”: Please choose. Free text; rows: 2, characters of the longest: 32.",
        "“?” in the column “Status 2024” is not known; cells with it: 1. Choose what it means.",
    ]


def test_a_sheet_in_korean() -> None:
    rows = [
        [
            str(n),
            f"북한 인권 증진을 위한 제{n}호 과제를 추진할 것",
            "법무부, 외교부" if n % 2 else "법무부",
            word,
            "메모",
        ]
        for n, word in enumerate(["이행", "추진 중", "미이행", "일부 이행"], 1)
    ]
    guess = guess_mapping(book(["연번", "권고 사항", "소관부처", "2023년 이행 상황", "비고"], *rows, name="권고.xlsx"))
    mapping = guess.mapping
    assert list(fields(guess).values()) == ["number", "title", "addressees", "status 2023", ""]
    assert ids(mapping.bodies) == {"법무부": "beopmubu", "외교부": "oegyobu"}
    assert mapping.words["status"] == {
        "이행": "implemented",
        "추진 중": "in_progress",
        "미이행": "no_action",
        "일부 이행": "partly",
    }
    assert mapping.register == NewRegister(title="권고", time_zone="Asia/Seoul", languages=("ko",))


def test_guessing_the_values_again_changes_nothing() -> None:
    for workbook in (plain_tracker(), audit_follow_up()):
        mapping = guess_mapping(workbook).mapping
        assert guess_values(workbook, mapping).mapping == mapping


# The sheet and its headings


def test_a_hidden_sheet_is_read_only_if_no_other_has_a_table() -> None:
    table = [["No.", "Recommendation"], *([str(n), LONG.format(n)] for n in range(9))]
    notes = sheet_of("Notes", [["Ask Ana"]])
    small = sheet_of("Small", [["No.", "Recommendation"], ["1", "Publish"]])
    hidden = sheet_of("Data", table, is_hidden=True)
    assert guess_mapping(book_of(small, hidden)).mapping.sheet == "Small"
    assert guess_mapping(book_of(notes, hidden)).mapping.sheet == "Data"


def test_a_sheet_that_is_not_there_is_refused_with_the_names_of_the_others() -> None:
    with pytest.raises(Refused, match="There is no sheet “Foo” in the file. It has: “Tracker”, “Internal”."):
        guess_mapping(plain_tracker(), sheet="Foo")


def test_two_header_rows_are_read_together() -> None:
    rows = [[str(n), LONG.format(n), "Done", "Not started", "Agency"] for n in range(1, 5)]
    header = ["No.", "Text", "Status", "", "Body"]
    merged = (MergedCells(1, 2, 1, 3),)
    for sheet in (
        sheet_of("S", [header, ["", "", "2022", "2023", ""], *rows], merged=merged),
        sheet_of("S", [header, ["", "", "2022", "2023", ""], *rows]),
        sheet_of("S", [header, ["No.", "Text", "2022", "2023", "Body"], *rows], merged=merged),
    ):
        guess = guess_mapping(book_of(sheet))
        assert guess.mapping.header_rows == (1, 2)
        assert list(fields(guess).items())[2:4] == [("Status 2022", "status 2022"), ("Status 2023", "status 2023")]
        assert guess.items == 4


def test_a_chosen_header_row_is_used() -> None:
    workbook = book(["Our list", "of things"], ["a", "b"], ["No.", "Recommendation"], ["1", "Publish"])
    assert guess_mapping(workbook).mapping.header_rows == (3,)
    assert guess_mapping(workbook, header_rows=(2,)).mapping.header_rows == (2,)


def test_a_file_without_headings_says_so() -> None:
    guess = guess_mapping(book(*([f"https://example.org/{n}", "14/05/2024", LONG.format(n)] for n in range(4))))
    assert guess.mapping.header_rows == ()
    assert "No row with headings was found. Choose it." in guess.unknown


def test_an_empty_file_is_refused() -> None:
    with pytest.raises(Refused, match="No sheet of the file has any cells."):
        guess_mapping(book_of(CellSheet("S", (), 0)))


# The shape


def test_rows_without_a_number_are_parts_if_they_lack_what_an_item_has() -> None:
    rows = [
        ["1", LONG.format(1), "Agency A"],
        ["", "in the north", ""],
        ["", "in the south", ""],
        ["2", LONG.format(2), "B"],
    ]
    guess = guess_mapping(book(["No.", "Recommendation", "Agency"], *rows))
    assert (guess.mapping.sub_rows, guess.items) == ("part", 2)


def test_rows_numbered_below_an_item_are_parts_if_they_lack_what_it_has() -> None:
    rows = [["1", LONG.format(1), "Agency A"], ["1a", "in the north", ""], ["1b", "in the south", ""]]
    rows += [["2", LONG.format(2), "B"], ["2.1", "in the east", ""]]
    guess = guess_mapping(book(["No.", "Recommendation", "Agency"], *rows))
    assert (guess.mapping.sub_rows, guess.items) == ("part", 2)


def test_rows_without_a_number_that_have_everything_else_are_recommendations() -> None:
    rows = [["1", LONG.format(1), "Agency A"], ["", LONG.format(2), "Agency B"], ["3", LONG.format(3), "Agency A"]]
    guess = guess_mapping(book(["No.", "Recommendation", "Agency"], *rows))
    assert (guess.mapping.sub_rows, guess.items) == ("recommendation", 3)


# Columns


@pytest.mark.parametrize(
    ("heading", "values", "expected"),
    [
        ("Link", ["https://example.org/a", "https://example.org/b", ""], "source"),
        ("Where", ["https://example.org/a", "www.example.org/b", "see https://example.org/c"], "source"),
        ("Ours", ["Done", "In progress", "Not started"], "status"),
        ("2023", ["Done", "In progress", "Not started"], "status 2023"),
        ("Status (March 2024)", ["Done", "Pending", "Done"], "status 2024-03"),
        ("상태 2023", ["이행", "이행", "미이행"], "status 2023"),
        ("Status", ["Accepted", "Noted", "Noted"], "response"),
        ("Progress", ["Done", "In progress", "Not started"], "status"),
        ("Progress 2023", [LONG.format(n) for n in "abc"], "statement 2023"),
        ("Government response", [LONG.format(n) for n in "abc"], "response_text"),
        ("Comments", ["fine", "ask Ana", "no"], ""),
        ("Due", ["soon", "later", "end of FY"], ""),
        ("Due", ["31/12/2024", "2025", "June 2026"], "deadline"),
        ("Type", ["Legislative", "Policy", "Training"], ""),
        ("Kind", ["one-off", "continuing", "outcome"], "kind"),
        ("Cluster", ["Courts", "Courts", "Prisons"], "theme"),
        ("Lead agency", ["Police", "Courts", "Police"], "addressees"),
        ("Accepted/Noted", ["Accepted", "Noted", "Accepted"], "response"),
        ("Recommending State", ["France", "Chad", "Peru"], ""),
        ("Session", ["UPR 2014", "UPR 2019", "UPR 2019"], "publication"),
        ("Wozu", ["a", "b", "c"], ""),
        ("Zuständige Behörde", ["Innenministerium", "Polizei", "Polizei"], "addressees"),
        ("État d'avancement", ["réalisé", "en cours", "non commencé"], "status"),
        ("Estado de cumplimiento", ["Cumplida", "En proceso", "Sin iniciar"], "status"),
        ("Nothing in it", ["", "", ""], "leave_out"),
    ],
)
def test_a_column_is_guessed(heading: str, values: list[str], expected: str) -> None:
    assert fields(guess_mapping(column_of(heading, values)))[heading] == expected


def test_free_text_is_asked_about_and_never_public_without_a_choice() -> None:
    guess = guess_mapping(audit_follow_up())
    comments = guess.columns["J"]
    assert (comments.must_choose, comments.field) == (True, "")
    assert with_safe_answers(guess).columns[9].field == "note"
    assert with_safe_answers(guess).words["status"]["?"] == "leave_out"


def test_reasons_and_examples() -> None:
    guess = guess_mapping(plain_tracker())
    assert str(guess.columns["A"].why) == "By the heading."
    assert str(guess.columns["G"].why) == "12 of 12 look like dates."
    assert str(guess.columns["H"].why) == "By the values. Cells with addresses: 12; hosts: 1."
    assert guess.columns["C"].different == 2
    assert guess.columns["A"].examples[:2] == ("R1.1", "R2.2")
    assert guess.columns["F"].longest == 36


def test_a_title_in_two_languages() -> None:
    rows = [[LONG.format(n), f"{n}호 과제를 추진하고 그 결과를 공개할 것"] for n in range(1, 6)]
    assert fields(guess_mapping(book(["Title", "Title (Korean)"], *rows))) == {
        "Title": "title",
        "Title (Korean)": "title ko",
    }
    assert fields(guess_mapping(book(["Recommendation", "권고"], *rows))) == {
        "Recommendation": "title",
        "권고": "title ko",
    }


def test_a_title_and_its_text() -> None:
    rows = [[f"Publish list {n}", LONG.format(n) * 3] for n in range(1, 6)]
    assert list(fields(guess_mapping(book(["Commitment", "Commitment description"], *rows))).values()) == [
        "title",
        "summary",
    ]
    assert list(fields(guess_mapping(book(["Title", "Recommendation"], *rows))).values()) == ["title", "summary"]


def test_two_columns_never_fill_a_field_with_one_value() -> None:
    rows = [[str(n), LONG.format(n), "Courts", "Prisons", "Done", "Started"] for n in range(1, 6)]
    guess = guess_mapping(book(["No.", "Recommendation", "Theme", "Topic", "Status", "Status"], *rows))
    assert [c.field for c in guess.mapping.columns] == ["number", "title", "theme", "", "status", ""]
    assert str(guess.columns["F"].why) == "Please choose. Column E is already used for this."


def test_a_column_without_a_heading_is_asked_about() -> None:
    guess = guess_mapping(column_of("", ["fine", "ask Ana", "no"]))
    assert (guess.columns["C"].field, guess.columns["C"].must_choose) == ("", True)


def test_commas_in_names_do_not_split_them() -> None:
    values = ["Directorate of Education, Buildings", "Directorate of Education", "Directorate of Education, Buildings"]
    guess = guess_mapping(column_of("Directorate", values))
    assert guess.mapping.columns[2].separator == ""
    assert guess.mapping.bodies == {
        "Directorate of Education, Buildings": NameChoice(
            id="directorate-of-education-buildings", parent="directorate-of-education"
        ),
        "Directorate of Education": NameChoice(id="directorate-of-education"),
    }
    guess = guess_mapping(
        column_of("Agency", ["Ministry of Health, Ministry of Justice", "Police", "Ministry of Justice, Police"])
    )
    assert guess.mapping.columns[2].separator == ","


# Values


def test_spellings_of_one_word_are_one_question() -> None:
    guess = guess_mapping(column_of("Status", ["Completed", "COMPLETED", "completed ", "??"]))
    first, second = guess.words["status"]
    assert (first.code, first.count, first.rows) == ("implemented", 3, (2, 3, 4))
    assert set(first.spellings) == {"Completed", "COMPLETED", "completed"}
    assert (second.word, second.code) == ("??", "")


def test_an_answered_word_stays() -> None:
    workbook = column_of("Status", ["Finished?", "Done", "Done"])
    mapping = guess_mapping(workbook).mapping
    assert mapping.words["status"] == {"Done": "implemented", "Finished?": ""}
    answered = structs.replace(mapping, words={"status": {"Done": "partly", "Finished?": "implemented"}})
    again = guess_values(workbook, answered)
    assert again.mapping.words == answered.words
    assert again.unknown == ()


def test_near_names_that_were_answered_keep_their_answer() -> None:
    workbook = plain_tracker()
    mapping = guess_mapping(workbook).mapping
    bodies = {**mapping.bodies, "Minstry of Justice": NameChoice(id="minstry-of-justice")}
    again = guess_values(workbook, structs.replace(mapping, bodies=bodies))
    assert again.mapping.bodies == bodies
    assert [(pair.first, pair.second, pair.answer) for pair in again.near_names["bodies"]] == [
        ("Ministry of Justice", "Minstry of Justice", "different")
    ]


def test_ambiguous_dates_are_one_question_with_an_example() -> None:
    dates = guess_mapping(audit_follow_up()).dates
    assert dates is not None
    assert (dates.order, dates.example, dates.ambiguous, dates.clear, dates.columns) == (
        "dmy",
        "03/04/2024",
        1,
        2,
        ("F",),
    )
    assert str(dates.why) == "By 2 other dates that can be read in one way only."


def test_american_dates_are_seen_from_the_others() -> None:
    guess = guess_mapping(column_of("Due", ["03/14/2024", "03/04/2024", "12/31/2024"]))
    assert guess.mapping.date_order == "mdy"


def test_hosts_of_governments_are_official() -> None:
    links = ["https://www.justice.gov.uk/a", "https://moj.go.kr/b", "https://example.org/c"]
    guess = guess_mapping(column_of("Link", links))
    assert {host.host: (host.source_class, host.is_guessed) for host in guess.hosts} == {
        "justice.gov.uk": ("official", True),
        "moj.go.kr": ("official", True),
        "example.org": ("unclassified", False),
    }


def test_addresses_behind_texts_are_links() -> None:
    rows = tuple(CellRow(n, (str(n), LONG.format(n), "Gazette")) for n in range(2, 6))
    header = CellRow(1, ("No.", "Recommendation", "Proof"))
    links = {f"C{n}": f"https://gazette.example/{n}" for n in range(2, 6)}
    guess = guess_mapping(book_of(CellSheet("S", (header, *rows), 3, links=links)))
    assert fields(guess)["Proof"] == "source"
    assert [(host.host, host.count) for host in guess.hosts] == [("gazette.example", 4)]


def test_what_is_missing_is_said_once_with_the_number_of_rows() -> None:
    guess = guess_mapping(
        book(["No.", "Recommendation", "Theme"], ["1", LONG.format(1), "Courts"], ["2", LONG.format(2), ""])
    )
    assert {thing.what: (thing.rows, thing.examples) for thing in guess.missing} == {
        "kind": (2, (2, 3)),
        "criteria": (2, (2, 3)),
        "theme": (1, (3,)),
        "addressees": (2, (2, 3)),
        "publication": (2, (2, 3)),
        "recommended_on": (2, (2, 3)),
    }
    assert guess.mapping.choices.theme == "All recommendations"
    assert guess.mapping.bodies == {"Not named": NameChoice(id="not-named")}


# Last year's answers


def test_a_saved_mapping_answers_for_equal_headings_even_if_columns_moved() -> None:
    first = guess_mapping(audit_follow_up()).mapping
    columns = tuple(
        MappedColumn(
            column=c.column, heading=c.heading, field="rationale" if c.heading == "Comments" else c.field, on=c.on
        )
        for c in first.columns
    )
    words = {**first.words, "status": {**first.words["status"], "?": "unverifiable"}}
    saved = structs.replace(first, columns=columns, words=words, date_order="mdy")
    old = audit_follow_up().sheets[0]
    moved = tuple(
        CellRow(
            row.number,
            ("", *row.cells[1:], "", "Delayed")[: len(row.cells) + 2] if row.number == 6 else ("", *row.cells),
        )
        for row in old.rows
    )
    header = next(n for n, row in enumerate(moved) if row.number == 4)
    cells = (*moved[header].cells, "Status 2027")
    moved = (*moved[:header], CellRow(4, cells), *moved[header + 1 :])
    guess = guess_mapping(book_of(CellSheet("Follow-up", moved, len(cells))), saved=saved)
    by_heading = {c.heading: c for c in guess.mapping.columns}
    assert (by_heading["Comments"].field, by_heading["Comments"].column) == ("rationale", "K")
    assert by_heading["Status 2024"].column == "H"
    assert guess.mapping.words["status"]["?"] == "unverifiable"
    assert guess.mapping.date_order == "mdy"
    assert [c.heading for c in guess.columns.values() if c.is_new] == ["Status 2027"]


def test_new_words_and_names_are_marked() -> None:
    saved = guess_mapping(column_of("Status", ["Done", "Done", "Started"])).mapping
    guess = guess_mapping(column_of("Status", ["Done", "Abandoned?", "Started"]), saved=saved)
    assert {word.word: word.is_new for word in guess.words["status"]} == {
        "Done": False,
        "Started": False,
        "Abandoned?": True,
    }
    saved = guess_mapping(column_of("Agency", ["Police", "Courts", "Police"])).mapping
    guess = guess_mapping(column_of("Agency", ["Police", "Prisons", "Police"]), saved=saved)
    assert {name.name: name.is_new for name in guess.names["bodies"]} == {"Police": False, "Prisons": True}
    assert ids(guess.mapping.bodies) == {"Police": "police", "Courts": "courts", "Prisons": "prisons"}


# Large files


def test_a_hundred_thousand_rows_are_guessed() -> None:
    words = ("Done", "In progress", "Not started", "?")
    rows = [
        [f"{n}", LONG.format(n), f"Agency {n % 500}", words[n % 4], f"{n % 28 + 1:02}/{n % 12 + 1:02}/2024"]
        for n in range(100_000)
    ]
    guess = guess_mapping(book(["No.", "Recommendation", "Agency", "Status", "Due"], *rows))
    assert guess.items == 100_000
    assert len(guess.mapping.bodies) == 500
    assert {word.word: word.count for word in guess.words["status"]} == dict.fromkeys(words, 25_000)


def test_a_note_that_was_chosen_is_not_asked_about_again() -> None:
    workbook = plain_tracker()
    mapping = guess_mapping(workbook).mapping
    chosen = tuple(structs.replace(c, field="note") if c.heading == "Comment" else c for c in mapping.columns)
    again = guess_values(workbook, structs.replace(mapping, columns=chosen))
    assert (again.columns["F"].must_choose, str(again.columns["F"].why)) == (False, "As chosen before.")
    assert again.unknown == ()
