"""How wide texts are in the fonts of pictures, and how they break into lines."""

from bisect import bisect_right
from functools import cache
from pathlib import Path

from PIL import ImageFont

FONTS = Path(__file__).parents[2] / "fonts"
SERIF, SANS, SANS_BOLD = "SourceSerif4-Semibold.otf", "Pretendard-Regular.otf", "Pretendard-Bold.otf"
SANS_SEMIBOLD = "Pretendard-SemiBold.otf"
MAX_DRAWN = 1_000
"""Characters of a text that are measured: no picture has room for more, and measuring takes time."""


@cache
def font(name: str, size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(FONTS / name), size)


def wrap(text: str, face: ImageFont.FreeTypeFont, width: float) -> list[str]:
    """Lines of whole words; a longer word has a line of its own."""
    lines: list[str] = []
    for word in (text if len(text) <= MAX_DRAWN else f"{text[:MAX_DRAWN]}…").split():
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and face.getlength(longer) <= width:
            lines[-1] = longer
        else:
            lines.append(word)
    return [truncate(line, face, width) for line in lines]


def truncate(text: str, face: ImageFont.FreeTypeFont, width: float) -> str:
    """The text, cut with an ellipsis if it is too wide."""
    if len(text) <= MAX_DRAWN and face.getlength(text) <= width:
        return text
    fitting = bisect_right(range(1, MAX_DRAWN), width, key=lambda n: face.getlength(f"{text[:n]}…"))
    return f"{text[:fitting].rstrip()}…"
