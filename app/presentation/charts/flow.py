"""Status over time: stacked steps, one unit of height per recommendation."""

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from datetime import date, timedelta
from operator import itemgetter

from msgspec import Struct

from app.presentation.charts.axis import Axis
from domain.codes import Status
from projections.scorecards.status_history import StatusHistory

STATUS_ORDER = (
    Status.IN_EFFECT,
    Status.IMPLEMENTED,
    Status.PARTLY,
    Status.IN_PROGRESS,
    Status.ANNOUNCED,
    Status.NO_ACTION,
    Status.CONTRARY,
    Status.REVERSED,
    Status.NOT_ASSESSED,
    Status.SUPERSEDED,
    Status.UNVERIFIABLE,
)
"""The order in which statuses are drawn everywhere, from the base up."""

TOP_PX, HEIGHT_PX = 34, 217
"""Pixels above the stack, for the words of the reviews, and of the full stack."""
MIN_UNITS = 31
"""So many recommendations fill the height; fewer leave the rest of it empty."""
MAX_COLUMNS = 160


class Area(Struct):
    """A run of days on which a status filled the same place; x and width in percent, y and height in pixels."""

    status: str
    x: float
    width: float
    y: float
    height: float


class FlowChart(Struct, frozen=True):
    areas: tuple[Area, ...]
    lines: tuple[tuple[float, int], ...]
    """Gridlines: their height in pixels and the number they stand for."""
    base: int
    total: int
    reach: float | None
    """Where the evidence ends, None where it reaches as far as the chart."""


class StatusTable(Struct, frozen=True):
    """The same numbers: how many held each status on each day."""

    days: tuple[date, ...]
    rows: tuple[tuple[Status, tuple[int, ...]], ...]
    totals: tuple[int, ...]


def build_flow(lives: Collection[StatusHistory], axis: Axis, reach: date | None, tall: int = HEIGHT_PX) -> FlowChart:
    total = len(lives)
    unit = tall / max(total, MIN_UNITS)
    base = round(TOP_PX + unit * total)
    areas: list[Area] = []
    running: dict[Status, Area] = {}
    days = _column_days(lives, axis)
    for (start, held), end in zip(_counts_by_day(lives, days), [*days[1:], axis.end + timedelta(days=1)], strict=True):
        x, y = axis.at(start), float(base)
        width = round(axis.at(end) - x, 2)
        for status in STATUS_ORDER:
            height = round(held[status] * unit, 2)
            y = round(y - height, 2)
            before = running.pop(status, None)
            if not height:
                continue
            if before and before.y == y and before.height == height:
                before.width = round(x + width - before.x, 2)
                running[status] = before
            else:
                areas.append(Area(status.value, x, width, y, height))
                running[status] = areas[-1]
    beyond = reach is not None and axis.start <= reach < axis.end
    return FlowChart(
        areas=tuple(areas),
        lines=tuple((round(base - n * unit, 2), n) for n in _gridline_values(total)),
        base=base,
        total=total,
        reach=axis.at(reach + timedelta(days=1)) if beyond and reach else None,
    )


def build_table(lives: Collection[StatusHistory], days: Sequence[date]) -> StatusTable:
    held = [tally for _, tally in _counts_by_day(lives, days)]
    return StatusTable(
        days=tuple(days),
        rows=tuple((status, tuple(h[status] for h in held)) for status in STATUS_ORDER),
        totals=tuple(sum(h.values()) for h in held),
    )


def _counts_by_day(lives: Collection[StatusHistory], days: Sequence[date]) -> Iterator[tuple[date, Counter[Status]]]:
    """How many held each status on each of some days, which are in order."""
    changes = [(h.start, h.status, 1) for life in lives for h in life] + [
        (h.end, h.status, -1) for life in lives for h in life
    ]
    changes.sort(key=itemgetter(0))
    held: Counter[Status] = Counter()
    done = 0
    for day in days:
        while done < len(changes) and changes[done][0] <= day:
            _, status, change = changes[done]
            held[status] += change
            done += 1
        yield day, held.copy()


def _column_days(lives: Collection[StatusHistory], axis: Axis) -> list[date]:
    """The days on which something moved; in a long or busy record, evenly spaced days instead."""
    moved = {axis.start} | {h.start for life in lives for h in life if axis.contains(h.start)}
    if len(moved) <= MAX_COLUMNS:
        return sorted(moved)
    total = (axis.end - axis.start).days + 1
    return sorted({axis.start + timedelta(days=n * total // MAX_COLUMNS) for n in range(MAX_COLUMNS)})


def _gridline_values(total: int) -> range:
    step = 5
    while total / step > 5:
        step *= 2
    return range(step, total + 1, step)
