"""Chart parts as SVG. They hold only numbers and codes, so nothing needs escaping and drawing is fast."""

from collections.abc import Iterable

from markupsafe import Markup

from app.presentation.charts.axis import Mark
from app.presentation.charts.flow import Area
from app.presentation.charts.strips import Segment


def draw_areas(areas: Iterable[Area]) -> Markup:
    """The stacked steps, each with the line along its top."""
    return _markup(
        f'<rect class="flow" fill="url(#p-{a.status})" x="{a.x}%" y="{a.y}" width="{a.width}%" height="{a.height}"/>'
        f'<line class="top" x1="{a.x}%" x2="{round(a.x + a.width, 2)}%" y1="{a.y}" y2="{a.y}"/>'
        for a in areas
    )


def draw_segments(segments: Iterable[Segment], top: int, height: int, thin: int) -> Markup:
    """A strip that starts at `top`, in pixels. Segments carried forward are only `thin` high, on the same base line."""
    return _markup(
        f'<rect class="seg {s.status}" fill="url(#p-{s.status})" x="{s.x}%" width="{s.width}%" '
        f'y="{top + height - thin if s.carried else top}" height="{thin if s.carried else height}"/>'
        for s in segments
    )


def draw_hairlines(marks: Iterable[Mark], first: int, last: int) -> Markup:
    """Hairlines at the days of recurring reviews."""
    return _markup(
        f'<line class="hair" x1="{m.x}%" x2="{m.x}%" y1="{first}" y2="{last}"/>' for m in marks if not m.second
    )


def _markup(parts: Iterable[str]) -> Markup:
    return Markup("".join(parts))  # noqa: S704 numbers, and codes of statuses


GLOBALS = {"draw_areas": draw_areas, "draw_segments": draw_segments, "draw_hairlines": draw_hairlines}
