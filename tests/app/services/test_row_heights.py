"""The heights of rows that are printed: every line has room, and what has none ends visibly."""

from app.services.tables.row_heights import MAX_POINTS, fitting_text, row_height


def test_a_row_is_as_high_as_its_longest_text() -> None:
    one = row_height([("Announced", 13)])
    assert row_height([]) == row_height([("", 13)]) == one
    assert row_height([("Announced", 13), ("A bill was filed. " * 4, 20)]) > 3 * one
    assert row_height([("Ministry\nSenate", 20)]) > one


def test_lines_of_korean_are_wider_and_higher() -> None:
    assert row_height([("시행 중", 20)]) > row_height([("In effect", 20)])
    assert row_height([("권고를 이행하는 법안", 20)]) > row_height([("A bill on it, filed", 20)])


def test_a_text_that_the_highest_row_cannot_hold_ends_with_an_ellipsis() -> None:
    for text in ("A bill was filed. " * 200, "법안이 제출되었습니다. " * 200):
        fitted = fitting_text(text, 34)
        assert fitted.endswith("…") and text.startswith(fitted.removesuffix("…"))
        assert MAX_POINTS - 20 < row_height([(fitted, 34)]) <= MAX_POINTS
        assert row_height([(text[: len(fitted) + 60], 34)]) == MAX_POINTS
    assert fitting_text("A bill was filed.", 34) == "A bill was filed."
