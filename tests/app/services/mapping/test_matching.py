"""Each row of next year's file finds its recommendation by id, title or number; what is not clear is asked."""

import time
from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.adapters.spreadsheets.cells import CellRow, CellSheet
from app.services.bundles.rows import Bundle, RecommendationRow, WithdrawalRow
from app.services.mapping.likeness import OTHER_NUMBER, SAME_NUMBER, likeness, number_key, text_key
from app.services.mapping.matching import MatchCause, Matches, MatchQuestion, match_rows, row_digest
from app.services.mapping.saved import SaidRow
from app.services.mapping.table import SheetItem, SheetTable
from app.services.mapping.types import Choices, MappedColumn, SheetMapping
from domain.codes import Kind
from domain.values import RecommendationFacts, RegisterSettings

COLUMNS = tuple(
    MappedColumn(column=letters, heading=field.title(), field=field)
    for letters, field in (("A", "id"), ("B", "number"), ("C", "title"), ("D", "summary"))
)
MAPPING = SheetMapping(header_rows=(1,), columns=COLUMNS)


def sheet_of(rows: Iterable[tuple[str, ...]]) -> SheetTable:
    """A sheet whose first item is in row 2, with id, number, title and summary."""
    cells = tuple(CellRow(number, row) for number, row in enumerate(rows, 2))
    sheet = CellSheet("Plan", cells, 4)
    return SheetTable("plan.csv", sheet, ("Id", "Number", "Title", "Summary"), tuple(map(SheetItem, cells)), COLUMNS)


def stored_of(recommendations: Iterable[tuple[str, str, str]], *, withdrawn: tuple[str, ...] = ()) -> Bundle:
    """A register with recommendations, by id, number and title."""
    rows = tuple(
        RecommendationRow(
            0,
            RecommendationFacts(
                id=ident,
                number=number,
                title=title,
                summary="",
                kind=Kind.ONE_OFF,
                theme="t",
                addressees=("b",),
                publication="p",
                recommended_on="2024",
            ),
        )
        for ident, number, title in recommendations
    )
    gone = tuple(WithdrawalRow(0, "", ident, "Entered twice.") for ident in withdrawn)
    return Bundle(settings=RegisterSettings(id="plan", title="Plan"), recommendations=rows, withdrawals=gone)


STORED = stored_of(
    [
        ("r1", "1", "Publish the budget every year"),
        ("r2", "2", "Open a register of lobbyists"),
        ("r3", "3", "Appoint a commissioner for information"),
    ]
)


def matched(rows: Iterable[tuple[str, ...]], stored: Bundle | None = STORED) -> Matches:
    return match_rows(sheet_of(rows), MAPPING, stored)


def test_without_a_stored_register_all_rows_are_new() -> None:
    found = matched([("", "1", "One"), ("", "2", "Two")], None)
    assert (found.rows, found.new, found.gone, found.questions) == ({}, (2, 3), (), ())


def test_titles_are_found_whatever_their_case_blanks_and_punctuation() -> None:
    found = matched([("", "", "publish the  Budget, every year."), ("", "", "OPEN A REGISTER OF LOBBYISTS")])
    assert found.rows == {2: "r1", 3: "r2"}
    assert (found.new, found.reworded, found.renumbered, found.gone) == ((), (), (), ("r3",))


def test_an_exact_title_wins_over_a_number_when_numbers_were_swapped() -> None:
    found = matched(
        [
            ("", "2", "Publish the budget every year"),
            ("", "1", "Open a register of lobbyists"),
            ("", "3.", "Appoint a commissioner for information"),
        ]
    )
    assert found.rows == {2: "r1", 3: "r2", 4: "r3"}
    assert (found.renumbered, found.reworded, found.gone) == ((2, 3), (), ())


def test_a_title_in_other_words_with_the_same_number_is_reworded() -> None:
    found = matched([("", "1", "Publish the whole budget each year"), ("", "2", "Open a register of lobbyists")])
    assert found.rows == {2: "r1", 3: "r2"}
    assert (found.reworded, found.renumbered) == ((2,), ())


def test_an_id_wins_over_title_and_number() -> None:
    found = matched([("r3", "1", "Publish the budget every year")])
    assert found.rows == {2: "r3"}
    assert (found.reworded, found.renumbered, found.gone) == ((2,), (2,), ("r1", "r2"))


