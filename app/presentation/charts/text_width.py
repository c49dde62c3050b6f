"""How wide a text is in a chart, before a browser sets it."""

from unicodedata import east_asian_width

LETTER_PX = 12
"""The size of letters in the charts of pages."""
HALF_PX, FULL_PX = 7.2, 12.5
"""No less than the widths of letters of that size: of Latin letters on average, and of Hangul."""


def text_width(text: str) -> float:
    """In pixels, rather too wide than too narrow."""
    return sum(FULL_PX if east_asian_width(c) in "WF" else HALF_PX for c in text)


def lines_within(text: str, width_px: float) -> list[str]:
    """A text in lines that are no wider, broken at spaces; only a word that is wider than a line is broken itself."""
    lines: list[str] = []
    for word in text.split():
        first, *others = _pieces(word, width_px)
        if lines and text_width(f"{lines[-1]} {first}") <= width_px:
            lines[-1] += f" {first}"
        else:
            lines.append(first)
        lines += others
    return lines or [""]


def _pieces(word: str, width_px: float) -> list[str]:
    """A word, or a longer one in pieces of the width of a line."""
    pieces = [""]
    for letter in word:
        if pieces[-1] and text_width(pieces[-1] + letter) > width_px:
            pieces.append("")
        pieces[-1] += letter
    return pieces
