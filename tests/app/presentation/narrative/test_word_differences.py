"""The words in which two texts differ are marked, and nothing of the texts is lost."""

from hypothesis import given
from hypothesis import strategies as st

from app.presentation.narrative.word_differences import TextPiece, mark_differences


def test_only_the_words_that_differ_are_marked() -> None:
    old, new = mark_differences("Publish the budget in full", "Publish the whole budget, in full")
    assert old == (TextPiece("Publish the budget in full"),)
    assert new == (
        TextPiece("Publish the "),
        TextPiece("whole ", True),
        TextPiece("budget"),
        TextPiece(",", True),
        TextPiece(" in full"),
    )


def test_a_text_in_place_of_none_is_marked_as_a_whole() -> None:
    assert mark_differences("", "새 제목") == ((), (TextPiece("새 제목", True),))


@given(st.text(max_size=60), st.text(max_size=60))
def test_the_pieces_are_the_texts(old: str, new: str) -> None:
    for text, pieces in zip((old, new), mark_differences(old, new), strict=True):
        assert "".join(piece.text for piece in pieces) == text
        assert all(piece.text for piece in pieces)
    if old == new:
        assert not any(piece.is_changed for piece in mark_differences(old, new)[1])


def test_very_long_texts_are_marked_as_a_whole() -> None:
    old, new = mark_differences("a " * 2000, "b " * 2000)
    assert (len(old), len(new), new[0].is_changed) == (1, 1, True)
