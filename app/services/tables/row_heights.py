"""How high a row must be to show its wrapped texts: not every spreadsheet works it out when it opens a file."""

from collections.abc import Iterable
from math import ceil
from unicodedata import east_asian_width

LINE_POINTS = 13.5
"""The height of a line of 10 or 11 points."""
MAX_POINTS = 405
"""A row is at most 409 points high."""
SLACK = 1.15
"""Words are not broken, so a line is seldom full."""


def row_height(cells: Iterable[tuple[str, float]]) -> float:
    """The height in points for texts and the widths of their columns in characters."""
    lines = max((_lines(text, width) for text, width in cells), default=1)
    return min(lines * LINE_POINTS + 2, MAX_POINTS)


def _lines(text: str, width: float) -> int:
    return sum(max(1, ceil(_width(part) * SLACK / width)) for part in text.split("\n"))


def _width(text: str) -> int:
    """In characters of a Latin font; those of Korean are twice as wide."""
    return sum(2 if east_asian_width(character) in "WF" else 1 for character in text)
