"""Turns deadlines that were stated, withdrawn or removed into steps and rows."""

from sqlalchemy import and_, select

from domain.deadline.events import DeadlineRemoved, DeadlineStated, DeadlineWithdrawn
from domain.times import first_day, last_day
from domain.values import DeadlineFacts
from projections.engine.batches import OPEN_END, RecordedEvent
from projections.scorecards.batch_work import BatchWork, RecommendationKey, draw_again, item_no_of
from projections.scorecards.deadlines import StatedDeadline
from projections.scorecards.rows import StoredDeadline
from projections.scorecards.steps import AddDueDate, RemoveDueDate
from projections.scorecards.tables import deadlines


def state_deadline(recorded: RecordedEvent[DeadlineStated], work: BatchWork) -> None:
    event, facts, number = recorded.event, recorded.event.deadline, recorded.position
    at = recorded.known_from(event.published_at)
    key = work.key(event.register, event.recommendation)
    state, deadline = work.state(key), deadline_of(facts, number)
    work.steps[key].append(AddDueDate(at, facts.element, deadline))
    work.deadline_nos[key[0], facts.id] = number
    work.new_deadlines[number] = StoredDeadline(
        deadline_no=number,
        item_no=item_no_of(work, key, state, facts.element),
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
    work.steps[key].append(RemoveDueDate(at, event.element, deadline))
    if row := work.new_deadlines.get(deadline.number):
        row.known_to = at
    else:
        work.withdrawn_deadlines.append((at, deadline.number))


def remove_deadline(recorded: RecordedEvent[DeadlineRemoved], work: BatchWork) -> None:
    """Draw the recommendation as if the deadline had never been stated."""
    event = recorded.event
    key = work.key(event.register, event.recommendation)
    d = deadlines.c
    work.remove(key, (deadlines, and_(d.register_no == key[0], d.deadline == event.deadline)))
    draw_again(work, key)


def _stated_deadline(work: BatchWork, key: RecommendationKey, deadline: str) -> StatedDeadline:
    """A stated deadline: from this batch, from memory, or from the tables."""
    state = work.state(key)
    number = work.deadline_nos.get((key[0], deadline))
    if number is None:
        number = work.db.scalar(
            select(deadlines.c.deadline_no).where(deadlines.c.register_no == key[0], deadlines.c.deadline == deadline)
        )
    folded = (stated for item in state.items for stated in item.deadlines)
    unfolded = (step.deadline for step in work.unfolded_steps(key) if isinstance(step, AddDueDate))
    for stated_deadlines in (folded, unfolded):
        for stated in stated_deadlines:
            if stated.number == number:
                return stated
    raise LookupError(f"{deadline} was withdrawn but never stated")
