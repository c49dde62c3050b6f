"""Status strips: one recommendation's status history as a line of segments."""

from datetime import date, timedelta

from msgspec import Struct

from app.presentation.charts.axis import Axis
from app.presentation.i18n.labels import status_word
from app.presentation.narrative.status_dates import period_lines
from projections.scorecards.status_history import StatusHistory, StatusPeriod


class Segment(Struct, frozen=True):
    """A run of one status, in percent of the width. `carried` is true after the last day covered by evidence."""

    status: str
    x: float
    width: float
    carried: bool


class Strip(Struct, frozen=True):
    """`begins` is the position of the first day, None if the history starts before the axis.

    `lines` say each period in words: its status, and when it was.
    """

    segments: tuple[Segment, ...]
    begins: float | None
    lines: tuple[tuple[str, str], ...]

    @property
    def words(self) -> str:
        """The same in one sentence."""
        return "; ".join(f"{status_word(status)}: {when}" for status, when in self.lines) + "."


def build_strip(history: StatusHistory, axis: Axis, reach: date | None, recommended_on: str) -> Strip:
    """`reach` is the last day for which sources were searched, None if unknown."""
    segments = [s for period in history for s in _build_segments(period, axis, reach)]
    first = history[0].start if history else axis.end
    return Strip(
        segments=tuple(segments),
        begins=axis.at(first) if axis.contains(first) else None,
        lines=tuple(period_lines(history, recommended_on, reach if reach and reach < axis.end else None)),
    )


def _build_segments(period: StatusPeriod, axis: Axis, reach: date | None) -> list[Segment]:
    start, end = max(period.start, axis.start), min(period.end, axis.end + timedelta(days=1))
    if start >= end:
        return []
    known_to = min(end, reach + timedelta(days=1)) if reach and period.start <= reach else end
    parts = [(start, known_to, False), (max(start, known_to), end, True)]
    return [
        Segment(period.status.value, axis.at(a), round(axis.at(b) - axis.at(a), 2), carried)
        for a, b, carried in parts
        if a < b
    ]
