"""Turns published assessments, withdrawals and elements into the spans that scorecards are read from."""

from collections import defaultdict
from typing import Any

from sqlalchemy import Connection, delete

from domain.recommendation.events import (
    AssessmentPublished,
    AssessmentWithdrawn,
    ElementAdded,
    RecommendationRegistered,
    RecommendationWithdrawn,
)
from domain.register.events import RegisterEstablished
from domain.times import first_day, to_microseconds
from domain.values import RecommendationFacts
from projections.engine.batches import OPEN, Batch, RecordedEvent, dispatch
from projections.engine.bulk_write import write_many, write_rows
from projections.scorecards.fold import SpanWriter, fold
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
    candidate,
    load,
)
from projections.scorecards.tables import COLUMNS, assessments, items, metadata, registers, spans

MEMORY = "scorecards"
REMEMBERED = 50_000
"""How many recommendations one run keeps in memory before it starts afresh."""


class Scorecards:
    name = "scorecards"
    version = 1
    metadata = metadata

    def prepare(self, db: Connection) -> None:
        """Nothing beyond the tables."""

    def project(self, batch: Batch, db: Connection) -> None:
        run = Run(batch.memory, db)
        dispatch(HANDLERS, batch.events, run)
        run.finish()


class Run:
    """One batch: collects acts by recommendation, then folds each and writes everything at once."""

    def __init__(self, memory: dict[str, Any], db: Connection) -> None:
        self.db = db
        if MEMORY not in memory:
            memory[MEMORY] = (Numbers(db), {})
        self.numbers: Numbers = memory[MEMORY][0]
        self.records: dict[tuple[int, str], Record] = memory[MEMORY][1]
        if len(self.records) > REMEMBERED:
            self.records.clear()
        self.writer = SpanWriter(self.numbers)
        self.acts: dict[tuple[int, str], list[tuple[int, Act]]] = defaultdict(list)
        self.new_registers: list[tuple[Any, ...]] = []
        self.new_items: list[tuple[Any, ...]] = []
        self.new_assessments: dict[int, list[Any]] = {}
        self.stored: dict[tuple[int, str], list[tuple[int, Act]]] = {}
        self.number_of: dict[tuple[int, str], int] = {}
        self.retired: list[tuple[int, int]] = []
        self.taken_back: list[tuple[int, int]] = []

    def record(self, key: tuple[int, str]) -> Record:
        """What is known of a recommendation, from this run or from the tables."""
        if key not in self.records:
            loaded = load(self.db, *key)
            if loaded is None:
                raise LookupError(f"recommendation {key[1]} has events but was never registered")
            self.records[key], self.stored[key] = loaded
        return self.records[key]

    def finish(self) -> None:
        """Fold, and write."""
        for key, acts in self.acts.items():
            record = self.records[key]
            earlier = self.stored.get(key, [])
            if earlier:
                self._fold_again(record, [*earlier, *acts])
            elif record.known_until >= min(at for at, _ in acts):
                loaded = load(self.db, *key)
                assert loaded is not None
                self.records[key] = record = loaded[0]
                self._fold_again(record, [*loaded[1], *acts])
            else:
                fold(record, acts, self.writer)
        write_rows(self.db, registers, COLUMNS[registers], self.new_registers)
        write_rows(self.db, items, COLUMNS[items], self.new_items)
        rows = [tuple(row) for row in self.new_assessments.values()]
        write_rows(self.db, assessments, COLUMNS[assessments], rows)
        write_rows(self.db, spans, COLUMNS[spans], [tuple(row) for row in self.writer.new.values()])
        write_many(self.db, "UPDATE spans SET known_to = ? WHERE span_no = ?", self.writer.closed)
        write_many(self.db, "UPDATE items SET known_to = ? WHERE item_no = ?", self.retired)
        write_many(self.db, "UPDATE assessments SET known_to = ? WHERE assessment_no = ?", self.taken_back)

    def _fold_again(self, record: Record, acts: list[tuple[int, Act]]) -> None:
        """An instant before the last one was brought along, or nothing is remembered: draw it from the start."""
        self.db.execute(delete(spans).where(spans.c.rec_no == record.item.no))
        fold(record, acts, self.writer)


def number_the_register(recorded: RecordedEvent, run: Run) -> None:
    event: Any = recorded.event
    number = len(run.numbers.registers) + 1
    run.numbers.registers[event.register] = number
    run.new_registers.append((number, event.register))


