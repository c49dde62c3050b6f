"""How wide a text is in a chart, before a browser sets it."""

from unicodedata import east_asian_width

LETTER_PX = 12
"""The size of letters in the charts of pages."""
HALF_PX, FULL_PX = 7.2, 12.5
"""No less than the widths of letters of that size: of Latin letters on average, and of Hangul."""


def text_width(text: str) -> float:
    """In pixels, rather too wide than too narrow."""
    return sum(FULL_PX if east_asian_width(c) in "WF" else HALF_PX for c in text)
