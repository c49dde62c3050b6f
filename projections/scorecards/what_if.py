"""How a recommendation would stand if one more assessment were published now. Nothing is written: what is stored of it
is folded once more with that assessment added, by the code that draws the spans of real ones."""

from datetime import date, timedelta
from itertools import pairwise
from types import SimpleNamespace

from msgspec import Struct
from msgspec.structs import replace
from sqlalchemy import Connection, select

from domain.codes import Status
from domain.values import Assessment
from projections.scorecards.fold import SpanWriter, fold
from projections.scorecards.queries import element_of, number_of, standing_of, standings
from projections.scorecards.recommendation_state import Act, Numbers, Publish, Withdraw, candidate, load
from projections.scorecards.results import Standing, TimePair
from projections.scorecards.status_codes import FAR, status_of
from projections.scorecards.status_intervals import Span
from projections.scorecards.tables import assessments

NUMBER = 0
"""The number of what is only supposed; real ones are counted from 1."""


class StatusDifference(Struct, frozen=True):
    """Days, the last excluded, on which it would hold another status; `end` is None where they go on."""

    start: date
    end: date | None
    before: Status
    after: Status

    @property
    def last(self) -> date | None:
        return self.end - timedelta(days=1) if self.end else None

    def holds(self, day: date) -> bool:
        return self.start <= day and (self.end is None or day < self.end)


class WhatIf(Struct, frozen=True):
    """Both are None where it is not on the scorecard of that day."""

    before: Standing | None
    after: Standing | None
    differences: tuple[StatusDifference, ...]


def standing_if_published(
    db: Connection, register: str, recommendation: str, at: TimePair, assessment: Assessment, without: str = ""
) -> WhatIf:
    """`without` names a published assessment that would be withdrawn in the same step."""
    register_no, before = number_of(db, register), standings(db, register, at, recommendation).get(recommendation)
    loaded = load(db, register_no, recommendation)
    assert loaded is not None, f"{recommendation} is in the register"
    record, acts = loaded
    ids = _ids(db, record.item.no)
    writer = SpanWriter(Numbers(db))
    fold(record, acts, writer)
    was, item = record.item.open, record.of(assessment.element)
    now = record.known_until + 1
    more: list[tuple[int, Act]] = [(now, Publish(item.element, candidate(assessment, now, NUMBER, legacy=False)))]
    more += [(now, Withdraw(item.element, c)) for c in item.candidates if ids[c.number] == without]
    fold(record, more, writer)
    day = at.as_of.toordinal()
    span = _held(record.item.open, day)
    after = None
    if before and span:
        names = {"recommendation": before.id, "kind": before.kind, "theme": before.theme}
        ids[NUMBER] = assessment.id
        parts = [element_of(e, _row(_held(e.open, day), ids), at.as_of) for e in record.elements.values()]
        after = standing_of(_row(span, ids, **names), at.as_of, parts)
    return WhatIf(before, after, tuple(_status_differences(was, record.item.open)))


def _ids(db: Connection, rec_no: int) -> dict[int | None, str | None]:
    query = select(assessments.c.assessment_no, assessments.c.assessment).where(assessments.c.rec_no == rec_no)
    return {None: None} | {row.assessment_no: row.assessment for row in db.execute(query)}


def _held(spans: list[Span], day: int) -> Span | None:
    return next((s for s in spans if s.level != 1 and s.effective_from <= day < s.effective_to), None)


def _row(span: Span | None, ids: dict[int | None, str | None], **names: object) -> SimpleNamespace | None:
    """A span as the tables answer it."""
    return SimpleNamespace(**span._asdict(), assessment=ids[span.assessment_no], **names) if span else None


def _status_differences(was: list[Span], now: list[Span]) -> list[StatusDifference]:
    """Where two drawings of a life on the scorecard differ, neighbouring days of the same two statuses as one."""
    days = sorted({day for s in (*was, *now) if s.level == 0 for day in (s.effective_from, s.effective_to)})
    differences: list[StatusDifference] = []
    for start, end in pairwise(days):
        old, new = _held(was, start), _held(now, start)
        assert old is not None
        assert new is not None
        before, after = status_of(old.code), status_of(new.code)
        if before is after:
            continue
        difference = StatusDifference(
            date.fromordinal(start), None if end == FAR else date.fromordinal(end), before, after
        )
        last = differences[-1] if differences else None
        if last and (last.end, last.before, last.after) == (difference.start, before, after):
            differences[-1] = replace(last, end=difference.end)
        else:
            differences.append(difference)
    return differences