def begin_a_record(recorded: RecordedEvent, run: Run) -> None:
    event: Any = recorded.event
    facts: RecommendationFacts = event.facts
    at = to_microseconds(event.registered_at) if event.registered_at else recorded.stamp
    register_no = run.numbers.registers[event.register]
    item = Item(run.numbers.next_item(), "", facts.kind, True)
    recommended = first_day(facts.recommended_on).toordinal()
    key = (register_no, facts.id)
    run.records[key] = Record(item, register_no, recommended)
    run.acts[key].append((at, Begin()))
    run.new_items.append(
        (item.no, item.no, register_no, facts.id, "", facts.kind.value, facts.theme, True, recommended, at, OPEN)
    )


def divide_it(recorded: RecordedEvent, run: Run) -> None:
    event: Any = recorded.event
    at = to_microseconds(event.registered_at) if event.registered_at else recorded.stamp
    key = (run.numbers.registers[event.register], event.recommendation)
    record, element = run.record(key), event.element
    item = Item(run.numbers.next_item(), element.id, element.kind, element.core)
    run.acts[key].append((at, Divide(item)))
    run.new_items.append(
        (
            item.no,
            record.item.no,
            key[0],
            event.recommendation,
            element.id,
            element.kind.value,
            "",
            element.core,
            record.recommended,
            at,
            OPEN,
        )
    )


def publish(recorded: RecordedEvent, run: Run) -> None:
    event: Any = recorded.event
    at = to_microseconds(event.published_at) if event.published_at else recorded.stamp
    key = (run.numbers.registers[event.register], event.recommendation)
    record, a = run.record(key), event.assessment
    c = candidate(a, at, recorded.position, event.legacy)
    run.acts[key].append((at, Publish(a.element, c)))
    item_no = _item_no(run, key, record, a.element)
    run.number_of[key[0], a.id] = recorded.position
    run.new_assessments[recorded.position] = [
        recorded.position,
        item_no,
        record.item.no,
        key[0],
        a.id,
        a.reason.value,
        c.grade,
        c.effective,
        c.effective_on,
        c.motion,
        c.confidence,
        c.review_by,
        c.legacy,
        at,
        OPEN,
    ]


def _item_no(run: Run, key: tuple[int, str], record: Record, element: str) -> int:
    if not element:
        return record.item.no
    if element in record.elements:
        return record.elements[element].no
    for _, act in (*run.acts[key], *run.stored.get(key, ())):
        if isinstance(act, Divide) and act.item.element == element:
            return act.item.no
    raise LookupError(f"{key[1]} has no element {element}")


def take_back(recorded: RecordedEvent, run: Run) -> None:
    event: Any = recorded.event
    at = to_microseconds(event.withdrawn_at) if event.withdrawn_at else recorded.stamp
    key = (run.numbers.registers[event.register], event.recommendation)
    found = _published(run, key, event.assessment)
    run.acts[key].append((at, Withdraw(event.element, found)))
    if row := run.new_assessments.get(found.number):
        row[-1] = at
    else:
        run.taken_back.append((at, found.number))


def _published(run: Run, key: tuple[int, str], assessment: str) -> Any:
    """The candidate that an assessment became: from this batch, from memory, or from the tables."""
    run.record(key)
    number = run.number_of.get((key[0], assessment))
    if number is None:
        number = run.db.scalar(
            assessments.select()
            .with_only_columns(assessments.c.assessment_no)
            .where(assessments.c.register_no == key[0], assessments.c.assessment == assessment)
        )
    record = run.records[key]
    for item in (record.item, *record.elements.values()):
        for c in item.candidates:
            if c.number == number:
                return c
    for _, act in (*run.acts[key], *run.stored.get(key, ())):
        if isinstance(act, Publish) and act.candidate.number == number:
            return act.candidate
    raise LookupError(f"{assessment} was withdrawn but never published")


def retire(recorded: RecordedEvent, run: Run) -> None:
    event: Any = recorded.event
    at = to_microseconds(event.withdrawn_at) if event.withdrawn_at else recorded.stamp
    key = (run.numbers.registers[event.register], event.recommendation)
    record = run.record(key)
    run.acts[key].append((at, Retire()))
    run.retired.append((at, record.item.no))


HANDLERS: dict[Any, Any] = {
    RegisterEstablished: number_the_register,
    RecommendationRegistered: begin_a_record,
    ElementAdded: divide_it,
    AssessmentPublished: publish,
    AssessmentWithdrawn: take_back,
    RecommendationWithdrawn: retire,
}
