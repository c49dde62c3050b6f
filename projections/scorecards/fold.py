"""Folds what happened to one recommendation, instant by instant, into spans that are opened and closed."""

from bisect import insort
from collections.abc import Iterable, Sequence
from itertools import groupby
from operator import itemgetter
from typing import Any

from projections.engine.batches import OPEN
from projections.scorecards.recommendation_state import (
    Act,
    Begin,
    Divide,
    Item,
    Numbers,
    Publish,
    Record,
    Retire,
    Withdraw,
)
from projections.scorecards.status_intervals import Span, counted, of_element, own_line, rolled_up

Row = list[Any]
KNOWN_FROM, KNOWN_TO = 7, 8


class SpanWriter:
    """Collects rows to insert and rows to close. A span that opens and closes at once is never written."""

    def __init__(self, numbers: Numbers) -> None:
        self.numbers = numbers
        self.new: dict[int, Row] = {}
        self.closed: list[tuple[int, int]] = []

    def open(self, record: Record, item: Item, span: Span, at: int) -> int:
        number = self.numbers.next_span()
        level, start, end, *rest = span
        self.new[number] = [
            number,
            record.register_no,
            record.item.no,
            item.no,
            level,
            start,
            end,
            at,
            OPEN,
            *rest,
        ]
        return number

    def close(self, number: int, at: int) -> None:
        row = self.new.get(number)
        if row is None:
            self.closed.append((at, number))
        elif row[KNOWN_FROM] == at:
            del self.new[number]
        else:
            row[KNOWN_TO] = at


def fold(record: Record, acts: Iterable[tuple[int, Act]], writer: SpanWriter) -> None:
    """Apply acts in the order of their instants; acts of one instant are one change."""
    ordered = sorted(acts, key=lambda act: (act[0], act[1].order))
    for at, together in groupby(ordered, key=itemgetter(0)):
        changed = [_apply(record, act) for _, act in together]
        if record.withdrawn:
            for item in (record.item, *record.elements.values()):
                _write(record, item, [], at, writer)
        else:
            _draw(record, [c for c in changed if c], at, writer)
        record.known_until = at


def _apply(record: Record, act: Act) -> tuple[Item, int] | None:
    """Let one act change the record; says which item's line changed, and from which day."""
    if isinstance(act, Publish):
        item = record.of(act.element)
        insort(item.candidates, act.candidate)
        return item, act.candidate.effective
    if isinstance(act, Withdraw):
        item = record.of(act.element)
        item.candidates.remove(act.candidate)
        return item, act.candidate.effective
    if isinstance(act, Divide):
        record.elements[act.item.element] = act.item
        return record.item, 0
    if isinstance(act, Retire):
        record.withdrawn = True
        return None
    assert isinstance(act, Begin)
    return record.item, 0


def _draw(record: Record, changed: Sequence[tuple[Item, int]], at: int, writer: SpanWriter) -> None:
    days: dict[int, tuple[Item, int]] = {}
    for item, day in changed:
        known = days.get(item.no)
        days[item.no] = (item, min(day, known[1]) if known else day)
    for item, day in days.values():
        if item is not record.item or not record.elements:
            item.line = own_line(item.candidates, item.line, day)
        if item is not record.item:
            _write(record, item, of_element(item.line), at, writer)
    own = record.item
    if record.elements:
        own.line = rolled_up([(e.kind, e.line) for e in record.elements.values() if e.core])
        _write(record, own, counted(own.line, record.recommended, (), 0), at, writer)
    elif own.no in days:
        day = days[own.no][1]
        _write(record, own, counted(own.line, record.recommended, own.open, day), at, writer)


def _write(record: Record, item: Item, spans: Sequence[Span], at: int, writer: SpanWriter) -> None:
    """Close the open spans that no longer hold and open the new ones; what stayed the same stays open."""
    old, numbers = item.open, item.open_nos
    same = 0
    while same < len(old) and same < len(spans) and old[same] == spans[same]:
        same += 1
    tail = 0
    limit = min(len(old), len(spans)) - same
    while tail < limit and old[-1 - tail] == spans[-1 - tail]:
        tail += 1
    stop = len(old) - tail
    for number in numbers[same:stop]:
        writer.close(number, at)
    middle = [writer.open(record, item, span, at) for span in spans[same : len(spans) - tail]]
    item.open = list(spans)
    item.open_nos = numbers[:same] + middle + numbers[stop:]
