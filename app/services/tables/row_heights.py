"""How high a row must be to show its wrapped texts: not every spreadsheet works it out when it opens a file."""

from bisect import bisect_right
from collections.abc import Iterable
from math import ceil
from unicodedata import east_asian_width

LINE_POINTS, TALL_LINE_POINTS = 13.5, 16.5
"""The height of a line of 10 or 11 points; the letters of Korean fonts are higher."""
MAX_POINTS = 405.0
"""A row is at most 409 points high."""
PADDING_POINTS = 2
SLACK = 1.15
"""Words are not broken, so a line is seldom full."""


def row_height(cells: Iterable[tuple[str, float]]) -> float:
    """The height in points for texts and the widths of their columns in characters."""
    return min(max((_height(text, width) for text, width in cells), default=LINE_POINTS + PADDING_POINTS), MAX_POINTS)


def fitting_text(text: str, width: float) -> str:
    """The text, shortened with an ellipsis if the highest row has no room for it in a column of this width."""
    if _height(text, width) <= MAX_POINTS:
        return text
    length = bisect_right(range(len(text)), MAX_POINTS, key=lambda n: _height(f"{text[:n]}…", width))
    return f"{text[: length - 1].rstrip()}…"


def _height(text: str, width: float) -> float:
    lines = sum(max(1, ceil(_width(part) * SLACK / width)) for part in text.split("\n"))
    is_tall = not text.isascii() and any(east_asian_width(character) in "WF" for character in text)
    return lines * (TALL_LINE_POINTS if is_tall else LINE_POINTS) + PADDING_POINTS


def _width(text: str) -> int:
    """In characters of a Latin font; those of Korean are twice as wide."""
    if text.isascii():
        return len(text)
    return sum(2 if east_asian_width(character) in "WF" else 1 for character in text)
