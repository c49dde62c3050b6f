"""Histories cut down to what the rules 1 to 7 of publishing allow, so that real commands accept them.

Evidence, cards and the two people (rules 8 to 10) are left to the caller that gives the commands.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from domain.codes import Confidence, Kind, Reason, Status
from domain.times import first_day
from tests.support.model import ElementAdded, Fact, Published, Registered, Withdrawn
from tests.support.model.item import assessments_known, of_item, status_on

ATTAINED = (Status.PARTLY, Status.IMPLEMENTED, Status.IN_EFFECT)
AFTER_REVERSED = (Status.REVERSED, Status.IN_PROGRESS, *ATTAINED, Status.SUPERSEDED)
HIGH_STAKES = (Status.IMPLEMENTED, Status.IN_EFFECT, Status.REVERSED)
CORRECTIONS = (Reason.OUR_CORRECTION, Reason.METHOD_CHANGED)


def lawful(facts: Sequence[Fact]) -> list[Fact]:
    """The same history, reasons and kinds of done put right, without the assessments that still break a rule."""
    kinds: dict[tuple[str, str], Kind] = {}
    kept: list[Fact] = []
    for fact in facts:
        if isinstance(fact, Registered):
            kinds[fact.recommendation, ""] = fact.kind
        if isinstance(fact, ElementAdded):
            kinds[fact.recommendation, fact.element] = fact.kind
        if isinstance(fact, Published):
            kind = kinds[fact.recommendation, fact.element]
            earlier = of_item(assessments_known(kept, fact.at), fact.recommendation, fact.element)
            fact = _put_right(fact, kind, earlier)
            if not _allowed(fact, earlier):
                continue
        if isinstance(fact, Withdrawn) and not _published(fact.assessment, kept):
            continue
        kept.append(fact)
    return kept


def _put_right(fact: Published, kind: Kind, earlier: Sequence[Published]) -> Published:
    """Rules 1, 2, 7 and the confidence of rule 8: what can be chosen so that the assessment stands."""
    status = fact.status
    if status in (Status.IMPLEMENTED, Status.IN_EFFECT):
        status = Status.IMPLEMENTED if kind in (Kind.ONE_OFF, Kind.OUTCOME) else Status.IN_EFFECT
    confidence = fact.confidence
    if status in HIGH_STAKES and confidence == Confidence.LOW:
        confidence = Confidence.MEDIUM
    fact = replace(fact, status=status, confidence=confidence, legacy=False)
    return replace(fact, reason=_reason(fact, earlier))


def _reason(fact: Published, earlier: Sequence[Published]) -> Reason:
    if not earlier:
        return Reason.FIRST_ASSESSMENT
    if _day(fact) < max(_day(a) for a in earlier):
        return fact.reason if fact.reason in (Reason.NEW_EVIDENCE, *CORRECTIONS) else Reason.NEW_EVIDENCE
    if fact.reason == Reason.FIRST_ASSESSMENT:
        return Reason.WORLD_CHANGED
    if fact.reason == Reason.REVIEWED_NO_CHANGE and status_on(earlier, _day(fact)) != fact.status:
        return Reason.WORLD_CHANGED
    return fact.reason


def _allowed(fact: Published, earlier: Sequence[Published]) -> bool:
    """Rules 3, 4, 6 and the second half of 7."""
    before = status_on(earlier, _day(fact))
    if _day(fact) > fact.at.date():
        return False
    if fact.status == Status.REVERSED and not any(a.status in ATTAINED for a in earlier):
        return False
    if fact.reason in CORRECTIONS:
        return True
    if before in ATTAINED and fact.status in (Status.NO_ACTION, Status.ANNOUNCED, Status.CONTRARY):
        return False
    return before != Status.REVERSED or fact.status in AFTER_REVERSED


def _day(assessment: Published) -> date:
    return first_day(assessment.effective_on)


def _published(assessment: str, kept: Sequence[Fact]) -> bool:
    return any(isinstance(fact, Published) and fact.assessment == assessment for fact in kept)
