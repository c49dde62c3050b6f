"""Which responses may be proposed, published and withdrawn, as refusals. Nothing changes here."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from msgspec import Struct

from domain.codes import PeerReview, Position
from domain.errors import Refusal, Refused, refusal
from domain.recommendation.addressees import asked_rows
from domain.recommendation.judging_context import JudgingContext, Sources
from domain.recommendation.state import RecommendationState
from domain.times import first_day
from domain.values import Addressee, Body, ResponseFacts

HIGH_STAKES = frozenset({Position.REJECTS, Position.DISPUTES})
"""Positions that rule 9 protects in a register with peer review of what is of high stakes."""


class Answered(Struct, frozen=True):
    """What a response is judged against: its recommendation, and the register's bodies and evidence."""

    recommendation: RecommendationState
    bodies: Mapping[str, Body]
    sources: Sources
    merged_into: Mapping[str, str]
    """The body that each merged body became part of."""
    published_on: date
    """The day of publishing in the register's time zone."""


def response_refusals(facts: ResponseFacts, answered: Answered) -> list[Refusal]:
    """What stops a response from being proposed or published; empty if nothing does."""
    refusals = []
    if answered.recommendation.is_withdrawn:
        refusals.append(refusal("“{id}” is withdrawn, so you cannot add to it.", id=answered.recommendation.facts.id))
    if not facts.summary.strip():
        refusals.append(refusal("Enter what the body said, in a sentence or two.", field="summary"))
    return [
        *refusals,
        *_day_refusals(facts, answered.published_on),
        *_item_refusals(facts, answered.recommendation),
        *body_refusals(facts, answered),
        *_source_refusals(facts, answered.sources),
    ]


def needs_second_person(facts: ResponseFacts, context: JudgingContext) -> bool:
    """Whether rule 9 requires that someone other than the proposer publishes it."""
    if not context.asks_for_two_people:
        return False
    return context.peer_review is PeerReview.ALWAYS or facts.position in HIGH_STAKES


def second_person_refusals(facts: ResponseFacts, by: str, context: JudgingContext) -> list[Refusal]:
    """A proposer who publishes alone what needs a second person (rule 9)."""
    if not needs_second_person(facts, context) or facts.proposed_by != by:
        return []
    return [refusal("Someone other than its proposer must publish this response (rule 9).", rule=9)]


def withdrawal_refusals(facts: ResponseFacts, reason: str, by: str, context: JudgingContext) -> list[Refusal]:
    """What stops this person from withdrawing a response."""
    refusals = []
    if not reason.strip():
        refusals.append(refusal("Enter why it is withdrawn. The reason is public.", field="reason"))
    if context.asks_for_two_people and facts.proposed_by == by:
        refusals.append(refusal("Someone other than its proposer must withdraw it (rule 9).", rule=9))
    return refusals


def body_refusals(facts: ResponseFacts, answered: Answered) -> list[Refusal]:
    """A body that does not exist, or that was never asked."""
    recommendation = answered.recommendation
    if facts.body not in answered.bodies:
        return [refusal("There is no body “{id}” in this register.", id=facts.body, field="body")]
    stated, rows = recommendation.facts.addressees, recommendation.addressees
    asked = bodies_ever_asked(facts.element, stated, rows, recommendation.elements)
    if is_in_line_with(facts.body, asked, answered.bodies, answered.merged_into):
        return []
    return [
        refusal(
            "“{recommendation}” was never addressed to “{body}”, so it cannot respond. Choose one of: {addressees}.",
            recommendation=recommendation.facts.id,
            body=facts.body,
            addressees=", ".join(asked),
            field="body",
        )
    ]


def is_in_line_with(
    body: str, addressees: Iterable[str], bodies: Mapping[str, Body], merged_into: Mapping[str, str]
) -> bool:
    """Whether a body, one above it or one below it is among the addressees; a merged body is below what it became.

    A government answers for its departments, and a department answers what its government was asked.
    """
    above = _line(body, bodies, merged_into)
    return any(a in above or body in _line(a, bodies, merged_into) for a in addressees)


def bodies_ever_asked(
    element: str, stated: Sequence[str], rows: Sequence[Addressee], elements: Iterable[str]
) -> tuple[str, ...]:
    """Who was ever asked about an element or its recommendation; about the whole, who was asked about a part too."""
    items = (element, "") if element else ("", *elements)
    return tuple(dict.fromkeys(row.body for item in items for row in asked_rows(stated, rows, item)))


def _line(body: str, bodies: Mapping[str, Body], merged_into: Mapping[str, str]) -> set[str]:
    """A body, those above it, and those that any of them became part of."""
    waiting, line = [body], set[str]()
    while waiting:
        current = waiting.pop()
        if current and current not in line:
            line.add(current)
            waiting += [merged_into.get(current, ""), bodies[current].parent if current in bodies else ""]
    return line


def _day_refusals(facts: ResponseFacts, published_on: date) -> list[Refusal]:
    try:
        given = first_day(facts.given_on)
    except Refused as refused:
        return [refused.refusals[0].about("given_on")]
    if given <= published_on:
        return []
    return [
        refusal(
            "The response was given on {day}, after the day of publishing ({today}).",
            day=facts.given_on,
            today=published_on.isoformat(),
            field="given_on",
        )
    ]


def _item_refusals(facts: ResponseFacts, recommendation: RecommendationState) -> list[Refusal]:
    refusals = []
    if facts.element and facts.element not in recommendation.elements:
        refusals.append(
            refusal(
                "“{id}” has no element “{element}”.",
                id=recommendation.facts.id,
                element=facts.element,
                field="element",
            )
        )
    if facts.assessment:
        published = recommendation.assessments.get(facts.assessment)
        if published is None or (facts.element and published.assessment.element != facts.element):
            refusals.append(
                refusal(
                    "“{id}” is not a published assessment of what the response is about.",
                    id=facts.assessment,
                    field="assessment",
                )
            )
    return refusals


def _source_refusals(facts: ResponseFacts, sources: Sources) -> list[Refusal]:
    if not facts.evidence:
        return [refusal("Cite at least one source for the response.", field="evidence")]
    return [
        refusal("There is no evidence “{id}” in this register.", id=e, field="evidence")
        for e in facts.evidence
        if e not in sources
    ]
