"""Draws the charts of a package as standalone SVG files: no style sheets, no scripts."""

from collections.abc import Collection, Sequence
from html import escape

from app.presentation.charts.bucket_blocks import build_blocks
from app.presentation.charts.flow import STATUS_ORDER, TOP_PX, FlowChart, build_flow
from app.presentation.charts.strips import build_strip
from app.presentation.charts.text_width import LETTER_PX, lines_within
from app.presentation.charts.ticks import Tick, review_marks, year_ticks
from app.presentation.i18n.labels import day_text, status_word
from app.presentation.i18n.localize import localized_text
from app.presentation.i18n.translation import _
from app.presentation.pictures.glyphs import DASHED_STATUSES, area, cell, patterns
from app.presentation.pictures.palette import EDGE, INK, PAPER, QUIET, RULE
from app.presentation.pictures.svg import line, scale_to, text
from app.services.snapshots.report_builder import in_language
from app.services.snapshots.report_data import ReportData
from domain.codes import Status

WIDTH = 960
MAX_HISTORIES, FLOW_HEIGHT = 200, 240
FONT = "Pretendard, Noto Sans KR, sans-serif"
LARGE, SMALL = 15, 13
KEY_COLUMNS, KEY_ROW = 4, 30
TITLE_LINE = 16


def draw_charts(data: ReportData, language: str) -> dict[str, bytes]:
    """Draw each chart in a language; returns them by name."""
    with in_language(language):
        return {
            "scorecard": _scorecard(data),
            "status-over-time": _status_over_time(data),
            "lives": _histories(data),
        }


def _scorecard(data: ReportData) -> bytes:
    at = scale_to(0, WIDTH)
    shapes = [
        area(b.status, f'x="{at(b.x)}" y="1" width="{at(b.width)}" height="54"', edge=True)
        for b in build_blocks(data.counts)
    ]
    return _svg(data, _("One block is one recommendation"), 56, shapes)


def _status_over_time(data: ReportData) -> bytes:
    axis, left = data.axis, 62
    at = scale_to(left, WIDTH - 8)
    chart = build_flow(data.histories.values(), axis, data.evidence_until, FLOW_HEIGHT, min_units=1)
    shapes = [line(left, y, WIDTH - 8, y, RULE) for y, _n in chart.lines]
    for a in chart.areas:
        x, width = at(a.x), round(at(a.x + a.width) - at(a.x), 2)
        shapes.append(area(a.status, f'x="{x}" y="{a.y}" width="{width}" height="{a.height}"'))
        dashed = a.status in DASHED_STATUSES
        shapes.append(line(x, a.y, x + width, a.y, EDGE[a.status] if dashed else PAPER, dashes="3 2" if dashed else ""))
    if chart.reach is not None:
        x, height = at(chart.reach), chart.base - TOP_PX
        shapes.append(
            f'<rect x="{x}" y="{TOP_PX}" width="{WIDTH - 8 - x}" height="{height}" fill="{PAPER}" fill-opacity="0.62"/>'
        )
    for mark in review_marks(axis, data.reviews, width := _label_px(left, WIDTH - 8), width):
        x, y = at(mark.x), TOP_PX - 20 if mark.second else TOP_PX - 4
        shapes.append(line(x, y - 10, x, chart.base, INK))
        shapes += _label(x, y, mark, INK)
    shapes += [text(left - 6, y + 5, str(n), SMALL, QUIET, "end") for y, n in _values(chart)]
    shapes.append(_value_title(_("Number of recommendations"), (TOP_PX + chart.base) / 2))
    shapes += _year_axis(data, left, WIDTH - 8, chart.base, days=True)
    return _svg(data, _("Status over time"), chart.base + 46, shapes, {a.status for a in chart.areas})


def _values(chart: FlowChart) -> list[tuple[float, int]]:
    """The numbers of the value axis, with their places: zero, the gridlines, and the total where it is apart."""
    values = [(float(chart.base), 0), *chart.lines]
    if values[-1][0] - TOP_PX >= 2 * SMALL:
        values.append((float(TOP_PX), chart.total))
    return values


def _value_title(words: str, y: float) -> str:
    """The title of the value axis, upwards along it."""
    return f'<g transform="rotate(-90 14 {round(y, 2)})">{text(14, round(y, 2), words, SMALL, QUIET, "middle")}</g>'


