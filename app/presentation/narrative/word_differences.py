"""Marks the words in which two texts differ."""

import re
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher

from msgspec import Struct

_WORDS = re.compile(r"\s+|\w+|[^\w\s]")
_MOST_WORDS = 3000
"""Of both texts together; longer texts are marked as a whole."""


class TextPiece(Struct, frozen=True):
    """A piece of a text, and whether the other text does not have it."""

    text: str
    is_changed: bool = False


def mark_differences(old: str, new: str) -> tuple[tuple[TextPiece, ...], tuple[TextPiece, ...]]:
    """Both texts in pieces; together the pieces are the whole text."""
    before, after = _WORDS.findall(old), _WORDS.findall(new)
    if len(before) + len(after) > _MOST_WORDS:
        return (TextPiece(old, old != new),), (TextPiece(new, old != new),)
    steps = SequenceMatcher(None, before, after, autojunk=False).get_opcodes()
    marked_old = _pieces((before[start:end], tag != "equal") for tag, start, end, _, _ in steps)
    marked_new = _pieces((after[start:end], tag != "equal") for tag, _, _, start, end in steps)
    return tuple(marked_old), tuple(marked_new)


def _pieces(steps: Iterator[tuple[Sequence[str], bool]]) -> Iterator[TextPiece]:
    """Pieces without empty ones; a blank between two changed words is a part of the change."""
    waiting, was_changed = "", False
    for words, is_changed in steps:
        text = "".join(words)
        if is_changed == was_changed or not text:
            waiting += text
            continue
        if waiting:
            yield TextPiece(waiting, was_changed)
        waiting, was_changed = text, is_changed
    if waiting:
        yield TextPiece(waiting, was_changed)
