"""Status over time for pages: always out of all, each band named at its end, with numbered days."""

from collections import Counter
from collections.abc import Collection, Sequence
from datetime import date

from msgspec import Struct

from app.presentation.charts.axis import Axis
from app.presentation.charts.flow import HEIGHT_PX, STATUS_ORDER, TOP_PX, FlowChart, build_flow
from app.presentation.charts.spread import LABEL_PX, spread
from app.presentation.charts.ticks import Tick, year_ticks
from projections.scorecards.status_history import StatusHistory

LEAST_PX = 180
"""The width of the bands on a screen of 320 pixels: the rest is for their labels."""
NUMBER_PX = 26
"""The least distance between the middles of two numbers above the bands."""


class Band(Struct, frozen=True):
    """A status on the last day: how many have it, the middle of its band and of its label."""

    status: str
    number: int
    middle: float
    label: float


class BandChart(Struct, frozen=True):
    flow: FlowChart
    bands: tuple[Band, ...]
    years: tuple[Tick, ...]
    late: int
    """How many were recommended after the first day of the axis: the empty part at its beginning."""

    @property
    def top(self) -> int:
        return TOP_PX


def build_bands(histories: Collection[StatusHistory], axis: Axis, reach: date | None) -> BandChart:
    flow = build_flow(histories, axis, reach, min_units=HEIGHT_PX // LABEL_PX)
    numbers = Counter(history[-1].status for history in histories if history[-1].end > axis.end)
    y, found = float(flow.base), []
    for status in STATUS_ORDER:
        if number := numbers[status]:
            height = number * flow.unit
            found.append((status.value, number, y - height / 2))
            y -= height
    found.reverse()
    labels = spread([middle for _, _, middle in found], TOP_PX, flow.base)
    return BandChart(
        flow=flow,
        bands=tuple(
            Band(status, number, round(middle, 1), round(label, 1))
            for (status, number, middle), label in zip(found, labels, strict=True)
        ),
        years=tuple(year_ticks(axis, LEAST_PX)),
        late=sum(history[0].start > axis.start for history in histories),
    )


def are_apart(x: float, others: Sequence[float]) -> bool:
    """Whether a number at `x` percent collides with none of those at other places, however narrow the chart is."""
    return all(abs(x - other) * LEAST_PX / 100 >= NUMBER_PX for other in others)
