"""Folds the steps of one recommendation, instant by instant, into spans that open and close."""

from bisect import insort
from collections.abc import Iterable, Sequence
from itertools import groupby
from operator import attrgetter

from projections.engine.batches import OPEN_END
from projections.scorecards.deadlines import cut_at_deadlines, with_unassessed_days
from projections.scorecards.folded_recommendation import FoldedItem, FoldedRecommendation
from projections.scorecards.row_numbers import RowNumbers
from projections.scorecards.rows import StoredSpan
from projections.scorecards.status_intervals import (
    Span,
    assessed_intervals,
    computed_intervals,
    element_spans,
    recommendation_spans,
)
from projections.scorecards.steps import (
    AddCandidate,
    AddDueDate,
    AmendItem,
    EndRecommendation,
    RemoveCandidate,
    RemoveDueDate,
    StartElement,
    Step,
)

_in_order = attrgetter("at", "order")
_instant = attrgetter("at")


class SpanWriter:
    """Collects the spans to insert and to close. A span that opens and closes at one instant is never written."""

    def __init__(self, numbers: RowNumbers) -> None:
        self.numbers = numbers
        self.opened: dict[int, StoredSpan] = {}
        self.closed: list[tuple[int, int]] = []
        """Instant of closing and number of the span, for spans that are already in the table."""

    def open(self, state: FoldedRecommendation, item: FoldedItem, span: Span, at: int) -> int:
        """Add a span that is known from an instant on; returns its number."""
        number = self.numbers.next_span()
        self.opened[number] = StoredSpan(
            number,
            state.register_no,
            state.item.no,
            item.no,
            span.level,
            span.effective_from,
            span.effective_to,
            at,
            OPEN_END,
            span.code,
            span.since,
            span.since_on,
            span.assessment_no,
            span.motion,
            span.confidence,
            span.review_by,
            span.peak,
            span.peak_on,
            span.first_done,
            span.due,
            span.deadline_no,
        )
        return number

    def close(self, number: int, at: int) -> None:
        """End the time during which a span was known."""
        row = self.opened.get(number)
        if row is None:
            self.closed.append((at, number))
        elif row.known_from == at:
            del self.opened[number]
        else:
            row.known_to = at


def fold(state: FoldedRecommendation, steps: Iterable[Step], writer: SpanWriter) -> None:
    """Apply steps in the order of their instants; the steps of one instant are one change."""
    for at, same_instant in groupby(sorted(steps, key=_in_order), key=_instant):
        changes = [_apply(state, step) for step in same_instant]
        if state.withdrawn:
            for item in state.items:
                _replace_spans(state, item, [], at, writer)
        else:
            _redraw(state, changes, at, writer)
        state.folded_until = at


def _apply(state: FoldedRecommendation, step: Step) -> tuple[FoldedItem, int]:
    """Change the state; returns the item whose intervals change, and the first day on which they may differ."""
    if isinstance(step, AddCandidate):
        item = state.item_of(step.element)
        insort(item.candidates, step.candidate)
        return item, step.candidate.effective
    if isinstance(step, RemoveCandidate):
        item = state.item_of(step.element)
        item.candidates.remove(step.candidate)
        return item, step.candidate.effective
    if isinstance(step, AddDueDate):
        item = state.item_of(step.element)
        insort(item.deadlines, step.deadline)
        return item, step.deadline.stated
    if isinstance(step, RemoveDueDate):
        item = state.item_of(step.element)
        item.deadlines.remove(step.deadline)
        return item, step.deadline.stated
    if isinstance(step, StartElement):
        state.elements[step.item.element] = step.item
    elif isinstance(step, AmendItem):
        item = state.item_of(step.element)
        item.kind, item.core = step.kind, step.core
        if item is state.item:
            state.recommended = step.recommended
        return item, 0
    elif isinstance(step, EndRecommendation):
        state.withdrawn = True
    return state.item, 0


def _redraw(
    state: FoldedRecommendation, changes: Sequence[tuple[FoldedItem, int]], at: int, writer: SpanWriter
) -> None:
    """Compute the intervals and spans of all items that changed, and of the recommendation above them."""
    first_days: dict[int, tuple[FoldedItem, int]] = {}
    for item, day in changes:
        earlier = first_days.get(item.no)
        first_days[item.no] = (item, min(day, earlier[1]) if earlier else day)
    own = state.item
    for item, day in first_days.values():
        if item is not own or not state.elements:
            item.intervals = assessed_intervals(item.candidates, item.intervals, day)
        if item is not own:
            spans = with_unassessed_days(element_spans(item.intervals), item.deadlines)
            _replace_spans(state, item, spans, at, writer)
    if state.elements:
        own.intervals = computed_intervals([(e.kind, e.intervals) for e in state.elements.values() if e.core])
        _replace_spans(state, own, recommendation_spans(own.intervals, state.recommended, (), 0), at, writer)
    elif own.no in first_days:
        day = first_days[own.no][1]
        spans = recommendation_spans(own.intervals, state.recommended, own.open_spans, day)
        _replace_spans(state, own, spans, at, writer)


def _replace_spans(
    state: FoldedRecommendation, item: FoldedItem, spans: Sequence[Span], at: int, writer: SpanWriter
) -> None:
    """Close the open spans that no longer apply and open the new ones; those that are equal stay open."""
    spans = cut_at_deadlines(spans, item.deadlines)
    old, numbers = item.open_spans, item.open_span_nos
    head = 0
    while head < len(old) and head < len(spans) and old[head] == spans[head]:
        head += 1
    tail = 0
    limit = min(len(old), len(spans)) - head
    while tail < limit and old[-1 - tail] == spans[-1 - tail]:
        tail += 1
    stop = len(old) - tail
    for number in numbers[head:stop]:
        writer.close(number, at)
    opened = [writer.open(state, item, span, at) for span in spans[head : len(spans) - tail]]
    item.open_spans = spans
    item.open_span_nos = numbers[:head] + opened + numbers[stop:]