def _histories(data: ReportData) -> bytes:
    left, row = 400, 22
    at = scale_to(left, WIDTH - 30)
    title_px = _label_px(0, left - 12)
    shapes, drawn, y = [], set[str](), 4
    for ident, standing in list(data.standings.items())[:MAX_HISTORIES]:
        lines = lines_within(localized_text(data.facts[ident], "title"), title_px)
        shapes += [text(0, y + 14 + n * TITLE_LINE, words, SMALL, INK) for n, words in enumerate(lines)]
        more = (len(lines) - 1) * TITLE_LINE
        y += more // 2  # the history stands beside the middle of its title
        history_strip = build_strip(
            data.histories.get(ident, ()), data.axis, data.evidence_until, data.facts[ident].recommended_on
        )
        for s in history_strip.segments:
            drawn.add(s.status)
            top, height = (y + 11, 5) if s.carried else (y + 2, 14)
            width = round(at(s.x + s.width) - at(s.x), 2)
            shapes.append(area(s.status, f'x="{at(s.x)}" y="{top}" width="{width}" height="{height}"', edge=True))
        if history_strip.begins is not None:
            shapes.append(line(at(history_strip.begins), y, at(history_strip.begins), y + 18, INK, width=2))
        shapes.append(f'<g transform="translate({WIDTH - 22} {y}) scale(0.7)">{cell(standing.status.value)}</g>')
        y += row + more - more // 2
    shapes += _year_axis(data, left, WIDTH - 30, y)
    return _svg(data, _("Status history of each recommendation"), y + 24, shapes, drawn)


def _year_axis(data: ReportData, left: float, right: float, y: float, *, days: bool = False) -> list[str]:
    """Return the base line, with a tick at the first day of each year, and below it the first and last day."""
    at, width = scale_to(left, right), _label_px(left, right)
    shapes = [line(left, y, right, y, INK)]
    for tick in year_ticks(data.axis, width, width):
        shapes += [line(at(tick.x), y, at(tick.x), y + 6, INK), *_label(at(tick.x), y + 17, tick, QUIET)]
    if days:
        first, last = day_text(data.axis.start.isoformat()), day_text(data.axis.end.isoformat())
        shapes += [text(left, y + 38, first, SMALL, QUIET), text(right, y + 38, last, SMALL, QUIET, "end")]
        shapes.append(text((left + right) / 2, y + 38, _("Day"), SMALL, QUIET, "middle"))
    return shapes


def _label(x: float, y: float, tick: Tick, ink: str) -> list[str]:
    if not tick.label:
        return []
    dx, anchor = (-4, "end") if tick.ends else (4, "start")
    return [text(round(x + dx, 2), y, tick.label, SMALL, ink, anchor)]


def _label_px(left: float, right: float) -> int:
    """The width of a chart for labels that are placed by the size of letters on pages."""
    return int((right - left) * LETTER_PX / SMALL)


def _key(data: ReportData, statuses: Sequence[Status], y: float) -> list[str]:
    """Return the key: each status with its glyph, label and count on the day."""
    shapes = []
    for n, status in enumerate(statuses):
        x, top = n % KEY_COLUMNS * WIDTH // KEY_COLUMNS, y + n // KEY_COLUMNS * KEY_ROW
        shapes.append(f'<g transform="translate({x} {top}) scale(0.85)">{cell(status.value)}</g>')
        shapes.append(text(x + 30, top + 16, f"{status_word(status)} {data.counts.totals[status]}", LARGE, INK))
    return shapes


def _svg(data: ReportData, title: str, height: float, shapes: list[str], drawn: Collection[str] = ()) -> bytes:
    """Return the SVG file: the shapes, `height` units high, and below them the key, which has those `drawn`."""
    statuses = [s for s in STATUS_ORDER if data.counts.totals[s] or s.value in drawn]
    counts_text = "; ".join(f"{status_word(s)}: {data.counts.totals[s]}" for s in statuses)
    total_height = height + 20 + -(-len(statuses) // KEY_COLUMNS) * KEY_ROW
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {total_height}" role="img" font-family="{FONT}">'
    )
    about = f"<title>{escape(title)}</title>\n<desc>{escape(counts_text)}.</desc>\n<defs>{patterns()}</defs>"
    return "\n".join([head, about, *shapes, *_key(data, statuses, height + 20), "</svg>\n"]).encode()
