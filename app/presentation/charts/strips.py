"""Status strips: one recommendation's status history as a line of segments."""

from datetime import date, timedelta

from msgspec import Struct

from app.presentation.charts.axis import Axis
from app.presentation.i18n.labels import day_text, status_word
from app.presentation.i18n.translation import _
from projections.scorecards.status_history import StatusHistory, StatusPeriod


class Segment(Struct, frozen=True):
    """A run of one status, in percent of the width. `carried` is true after the last day covered by evidence."""

    status: str
    x: float
    width: float
    carried: bool


class ChangeLabel(Struct, frozen=True):
    """The text of one change on a large strip; `ends` puts it before its position."""

    status: str
    x: float
    text: str
    ends: bool


class Strip(Struct, frozen=True):
    """`begins` is the position of the first day, None if the history starts before the axis."""

    segments: tuple[Segment, ...]
    begins: float | None
    words: str
    labels: tuple[ChangeLabel, ...] = ()


def build_strip(history: StatusHistory, axis: Axis, reach: date | None, *, labelled: bool = False) -> Strip:
    """`reach` is the last day for which sources were searched, None if unknown."""
    segments = [s for period in history for s in _build_segments(period, axis, reach)]
    first = history[0].start if history else axis.end
    return Strip(
        segments=tuple(segments),
        begins=axis.at(first) if axis.contains(first) else None,
        words=_describe(history, axis.end, reach),
        labels=tuple(_build_label(period, axis) for period in history) if labelled else (),
    )


def _build_segments(period: StatusPeriod, axis: Axis, reach: date | None) -> list[Segment]:
    start, end = max(period.start, axis.start), min(period.end, axis.end + timedelta(days=1))
    if start >= end:
        return []
    known_to = min(end, reach + timedelta(days=1)) if reach else end
    parts = [(start, known_to, False), (max(start, known_to), end, True)]
    return [
        Segment(period.status.value, axis.at(a), round(axis.at(b) - axis.at(a), 2), carried)
        for a, b, carried in parts
        if a < b
    ]


def _build_label(period: StatusPeriod, axis: Axis) -> ChangeLabel:
    x = axis.at(period.start)
    return ChangeLabel(
        period.status.value, x, f"{status_word(period.status)}, {day_text(period.start.isoformat(), 'short')}", x > 60
    )


def _describe(history: StatusHistory, end: date, reach: date | None) -> str:
    text = "; ".join(
        _("%(status)s from %(day)s", status=status_word(h.status), day=day_text(h.start.isoformat())) for h in history
    )
    if reach and reach < end:
        text += ". " + _(
            "After %(day)s the last status is carried forward without new evidence", day=day_text(reach.isoformat())
        )
    return f"{text}."
