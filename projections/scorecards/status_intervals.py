"""The statuses of an item from day to day, as known at one instant. Pure functions.

Days are ordinals, the end of an interval is excluded, grades and marks are the numbers of `status_codes`.
"""

from bisect import bisect_left
from collections.abc import Sequence
from itertools import pairwise
from operator import attrgetter

from msgspec import Struct

from domain.codes import Kind, Status
from projections.scorecards.status_codes import (
    NOT_ASSESSED,
    OPEN_END_DAY,
    STATUS_BITS,
    STATUS_NUMBER,
    graded_status,
    is_done,
    is_same_status,
    is_set_aside,
    rank_of,
    span_code,
)

ON_SCORECARD, BEFORE_SCORECARD, ELEMENT = 0, 1, 2
"""The levels of spans: on the scorecard, before the day the recommendation was made, of an element."""

_effective = attrgetter("effective")


class Candidate(Struct, frozen=True, order=True, gc=False):
    """A published assessment; sorts by what decides which one is in force."""

    effective: int
    at: int
    number: int
    grade: int
    effective_on: str
    motion: int | None
    confidence: int | None
    review_by: int | None
    legacy: bool


class StatusInterval(Struct, frozen=True, gc=False):
    """Days on which an item had one status because of one assessment; `since` is the day that status began.

    `since_on` is that day as the assessments wrote it: a month stays a month.
    """

    start: int
    end: int
    grade: int
    since: int | None = None
    since_on: str | None = None
    assessment: int | None = None
    motion: int | None = None
    confidence: int | None = None
    review_by: int | None = None
    legacy: bool = False


class Span(Struct, frozen=True, gc=False):
    """A status interval as the scorecards count it, with the highest rank so far and the day it was reached, the first
    day on which the item was done, and the deadline in force."""

    level: int
    effective_from: int
    effective_to: int
    code: int
    since: int | None
    since_on: str | None
    assessment_no: int | None
    motion: int | None
    confidence: int | None
    review_by: int | None
    peak: int | None
    peak_on: int | None
    first_done: int | None = None
    due: int | None = None
    deadline_no: int | None = None


_LADDER = (Status.IN_PROGRESS, Status.ANNOUNCED, Status.CONTRARY, Status.NO_ACTION, Status.NOT_ASSESSED)


def assessed_intervals(
    candidates: Sequence[Candidate], previous: Sequence[StatusInterval], first_changed: int
) -> list[StatusInterval]:
    """The intervals of an item that is assessed itself.

    `candidates` are sorted; `previous` are the intervals before the change, `first_changed` the first day that may
    differ from them.
    """
    intervals = [interval for interval in previous if interval.end < first_changed]
    last = intervals[-1] if intervals else None
    grade, since, since_on = (last.grade, last.since, last.since_on) if last else (-1, None, None)
    first = bisect_left(candidates, last.end if last else 0, key=_effective)
    newest = len(candidates) - 1
    for n in range(first, newest + 1):
        c = candidates[n]
        end = candidates[n + 1].effective if n < newest else OPEN_END_DAY
        if end == c.effective:
            continue
        if not is_same_status(c.grade, grade):
            since, since_on = c.effective, c.effective_on
        grade = c.grade
        intervals.append(
            StatusInterval(
                c.effective,
                end,
                grade,
                since,
                since_on,
                c.number,
                c.motion,
                c.confidence,
                c.review_by,
                c.legacy,
            )
        )
    return intervals


def recommendation_spans(
    intervals: Sequence[StatusInterval], recommended: int, previous: Sequence[Span], first_changed: int
) -> list[Span]:
    """A recommendation's intervals cut at the day it was made, with its peak so far on each span.

    Spans of `previous` that end before `first_changed` are reused.
    """
    unchanged = [s for s in previous if s.effective_to < first_changed and s.assessment_no is not None]
    last = unchanged[-1] if unchanged else None
    drawn_to, peak, peak_on = (last.effective_to, last.peak, last.peak_on) if last else (0, None, None)
    peak_rank = -1 if peak is None else rank_of(peak)
    first_assessed = intervals[0].start if intervals else OPEN_END_DAY
    first_done = _first_done(intervals)
    spans: list[Span] = []
    if first_assessed > recommended:
        spans.append(not_assessed_span(ON_SCORECARD, recommended, first_assessed))
    spans += unchanged
    for interval in intervals:
        start, end = max(interval.start, drawn_to), interval.end
        if start >= end:
            continue
        if start < recommended:
            spans.append(_span(BEFORE_SCORECARD, start, min(end, recommended), interval))
            start = recommended
        if start < end:
            if (rank := rank_of(interval.grade)) > peak_rank:
                peak_rank, peak, peak_on = rank, interval.grade, start
            spans.append(_span(ON_SCORECARD, start, end, interval, peak, peak_on, first_done))
    return spans


