"""Life lines: an item's statuses from day to day, as known at one instant; pure functions."""

from bisect import bisect_left
from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from domain.codes import Kind, Status
from domain.methodology.uptake_2026_1 import UPTAKE_2026_1 as METHOD
from projections.scorecards.status_codes import FAR, NOT_ASSESSED, NUMBER, RANK, code


class Candidate(NamedTuple):
    """A published assessment; sorts by what decides which one is in force."""

    effective: int
    at: int
    number: int
    status: int
    effective_on: str
    motion: int | None
    confidence: int | None
    review_by: int | None
    legacy: bool


class StatusInterval(NamedTuple):
    """Days (the last excluded) on which an item held one status by one assessment."""

    start: int
    end: int
    status: int
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
_PARTLY, _REVERSED, _IN_EFFECT, _IMPLEMENTED = (
    NUMBER[s] for s in (Status.PARTLY, Status.REVERSED, Status.IN_EFFECT, Status.IMPLEMENTED)
)
_SUPERSEDED, _UNVERIFIABLE = NUMBER[Status.SUPERSEDED], NUMBER[Status.UNVERIFIABLE]
_DONE = frozenset(NUMBER[s] for s in METHOD.done)
_ASIDE = frozenset(NUMBER[s] for s in METHOD.set_aside)
_SOME_DONE = _DONE | {_PARTLY}
_LADDER = tuple(
    NUMBER[s] for s in (Status.IN_PROGRESS, Status.ANNOUNCED, Status.CONTRARY, Status.NO_ACTION, Status.NOT_ASSESSED)
)


def own_line(candidates: Sequence[Candidate], before: Sequence[StatusInterval], changed: int) -> list[StatusInterval]:
    """The life line of an item that is assessed itself.

    `candidates` are sorted; `before` is the line as it was, and `changed` the first day that may differ.
    """
    line = [stretch for stretch in before if stretch.end < changed]
    begun = line[-1].end if line else 0
    status, since, since_on = (line[-1].status, line[-1].since, line[-1].since_on) if line else (-1, None, None)
    first = bisect_left(candidates, (begun,))
    last = len(candidates) - 1
    for n in range(first, last + 1):
        c = candidates[n]
        end = candidates[n + 1].effective if n < last else FAR
        if end == c.effective:
            continue
        if c.status != status:
            status, since, since_on = c.status, c.effective, c.effective_on
        line.append(
            StatusInterval(
                c.effective,
                end,
                status,
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
    best = RANK[peak] if peak is not None else -1
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
            if RANK[s.status] > best:
                best, peak, peak_on = RANK[s.status], s.status, start
            spans.append(_span(0, start, end, s, peak, peak_on))
    return spans


def _span(level: int, start: int, end: int, s: StatusInterval, peak: int | None, peak_on: int | None) -> Span:
    return Span(
        level,
        start,
        end,
        code(s.status, peak, s.legacy),
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
        counting = [(kind, s) for kind, s in now if s is None or s.status not in _ASIDE]
        status = _rule(counting, now, ever_whole)
        ever_whole = ever_whole or status in _DONE
        rolled.append(_computed(start, end, status, [s for _, s in counting or now if s], rolled))
    return rolled


def _at(line: Sequence[StatusInterval], day: int) -> StatusInterval | None:
    return next((s for s in line if s.start <= day < s.end), None)


def _rule(
    counting: Sequence[tuple[Kind, StatusInterval | None]],
    every: Sequence[tuple[Kind, StatusInterval | None]],
    ever_whole: bool,
) -> int:
    """The status of one day, by the rules of section 6 in their order."""
    if not counting:
        return _SUPERSEDED if all(s and s.status == _SUPERSEDED for _, s in every) else _UNVERIFIABLE
    held = {s.status if s else NOT_ASSESSED for _, s in counting}
    if held <= _DONE:
        once = all(kind.is_one_time for kind, _ in counting)
        return _IMPLEMENTED if once else _IN_EFFECT
    if _REVERSED in held and ever_whole:
        return _REVERSED
    if held & _SOME_DONE:
        return _PARTLY
    if _REVERSED in held:
        return _REVERSED
    return next(status for status in _LADDER if status in held)


def _computed(
    start: int, end: int, status: int, from_: Sequence[StatusInterval], rolled: Sequence[StatusInterval]
) -> StatusInterval:
    since: int | None = start
    if rolled and rolled[-1].status == status:
        since = rolled[-1].since
    return StatusInterval(
        start,
        end,
        status,
        None if status == NOT_ASSESSED else since,
        None,
        None,
        None,
        min((s.confidence for s in from_ if s.confidence is not None), default=None),
        min((s.review_by for s in from_ if s.review_by is not None), default=None),
        any(s.legacy for s in from_),
    )