def test_a_number_with_an_altogether_different_title_is_asked_about() -> None:
    found = matched([("", "2", "Plant ten thousand trees")])
    assert found.questions == (MatchQuestion(2, MatchCause.OTHER_TITLE, ("r2",)),)
    assert (found.rows, found.new, found.gone) == ({}, (), ("r1", "r3"))


def test_a_like_title_with_another_number_is_asked_about_or_decided_by_one_choice() -> None:
    rows = [("", "9", "Open the register of lobbyists")]
    assert matched(rows).questions == (MatchQuestion(2, MatchCause.RESEMBLES, ("r2",)),)
    same = SheetMapping(columns=COLUMNS, choices=Choices(resembling="same"))
    new = SheetMapping(columns=COLUMNS, choices=Choices(resembling="new"))
    assert match_rows(sheet_of(rows), same, STORED).rows == {2: "r2"}
    assert match_rows(sheet_of(rows), same, STORED).renumbered == (2,)
    assert match_rows(sheet_of(rows), new, STORED).new == (2,)


@pytest.mark.parametrize(
    ("rows", "cause"),
    [
        ([("r1", "", "One"), ("r1", "", "Two")], MatchCause.TWICE),
        (
            [("", "1", "Publish the budget every year"), ("", "1", "Publish the budget every year")],
            MatchCause.TWICE,
        ),
        (
            [("", "8", "Publish the budget every year"), ("", "9", "Publish the budget every year")],
            MatchCause.AMBIGUOUS,
        ),
        ([("", "1", "Publish a budget every year"), ("", "1", "Publish this budget every year")], MatchCause.AMBIGUOUS),
    ],
)
def test_repeated_rows_are_asked_about(rows: list[tuple[str, ...]], cause: MatchCause) -> None:
    found = matched(rows)
    assert found.questions == (MatchQuestion(2, cause, ("r1",)), MatchQuestion(3, cause, ("r1",)))
    assert found.gone == ("r2", "r3")


def test_a_repeated_title_is_told_apart_by_number() -> None:
    stored = stored_of([("r1", "1", "Report each year"), ("r2", "2", "Report each year"), ("r3", "3", "Other")])
    found = matched([("", "2", "Report each year"), ("", "1", "Report each year")], stored)
    assert found.rows == {2: "r2", 3: "r1"}


def test_rows_that_say_the_same_as_last_time_are_found_although_staff_changed_titles_here() -> None:
    rows = [("", "1", "Publish the budget"), ("", "2", "Publish the budget")]
    table = sheet_of(rows)
    said = {
        ident: SaidRow(number=str(n), title="Publish the budget", digest=row_digest(table.items[n - 1], COLUMNS))
        for n, ident in enumerate(("r2", "r3"), 1)
    }
    found = match_rows(table, MAPPING, STORED, said)
    assert found.rows == {2: "r2", 3: "r3"}
    assert (found.reworded, found.renumbered) == ((), ())


def test_a_person_decides_what_a_row_is() -> None:
    rows = [("", "2", "Plant ten thousand trees"), ("", "7", "Publish the budget every year")]
    found = match_rows(sheet_of(rows), MAPPING, STORED, answers={2: "r2", 3: ""})
    assert (found.rows, found.new, found.questions) == ({2: "r2"}, (3,), ())
    twice = match_rows(sheet_of(rows), MAPPING, STORED, answers={2: "r2", 3: "r2"})
    assert [question.cause for question in twice.questions] == [MatchCause.TWICE, MatchCause.TWICE]


def test_a_withdrawn_recommendation_is_not_gone_and_its_row_is_asked_about() -> None:
    stored = stored_of([("r1", "1", "One thing"), ("r2", "2", "Quite another")], withdrawn=("r1",))
    assert matched([], stored).gone == ("r2",)
    assert matched([("", "1", "One thing")], stored).questions == (MatchQuestion(2, MatchCause.WITHDRAWN, ("r1",)),)


def test_korean_titles() -> None:
    stored = stored_of([("r1", "1", "북한인권특사를 임명한다"), ("r2", "2", "청문회를 개최한다")])
    found = matched([("", "1", "북한인권특사를 즉시 임명한다"), ("", "3", "청문회를  개최한다.")], stored)
    assert found.rows == {2: "r1", 3: "r2"}
    assert (found.reworded, found.renumbered) == ((2,), (3,))


