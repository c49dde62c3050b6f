"""Charts as files of their own: no style sheet, no script; colours, patterns, glyphs and words inside."""

from html import escape

from app.presentation.charts.bucket_blocks import build_blocks
from app.presentation.charts.flow import STATUS_ORDER, TOP_PX, build_flow
from app.presentation.charts.strips import build_strip
from app.presentation.i18n.labels import STATUS
from app.presentation.i18n.languages import RECORD_LANGUAGES
from app.presentation.i18n.localize import localized_text
from app.presentation.i18n.translation import _
from app.presentation.pictures.glyphs import DASHED_STATUSES, area, cell, patterns
from app.presentation.pictures.palette import EDGE, INK, PAPER, QUIET, RULE
from app.services.snapshots.drawing import Scale, line, scale_to, text
from app.services.snapshots.report_builder import in_language
from app.services.snapshots.report_data import ReportData

WIDTH = 960
MAX_HISTORIES, FLOW_HEIGHT = 200, 240
FONT = "Pretendard, Noto Sans KR, sans-serif"
LARGE, SMALL = 15, 13
KEY_COLUMNS, KEY_ROW = 4, 30


def draw_charts(told: ReportData) -> dict[str, bytes]:
    """Each chart in each language, by file name."""
    found = {}
    for language in RECORD_LANGUAGES:
        with in_language(language):
            found[f"scorecard.{language}.svg"] = _scorecard(told)
            found[f"status-over-time.{language}.svg"] = _over_time(told)
            found[f"lives.{language}.svg"] = _lives(told)
    return found


def _scorecard(told: ReportData) -> bytes:
    at = scale_to(0, WIDTH)
    drawn = [
        area(b.status, f'x="{at(b.x)}" y="1" width="{at(b.width)}" height="54"', edge=True)
        for b in build_blocks(told.counts)
    ]
    return _svg(told, _("One block is one recommendation"), 56, drawn)


def _over_time(told: ReportData) -> bytes:
    axis, left = told.axis, 40
    at = scale_to(left, WIDTH - 8)
    made = build_flow(told.lives.values(), axis, told.reach, FLOW_HEIGHT)
    drawn = [line(left, y, WIDTH - 8, y, RULE) for y, _n in made.lines]
    for a in made.areas:
        x, width = at(a.x), round(at(a.x + a.width) - at(a.x), 2)
        drawn.append(area(a.status, f'x="{x}" y="{a.y}" width="{width}" height="{a.height}"'))
        dashed = a.status in DASHED_STATUSES
        drawn.append(line(x, a.y, x + width, a.y, EDGE[a.status] if dashed else PAPER, dashes="3 2" if dashed else ""))
    if made.reach is not None:
        x, height = at(made.reach), made.base - TOP_PX
        drawn.append(
            f'<rect x="{x}" y="{TOP_PX}" width="{WIDTH - 8 - x}" height="{height}" fill="{PAPER}" fill-opacity="0.62"/>'
        )
    for mark in axis.marks(told.reviews):
        x, y = at(mark.x), TOP_PX - 20 if mark.second else TOP_PX - 4
        drawn.append(line(x, y - 10, x, made.base, INK))
        anchor, dx = ("end", -4) if mark.ends else ("start", 4)
        drawn.append(text(x + dx, y, mark.label, SMALL, INK, anchor))
    drawn += [text(left - 6, y + 5, str(n), SMALL, QUIET, "end") for y, n in made.lines]
    drawn += _days(told, at, made.base)
    return _svg(told, _("Status over time"), made.base + 24, drawn)


def _lives(told: ReportData) -> bytes:
    left, row = 400, 22
    at = scale_to(left, WIDTH - 30)
    drawn, y = [], 4
    for ident, standing in list(told.held.items())[:MAX_HISTORIES]:
        title = localized_text(told.facts[ident], "title")
        drawn.append(text(0, y + 14, title if len(title) <= 54 else title[:53] + "…", SMALL, INK))
        made = build_strip(told.lives.get(ident, ()), told.axis, told.reach)
        for s in made.segments:
            top, height = (y + 11, 5) if s.carried else (y + 2, 14)
            width = round(at(s.x + s.width) - at(s.x), 2)
            drawn.append(area(s.status, f'x="{at(s.x)}" y="{top}" width="{width}" height="{height}"', edge=True))
        if made.begins is not None:
            drawn.append(line(at(made.begins), y, at(made.begins), y + 18, INK, width=2))
        drawn.append(f'<g transform="translate({WIDTH - 22} {y}) scale(0.7)">{cell(standing.status.value)}</g>')
        y += row
    drawn += _days(told, at, y)
    return _svg(told, _("Status history of each recommendation"), y + 24, drawn)


def _days(told: ReportData, at: Scale, y: float) -> list[str]:
    """The line at the foot, with a tick at the first day of each year."""
    drawn = [line(at(0), y, at(100), y, INK)]
    for x, year in told.axis.years():
        drawn += [line(at(x), y, at(x), y + 6, INK), text(at(x) + 4, y + 17, year, SMALL, QUIET)]
    return drawn


def _key(told: ReportData, y: float) -> list[str]:
    """Every status that is held, with its glyph, its word and its number."""
    held, drawn = [s for s in STATUS_ORDER if told.counts.totals[s]], []
    for n, status in enumerate(held):
        x, top = n % KEY_COLUMNS * WIDTH // KEY_COLUMNS, y + n // KEY_COLUMNS * KEY_ROW
        drawn.append(f'<g transform="translate({x} {top}) scale(0.85)">{cell(status.value)}</g>')
        drawn.append(text(x + 30, top + 16, f"{STATUS[status]} {told.counts.totals[status]}", LARGE, INK))
    return drawn


def _svg(told: ReportData, title: str, height: float, drawn: list[str]) -> bytes:
    """The whole file: below the drawing, which is so high, stands the key."""
    held = [s for s in STATUS_ORDER if told.counts.totals[s]]
    words = "; ".join(f"{STATUS[s]}: {told.counts.totals[s]}" for s in held)
    whole = height + 20 + -(-len(held) // KEY_COLUMNS) * KEY_ROW
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {whole}" role="img" font-family="{FONT}">'
    about = f"<title>{escape(title)}</title>\n<desc>{escape(words)}.</desc>\n<defs>{patterns()}</defs>"
    return "\n".join([head, about, *drawn, *_key(told, height + 20), "</svg>\n"]).encode()
