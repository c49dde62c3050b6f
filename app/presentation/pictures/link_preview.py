"""The preview picture of a link (Open Graph): 1200 by 630 pixels, with a headline and the bucket bar."""

import io
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from app.presentation.pictures.palette import EDGE, FILL, INK, PAPER, QUIET, RULE

WIDTH, HEIGHT, MARGIN = 1200, 630, 72
FONTS = Path(__file__).parents[2] / "fonts"
SERIF, SANS, SANS_BOLD = "SourceSerif4-Semibold.otf", "Pretendard-Regular.otf", "Pretendard-Bold.otf"
HEADLINE_SIZES = (64, 56, 48, 42, 36)
HEADLINE_HEIGHT = 290
"""Pixels of height that the headline may fill, with the text under it."""
TEXT_SIZE, MAX_TEXT_LINES = 30, 3


def draw_preview(
    name: str, headline: str, foot: str, blocks: Sequence[tuple[str, float, float]], text: str = "", *, serif: bool
) -> bytes:
    """A PNG. `blocks` hold a status with its position and width in percent; `foot` is the line with both dates; `text`
    is printed under the headline.
    """
    picture = Image.new("RGB", (WIDTH, HEIGHT), PAPER)
    draw = ImageDraw.Draw(picture)
    draw.rectangle((0, 0, WIDTH, 10), fill=INK)
    small = _font(SANS, 28)
    bold = _font(SANS_BOLD, 28)
    draw.text((MARGIN, 48), _truncate(name, bold), font=bold, fill=INK)
    face = SERIF if serif else SANS_BOLD
    text_lines = _text_lines(text)
    lines, size = _fit_headline(headline, face, HEADLINE_HEIGHT - len(text_lines) * _line_height(TEXT_SIZE))
    y = 112
    printed = [(line, face, size) for line in lines] + [(line, SANS, TEXT_SIZE) for line in text_lines]
    for line, line_face, line_size in printed:
        draw.text((MARGIN, y), line, font=_font(line_face, line_size), fill=INK)
        y += _line_height(line_size)
    inner = WIDTH - 2 * MARGIN
    for status, x, width in blocks:
        left = MARGIN + inner * x / 100
        box = (round(left), 452, round(left + inner * width / 100), 512)
        draw.rectangle(box, fill=FILL[status], outline=EDGE[status], width=2)
    draw.line((MARGIN, 544, WIDTH - MARGIN, 544), fill=RULE, width=2)
    draw.text((MARGIN, 562), foot, font=small, fill=QUIET)
    draw.text((WIDTH - MARGIN, 562), "Uptake", font=_font(SERIF, 30), fill=INK, anchor="ra")
    buffer = io.BytesIO()
    picture.save(buffer, "PNG", optimize=True)
    return buffer.getvalue()


@cache
def _font(name: str, size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(FONTS / name), size)


def _line_height(size: int) -> int:
    return round(size * 1.22)


def _text_lines(text: str) -> list[str]:
    """The first lines of a text; one that does not fit is cut with an ellipsis."""
    lines = _wrap(text, _font(SANS, TEXT_SIZE))
    if len(lines) <= MAX_TEXT_LINES:
        return lines
    return [*lines[: MAX_TEXT_LINES - 1], _truncate(f"{lines[MAX_TEXT_LINES - 1]} …", _font(SANS, TEXT_SIZE))]


def _fit_headline(text: str, face: str, height: float) -> tuple[list[str], int]:
    """The lines of the largest size that fits; at the smallest, text that does not fit is cut with an ellipsis."""
    for size in HEADLINE_SIZES:
        lines = _wrap(text, _font(face, size))
        if len(lines) * size * 1.22 <= height:
            return lines, size
    max_lines = int(height / (HEADLINE_SIZES[-1] * 1.22))
    return [*lines[: max_lines - 1], lines[max_lines - 1].rstrip(",;. ") + " …"], HEADLINE_SIZES[-1]


def _wrap(text: str, font: ImageFont.FreeTypeFont) -> list[str]:
    lines: list[str] = []
    for word in text.split():
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and font.getlength(longer) <= WIDTH - 2 * MARGIN:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines


def _truncate(text: str, font: ImageFont.FreeTypeFont) -> str:
    if font.getlength(text) <= WIDTH - 2 * MARGIN:
        return text
    while font.getlength(f"{text}…") > WIDTH - 2 * MARGIN:
        text = text[:-1]
    return f"{text.rstrip()}…"