def test_a_file_of_another_register() -> None:
    stored = stored_of([(f"r{n}", "", f"Recommendation {n} about {n * 7919}") for n in range(40)])
    other = matched([("", "", f"{n * 104729} hospitals for region {n * 31}") for n in range(40)], stored)
    assert other.is_of_another_register
    assert not matched([("", "", "Recommendation 3 about 23757")], stored).is_of_another_register


def test_keys_of_numbers_and_titles() -> None:
    assert [number_key(text) for text in ("1.10.", " 1.1 ", "No. 7", "(a)", "Ⅳ", "-")] == [
        *("1.10", "1.1", "no.7", "a", "iv", "-")
    ]
    assert text_key("“Ａ” to – Z!") == "atoz"
    assert text_key("!!") == "!!"


# Against an obvious model: for each step, every row is compared with every stored recommendation.

TEXTS = st.sampled_from(
    ["", "Publish the budget", "Publish a budget", "Open the files", "Open files", "Trees", "예산 공개"]
)
NUMBERS = st.sampled_from(["", "1", "2", "3"])


@given(
    st.lists(st.tuples(st.sampled_from(["", "r0", "r1"]), NUMBERS, TEXTS), max_size=6),
    st.lists(st.tuples(NUMBERS, TEXTS), max_size=6),
)
def test_matching_is_that_of_the_slow_model(rows: list[tuple[str, str, str]], known: list[tuple[str, str]]) -> None:
    stored = [(f"r{n}", number, title) for n, (number, title) in enumerate(known)]
    found = matched(rows, stored_of(stored))
    assert (found.rows, {q.row: q.cause for q in found.questions}, set(found.new)) == slowly(rows, stored)


def slowly(
    rows: list[tuple[str, str, str]], stored: list[tuple[str, str, str]]
) -> tuple[dict[int, str], dict[int, MatchCause], set[int]]:
    """What each row is, by comparing all with all."""
    items = {line: (row[0], number_key(row[1]), text_key(row[2]), row[2]) for line, row in enumerate(rows, 2)}
    others = {row[0]: (row[0], number_key(row[1]), text_key(row[2]), row[2]) for row in stored}
    found: dict[int, str] = {}
    asked: dict[int, MatchCause] = {}

    def free() -> tuple[list[int], list[str]]:
        return [r for r in items if r not in found and r not in asked], [i for i in others if i not in found.values()]

    def step(key: tuple[int, ...], repeated: MatchCause) -> None:
        open_rows, open_stored = free()
        for row in open_rows:
            if not all(items[row][part] for part in key):
                continue
            fits = [i for i in open_stored if all(items[row][part] == others[i][part] for part in key)]
            rivals = [r for r in open_rows if all(items[row][part] == items[r][part] for part in key)]
            if fits and len(fits) == len(rivals) == 1:
                found[row] = fits[0]
            elif fits:
                asked[row] = repeated if len(rivals) > 1 else MatchCause.AMBIGUOUS

    step((0,), MatchCause.TWICE)
    step((1, 2), MatchCause.TWICE)
    step((2,), MatchCause.AMBIGUOUS)
    open_rows, open_stored = free()
    for row in open_rows:
        fits = [i for i in open_stored if items[row][1] and items[row][1] == others[i][1]]
        rivals = [r for r in open_rows if items[row][1] == items[r][1]]
        if fits and (len(fits) > 1 or len(rivals) > 1):
            asked[row] = MatchCause.AMBIGUOUS
        elif fits:
            one, other = items[row][2], others[fits[0]][2]
            if not one or not other or likeness(one, other) >= SAME_NUMBER:
                found[row] = fits[0]
    open_rows, open_stored = free()
    for row in open_rows:
        if any(items[row][2] and likeness(items[row][2], others[i][2]) >= OTHER_NUMBER for i in open_stored):
            asked[row] = MatchCause.RESEMBLES
        elif any(items[row][1] and items[row][1] == others[i][1] for i in open_stored):
            asked[row] = MatchCause.OTHER_TITLE
    return found, asked, set(items) - set(found) - set(asked)


def test_a_hundred_thousand_rows_take_seconds() -> None:
    titles = [f"Publish report {n} of office {n % 977}" for n in range(100_000)]
    stored = stored_of([(f"r{n}", str(n), title) for n, title in enumerate(titles)])
    rows = [("", str(n), title + (" soon" if n % 10 == 0 else "")) for n, title in enumerate(titles)]
    begin = time.process_time()
    found = matched(rows, stored)
    assert time.process_time() - begin < 12
    assert len(found.rows) == 100_000
    assert len(found.reworded) == 10_000
