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
"""The space above the stack for the names of reviews, and the height of the full stack."""
MIN_UNITS = 31
"""The number of recommendations that fill the height; fewer leave space at the top."""
MAX_COLUMNS = 160


class Area(Struct):
    """A run of days on which a status filled the same space; x and width in percent, y and height in pixels."""

    status: str
    x: float
    width: float
    y: float
    height: float


class FlowChart(Struct, frozen=True):
    areas: tuple[Area, ...]
    lines: tuple[tuple[float, int], ...]
    """Gridlines: height in pixels and the number each one marks."""
    base: int
    total: int
    unit: float
    """The height of one recommendation in pixels."""
    reach: float | None
    """Where the evidence ends, None if it covers the whole chart."""


class StatusTable(Struct, frozen=True):
    """The numbers of the chart: how many recommendations had each status on each day."""

    days: tuple[date, ...]
    rows: tuple[tuple[Status, tuple[int, ...]], ...]
    totals: tuple[int, ...]


def build_flow(
    histories: Collection[StatusHistory],
    axis: Axis,
    reach: date | None,
    height_px: int = HEIGHT_PX,
    min_units: int = MIN_UNITS,
) -> FlowChart:
    total = len(histories)
    unit = height_px / max(total, min_units)
    base = round(TOP_PX + unit * total)
    areas: list[Area] = []
    running: dict[Status, Area] = {}
    days = _column_days(histories, axis)
    for (start, counts), end in zip(
        _counts_by_day(histories, days), [*days[1:], axis.end + timedelta(days=1)], strict=True
    ):
        x, y = axis.at(start), float(base)
        width = round(axis.at(end) - x, 2)
        for status in STATUS_ORDER:
            height = round(counts[status] * unit, 2)
            y = round(y - height, 2)
            previous = running.pop(status, None)
            if not height:
                continue
            if previous and previous.y == y and previous.height == height:
                previous.width = round(x + width - previous.x, 2)
                running[status] = previous
            else:
                areas.append(Area(status.value, x, width, y, height))
                running[status] = areas[-1]
    beyond = reach is not None and axis.start <= reach < axis.end
    return FlowChart(
        areas=tuple(areas),
        lines=tuple((round(base - n * unit, 2), n) for n in _gridline_values(total)),
        base=base,
        total=total,
        unit=unit,
        reach=axis.at(reach + timedelta(days=1)) if beyond and reach else None,
    )


def build_table(histories: Collection[StatusHistory], days: Sequence[date]) -> StatusTable:
    counts = [tally for _, tally in _counts_by_day(histories, days)]
    return StatusTable(
        days=tuple(days),
        rows=tuple((status, tuple(h[status] for h in counts)) for status in STATUS_ORDER),
        totals=tuple(sum(h.values()) for h in counts),
    )


def _counts_by_day(
    histories: Collection[StatusHistory], days: Sequence[date]
) -> Iterator[tuple[date, Counter[Status]]]:
    """How many recommendations had each status on each of the `days`, which are sorted."""
    changes = [(h.start, h.status, 1) for history in histories for h in history] + [
        (h.end, h.status, -1) for history in histories for h in history
    ]
    changes.sort(key=itemgetter(0))
    counts: Counter[Status] = Counter()
    applied_changes = 0
    for day in days:
        while applied_changes < len(changes) and changes[applied_changes][0] <= day:
            _, status, change = changes[applied_changes]
            counts[status] += change
            applied_changes += 1
        yield day, counts.copy()


def _column_days(histories: Collection[StatusHistory], axis: Axis) -> list[date]:
    """The days on which a status changed; evenly spaced days if there are too many."""
    days = {axis.start} | {h.start for history in histories for h in history if axis.contains(h.start)}
    if len(days) <= MAX_COLUMNS:
        return sorted(days)
    total = (axis.end - axis.start).days + 1
    return sorted({axis.start + timedelta(days=n * total // MAX_COLUMNS) for n in range(MAX_COLUMNS)})


def _gridline_values(total: int) -> range:
    step = 5
    while total / step > 5:
        step *= 2
    return range(step, total + 1, step)
