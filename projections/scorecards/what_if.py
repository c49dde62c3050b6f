"""How the status of a recommendation would change if one more assessment were published now. Writes nothing: folds the
stored steps again with that assessment added, by the code that draws the spans of published ones."""

from datetime import date, timedelta
from itertools import pairwise
from types import SimpleNamespace

from msgspec import Struct
from msgspec.structs import asdict, replace
from sqlalchemy import Connection, select

from domain.codes import Status
from domain.values import Assessment
from projections.scorecards.fold import SpanWriter, fold
from projections.scorecards.projector import candidate_of
from projections.scorecards.publication_effects import PublicationEffect
from projections.scorecards.queries import element_of, number_of, standing_of, standings
from projections.scorecards.results import Standing, TimePair
from projections.scorecards.row_numbers import RowNumbers
from projections.scorecards.status_codes import OPEN_END_DAY, status_of
from projections.scorecards.status_intervals import BEFORE_SCORECARD, ON_SCORECARD, Span
from projections.scorecards.status_step import later_step, step_on
from projections.scorecards.steps import AddCandidate, RemoveCandidate, Step
from projections.scorecards.stored_steps import load
from projections.scorecards.tables import assessments, deadlines

UNPUBLISHED_NO = 0
"""The number of the assessment that is not published; the others count from 1."""


class StatusDifference(Struct, frozen=True):
    """Days, the last excluded, on which the status would be another; `end` is None where they have no end."""

    start: date
    end: date | None
    before: Status
    after: Status

    @property
    def last(self) -> date | None:
        """The last day, None where they have no end."""
        return self.end - timedelta(days=1) if self.end else None

    def holds(self, day: date) -> bool:
        """Whether it includes a day."""
        return self.start <= day and (self.end is None or day < self.end)


class WhatIf(Struct, frozen=True):
    """The standing without and with the assessment, both None where the recommendation is not on the scorecard of
    that day, the days whose status would differ, and what the publication would change."""

    before: Standing | None
    after: Standing | None
    differences: tuple[StatusDifference, ...]
    effect: PublicationEffect


def standing_if_published(
    db: Connection, register: str, recommendation: str, at: TimePair, assessment: Assessment, without: str = ""
) -> WhatIf:
    """`without` names a published assessment that would be withdrawn in the same step."""
    register_no, before = number_of(db, register), standings(db, register, at, recommendation).get(recommendation)
    loaded = load(db, register_no, recommendation)
    assert loaded is not None, f"{recommendation} is in the register"
    state, steps, _under = loaded
    ids, stated = _assessment_ids(db, state.item.no), _deadlines(db, state.item.no)
    writer = SpanWriter(RowNumbers(db))
    fold(state, steps, writer)
    spans_before, item = state.item.open_spans, state.item_of(assessment.element)
    item_before = item.open_spans
    now = state.folded_until + 1
    candidate = candidate_of(assessment, now, UNPUBLISHED_NO, legacy=False)
    more: list[Step] = [AddCandidate(now, item.element, candidate)]
    more += [RemoveCandidate(now, item.element, c) for c in item.candidates if ids[c.number] == without]
    fold(state, more, writer)
    day = at.as_of.toordinal()
    span = _span_on(state.item.open_spans, day)
    after = None
    if before and span:
        names = {"recommendation": before.id, "kind": before.kind, "theme": before.theme}
        ids[UNPUBLISHED_NO] = assessment.id
        element_spans = [(e, _span_on(e.open_spans, day)) for e in state.elements.values()]
        elements = [
            element_of(e, _as_row(s, ids, **stated[s.deadline_no]) if s else None, at.as_of) for e, s in element_spans
        ]
        after = standing_of(_as_row(span, ids, **names, **stated[span.deadline_no]), at.as_of, elements)
    whole = step_on(spans_before, state.item.open_spans, candidate.effective)
    effect = PublicationEffect(
        recommendation,
        assessment.element,
        date.fromordinal(candidate.effective),
        candidate.effective_on,
        now,
        step_on(item_before, item.open_spans, candidate.effective),
        whole,
        later_step(spans_before, state.item.open_spans, candidate.effective) if whole.said is whole.after else None,
    )
    return WhatIf(before, after, tuple(_status_differences(spans_before, state.item.open_spans)), effect)


def _assessment_ids(db: Connection, rec_no: int) -> dict[int | None, str | None]:
    query = select(assessments.c.assessment_no, assessments.c.assessment).where(assessments.c.rec_no == rec_no)
    return {None: None} | {row.assessment_no: row.assessment for row in db.execute(query)}


def _deadlines(db: Connection, rec_no: int) -> dict[int | None, dict[str, object]]:
    """What a query joins to a span of its deadline, by number."""
    query = select(
        deadlines.c.deadline_no,
        deadlines.c.deadline,
        deadlines.c.due_on,
        deadlines.c.stated_on,
        deadlines.c.stated_by,
    ).where(deadlines.c.rec_no == rec_no)
    rows: dict[int | None, dict[str, object]] = {None: {}}
    for row in db.execute(query):
        rows[row.deadline_no] = {n: v for n, v in row._mapping.items() if n != "deadline_no"}
    return rows


def _span_on(spans: list[Span], day: int) -> Span | None:
    return next((s for s in spans if s.level != BEFORE_SCORECARD and s.effective_from <= day < s.effective_to), None)


def _as_row(span: Span, ids: dict[int | None, str | None], **names: object) -> SimpleNamespace:
    """A span with the names that a query joins to it."""
    return SimpleNamespace(**asdict(span), assessment=ids[span.assessment_no], **names)


def _status_differences(spans_before: list[Span], spans_after: list[Span]) -> list[StatusDifference]:
    """The days on which two drawings differ; neighbouring days with the same two statuses are one."""
    on_scorecard = [s for s in (*spans_before, *spans_after) if s.level == ON_SCORECARD]
    days = sorted({day for s in on_scorecard for day in (s.effective_from, s.effective_to)})
    differences: list[StatusDifference] = []
    for start, end in pairwise(days):
        span_before, span_after = _span_on(spans_before, start), _span_on(spans_after, start)
        assert span_before is not None
        assert span_after is not None
        before, after = status_of(span_before.code), status_of(span_after.code)
        if before is after:
            continue
        end_day = None if end == OPEN_END_DAY else date.fromordinal(end)
        difference = StatusDifference(date.fromordinal(start), end_day, before, after)
        last = differences[-1] if differences else None
        if last and (last.end, last.before, last.after) == (difference.start, before, after):
            differences[-1] = replace(last, end=difference.end)
        else:
            differences.append(difference)
    return differences
