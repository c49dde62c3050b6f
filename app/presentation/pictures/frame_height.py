"""How high a frame on another site must be for its text, at a width: nothing is cut and nothing scrolls."""

import re
from collections.abc import Iterable
from functools import lru_cache
from math import ceil

from markupsafe import Markup
from msgspec import Struct

from app.presentation.pictures.text_measure import SANS, SANS_SEMIBOLD, SERIF, font

MIN_WIDTH_PX, MAX_WIDTH_PX = 280, 1200
WIDTH_STEP_PX = 40
COMPACT_BELOW_PX = 640
"""A frame in a narrower column is set more closely if it is not higher than `COMPACT_HEIGHT_PX`."""
COMPACT_HEIGHT_PX = 224
BORDER_PX, SIDE_PADDING_PX, CHART_PX = 1, 16, 44
ICON_PX = 26 + 8
"""The sign of a status, and the space after it."""
OVERDUE_WIDTH_PX, OVERDUE_PX = 136, 8
FOOT_GAP_PX = 16
MEASURED_SIZE_PX = 100
SAFE_SHARE = 0.97
"""Of a line's width; digits of equal width and other hinting make lines a little longer."""
LONGEST_KEPT = 120
"""Letters of the longest text whose width is kept for the next page."""
_TIME = re.compile(r"<time[^>]*>.*?</time>", re.DOTALL)


class Spacing(Struct, frozen=True):
    padding_px: int
    gap_px: int


NORMAL, COMPACT = Spacing(12, 8), Spacing(8, 4)
MAX_TITLE_LINES = 2


class FrameText(Struct, frozen=True):
    """What a frame says: before all, a status or a headline.

    `title` is cut after two lines, a `headline` never. `details` and the chart are left out where a column is too
    narrow for them. `notes` are small: how far the evidence reaches, and both dates. `sources`, the register and its
    keeper, follow them; a compact frame leaves them out.
    """

    title: str = ""
    headline: str = ""
    status: str = ""
    since: str = ""
    overdue: str = ""
    has_chart: bool = False
    details: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    notice: str = ""
    serif: bool = True

    def height(self, width: int) -> int:
        """The height in pixels for a width in pixels; in a narrower column the most important parts still fit."""
        columns = range(MIN_WIDTH_PX, width, WIDTH_STEP_PX)
        compact = [self._height(w, COMPACT, with_details=False) for w in columns if w < COMPACT_BELOW_PX]
        normal = [self._height(w, NORMAL, with_details=False) for w in columns]
        height = max([self._height(width, NORMAL, with_details=True), *compact])
        if width >= COMPACT_BELOW_PX and height <= COMPACT_HEIGHT_PX:
            return ceil(max([height, *normal[len(compact) :]]))
        return ceil(max([height, *normal, COMPACT_HEIGHT_PX + 1]))

    def _height(self, width: int, spacing: Spacing, *, with_details: bool) -> float:
        inner = width - 2 * (BORDER_PX + SIDE_PADDING_PX)
        face = SERIF if self.serif else SANS_SEMIBOLD
        parts = [
            _text_height(self.notice, SANS, 13, 1.5, inner),
            self._tag_height(inner),
            _text_height(self.title, face, 17, 1.3, inner, MAX_TITLE_LINES),
            _text_height(self.headline, face, 17, 1.3, inner),
            _foot_height(self.notes if spacing == COMPACT else (*self.notes, *self.sources), inner),
        ]
        if with_details:
            parts += [_text_height(text, SANS, 15, 1.4, inner) for text in self.details]
            parts.append(CHART_PX if self.has_chart else 0)
        shown = [part for part in parts if part]
        return sum(shown) + spacing.gap_px * (len(shown) - 1) + 2 * (spacing.padding_px + BORDER_PX)

    def _tag_height(self, inner: float) -> float:
        if not self.status:
            return 0
        words = _text_height(self.status, SANS_SEMIBOLD, 15, 1.25, inner - ICON_PX)
        words += _text_height(self.since, SANS, 13, 1.25, inner - ICON_PX)
        if self.overdue:
            words += OVERDUE_PX + _text_height(self.overdue, SANS_SEMIBOLD, 13, 1.25, OVERDUE_WIDTH_PX)
        return max(words, 26)


def measured_words(text: Markup | str) -> str:
    """The words of a text to be measured; a day in it does not break, so it becomes one word."""
    joined = _TIME.sub(lambda match: match[0].replace(" ", "-"), str(text))
    return str(Markup(joined).striptags()) if isinstance(text, Markup) else joined  # noqa: S704 - never shown


def _foot_height(notes: Iterable[str], inner: float) -> float:
    """The small notes share a line where they fit."""
    height, free = 0.0, 0.0
    for note in notes:
        width = min(_text_width(note, SANS, 13) / SAFE_SHARE, inner)
        if width > free:
            height += _text_height(note, SANS, 13, 1.5, inner)
            free = inner
        free -= width + FOOT_GAP_PX
    return height


def _text_height(text: str, face: str, size: int, line: float, width: float, max_lines: int = 0) -> float:
    if not text:
        return 0
    lines = _count_lines(_word_widths(text, face, size), _text_width(" ", face, size), width * SAFE_SHARE)
    return (min(lines, max_lines) if max_lines else lines) * size * line


def _count_lines(words: Iterable[float], space: float, width: float) -> int:
    lines, free = 0, -1.0
    for word in words:
        if word <= free:
            free -= word + space
            continue
        lines += max(1, ceil(word / width))
        free = width - word % width - space if word > width else width - word - space
    return lines


def _word_widths(text: str, face: str, size: int) -> list[float]:
    return [_text_width(word, face, size) for word in text.replace("\n", " ").split(" ") if word]


def _text_width(text: str, face: str, size: int) -> float:
    measure = _measured_width if len(text) <= LONGEST_KEPT else _measured_width.__wrapped__
    return measure(text, face) * size / MEASURED_SIZE_PX


@lru_cache(maxsize=4096)
def _measured_width(text: str, face: str) -> float:
    """In pixels, measured large, so that it is not rounded. Frames of a site share most of their words."""
    return font(face, MEASURED_SIZE_PX).getlength(text)