def not_assessed_span(level: int, start: int, end: int) -> Span:
    """The days before the first assessment of an item."""
    return _span(level, start, end, StatusInterval(start, end, NOT_ASSESSED))


def _first_done(intervals: Sequence[StatusInterval]) -> int | None:
    """The first day on which an item was done, also before it was recommended."""
    return next((i.start for i in intervals if is_done(i.grade)), None)


def _span(
    level: int,
    start: int,
    end: int,
    of: StatusInterval,
    peak: int | None = None,
    peak_on: int | None = None,
    first_done: int | None = None,
) -> Span:
    return Span(
        level,
        start,
        end,
        span_code(of.grade, peak, of.legacy),
        of.since,
        of.since_on,
        of.assessment,
        of.motion,
        of.confidence,
        of.review_by,
        peak,
        peak_on,
        first_done if first_done is not None and first_done <= start else None,
    )


def element_spans(intervals: Sequence[StatusInterval]) -> list[Span]:
    """An element's intervals as spans; an element has no peak."""
    first_done = _first_done(intervals)
    return [_span(ELEMENT, i.start, i.end, i, first_done=first_done) for i in intervals]


def computed_intervals(core: Sequence[tuple[Kind, Sequence[StatusInterval]]]) -> list[StatusInterval]:
    """The intervals of a recommendation that follow from those of its core elements (methodology, section 6)."""
    days = sorted({day for _, intervals in core for i in intervals for day in (i.start, i.end)})
    computed: list[StatusInterval] = []
    ever_whole = False
    for start, end in pairwise(days):
        on_day = [(kind, _interval_on(intervals, start)) for kind, intervals in core]
        counting = [(kind, i) for kind, i in on_day if i is None or not is_set_aside(i.grade)]
        grade = _computed_grade(counting, on_day, ever_whole)
        ever_whole = ever_whole or is_done(grade)
        sources = [i for _, i in counting or on_day if i]
        began = [i.since_on for _, i in on_day if i and i.since == start and i.since_on]
        computed.append(_computed_interval(start, end, grade, sources, computed[-1] if computed else None, began))
    return computed


def _interval_on(intervals: Sequence[StatusInterval], day: int) -> StatusInterval | None:
    return next((i for i in intervals if i.start <= day < i.end), None)


def _computed_grade(
    counting: Sequence[tuple[Kind, StatusInterval | None]],
    every: Sequence[tuple[Kind, StatusInterval | None]],
    ever_whole: bool,
) -> int:
    """The grade of one day: the computed status, by the newest version among the assessments it follows from."""
    newest = max((i.grade >> STATUS_BITS for _, i in counting or every if i), default=0)
    return newest << STATUS_BITS | STATUS_NUMBER[_computed_status(counting, every, ever_whole)]


def _computed_status(
    counting: Sequence[tuple[Kind, StatusInterval | None]],
    every: Sequence[tuple[Kind, StatusInterval | None]],
    ever_whole: bool,
) -> Status:
    """The status of one day, by the rules of section 6 in their order."""
    if not counting:
        superseded = all(i and graded_status(i.grade) is Status.SUPERSEDED for _, i in every)
        return Status.SUPERSEDED if superseded else Status.UNVERIFIABLE
    done = [i is not None and is_done(i.grade) for _, i in counting]
    if all(done):
        return Status.IMPLEMENTED if all(kind.is_one_time for kind, _ in counting) else Status.IN_EFFECT
    statuses = {graded_status(i.grade) if i else Status.NOT_ASSESSED for _, i in counting}
    if Status.REVERSED in statuses and ever_whole:
        return Status.REVERSED
    if any(done) or Status.PARTLY in statuses:
        return Status.PARTLY
    if Status.REVERSED in statuses:
        return Status.REVERSED
    return next(status for status in _LADDER if status in statuses)


def _computed_interval(
    start: int,
    end: int,
    grade: int,
    sources: Sequence[StatusInterval],
    previous: StatusInterval | None,
    began: Sequence[str],
) -> StatusInterval:
    """`began` is the day as the elements whose status began on it wrote it; the most precise of them counts."""
    since, since_on = start, max(began, key=len, default=None)
    if previous and is_same_status(previous.grade, grade):
        since, since_on = previous.since or start, previous.since_on
    return StatusInterval(
        start,
        end,
        grade,
        since=None if grade == NOT_ASSESSED else since,
        since_on=None if grade == NOT_ASSESSED else since_on,
        confidence=min((i.confidence for i in sources if i.confidence is not None), default=None),
        review_by=min((i.review_by for i in sources if i.review_by is not None), default=None),
        legacy=any(i.legacy for i in sources),
    )
