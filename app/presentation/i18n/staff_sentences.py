"""Sentences for staff about what is not public."""

from collections.abc import Callable
from typing import Any

from app.presentation.i18n.clock import instant_text
from app.presentation.i18n.event_names import EventNames, name_of
from app.presentation.i18n.labels import POSITION, STATUS, day_text, on_day_text
from app.presentation.i18n.sentence_parts import because, item_name, original_words
from app.presentation.i18n.translation import _
from domain.base import Event
from domain.evidence.events import EvidenceFileKept, EvidenceNoteAmended, EvidenceNoted
from domain.recommendation.events import (
    AssessmentDeclined,
    AssessmentProposed,
    AssessmentReturned,
    AssessmentRevised,
    AssessmentScheduled,
    AssessmentUnscheduled,
    CriteriaDrafted,
)
from domain.response.events import ResponseDeclined, ResponseProposed
from domain.review.events import ReviewDoiSet, ReviewEmbargoed, ReviewSignedOff, SummaryDrafted


def _summary(event: SummaryDrafted, names: EventNames) -> str:
    title, day = name_of(names, "review", event.review), day_text(event.as_of)
    return _("A summary was drafted for the review “%(title)s” of %(day)s.", title=title, day=day)


def _signed(event: ReviewSignedOff, names: EventNames) -> str:
    title, day = name_of(names, "review", event.review), day_text(event.as_of)
    return _("The review “%(title)s” of %(day)s was signed off.", title=title, day=day)


def _embargoed(event: ReviewEmbargoed, names: EventNames) -> str:
    title, day = name_of(names, "review", event.review), day_text(event.as_of)
    at = instant_text(event.freeze_at, names.zone)
    return _("The review “%(title)s” of %(day)s will be frozen at %(at)s.", title=title, day=day, at=at)


def _doi_set(event: ReviewDoiSet, names: EventNames) -> str:
    values = {"title": name_of(names, "review", event.review), "day": day_text(event.as_of)}
    if not event.doi:
        return _("The DOI of the review “%(title)s” of %(day)s was removed.", **values)
    return _("The review “%(title)s” of %(day)s has the DOI %(doi)s.", doi=event.doi, **values)


def _noted(event: EvidenceNoted, names: EventNames) -> str:
    return _("Evidence “%(title)s” was noted.", title=name_of(names, "evidence", event.facts.id))


def _file_stored(event: EvidenceFileKept, names: EventNames) -> str:
    return _(
        "A copy of evidence “%(title)s” was saved: %(kind)s, SHA-256 %(digest)s.",
        title=name_of(names, "evidence", event.evidence),
        kind=event.kind,
        digest=event.sha256,
    )


def _note_amended(event: EvidenceNoteAmended, names: EventNames) -> str:
    return because(
        _("The source “%(title)s” was amended.", title=name_of(names, "evidence", event.facts.id)), event.why
    )


def _drafted(event: CriteriaDrafted, names: EventNames) -> str:
    if event.card.element:
        item = item_name(names, event.recommendation, event.card.element)
        return _("Success criteria were drafted for “%(item)s”.", item=item)
    return _("Success criteria were drafted.")


def _proposed(event: AssessmentProposed, names: EventNames) -> str:
    return _("Proposed for “%(item)s”: “%(status)s” from %(on)s.", **_proposal_values(event, names))


def _revised(event: AssessmentRevised, names: EventNames) -> str:
    return _("Proposal revised for “%(item)s”: “%(status)s” from %(on)s.", **_proposal_values(event, names))


def _proposal_values(event: AssessmentProposed | AssessmentRevised, names: EventNames) -> dict[str, object]:
    a = event.assessment
    item = item_name(names, event.recommendation, a.element)
    return {"item": item, "status": STATUS[a.status], "on": day_text(a.effective_on)}


def _scheduled(event: AssessmentScheduled, names: EventNames) -> str:
    proposal, at = name_of(names, "assessment", event.assessment), instant_text(event.publish_at, names.zone)
    return _("The proposal “%(proposal)s” was approved, to be published at %(at)s.", proposal=proposal, at=at)


def _unscheduled(event: AssessmentUnscheduled, names: EventNames) -> str:
    proposal = name_of(names, "assessment", event.assessment)
    return _("The publication of the proposal “%(proposal)s” was called off. It is open again.", proposal=proposal)


def _returned(event: AssessmentReturned, names: EventNames) -> str:
    proposal = name_of(names, "assessment", event.assessment)
    if not event.note:
        return _("The proposal “%(proposal)s” was taken back by its author.", proposal=proposal)
    note = original_words(event.note)
    return _("The proposal “%(proposal)s” was returned to its author: %(note)s", proposal=proposal, note=note)


def _declined(event: AssessmentDeclined, names: EventNames) -> str:
    proposal, why = name_of(names, "assessment", event.assessment), original_words(event.why)
    return _("The proposal “%(proposal)s” was declined: %(why)s", proposal=proposal, why=why)


def _response_proposed(event: ResponseProposed, names: EventNames) -> str:
    f = event.facts
    values = {"body": name_of(names, "body", f.body), "position": POSITION[f.position]}
    when = on_day_text(f.given_on)
    return _("Response of “%(body)s” proposed: “%(position)s”, given %(when)s.", when=when, **values)


def _response_declined(event: ResponseDeclined, names: EventNames) -> str:
    body = name_of(names, "response", f"{event.recommendation}/{event.response}")
    return _("The response of “%(body)s” was declined: %(why)s", body=body, why=original_words(event.why))


STAFF_SENTENCES: dict[type[Event], Callable[[Any, EventNames], str]] = {
    EvidenceNoted: _noted,
    SummaryDrafted: _summary,
    ReviewSignedOff: _signed,
    ReviewEmbargoed: _embargoed,
    ReviewDoiSet: _doi_set,
    EvidenceFileKept: _file_stored,
    CriteriaDrafted: _drafted,
    AssessmentProposed: _proposed,
    AssessmentRevised: _revised,
    AssessmentScheduled: _scheduled,
    AssessmentUnscheduled: _unscheduled,
    AssessmentReturned: _returned,
    AssessmentDeclined: _declined,
    ResponseProposed: _response_proposed,
    ResponseDeclined: _response_declined,
    EvidenceNoteAmended: _note_amended,
}
