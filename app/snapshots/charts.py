"""Charts as files of their own: no style sheet, no script, colours and words inside."""

from html import escape

from app.pictures.palette import EDGE, FILL, INK, QUIET, RULE
from app.public.blocks import blocks
from app.public.charts.flow import TOP, flow
from app.public.charts.strips import strip
from app.snapshots.telling import speaking
from app.snapshots.told import Told
from app.web.local import said_text
from app.web.texts import LANGUAGES, _
from app.web.words import STATUS

WIDTH = 960
MOST_LIVES = 200
FONT = "Pretendard, Noto Sans KR, sans-serif"


def charts(told: Told) -> dict[str, bytes]:
    """Each chart in each language, by file name."""
    found = {}
    for language in LANGUAGES:
        with speaking(language):
            found[f"scorecard.{language}.svg"] = _scorecard(told)
            found[f"status-over-time.{language}.svg"] = _over_time(told)
            found[f"lives.{language}.svg"] = _lives(told)
    return found


def _x(percent: float, left: int = 0) -> float:
    return round(left + percent * (WIDTH - left) / 100, 2)


def _scorecard(told: Told) -> bytes:
    drawn = [
        f'<rect x="{_x(b.x)}" y="0" width="{_x(b.width)}" height="56" '
        f'fill="{FILL[b.status]}" stroke="{EDGE[b.status]}"/>'
        for b in blocks(told.counts)
    ]
    return _svg(_("One block is one recommendation"), 56, drawn)


def _over_time(told: Told) -> bytes:
    axis = told.axis
    made = flow(told.lives.values(), axis, told.reach)
    drawn = [
        f'<rect x="{_x(a.x)}" y="{a.y}" width="{_x(a.width)}" height="{a.height}" fill="{FILL[a.status]}"/>'
        f'<line x1="{_x(a.x)}" x2="{_x(a.x + a.width)}" y1="{a.y}" y2="{a.y}" stroke="{EDGE[a.status]}"/>'
        for a in made.areas
    ]
    drawn += [
        f'<line x1="0" x2="{WIDTH}" y1="{y}" y2="{y}" stroke="{RULE}" stroke-dasharray="2 3"/>'
        f'<text x="{WIDTH - 2}" y="{y - 3}" text-anchor="end" fill="{QUIET}" font-size="12">{n}</text>'
        for y, n in made.lines
    ]
    for mark in axis.marks(told.reviews):
        x, y = _x(mark.x), TOP - 18 if mark.second else TOP - 4
        anchor, dx = ("end", -4) if mark.ends else ("start", 4)
        drawn.append(f'<line x1="{x}" x2="{x}" y1="{y - 8}" y2="{made.base}" stroke="{INK}" stroke-width="0.6"/>')
        drawn.append(
            f'<text x="{x + dx}" y="{y}" text-anchor="{anchor}" fill="{INK}" font-size="12">{escape(mark.label)}</text>'
        )
    drawn += _years(told, made.base, 0)
    return _svg(_("Status over time"), made.base + 22, drawn)


def _lives(told: Told) -> bytes:
    left, row = 380, 20
    drawn, y = [], 0
    for ident in list(told.held)[:MOST_LIVES]:
        title = said_text(told.facts[ident], "title")
        short = title if len(title) <= 52 else title[:51] + "…"
        drawn.append(f'<text x="0" y="{y + 13}" fill="{INK}" font-size="13">{escape(short)}</text>')
        for s in strip(told.lives.get(ident, ()), told.axis, told.reach).segments:
            top, height = (y + 11, 4) if s.carried else (y + 2, 13)
            width = round(s.width * (WIDTH - left) / 100, 2)
            drawn.append(
                f'<rect x="{_x(s.x, left)}" y="{top}" width="{width}" height="{height}" fill="{FILL[s.status]}" '
                f'stroke="{EDGE[s.status]}" stroke-width="0.7"><title>{escape(str(STATUS[s.status]))}</title></rect>'
            )
        y += row
    drawn += _years(told, y, left)
    return _svg(_("The life of each recommendation"), y + 22, drawn)


def _years(told: Told, y: int, left: int) -> list[str]:
    return [
        f'<line x1="{_x(x, left)}" x2="{_x(x, left)}" y1="{y}" y2="{y + 5}" stroke="{QUIET}"/>'
        f'<text x="{_x(x, left) + 3}" y="{y + 15}" fill="{QUIET}" font-size="12">{text}</text>'
        for x, text in told.axis.years()
    ]


def _svg(title: str, height: float, drawn: list[str]) -> bytes:
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" role="img" font-family="{FONT}">'
    return f"{head}<title>{escape(title)}</title>\n{chr(10).join(drawn)}\n</svg>\n".encode()
