"""Charts as drawings that stand alone: with a title, the days they are about and their source. Attributes only."""

from collections.abc import Sequence

from msgspec import Struct

from app.presentation.charts.axis import Axis
from app.presentation.charts.bands import BandChart
from app.presentation.charts.bucket_blocks import Block
from app.presentation.charts.moves import Bar, MoveChart, chart_label
from app.presentation.charts.strips import Strip
from app.presentation.i18n.labels import status_word
from app.presentation.i18n.translation import _
from app.presentation.pictures.glyphs import DASHED_STATUSES, area, cell, patterns
from app.presentation.pictures.palette import EDGE, INK, PAPER, QUIET, RULE
from app.presentation.pictures.svg import escaped, line, scale_to, text
from app.presentation.pictures.text_measure import SANS, SANS_BOLD, font, truncate, wrap
from domain.codes import Status

WIDTH, MARGIN = 960, 24
INNER, LABELS = WIDTH - 2 * MARGIN, 190
"""The width between the margins, and of a column of labels."""
LARGE, MEDIUM, SMALL = 22, 14, 12
UNCHANGED = "#f3f5f7"
FONT = "Pretendard, Noto Sans KR, sans-serif"


class ChartTexts(Struct, frozen=True):
    """What is written around a chart: its title, of what, notes below it, and the source with its date."""

    title: str
    name: str
    source: str
    notes: tuple[str, ...] = ()


def draw_over_time(texts: ChartTexts, chart: BandChart, axis: Axis, days: Sequence[tuple[float, str]]) -> str:
    """Status over time. `days` hold the places of the numbered days and what happened on each."""
    flow, right = chart.flow, WIDTH - MARGIN - LABELS
    at = scale_to(MARGIN, right)
    shapes = []
    for a in flow.areas:
        x, width = at(a.x), round(at(min(a.x + a.width, 100)) - at(a.x), 2)
        shapes.append(area(a.status, f'x="{x}" y="{a.y}" width="{width}" height="{a.height}"'))
        dashed = a.status in DASHED_STATUSES
        shapes.append(line(x, a.y, x + width, a.y, EDGE[a.status] if dashed else PAPER, dashes="3 2" if dashed else ""))
    if flow.reach is not None:
        x = at(flow.reach)
        place = f'x="{x}" y="{chart.top}" width="{round(right - x, 2)}" height="{flow.base - chart.top}"'
        shapes += [f'<rect {place} fill="{PAPER}" fill-opacity="0.62"/>', line(x, chart.top - 6, x, flow.base, INK)]
    for number, (percent, _what) in enumerate(days, 1):
        x = at(percent)
        shapes += [line(x, 20, x, flow.base, INK, dashes="2 3"), _number(x, 11, number)]
    shapes += _years(axis, flow.base, MARGIN, right)
    for band in chart.bands:
        label = f"{chart_label(status_word(Status(band.status)))} {band.number}"
        shapes += [
            line(right, band.middle, right + 8, band.label, QUIET),
            text(right + 12, band.label + 4, label, SMALL, INK),
        ]
    y = flow.base + 44.0
    for number, (_percent, what) in enumerate(days, 1):
        shapes.append(_number(MARGIN + 9, y - 4, number))
        for row in wrap(what, font(SANS, MEDIUM), INNER - 30):
            shapes.append(text(MARGIN + 30, y, row, MEDIUM, INK))
            y += 20
        y += 4
    return _chart_file(texts, y - 10, shapes)


