"""Problems are grouped by their cause: one sentence each, with rows, values and cure."""

from collections.abc import Iterator
from contextlib import contextmanager

from app.presentation.i18n.translation import set_language
from app.services.bundles.causes import group_problems, rows_in_words, values_in_words
from app.services.bundles.problems import BundleProblem
from domain.errors import refusal


def _no_id(row: int, text: str, *, file: str = "", column: str = "theme") -> BundleProblem:
    reason = refusal(
        "“{text}” is not an id.",
        cure="Use at most 80 lower-case letters, digits and hyphens, starting with a letter or digit.",
        text=text,
    )
    return BundleProblem(file, row, column, reason, text)


@contextmanager
def _in_korean() -> Iterator[None]:
    set_language("ko")
    yield
    set_language("en")


def test_one_problem_is_its_own_sentence() -> None:
    (group,) = group_problems([_no_id(2, "No Such Parent", column="parent")])
    assert str(group) == (
        "parent: “No Such Parent” is not an id (row 2). Use at most 80 lower-case letters, digits and hyphens, starting "
        "with a letter or digit."
    )


def test_seventy_rows_with_five_names_are_one_sentence() -> None:
    names = ("Health", "Schools", "Courts", "Water", "Parks")
    (group,) = group_problems(_no_id(row, names[row % 5]) for row in range(2, 72))
    assert (group.count, group.column, group.file) == (70, "theme", "")
    assert group.rows == tuple(range(2, 72))
    assert set(group.values) == set(names)
    assert str(group) == (
        "theme: 5 values are no ids: “Courts”, “Water”, “Parks”, “Health” and “Schools” (rows 2–71). Use at most 80 "
        "lower-case letters, digits and hyphens, starting with a letter or digit."
    )


def test_the_sentence_is_in_the_language_of_the_page() -> None:
    with _in_korean():
        (group,) = group_problems([_no_id(2, "보건"), _no_id(5, "교육")])
        assert str(group) == (
            "theme: 값 2개가 식별자가 아닙니다: “보건”, “교육” (2, 5행). 영문 소문자, 숫자, 붙임표를 80자까지 쓰고, "
            "문자나 숫자로 시작하십시오."
        )


def test_the_same_reason_in_many_rows_is_said_once() -> None:
    empty = refusal("the cell is empty.", cure="Enter a value.")
    (group,) = group_problems(BundleProblem("", row, "publisher", empty) for row in range(2, 5))
    assert str(group) == "publisher: the cell is empty (rows 2–4). Enter a value."


def test_reasons_of_one_kind_without_a_sentence_for_many_are_counted() -> None:
    reasons = [refusal("“{a}” was never addressed to “{b}”.", a=f"R{n}", b="B") for n in range(13)]
    (group,) = group_problems(BundleProblem("responses.csv", n, "body", r) for n, r in enumerate(reasons, 2))
    assert str(group) == "body: “R0” was never addressed to “B”, and 12 more like it (lines 2–14)."


def test_files_and_columns_stay_in_their_order() -> None:
    empty = refusal("the cell is empty.", cure="Enter a value.")
    groups = group_problems(
        [
            _no_id(3, "A", file="b.xlsx/themes"),
            BundleProblem("b.xlsx/themes", 4, "title", empty),
            BundleProblem("b.xlsx/bodies", 2, "name", empty),
            BundleProblem("b.xlsx/themes", 2, "theme", empty),
            _no_id(7, "B", file="b.xlsx/themes"),
        ]
    )
    assert [(g.file, g.column, g.rows) for g in groups] == [
        ("b.xlsx/themes", "theme", (2,)),
        ("b.xlsx/themes", "theme", (3, 7)),
        ("b.xlsx/themes", "title", (4,)),
        ("b.xlsx/bodies", "name", (2,)),
    ]


def test_rows_are_ranges_and_long_lists_end() -> None:
    assert rows_in_words([]) == ""
    assert rows_in_words([7]) == "row 7"
    assert rows_in_words([2, 3, 4, 9]) == "rows 2–4 and 9"
    assert rows_in_words([5], is_line=True) == "line 5"
    assert rows_in_words(range(2, 140, 2)) == "rows 2, 4, 6, 8, 10, 12, 14 and 62 more"


def test_values_are_five_and_a_number() -> None:
    assert values_in_words([f"name {n}" for n in range(70)]) == (
        "“name 0”, “name 1”, “name 2”, “name 3”, “name 4” and 65 more"
    )
    assert values_in_words(["x" * 500]) == "“" + "x" * 59 + "…”"
