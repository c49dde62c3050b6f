"""Turns published assessments, withdrawals and elements into the spans that scorecards are read from."""

from msgspec.structs import asdict, astuple
from sqlalchemy import Connection, Table, and_, select

from domain.codes import Kind
from domain.deadline.events import DeadlineRemoved, DeadlineStated, DeadlineWithdrawn
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
from domain.times import first_day
from domain.values import Assessment, RecommendationFacts
from projections.engine.batches import OPEN_END, Batch, EventHandlers, RecordedEvent
from projections.scorecards.batch_work import BatchWork, RecommendationKey, draw_again, item_no_of
from projections.scorecards.deadline_events import remove_deadline, state_deadline, withdraw_deadline
from projections.scorecards.folded_recommendation import FoldedItem, FoldedRecommendation
from projections.scorecards.places import ListPlace, place_of
from projections.scorecards.rows import (
    StoredAssessment,
    StoredEarlierItem,
    StoredEarlierPlace,
    StoredItem,
    StoredRegister,
)
from projections.scorecards.status_codes import CONFIDENCE_NUMBER, MOTION_NUMBER, grade_of
from projections.scorecards.status_intervals import Candidate
from projections.scorecards.steps import (
    AddCandidate,
    AmendItem,
    EndRecommendation,
    RemoveCandidate,
    StartElement,
    StartRecommendation,
)
from projections.scorecards.tables import (
    assessments,
    day_counts,
    deadlines,
    earlier_items,
    earlier_places,
    items,
    metadata,
    registers,
    spans,
)


class Scorecards:
    name = "scorecards"
    version = 9
    metadata = metadata

    def prepare(self, db: Connection) -> None:
        """Nothing beyond the tables."""

    def project(self, batch: Batch, db: Connection) -> None:
        events = [recorded for recorded in batch.events if type(recorded.event) in HANDLERS]
        if events:
            work = BatchWork(batch.memory, db)
            HANDLERS.dispatch(work.of_registers(events), work)
            work.finish()


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
    work.begin(key, FoldedRecommendation(item, key[0], recommended))
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
        **asdict(place_of(facts)),
        placed_from=at,
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
        **asdict(ListPlace()),
        placed_from=at,
    )


def amend_recommendation(recorded: RecordedEvent[RecommendationAmended], work: BatchWork) -> None:
    event, facts = recorded.event, recorded.event.facts
    key = work.key(event.register, event.recommendation)
    row = work.item(work.state(key).item.no)
    recommended = first_day(facts.recommended_on).toordinal()
    _describe(work, key, row, recorded.recorded_at, (facts.kind.value, facts.theme, True, recommended))
    _place(work, row, recorded.recorded_at, facts)


def _place(work: BatchWork, row: StoredItem, at: int, facts: RecommendationFacts) -> None:
    """Give a recommendation another place in lists from an instant on."""
    place, before = place_of(facts), ListPlace(row.place_key, row.title_key, bool(row.priority), row.publications)
    if place == before:
        return
    if row.placed_from < at:
        work.earlier_places.append(
            StoredEarlierPlace(row.item_no, row.placed_from, at, row.register_no, **asdict(before))
        )
    row.place_key, row.title_key, row.priority, row.publications = astuple(place)
    row.placed_from = at
    work.change_at(row.register_no, at)


def amend_element(recorded: RecordedEvent[ElementAmended], work: BatchWork) -> None:
    event, element = recorded.event, recorded.event.element
    key = work.key(event.register, event.recommendation)
    row = work.item(item_no_of(work, key, work.state(key), element.id))
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
    places = (earlier_places, earlier_places.c.item_no == number)
    removed = work.remove(key, *((table, table.c.rec_no == number) for table in tables), places)
    work.day_changes.replace(key[0], removed.counted if removed else None, None)


def remove_element(recorded: RecordedEvent[ElementRemoved], work: BatchWork) -> None:
    event = recorded.event
    key = work.key(event.register, event.recommendation)
    number = item_no_of(work, key, work.state(key), event.element)
    tables: tuple[Table, ...] = (items, earlier_items, deadlines, spans)
    work.remove(key, *((table, table.c.item_no == number) for table in tables))
    draw_again(work, key)


def remove_assessment(recorded: RecordedEvent[AssessmentRemoved], work: BatchWork) -> None:
    """Draw the recommendation as if the assessment had never been published; a proposal was never drawn."""
    event = recorded.event
    key = work.key(event.register, event.recommendation)
    a = assessments.c
    work.remove(key, (assessments, and_(a.register_no == key[0], a.assessment == event.assessment)))
    draw_again(work, key)


def discard_register(recorded: RecordedEvent[RegisterDiscarded], work: BatchWork) -> None:
    register = recorded.event.register
    number = work.numbers.registers.pop(register)
    tables: tuple[Table, ...] = (registers, items, earlier_items, earlier_places)
    tables += (assessments, deadlines, spans, day_counts)
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
        item_no=item_no_of(work, key, state, assessment.element),
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
    .on(DeadlineRemoved, remove_deadline)
    .on(RecommendationWithdrawn, withdraw_recommendation)
)
