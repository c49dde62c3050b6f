"""Labels along an axis that do not collide, at every width at which pages draw it."""

from collections.abc import Iterable, Sequence
from itertools import pairwise

from msgspec import Struct

from app.presentation.charts.axis import Axis
from app.presentation.charts.text_width import text_width
from app.presentation.narrative.review_days import ReviewDay

NARROW_PX, WIDE_PX = 286, 416
"""The least width of a chart, on a screen of 320 pixels, and the least one next to the titles of a list."""
OFFSET_PX, GAP_PX = 3, 6
"""Between a line and its label, and between two labels."""
YEAR_STEPS = (1, 5, 10, 50, 100)
"""Each is a multiple of the one before, so that a narrow chart has some of the labels of a wide one."""


class Tick(Struct, frozen=True):
    """A line at `x` percent. `ends` puts its label before the line; `wide_only` is for charts with more room.

    A line without a label has an empty one.
    """

    x: float
    label: str
    ends: bool = False
    wide_only: bool = False
    second: bool = False
    """The label is on a second row."""


def year_ticks(axis: Axis, narrow_px: int = NARROW_PX, wide_px: int = WIDE_PX) -> list[Tick]:
    """The first days of years: of all of them, or of each fifth, tenth and so on."""
    years = axis.years_at(1)
    wide = _first_that_fits([axis.years_at(step) for step in YEAR_STEPS], wide_px, narrow_px)
    narrow = _first_that_fits([axis.years_at(step) for step in YEAR_STEPS], narrow_px, narrow_px)
    return [
        Tick(x, year if (x, year) in wide else "", _ends(x, year, narrow_px), (x, year) not in narrow)
        for x, year in years
    ]


def review_ticks(axis: Axis, reviews: Iterable[ReviewDay]) -> list[Tick]:
    """The days of recurring reviews; the newest have their labels first."""
    days = [(axis.at(r.on), r.short_label) for r in reviews if r.years is not None and axis.contains(r.on)]
    narrow = _newest_that_fit(days, [], NARROW_PX, NARROW_PX)
    wide = _newest_that_fit(days, narrow, WIDE_PX, NARROW_PX)
    return [
        Tick(x, label if (x, label) in wide else "", _ends(x, label, NARROW_PX), (x, label) not in narrow)
        for x, label in days
    ]


def review_marks(
    axis: Axis, reviews: Sequence[ReviewDay], narrow_px: int = NARROW_PX, wide_px: int = WIDE_PX
) -> list[Tick]:
    """The days of all reviews with their names; the names of single reviews are on a second row."""
    marks: list[Tick] = []
    for second in (False, True):
        row = [r for r in reviews if (r.years is None) is second and axis.contains(r.on)]
        days = [(axis.at(r.on), r.label) for r in row]
        narrow = _newest_that_fit(days, [], narrow_px, narrow_px)
        wide = _newest_that_fit(days, narrow, wide_px, narrow_px)
        marks += [
            Tick(day[0], day[1] if day in wide else "", _ends(*day, narrow_px), day not in narrow, second)
            for day in days
        ]
    return marks


Labels = Sequence[tuple[float, str]]


def _first_that_fits(choices: Sequence[Labels], width_px: int, narrow_px: int) -> Labels:
    return next((labels for labels in choices if _fits(labels, width_px, narrow_px)), [])


def _newest_that_fit(days: Labels, placed: Labels, width_px: int, narrow_px: int) -> list[tuple[float, str]]:
    chosen = list(placed)
    for day in reversed(days):
        if day not in chosen and _fits([*chosen, day], width_px, narrow_px):
            chosen.append(day)
    return chosen


def _fits(labels: Labels, width_px: int, narrow_px: int) -> bool:
    """Whether no two labels collide in a chart of a width, and none leaves it."""
    boxes = sorted(_box(x, label, width_px, narrow_px) for x, label in labels)
    apart = all(left[1] + GAP_PX <= right[0] for left, right in pairwise(boxes))
    return apart and all(start >= 0 and end <= width_px for start, end in boxes)


def _box(x: float, label: str, width_px: int, narrow_px: int) -> tuple[float, float]:
    line, width = x * width_px / 100, text_width(label)
    if _ends(x, label, narrow_px):
        return line - OFFSET_PX - width, line - OFFSET_PX
    return line + OFFSET_PX, line + OFFSET_PX + width


def _ends(x: float, label: str, narrow_px: int) -> bool:
    """Whether a label is before its line, since it has no room after it in the narrowest chart.

    One that has no room there at all is on the longer side.
    """
    line, needs = x * narrow_px / 100, OFFSET_PX + text_width(label)
    return line + needs > narrow_px and (line >= needs or x > 50)
