"""Collects what a batch changes, recommendation by recommendation, and writes it."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, Table, delete, select

from domain.base import Event
from domain.register.events import RegisterEstablished
from projections.engine.batches import OPEN_END, RecordedEvent
from projections.engine.bulk_write import write_many, write_rows
from projections.scorecards.day_changes import CountedAs, CountedRecommendation, DayChanges, counted_spans
from projections.scorecards.fold import SpanWriter, fold
from projections.scorecards.folded_recommendation import FoldedRecommendation
from projections.scorecards.row_numbers import RowNumbers
from projections.scorecards.rows import (
    StoredAssessment,
    StoredDeadline,
    StoredEarlierItem,
    StoredEarlierPlace,
    StoredItem,
    StoredRegister,
)
from projections.scorecards.steps import StartElement, Step
from projections.scorecards.stored_steps import load, read_counted
from projections.scorecards.tables import assessments, deadlines, earlier_items, earlier_places, items, registers, spans

_AMENDED = (
    *("kind", "theme", "core", "recommended", "described_from"),
    *("place_key", "title_key", "priority", "publications", "placed_from"),
)
"""The columns of an item that amendments change."""
_CHANGED = "UPDATE scorecard_registers SET changed_at = ? WHERE register_no = ? AND changed_at < ?"
MEMORY_KEY = "scorecards"
MAX_REMEMBERED_RECOMMENDATIONS = 50_000
"""How many recommendations one run keeps in memory before it forgets them all."""

RecommendationKey = tuple[int, str]
"""The number of the register and the id of the recommendation."""


class BatchWork:
    """Collects the steps of one batch by recommendation, then folds each and writes everything at once."""

    def __init__(self, memory: dict[str, Any], db: Connection) -> None:
        self.db = db
        if MEMORY_KEY not in memory:
            memory[MEMORY_KEY] = (RowNumbers(db), {})
        self.numbers: RowNumbers = memory[MEMORY_KEY][0]
        self.states: dict[RecommendationKey, FoldedRecommendation] = memory[MEMORY_KEY][1]
        if len(self.states) > MAX_REMEMBERED_RECOMMENDATIONS:
            self.states.clear()
        self._begin()

    def begin(self, key: RecommendationKey, state: FoldedRecommendation) -> None:
        """Start with a recommendation that is new."""
        self.states[key] = state
        self.touched.add(key)

    def _begin(self) -> None:
        """Start with nothing collected."""
        self.writer = SpanWriter(self.numbers)
        self.steps: dict[RecommendationKey, list[Step]] = defaultdict(list)
        self.stored_steps: dict[RecommendationKey, list[Step]] = {}
        self.new_registers: list[StoredRegister] = []
        self.new_items: dict[int, StoredItem] = {}
        self.amended_items: dict[int, StoredItem] = {}
        self.earlier_items: list[StoredEarlierItem] = []
        self.earlier_places: list[StoredEarlierPlace] = []
        self.new_assessments: dict[int, StoredAssessment] = {}
        self.assessment_nos: dict[tuple[int, str], int] = {}
        self.new_deadlines: dict[int, StoredDeadline] = {}
        self.deadline_nos: dict[tuple[int, str], int] = {}
        self.withdrawn_deadlines: list[tuple[int, int]] = []
        self.withdrawn_recommendations: list[tuple[int, int]] = []
        self.withdrawn_assessments: list[tuple[int, int]] = []
        self.touched: set[RecommendationKey] = set()
        self.day_changes = DayChanges()
        self.changed_at: dict[int, int] = {}

    def of_registers(self, events: Sequence[RecordedEvent[Event]]) -> Iterator[RecordedEvent[Any]]:
        """Those of registers that exist: what was stored while its register was discarded is part of nothing."""
        for recorded in events:
            event: Any = recorded.event
            if event.register in self.numbers.registers or isinstance(event, RegisterEstablished):
                yield recorded

    def key(self, register: str, recommendation: str) -> RecommendationKey:
        return self.numbers.registers[register], recommendation

    def state(self, key: RecommendationKey) -> FoldedRecommendation:
        """What is known of a recommendation, from this run or from the tables."""
        if key not in self.states:
            loaded = load(self.db, *key)
            if loaded is None:
                raise LookupError(f"recommendation {key[1]} has events but was never registered")
            self.states[key], self.stored_steps[key], under = loaded
            self.states[key].counted = read_counted(self.db, self.states[key].item.no, under)
        self.touched.add(key)
        return self.states[key]

    def unfolded_steps(self, key: RecommendationKey) -> list[Step]:
        """The steps that the state does not contain yet."""
        return [*self.steps[key], *self.stored_steps.get(key, ())]

    def finish(self) -> None:
        """Fold the steps of each recommendation, also of those that were only read, and write all rows."""
        for key in self.stored_steps.keys() - self.steps.keys():
            self.steps[key] = []
        for key, steps in self.steps.items():
            self._fold(key, steps)
            for step in steps:
                self.change_at(key[0], step.at)
        for key in self.touched:
            self._count(key)
        write_rows(self.db, registers, self.new_registers)
        write_rows(self.db, items, list(self.new_items.values()))
        write_rows(self.db, earlier_items, self.earlier_items)
        write_rows(self.db, earlier_places, self.earlier_places)
        write_many(
            self.db,
            f"UPDATE items SET {', '.join(f'{name} = ?' for name in _AMENDED)} WHERE item_no = ?",
            [(*(getattr(i, name) for name in _AMENDED), i.item_no) for i in self.amended_items.values()],
        )
        write_rows(self.db, assessments, list(self.new_assessments.values()))
        write_rows(self.db, deadlines, list(self.new_deadlines.values()))
        write_rows(self.db, spans, list(self.writer.opened.values()))
        write_many(self.db, "UPDATE spans SET known_to = ? WHERE span_no = ?", self.writer.closed)
        write_many(self.db, "UPDATE items SET known_to = ? WHERE item_no = ?", self.withdrawn_recommendations)
        write_many(self.db, "UPDATE assessments SET known_to = ? WHERE assessment_no = ?", self.withdrawn_assessments)
        write_many(self.db, "UPDATE deadlines SET known_to = ? WHERE deadline_no = ?", self.withdrawn_deadlines)
        self.day_changes.write(self.db)
        write_many(self.db, _CHANGED, [(at, number, at) for number, at in self.changed_at.items()])

    def change_at(self, register_no: int, at: int) -> None:
        """Note that something of a register is otherwise from an instant on."""
        self.changed_at[register_no] = max(at, self.changed_at.get(register_no, 0))

    def _count(self, key: RecommendationKey) -> None:
        """Count a recommendation as it is now."""
        state = self.states[key]
        number, before = state.item.no, state.counted
        if row := self.new_items.get(number) or self.amended_items.get(number):
            under = CountedAs(row.theme, bool(row.priority), row.publications)
        else:
            assert before is not None, "what is not new was counted"
            under = before.under
        state.counted = CountedRecommendation(under, counted_spans(state.item.open_spans))
        self.day_changes.replace(key[0], before, state.counted)

    def item(self, item_no: int) -> StoredItem:
        """The row of an item as this batch leaves it; from now on it can be amended."""
        if row := self.new_items.get(item_no) or self.amended_items.get(item_no):
            return row
        stored = self.db.execute(select(items).where(items.c.item_no == item_no)).one()
        self.amended_items[item_no] = StoredItem(**stored._mapping)
        return self.amended_items[item_no]

    def remove(
        self, key: RecommendationKey, *conditions: tuple[Table, ColumnElement[bool]]
    ) -> FoldedRecommendation | None:
        """Write what is collected, then delete rows, and forget the recommendation, so that it is read again.

        Returns what was known of it.
        """
        self.finish()
        self._begin()
        for table, condition in conditions:
            self.db.execute(delete(table).where(condition))
        return self.states.pop(key, None)

    def _fold(self, key: RecommendationKey, steps: list[Step]) -> None:
        """Fold onto what is remembered. Without that, or for an instant before the last, fold everything again."""
        state, stored_steps = self.states[key], self.stored_steps.get(key, [])
        if not stored_steps and state.folded_until >= min((step.at for step in steps), default=OPEN_END):
            loaded = load(self.db, *key)
            assert loaded is not None
            counted, (state, stored_steps, _under) = state.counted, loaded
            state.counted = counted
            self.states[key] = state
        if stored_steps:
            write_many(self.db, "DELETE FROM spans WHERE rec_no = ?", [(state.item.no,)])
        fold(state, [*stored_steps, *steps], self.writer)


def item_no_of(work: BatchWork, key: RecommendationKey, state: FoldedRecommendation, element: str) -> int:
    """The number of an element, or of the recommendation where it is empty."""
    if not element:
        return state.item.no
    if element in state.elements:
        return state.elements[element].no
    for step in work.unfolded_steps(key):
        if isinstance(step, StartElement) and step.item.element == element:
            return step.item.no
    raise LookupError(f"{key[1]} has no element {element}")


def draw_again(work: BatchWork, key: RecommendationKey) -> None:
    """Read what is left of a recommendation, so that it is folded again."""
    work.state(key)
    work.steps[key] = []
