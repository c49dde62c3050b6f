"""The preview picture of a link (Open Graph): 1200 by 630 pixels, with words, the status or the bars, and a key."""

from collections.abc import Collection, Sequence

from msgspec import Struct

from app.presentation.pictures.glyphs import DASHED_STATUSES, cell
from app.presentation.pictures.palette import EDGE, FILL, INK, PAPER, QUIET, RULE
from app.presentation.pictures.raster import png_of
from app.presentation.pictures.svg import text as written
from app.presentation.pictures.text_measure import SANS, SANS_BOLD, SERIF, font, truncate, wrap

WIDTH, HEIGHT, MARGIN = 1200, 630, 72
INNER = WIDTH - 2 * MARGIN
HEADLINE_SIZES, STATUS_SIZES, NAME_SIZES = (64, 56, 48, 42, 36), (44, 36, 30), (28, 24)
HEADLINE_TOP, HEADLINE_HEIGHT, STATUS_HEIGHT = 108, 290, 84
"""Pixels of height that the headline may fill, with the text under it; and what a status above it takes of them."""
TEXT_SIZE, MAX_TEXT_LINES, LABEL_SIZE, FOOT_SIZE = 30, 3, 26, 28
LABEL_GAP, BARS_TOP, BARS_HEIGHT, THIN_HEIGHT = 24, 452, 60, 20
UNCHANGED = "#f3f5f7"
"""The fill of what has no status, since it did not change."""
FAMILIES = {SERIF: ("Source Serif 4", 600), SANS: ("Pretendard", 400), SANS_BOLD: ("Pretendard", 700)}


class Label(Struct, frozen=True):
    """Words above the bars at a place in percent; with the square of a status if one is given."""

    words: str
    x: float = 0.0
    status: str = ""


def draw_preview(
    name: str,
    headline: str,
    foot: str,
    blocks: Sequence[tuple[str, float, float]],
    text: str = "",
    *,
    serif: bool,
    status: tuple[str, str] | None = None,
    labels: Sequence[Label] = (),
    thin: Collection[int] = (),
) -> bytes:
    """A PNG. `blocks` hold a status with its position and width in percent, of which some are `thin`.

    `foot` is the line with both dates; `text` is printed under the headline, a `status` with its words above it.
    """
    shapes = [
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="{PAPER}"/><rect width="{WIDTH}" height="10" fill="{INK}"/>'
    ]
    shapes.append(_fitting_line(name, MARGIN, 74, NAME_SIZES))
    top = HEADLINE_TOP
    if status:
        shapes.append(f'<g transform="translate({MARGIN} {top}) scale(2.46)">{cell(status[0])}</g>')
        shapes.append(_fitting_line(status[1], MARGIN + 84, top + 47, STATUS_SIZES))
        top += STATUS_HEIGHT
    face, text_lines = SERIF if serif else SANS_BOLD, _text_lines(text)
    height = HEADLINE_HEIGHT - (top - HEADLINE_TOP) - len(text_lines) * _line_height(TEXT_SIZE)
    lines, size = _fit_headline(headline, face, height)
    for row, row_face, row_size in [(row, face, size) for row in lines] + [
        (row, SANS, TEXT_SIZE) for row in text_lines
    ]:
        shapes.append(_line(row, MARGIN, top + row_size, row_face, row_size))
        top += _line_height(row_size)
    shapes += [*_labels(labels), *_bars(blocks, thin)]
    shapes.append(f'<path d="M{MARGIN} 544H{WIDTH - MARGIN}" stroke="{RULE}" stroke-width="2"/>')
    shapes.append(_line(truncate(foot, font(SANS, FOOT_SIZE), INNER - 130), MARGIN, 590, SANS, FOOT_SIZE, QUIET))
    shapes.append(_line("Uptake", WIDTH - MARGIN, 590, SERIF, 30, anchor="end"))
    opening = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{HEIGHT}" viewBox="0 0 {WIDTH} {HEIGHT}">'
    )
    return png_of(f"{opening}{''.join(shapes)}</svg>", WIDTH)


