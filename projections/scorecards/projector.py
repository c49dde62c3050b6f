"""Turns published assessments, withdrawals and elements into the spans that scorecards are read from."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, Table, and_, delete, select

from domain.base import Event
from domain.codes import Kind
from domain.deadline.events import DeadlineStated, DeadlineWithdrawn
from domain.recommendation.events import (
    AssessmentPublished,
    AssessmentRemoved,
    AssessmentWithdrawn,
    ElementAdded,
    ElementAmended,
    ElementRemoved,
    RecommendationAmended,
    RecommendationRegistered,
    RecommendationRemoved,
    RecommendationWithdrawn,
)
from domain.register.events import RegisterDiscarded, RegisterEstablished
from domain.times import first_day, last_day
from domain.values import Assessment, DeadlineFacts
from projections.engine.batches import OPEN_END, Batch, EventHandlers, RecordedEvent
from projections.engine.bulk_write import write_many, write_rows
from projections.scorecards.deadlines import StatedDeadline
from projections.scorecards.fold import SpanWriter, fold
from projections.scorecards.folded_recommendation import FoldedItem, FoldedRecommendation
from projections.scorecards.row_numbers import RowNumbers
from projections.scorecards.rows import StoredAssessment, StoredDeadline, StoredEarlierItem, StoredItem, StoredRegister
from projections.scorecards.status_codes import CONFIDENCE_NUMBER, MOTION_NUMBER, grade_of
from projections.scorecards.status_intervals import Candidate
from projections.scorecards.steps import (
    AddCandidate,
    AddDeadline,
    AmendItem,
    EndRecommendation,
    RemoveCandidate,
    RemoveDeadline,
    StartElement,
    StartRecommendation,
    Step,
)
from projections.scorecards.stored_steps import load
from projections.scorecards.tables import assessments, deadlines, earlier_items, items, metadata, registers, spans

MEMORY_KEY = "scorecards"
MAX_REMEMBERED_RECOMMENDATIONS = 50_000
"""How many recommendations one run keeps in memory before it forgets them all."""

RecommendationKey = tuple[int, str]
"""The number of the register and the id of the recommendation."""


class Scorecards:
    name = "scorecards"
    version = 3
    metadata = metadata

    def prepare(self, db: Connection) -> None:
        """Nothing beyond the tables."""

    def project(self, batch: Batch, db: Connection) -> None:
        work = BatchWork(batch.memory, db)
        HANDLERS.dispatch(work.of_registers(batch.events), work)
        work.finish()


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

    def _begin(self) -> None:
        """Start with nothing collected."""
        self.writer = SpanWriter(self.numbers)
        self.steps: dict[RecommendationKey, list[Step]] = defaultdict(list)
        self.stored_steps: dict[RecommendationKey, list[Step]] = {}
        self.new_registers: list[StoredRegister] = []
        self.new_items: dict[int, StoredItem] = {}
        self.amended_items: dict[int, StoredItem] = {}
        self.earlier_items: list[StoredEarlierItem] = []
        self.new_assessments: dict[int, StoredAssessment] = {}
        self.assessment_nos: dict[tuple[int, str], int] = {}
        self.new_deadlines: dict[int, StoredDeadline] = {}
        self.deadline_nos: dict[tuple[int, str], int] = {}
        self.withdrawn_deadlines: list[tuple[int, int]] = []
        self.withdrawn_recommendations: list[tuple[int, int]] = []
        self.withdrawn_assessments: list[tuple[int, int]] = []

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
            self.states[key], self.stored_steps[key] = loaded
        return self.states[key]

    def unfolded_steps(self, key: RecommendationKey) -> list[Step]:
        """The steps that the state does not contain yet."""
        return [*self.steps[key], *self.stored_steps.get(key, ())]

    def finish(self) -> None:
        """Fold the steps of each recommendation and write all rows."""
        for key, steps in self.steps.items():
            self._fold(key, steps)
        write_rows(self.db, registers, self.new_registers)
        write_rows(self.db, items, list(self.new_items.values()))
        write_rows(self.db, earlier_items, self.earlier_items)
        write_many(
            self.db,
            "UPDATE items SET kind = ?, theme = ?, core = ?, recommended = ?, described_from = ? WHERE item_no = ?",
            [
                (i.kind, i.theme, i.core, i.recommended, i.described_from, i.item_no)
                for i in self.amended_items.values()
            ],
        )
        write_rows(self.db, assessments, list(self.new_assessments.values()))
        write_rows(self.db, deadlines, list(self.new_deadlines.values()))
        write_rows(self.db, spans, list(self.writer.opened.values()))
        write_many(self.db, "UPDATE spans SET known_to = ? WHERE span_no = ?", self.writer.closed)
        write_many(self.db, "UPDATE items SET known_to = ? WHERE item_no = ?", self.withdrawn_recommendations)
        write_many(self.db, "UPDATE assessments SET known_to = ? WHERE assessment_no = ?", self.withdrawn_assessments)
        write_many(self.db, "UPDATE deadlines SET known_to = ? WHERE deadline_no = ?", self.withdrawn_deadlines)

    def item(self, item_no: int) -> StoredItem:
        """The row of an item as this batch leaves it; from now on it can be amended."""
        if row := self.new_items.get(item_no) or self.amended_items.get(item_no):
            return row
        stored = self.db.execute(select(items).where(items.c.item_no == item_no)).one()
        self.amended_items[item_no] = StoredItem(**stored._mapping)
        return self.amended_items[item_no]

    def remove(self, key: RecommendationKey, *conditions: tuple[Table, ColumnElement[bool]]) -> None:
        """Write what is collected, then delete rows, and forget the recommendation, so that it is read again."""
        self.finish()
        self._begin()
        for table, condition in conditions:
            self.db.execute(delete(table).where(condition))
        self.states.pop(key, None)

    def _fold(self, key: RecommendationKey, steps: list[Step]) -> None:
        """Fold onto what is remembered. Without that, or for an instant before the last, fold everything again."""
        state, stored_steps = self.states[key], self.stored_steps.get(key, [])
        if not stored_steps and state.folded_until >= min((step.at for step in steps), default=OPEN_END):
            loaded = load(self.db, *key)
            assert loaded is not None
            state, stored_steps = loaded
            self.states[key] = state
        if stored_steps:
            self.db.execute(delete(spans).where(spans.c.rec_no == state.item.no))
        fold(state, [*stored_steps, *steps], self.writer)


def add_register(recorded: RecordedEvent[RegisterEstablished], work: BatchWork) -> None:
    number = recorded.position
    work.numbers.registers[recorded.event.register] = number
    work.new_registers.append(StoredRegister(number, recorded.event.register))


def add_recommendation(recorded: RecordedEvent[RecommendationRegistered], work: BatchWork) -> None:
    event, facts = recorded.event, recorded.event.facts
    at = recorded.known_from(event.registered_at)
    key = work.key(event.register, facts.id)
    item = FoldedItem(recorded.position, "", facts.kind, True)
    recommended = first_day(facts.recommended_on).toordinal()
    work.states[key] = FoldedRecommendation(item, key[0], recommended)
    work.steps[key].append(StartRecommendation(at))
    work.new_items[item.no] = StoredItem(
        item_no=item.no,
        rec_no=item.no,
        register_no=key[0],
        recommendation=facts.id,
        element="",
        kind=facts.kind.value,
        theme=facts.theme,
        core=True,
        recommended=recommended,
        known_from=at,
        known_to=OPEN_END,
        described_from=at,
    )


def add_element(recorded: RecordedEvent[ElementAdded], work: BatchWork) -> None:
    event, element = recorded.event, recorded.event.element
    at = recorded.known_from(event.registered_at)
    key = work.key(event.register, event.recommendation)
    state = work.state(key)
    item = FoldedItem(recorded.position, element.id, element.kind, element.core)
    work.steps[key].append(StartElement(at, item))
    work.new_items[item.no] = StoredItem(
        item_no=item.no,
        rec_no=state.item.no,
        register_no=key[0],
        recommendation=event.recommendation,
        element=element.id,
        kind=element.kind.value,
        theme="",
        core=element.core,
        recommended=0,
        known_from=at,
        known_to=OPEN_END,
        described_from=at,
    )


def amend_recommendation(recorded: RecordedEvent[RecommendationAmended], work: BatchWork) -> None:
    event, facts = recorded.event, recorded.event.facts
    key = work.key(event.register, event.recommendation)
    row = work.item(work.state(key).item.no)
    recommended = first_day(facts.recommended_on).toordinal()
    _describe(work, key, row, recorded.recorded_at, (facts.kind.value, facts.theme, True, recommended))


def amend_element(recorded: RecordedEvent[ElementAmended], work: BatchWork) -> None:
    event, element = recorded.event, recorded.event.element
    key = work.key(event.register, event.recommendation)
    row = work.item(_item_no(work, key, work.state(key), element.id))
    _describe(work, key, row, recorded.recorded_at, (element.kind.value, "", element.core, 0))


def _describe(
    work: BatchWork, key: RecommendationKey, row: StoredItem, at: int, description: tuple[str, str, bool, int]
) -> None:
    """Describe an item otherwise from an instant on: kind, theme, whether it is core, day it was recommended."""
    before = row.kind, row.theme, bool(row.core), row.recommended
    if description == before:
        return
    if row.described_from < at:
        work.earlier_items.append(
            StoredEarlierItem(row.item_no, row.described_from, at, row.rec_no, row.register_no, row.element, *before)
        )
    row.kind, row.theme, row.core, row.recommended = description
    row.described_from = at
    work.steps[key].append(AmendItem(at, row.element, Kind(row.kind), row.core, row.recommended))


def remove_recommendation(recorded: RecordedEvent[RecommendationRemoved], work: BatchWork) -> None:
    event = recorded.event
    key = work.key(event.register, event.recommendation)
    number = work.state(key).item.no
    tables: tuple[Table, ...] = (items, earlier_items, assessments, deadlines, spans)
    work.remove(key, *((table, table.c.rec_no == number) for table in tables))


def remove_element(recorded: RecordedEvent[ElementRemoved], work: BatchWork) -> None:
    event = recorded.event
    key = work.key(event.register, event.recommendation)
    number = _item_no(work, key, work.state(key), event.element)
    tables: tuple[Table, ...] = (items, earlier_items, deadlines, spans)
    work.remove(key, *((table, table.c.item_no == number) for table in tables))
    _draw_again(work, key)


def remove_assessment(recorded: RecordedEvent[AssessmentRemoved], work: BatchWork) -> None:
    """Draw the recommendation as if the assessment had never been published; a proposal was never drawn."""
    event = recorded.event
    key = work.key(event.register, event.recommendation)
    a = assessments.c
    work.remove(key, (assessments, and_(a.register_no == key[0], a.assessment == event.assessment)))
    _draw_again(work, key)


def _draw_again(work: BatchWork, key: RecommendationKey) -> None:
    """Read what is left of a recommendation, so that it is folded again."""
    work.state(key)
    work.steps[key] = []


def discard_register(recorded: RecordedEvent[RegisterDiscarded], work: BatchWork) -> None:
    register = recorded.event.register
    number = work.numbers.registers.pop(register)
    tables: tuple[Table, ...] = (registers, items, earlier_items, assessments, deadlines, spans)
    work.remove((number, ""), *((table, table.c.register_no == number) for table in tables))


def publish_assessment(recorded: RecordedEvent[AssessmentPublished], work: BatchWork) -> None:
    event, assessment, number = recorded.event, recorded.event.assessment, recorded.position
    at = recorded.known_from(event.published_at)
    key = work.key(event.register, event.recommendation)
    state = work.state(key)
    candidate = candidate_of(assessment, at, number, event.legacy)
    work.steps[key].append(AddCandidate(at, assessment.element, candidate))
    work.assessment_nos[key[0], assessment.id] = number
    work.new_assessments[number] = StoredAssessment(
        assessment_no=number,
        item_no=_item_no(work, key, state, assessment.element),
        rec_no=state.item.no,
        register_no=key[0],
        assessment=assessment.id,
        reason=assessment.reason.value,
        status=candidate.grade,
        effective=candidate.effective,
        effective_on=candidate.effective_on,
        motion=candidate.motion,
        confidence=candidate.confidence,
        review_by=candidate.review_by,
        legacy=candidate.legacy,
        known_from=at,
        known_to=OPEN_END,
    )


def candidate_of(assessment: Assessment, at: int, number: int, legacy: bool) -> Candidate:
    """A published assessment as numbers."""
    motion, confidence = assessment.motion, assessment.confidence
    return Candidate(
        effective=first_day(assessment.effective_on).toordinal(),
        at=at,
        number=number,
        grade=grade_of(assessment.status, assessment.methodology),
        effective_on=assessment.effective_on,
        motion=None if motion is None else MOTION_NUMBER[motion],
        confidence=None if confidence is None else CONFIDENCE_NUMBER[confidence],
        review_by=first_day(assessment.review_by).toordinal() if assessment.review_by else None,
        legacy=legacy,
    )


def _item_no(work: BatchWork, key: RecommendationKey, state: FoldedRecommendation, element: str) -> int:
    if not element:
        return state.item.no
    if element in state.elements:
        return state.elements[element].no
    for step in work.unfolded_steps(key):
        if isinstance(step, StartElement) and step.item.element == element:
            return step.item.no
    raise LookupError(f"{key[1]} has no element {element}")


def withdraw_assessment(recorded: RecordedEvent[AssessmentWithdrawn], work: BatchWork) -> None:
    event = recorded.event
    at = recorded.known_from(event.withdrawn_at)
    key = work.key(event.register, event.recommendation)
    candidate = _published_candidate(work, key, event.assessment)
    work.steps[key].append(RemoveCandidate(at, event.element, candidate))
    if row := work.new_assessments.get(candidate.number):
        row.known_to = at
    else:
        work.withdrawn_assessments.append((at, candidate.number))


def _published_candidate(work: BatchWork, key: RecommendationKey, assessment: str) -> Candidate:
    """The candidate of a published assessment: from this batch, from memory, or from the tables."""
    state = work.state(key)
    number = work.assessment_nos.get((key[0], assessment))
    if number is None:
        number = work.db.scalar(
            select(assessments.c.assessment_no).where(
                assessments.c.register_no == key[0], assessments.c.assessment == assessment
            )
        )
    folded = (candidate for item in state.items for candidate in item.candidates)
    unfolded = (step.candidate for step in work.unfolded_steps(key) if isinstance(step, AddCandidate))
    for candidates in (folded, unfolded):
        for candidate in candidates:
            if candidate.number == number:
                return candidate
    raise LookupError(f"{assessment} was withdrawn but never published")


def state_deadline(recorded: RecordedEvent[DeadlineStated], work: BatchWork) -> None:
    event, facts, number = recorded.event, recorded.event.deadline, recorded.position
    at = recorded.known_from(event.published_at)
    key = work.key(event.register, event.recommendation)
    state, deadline = work.state(key), deadline_of(facts, number)
    work.steps[key].append(AddDeadline(at, facts.element, deadline))
    work.deadline_nos[key[0], facts.id] = number
    work.new_deadlines[number] = StoredDeadline(
        deadline_no=number,
        item_no=_item_no(work, key, state, facts.element),
        rec_no=state.item.no,
        register_no=key[0],
        deadline=facts.id,
        due=deadline.due,
        due_on=facts.due_on,
        stated=deadline.stated,
        stated_on=facts.stated_on,
        stated_by=facts.stated_by,
        known_from=at,
        known_to=OPEN_END,
    )


def deadline_of(facts: DeadlineFacts, number: int) -> StatedDeadline:
    """A stated deadline as numbers."""
    return StatedDeadline(first_day(facts.stated_on).toordinal(), number, last_day(facts.due_on).toordinal())


def withdraw_deadline(recorded: RecordedEvent[DeadlineWithdrawn], work: BatchWork) -> None:
    event = recorded.event
    at = recorded.known_from(event.withdrawn_at)
    key = work.key(event.register, event.recommendation)
    deadline = _stated_deadline(work, key, event.deadline)
    work.steps[key].append(RemoveDeadline(at, event.element, deadline))
    if row := work.new_deadlines.get(deadline.number):
        row.known_to = at
    else:
        work.withdrawn_deadlines.append((at, deadline.number))


def _stated_deadline(work: BatchWork, key: RecommendationKey, deadline: str) -> StatedDeadline:
    """A stated deadline: from this batch, from memory, or from the tables."""
    state = work.state(key)
    number = work.deadline_nos.get((key[0], deadline))
    if number is None:
        number = work.db.scalar(
            select(deadlines.c.deadline_no).where(deadlines.c.register_no == key[0], deadlines.c.deadline == deadline)
        )
    folded = (stated for item in state.items for stated in item.deadlines)
    unfolded = (step.deadline for step in work.unfolded_steps(key) if isinstance(step, AddDeadline))
    for stated_deadlines in (folded, unfolded):
        for stated in stated_deadlines:
            if stated.number == number:
                return stated
    raise LookupError(f"{deadline} was withdrawn but never stated")


def withdraw_recommendation(recorded: RecordedEvent[RecommendationWithdrawn], work: BatchWork) -> None:
    event = recorded.event
    at = recorded.known_from(event.withdrawn_at)
    key = work.key(event.register, event.recommendation)
    state = work.state(key)
    work.steps[key].append(EndRecommendation(at))
    work.withdrawn_recommendations.append((at, state.item.no))


HANDLERS = (
    EventHandlers[BatchWork, None]()
    .on(RegisterEstablished, add_register)
    .on(RecommendationRegistered, add_recommendation)
    .on(ElementAdded, add_element)
    .on(RecommendationAmended, amend_recommendation)
    .on(ElementAmended, amend_element)
    .on(RecommendationRemoved, remove_recommendation)
    .on(ElementRemoved, remove_element)
    .on(AssessmentRemoved, remove_assessment)
    .on(RegisterDiscarded, discard_register)
    .on(AssessmentPublished, publish_assessment)
    .on(AssessmentWithdrawn, withdraw_assessment)
    .on(DeadlineStated, state_deadline)
    .on(DeadlineWithdrawn, withdraw_deadline)
    .on(RecommendationWithdrawn, withdraw_recommendation)
)