def draw_blocks(texts: ChartTexts, blocks: Sequence[Block], numbers: Sequence[tuple[Status, int]]) -> str:
    """The scorecard: a block for each recommendation, or for each status if there are many, and the key."""
    at = scale_to(MARGIN, WIDTH - MARGIN)
    shapes = [
        area(b.status, f'x="{at(b.x)}" y="0" width="{round(at(b.x + b.width) - at(b.x), 2)}" height="54"', edge=True)
        for b in blocks
    ]
    for n, (status, number) in enumerate(numbers):
        x, y = MARGIN + n % 4 * INNER // 4, 76 + n // 4 * 32
        shapes.append(f'<g transform="translate({x} {y}) scale(0.85)">{cell(status.value)}</g>')
        label = truncate(f"{number} {status_word(status)}", font(SANS, MEDIUM), INNER // 4 - 36)
        shapes.append(text(x + 30, y + 16, label, MEDIUM, INK))
    return _chart_file(texts, 76 + -(-len(numbers) // 4) * 32, shapes)


def draw_history(texts: ChartTexts, strip: Strip, axis: Axis) -> str:
    """The status history of one recommendation, each period in words below it."""
    at = scale_to(MARGIN, WIDTH - MARGIN)
    shapes = []
    for s in strip.segments:
        top, height = (34, 14) if s.carried else (0, 48)
        place = f'x="{at(s.x)}" y="{top}" width="{round(at(min(s.x + s.width, 100)) - at(s.x), 2)}" height="{height}"'
        shapes.append(area(s.status, place, edge=True))
    if strip.begins is not None:
        shapes.append(line(at(strip.begins), -6, at(strip.begins), 54, INK, width=2))
    shapes += _years(axis, 54, MARGIN, WIDTH - MARGIN)
    y = 92
    for status, when in strip.lines:
        shapes.append(f'<g transform="translate({MARGIN} {y - 16}) scale(0.85)">{cell(status)}</g>')
        words = truncate(f"{status_word(Status(status))}, {when}", font(SANS, MEDIUM), INNER - 30)
        shapes.append(text(MARGIN + 30, y, words, MEDIUM, INK))
        y += 28
    return _chart_file(texts, y - 8, shapes)


def draw_moves(texts: ChartTexts, chart: MoveChart, first: str, second: str) -> str:
    """The flow between two days, each with its label."""
    left, right = MARGIN + LABELS, WIDTH - MARGIN - LABELS
    at = scale_to(left, right)
    middle = at(50)
    shapes = []
    for r in chart.ribbons:
        path = (
            f"M{left} {r.left}C{middle} {r.left} {middle} {r.right} {right} {r.right}V{r.right_foot}"
            f"C{middle} {r.right_foot} {middle} {r.left_foot} {left} {r.left_foot}Z"
        )
        place = f'd="{path}"'
        same = f'<path {place} fill="{UNCHANGED}" stroke="{RULE}"/>'
        shapes.append(area(r.status, place, edge=True, tag="path") if r.status else same)
    shapes += [*_side(chart.left, left, -1), *_side(chart.right, right, 1)]
    shapes = [f'<g transform="translate(0 22)">{"".join(shapes)}</g>']
    shapes += [text(left, 8, first, MEDIUM, INK, "end"), text(right, 8, second, MEDIUM, INK)]
    return _chart_file(texts, chart.height + 22, shapes)


def _side(bars: Sequence[Bar], edge: int, way: int) -> list[str]:
    """The bars of one day and their labels; `way` is 1 where the labels are after them, -1 where they are before."""
    shapes = []
    for bar in bars:
        place = f'x="{edge if way > 0 else edge - 14}" y="{bar.y}" width="14" height="{bar.height}"'
        drawn = (
            area(bar.status.value, place, edge=True) if bar.status else f'<rect {place} fill="none" stroke="{QUIET}"/>'
        )
        label = f"{chart_label(status_word(bar.status) if bar.status else _('not on it'))} {bar.number}"
        shapes.append(drawn)
        shapes.append(line(edge + 14 * way, bar.y + bar.height / 2, edge + 22 * way, bar.label, QUIET))
        shapes.append(text(edge + 26 * way, bar.label + 4, label, SMALL, INK, "start" if way > 0 else "end"))
    return shapes


def _years(axis: Axis, base: float, left: int, right: int) -> list[str]:
    at = scale_to(left, right)
    shapes = [line(left, base, right, base, INK)]
    for x, year in axis.years():
        shapes += [line(at(x), base, at(x), base + 5, INK), text(at(x) + 4, base + 16, year, SMALL, QUIET)]
    return shapes


def _number(x: float, y: float, number: int) -> str:
    circle = f'<circle cx="{x}" cy="{y}" r="9" fill="{PAPER}" stroke="{INK}" stroke-width="1.5"/>'
    return circle + text(x, y + 4, str(number), 11, INK, "middle")


def _chart_file(texts: ChartTexts, height: float, shapes: Sequence[str]) -> str:
    """The whole drawing: title, the shapes, `height` units high, notes, and the source."""
    head = [(row, SANS_BOLD, LARGE) for row in wrap(texts.title, font(SANS_BOLD, LARGE), INNER)]
    foot = [row for note in (*texts.notes, texts.source) for row in wrap(note, font(SANS, SMALL), INNER)]
    top = MARGIN + 22 + len(head) * 28 + 14
    total = round(top + height + 16 + len(foot) * 18 + MARGIN - 6)
    written = [text(MARGIN, MARGIN + 12, truncate(texts.name, font(SANS, MEDIUM), INNER), MEDIUM, QUIET)]
    written += [
        text(MARGIN, MARGIN + 40 + n * 28, row, LARGE, INK).replace("<text ", '<text font-weight="700" ', 1)
        for n, (row, _face, _size) in enumerate(head)
    ]
    written += [text(MARGIN, top + height + 28 + n * 18, row, SMALL, QUIET) for n, row in enumerate(foot)]
    size = f'width="{WIDTH}" height="{total}" viewBox="0 0 {WIDTH} {total}"'
    opening = f'<svg xmlns="http://www.w3.org/2000/svg" {size} role="img" font-family="{FONT}">'
    about = f"<title>{escaped(texts.title)}</title><desc>{escaped(f'{texts.name}. {texts.source}')}</desc>"
    ground = f'<defs>{patterns()}</defs><rect width="{WIDTH}" height="{total}" fill="{PAPER}"/>'
    drawn = f'<g transform="translate(0 {top})">{"".join(shapes)}</g>'
    return "\n".join([opening, about, ground, *written, drawn, "</svg>", ""])
