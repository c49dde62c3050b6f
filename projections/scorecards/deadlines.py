"""Deadlines of an item: which one is in force on a day, and what became of it.

In force on a day, as known at an instant, is the deadline stated last by that day; of those stated on one day, the one
recorded last. What became of it follows from its due day, the first day on which the item was done, and the status:

| status now | first done      | day asked about         | state      |
|------------|-----------------|-------------------------|------------|
| superseded | any             | any                     | none       |
| any other  | by the due day  | any                     | `met`      |
| done       | after it        | (after the due day)     | `met_late` |
| not done   | after it        | (after the due day)     | `overdue`  |
| (not done) | never           | after the due day       | `overdue`  |
| (not done) | never           | at most 90 days before  | `upcoming` |
| (not done) | never           | earlier                 | `open`     |

So what was done in time stays met after it is reversed, and what was done late and reversed is overdue again. The first
day may lie before the recommendation. In a short form of a due date, the last day counts.
"""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from operator import attrgetter

from msgspec import Struct
from msgspec.structs import replace

from domain.codes import DeadlineState, Status
from projections.scorecards.results import Due, DueCounts
from projections.scorecards.status_codes import OPEN_END_DAY
from projections.scorecards.status_intervals import BEFORE_SCORECARD, ELEMENT, Span, not_assessed_span

UPCOMING_DAYS = 90

_stated = attrgetter("stated")


class StatedDeadline(Struct, frozen=True, order=True, gc=False):
    """A deadline as numbers; sorts by what decides which one is in force. `number` is its place in the log."""

    stated: int
    number: int
    due: int


class DueFacts(Struct, frozen=True, gc=False):
    """What the state of a deadline depends on; days are ordinals."""

    due: int
    first_done: int | None
    status: Status
    is_done: bool


def due_state(facts: DueFacts, day: int) -> DeadlineState | None:
    """The state by the table above; None where there is none."""
    if facts.status is Status.SUPERSEDED:
        return None
    if facts.first_done is not None:
        if facts.first_done <= facts.due:
            return DeadlineState.MET
        return DeadlineState.MET_LATE if facts.is_done else DeadlineState.OVERDUE
    if day > facts.due:
        return DeadlineState.OVERDUE
    return DeadlineState.UPCOMING if facts.due - day <= UPCOMING_DAYS else DeadlineState.OPEN


def cut_at_deadlines(spans: Sequence[Span], deadlines: Sequence[StatedDeadline]) -> list[Span]:
    """The spans of an item, cut where another deadline comes into force. `deadlines` are sorted."""
    if not deadlines:
        return list(spans)
    cut: list[Span] = []
    for span in spans:
        start = span.effective_from
        if span.level == BEFORE_SCORECARD:
            cut.append(span)
            continue
        while start < span.effective_to:
            following = bisect_right(deadlines, start, key=_stated)
            end = deadlines[following].stated if following < len(deadlines) else OPEN_END_DAY
            end = min(end, span.effective_to)
            stated = deadlines[following - 1] if following else None
            cut.append(
                replace(
                    span,
                    effective_from=start,
                    effective_to=end,
                    due=stated.due if stated else None,
                    deadline_no=stated.number if stated else None,
                )
            )
            start = end
    return cut


def with_unassessed_days(spans: Sequence[Span], deadlines: Sequence[StatedDeadline]) -> list[Span]:
    """An element's spans, with one for the days before its first assessment if a deadline was in force then."""
    first_assessed = spans[0].effective_from if spans else OPEN_END_DAY
    if not deadlines or deadlines[0].stated >= first_assessed:
        return list(spans)
    return [not_assessed_span(ELEMENT, deadlines[0].stated, first_assessed), *spans]


def tally_due(dues: Iterable[Due | None]) -> DueCounts:
    """The numbers of some items, as the tables count a whole scorecard."""
    by_state = dict.fromkeys(DeadlineState, 0)
    for due in dues:
        if due:
            by_state[due.state] += 1
    return DueCounts(by_state)