def _bars(blocks: Sequence[tuple[str, float, float]], thin: Collection[int]) -> list[str]:
    shapes = []
    for n, (status, x, width) in enumerate(blocks):
        height = THIN_HEIGHT if n in thin else BARS_HEIGHT
        place = f'x="{round(MARGIN + INNER * x / 100, 1)}" width="{round(INNER * width / 100, 1)}"'
        dashes = ' stroke-dasharray="6 4"' if status in DASHED_STATUSES else ""
        shapes.append(
            f'<rect {place} y="{BARS_TOP + BARS_HEIGHT - height}" height="{height}" '
            f'fill="{FILL.get(status, UNCHANGED)}" stroke="{EDGE.get(status, RULE)}" stroke-width="2"{dashes}/>'
        )
    return shapes


def _labels(labels: Sequence[Label]) -> list[str]:
    """The labels in one line, each at its place or after the one before; those that have no room are left out."""
    face = font(SANS_BOLD, LABEL_SIZE)
    widths = [face.getlength(label.words) + (34 if label.status else 0) for label in labels]
    places: list[float] = []
    end = float(MARGIN)
    for label, width in zip(labels, widths, strict=True):
        places.append(max(MARGIN + INNER * label.x / 100, end))
        end = places[-1] + width + LABEL_GAP
    limit = float(WIDTH - MARGIN)
    for n in range(len(labels) - 1, -1, -1):
        places[n] = min(places[n], limit - widths[n])
        limit = places[n] - LABEL_GAP
    shapes = []
    for label, x in zip(labels, places, strict=True):
        if x >= MARGIN - 1:
            mark = f'<g transform="translate({round(x, 1)} 414)">{cell(label.status)}</g>' if label.status else ""
            shapes.append(mark + _line(label.words, x + (34 if label.status else 0), 436, SANS_BOLD, LABEL_SIZE))
    return shapes


def _fitting_line(words: str, x: float, y: float, sizes: Sequence[int]) -> str:
    """Bold words in the largest size that has room; at the smallest, words that do not fit are cut."""
    room = WIDTH - MARGIN - x
    size = next((n for n in sizes if font(SANS_BOLD, n).getlength(words) <= room), sizes[-1])
    return _line(truncate(words, font(SANS_BOLD, size), room), x, y, SANS_BOLD, size)


def _line(words: str, x: float, y: float, face: str, size: int, ink: str = INK, anchor: str = "start") -> str:
    family, weight = FAMILIES[face]
    opening = f'<g font-family="&apos;{family}&apos;, Pretendard" font-weight="{weight}">'
    return f"{opening}{written(round(x, 1), y, words, size, ink, anchor)}</g>"


def _line_height(size: int) -> int:
    return round(size * 1.22)


def _text_lines(text: str) -> list[str]:
    """The first lines of a text; one that does not fit is cut with an ellipsis."""
    lines = wrap(text, font(SANS, TEXT_SIZE), INNER)
    if len(lines) <= MAX_TEXT_LINES:
        return lines
    return [*lines[: MAX_TEXT_LINES - 1], truncate(f"{lines[MAX_TEXT_LINES - 1]} …", font(SANS, TEXT_SIZE), INNER)]


def _fit_headline(text: str, face: str, height: float) -> tuple[list[str], int]:
    """The lines of the largest size that fits; at the smallest, text that does not fit is cut with an ellipsis."""
    for size in HEADLINE_SIZES:
        lines = wrap(text, font(face, size), INNER)
        if len(lines) * size * 1.22 <= height:
            return lines, size
    max_lines = int(height / (HEADLINE_SIZES[-1] * 1.22))
    return [*lines[: max_lines - 1], lines[max_lines - 1].rstrip(",;. ") + " …"], HEADLINE_SIZES[-1]
