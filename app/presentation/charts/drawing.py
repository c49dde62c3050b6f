"""Chart parts as SVG. They hold only numbers and codes, so nothing needs escaping and drawing is fast."""

from collections.abc import Iterable

from markupsafe import Markup

from app.presentation.charts.flow import Area
from app.presentation.charts.moves import Ribbon, chart_label
from app.presentation.charts.strips import Segment
from app.presentation.charts.ticks import Tick, review_ticks, year_ticks


def draw_areas(areas: Iterable[Area]) -> Markup:
    """The stacked steps, each with the line along its top."""
    return _markup(
        f'<rect class="flow" fill="url(#p-{a.status})" x="{a.x}%" y="{a.y}" width="{a.width}%" height="{a.height}"/>'
        f'<line class="top {a.status}" x1="{a.x}%" x2="{round(a.x + a.width, 2)}%" y1="{a.y}" y2="{a.y}"/>'
        for a in areas
    )


def draw_segments(segments: Iterable[Segment], top: int, height: int, thin: int) -> Markup:
    """A strip that starts at `top`, in pixels. Segments carried forward are only `thin` high, on the same base line."""
    return _markup(
        f'<rect class="seg {s.status}" fill="url(#p-{s.status})" x="{s.x}%" width="{s.width}%" '
        f'y="{top + height - thin if s.carried else top}" height="{thin if s.carried else height}"/>'
        for s in segments
    )


def draw_hairlines(ticks: Iterable[Tick], first: int, last: int) -> Markup:
    """Hairlines at the days of recurring reviews."""
    return _markup(f'<line class="hair" x1="{t.x}%" x2="{t.x}%" y1="{first}" y2="{last}"/>' for t in ticks)


def draw_ribbons(ribbons: Iterable[Ribbon]) -> Markup:
    """The moves between two days, on an axis of 100."""
    return _markup(
        f'<path class="{f"moved {r.status}" if r.status else "same"}" '
        f'd="M0 {r.left}C50 {r.left} 50 {r.right} 100 {r.right}V{r.right_foot}'
        f'C50 {r.right_foot} 50 {r.left_foot} 0 {r.left_foot}Z"/>'
        for r in ribbons
    )


def _markup(parts: Iterable[str]) -> Markup:
    return Markup("".join(parts))  # noqa: S704 numbers, and codes of statuses


GLOBALS = {
    "draw_areas": draw_areas,
    "draw_segments": draw_segments,
    "draw_hairlines": draw_hairlines,
    "draw_ribbons": draw_ribbons,
    "review_ticks": review_ticks,
    "year_ticks": year_ticks,
    "chart_label": chart_label,
}
