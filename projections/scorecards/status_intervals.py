"""Life lines: an item's statuses from day to day, as known at one instant; pure functions."""

from bisect import bisect_left
from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from domain.codes import Kind, Status
from projections.scorecards.status_codes import (
    FAR,
    NOT_ASSESSED,
    NUMBER,
    STATUS_BITS,
    code,
    graded_status,
    is_done,
    is_same_status,
    is_set_aside,
    rank_of,
)


class Candidate(NamedTuple):
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


class StatusInterval(NamedTuple):
    """Days (the last excluded) on which an item held one status by one assessment."""

    start: int
    end: int
    grade: int
    since: int | None
    since_on: str | None
    assessment: int | None
    motion: int | None
    confidence: int | None
    review_by: int | None
    legacy: bool


class Span(NamedTuple):
    """A stretch as it is counted: on the scorecard (level 0), before it (1), or of an element (2)."""

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


_NOBODY_JUDGED = (NOT_ASSESSED, None, None, None, None, None, None, False)
_LADDER = (Status.IN_PROGRESS, Status.ANNOUNCED, Status.CONTRARY, Status.NO_ACTION, Status.NOT_ASSESSED)


def own_line(candidates: Sequence[Candidate], before: Sequence[StatusInterval], changed: int) -> list[StatusInterval]:
    """The life line of an item that is assessed itself.

    `candidates` are sorted; `before` is the line as it was, and `changed` the first day that may differ.
    """
    line = [stretch for stretch in before if stretch.end < changed]
    begun = line[-1].end if line else 0
    grade, since, since_on = (line[-1].grade, line[-1].since, line[-1].since_on) if line else (-1, None, None)
    first = bisect_left(candidates, (begun,))
    last = len(candidates) - 1
    for n in range(first, last + 1):
        c = candidates[n]
        end = candidates[n + 1].effective if n < last else FAR
        if end == c.effective:
            continue
        if not is_same_status(c.grade, grade):
            since, since_on = c.effective, c.effective_on
        grade = c.grade
        line.append(
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
    return line


def counted(line: Sequence[StatusInterval], recommended: int, before: Sequence[Span], changed: int) -> list[Span]:
    """A recommendation's line cut at the day it was recommended, with its peak so far on each span."""
    kept = [span for span in before if span.effective_to < changed and span.assessment_no is not None]
    begun = kept[-1].effective_to if kept else 0
    peak, peak_on = (kept[-1].peak, kept[-1].peak_on) if kept else (None, None)
    best = rank_of(peak) if peak is not None else -1
    first = line[0].start if line else FAR
    spans: list[Span] = []
    if first > recommended:
        spans.append(_span(0, recommended, first, StatusInterval(recommended, first, *_NOBODY_JUDGED), None, None))
    spans += kept
    for s in line:
        start, end = max(s.start, begun), s.end
        if start >= end:
            continue
        if start < recommended:
            spans.append(_span(1, start, min(end, recommended), s, None, None))
            start = recommended
        if start < end:
            if (rank := rank_of(s.grade)) > best:
                best, peak, peak_on = rank, s.grade, start
            spans.append(_span(0, start, end, s, peak, peak_on))
    return spans


def _span(level: int, start: int, end: int, s: StatusInterval, peak: int | None, peak_on: int | None) -> Span:
    return Span(
        level,
        start,
        end,
        code(s.grade, peak, s.legacy),
        s.since,
        s.since_on,
        s.assessment,
        s.motion,
        s.confidence,
        s.review_by,
        peak,
        peak_on,
    )


def of_element(line: Sequence[StatusInterval]) -> list[Span]:
    return [_span(2, s.start, s.end, s, None, None) for s in line]


def rolled_up(core: Sequence[tuple[Kind, Sequence[StatusInterval]]]) -> list[StatusInterval]:
    """The computed line of a recommendation, from the kinds and lines of its core elements (section 6)."""
    days = sorted({s.start for _, line in core for s in line} | {s.end for _, line in core for s in line})
    rolled: list[StatusInterval] = []
    ever_whole = False
    for start, end in pairwise(days):
        now = [(kind, _at(line, start)) for kind, line in core]
        counting = [(kind, s) for kind, s in now if s is None or not is_set_aside(s.grade)]
        grade = _computed_grade(counting, now, ever_whole)
        ever_whole = ever_whole or is_done(grade)
        rolled.append(_computed(start, end, grade, [s for _, s in counting or now if s], rolled))
    return rolled


def _at(line: Sequence[StatusInterval], day: int) -> StatusInterval | None:
    return next((s for s in line if s.start <= day < s.end), None)


def _computed_grade(
    counting: Sequence[tuple[Kind, StatusInterval | None]],
    every: Sequence[tuple[Kind, StatusInterval | None]],
    ever_whole: bool,
) -> int:
    """The grade of one day: the computed status, by the newest version among the assessments it follows from."""
    newest = max((s.grade >> STATUS_BITS for _, s in counting or every if s), default=0)
    return newest << STATUS_BITS | NUMBER[_computed_status(counting, every, ever_whole)]


def _computed_status(
    counting: Sequence[tuple[Kind, StatusInterval | None]],
    every: Sequence[tuple[Kind, StatusInterval | None]],
    ever_whole: bool,
) -> Status:
    """The status of one day, by the rules of section 6 in their order."""
    if not counting:
        superseded = all(s and graded_status(s.grade) is Status.SUPERSEDED for _, s in every)
        return Status.SUPERSEDED if superseded else Status.UNVERIFIABLE
    done = [s is not None and is_done(s.grade) for _, s in counting]
    if all(done):
        return Status.IMPLEMENTED if all(kind.is_one_time for kind, _ in counting) else Status.IN_EFFECT
    statuses = {graded_status(s.grade) if s else Status.NOT_ASSESSED for _, s in counting}
    if Status.REVERSED in statuses and ever_whole:
        return Status.REVERSED
    if any(done) or Status.PARTLY in statuses:
        return Status.PARTLY
    if Status.REVERSED in statuses:
        return Status.REVERSED
    return next(status for status in _LADDER if status in statuses)


def _computed(
    start: int, end: int, grade: int, from_: Sequence[StatusInterval], rolled: Sequence[StatusInterval]
) -> StatusInterval:
    since: int | None = start
    if rolled and is_same_status(rolled[-1].grade, grade):
        since = rolled[-1].since
    return StatusInterval(
        start,
        end,
        grade,
        None if grade == NOT_ASSESSED else since,
        None,
        None,
        None,
        min((s.confidence for s in from_ if s.confidence is not None), default=None),
        min((s.review_by for s in from_ if s.review_by is not None), default=None),
        any(s.legacy for s in from_),
    )
