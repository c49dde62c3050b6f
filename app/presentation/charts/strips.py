"""Life strips: one recommendation's whole life as a line of segments."""

from datetime import date, timedelta

from msgspec import Struct

from app.presentation.charts.axis import Axis
from app.presentation.i18n.labels import STATUS, day_text
from app.presentation.i18n.translation import _
from projections.scorecards.status_history import StatusHistory, StatusPeriod


class Segment(Struct, frozen=True):
    """A run of one status, in percent of the width. `carried` lies past the day the evidence reaches."""

    status: str
    x: float
    width: float
    carried: bool


class ChangeLabel(Struct, frozen=True):
    """The words of one change on a large strip; `ends` puts them before their place."""

    status: str
    x: float
    text: str
    ends: bool


class Strip(Struct, frozen=True):
    """`begins` is the place of the first day, None where the life began before the axis."""

    segments: tuple[Segment, ...]
    begins: float | None
    words: str
    labels: tuple[ChangeLabel, ...] = ()


def build_strip(life: StatusHistory, axis: Axis, reach: date | None, *, labelled: bool = False) -> Strip:
    """`reach` is the last day for which sources were searched, None where it is not said."""
    segments = [s for held in life for s in _build_segments(held, axis, reach)]
    first = life[0].start if life else axis.end
    return Strip(
        segments=tuple(segments),
        begins=axis.at(first) if axis.contains(first) else None,
        words=_describe(life, axis.end, reach),
        labels=tuple(_build_label(held, axis) for held in life) if labelled else (),
    )


def _build_segments(held: StatusPeriod, axis: Axis, reach: date | None) -> list[Segment]:
    start, end = max(held.start, axis.start), min(held.end, axis.end + timedelta(days=1))
    if start >= end:
        return []
    known_to = min(end, reach + timedelta(days=1)) if reach else end
    parts = [(start, known_to, False), (max(start, known_to), end, True)]
    return [
        Segment(held.status.value, axis.at(a), round(axis.at(b) - axis.at(a), 2), carried)
        for a, b, carried in parts
        if a < b
    ]


def _build_label(held: StatusPeriod, axis: Axis) -> ChangeLabel:
    x = axis.at(held.start)
    return ChangeLabel(
        held.status.value, x, f"{STATUS[held.status]}, {day_text(held.start.isoformat(), 'short')}", x > 60
    )


def _describe(life: StatusHistory, end: date, reach: date | None) -> str:
    told = "; ".join(
        _("%(status)s from %(day)s", status=STATUS[h.status], day=day_text(h.start.isoformat())) for h in life
    )
    if reach and reach < end:
        told += ". " + _(
            "After %(day)s the last status is carried forward without new evidence", day=day_text(reach.isoformat())
        )
    return f"{told}."
