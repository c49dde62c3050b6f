"""A sentence for every event."""

from collections.abc import Callable
from datetime import UTC
from typing import Any

from markupsafe import Markup

from app.presentation.i18n.labels import POSITION, REASON, RELATION, STATUS, day_text, on_day_text
from app.presentation.i18n.localize import isolated, original
from app.presentation.i18n.removal_sentences import REMOVAL_SENTENCES
from app.presentation.i18n.translation import _
from domain.base import Event
from domain.deadline.events import DeadlineStated, DeadlineWithdrawn
from domain.development.events import DevelopmentRecorded
from domain.evidence.events import (
    EvidenceAmended,
    EvidenceDisclosed,
    EvidenceFileKept,
    EvidenceNoteAmended,
    EvidenceNoted,
)
from domain.recommendation.events import (
    AddresseesAmended,
    AssessmentDeclined,
    AssessmentProposed,
    AssessmentPublished,
    AssessmentReturned,
    AssessmentRevised,
    AssessmentScheduled,
    AssessmentWithdrawn,
    CriteriaApproved,
    CriteriaDrafted,
    ElementAdded,
    ElementAmended,
    RecommendationAmended,
    RecommendationRegistered,
    RecommendationWithdrawn,
    RelationStated,
    RelationWithdrawn,
)
from domain.register.events import (
    BodyAmended,
    BodyMerged,
    BodyNamed,
    PublicationAdded,
    PublicationAmended,
    RegisterAmended,
    RegisterEstablished,
    RegisterOpened,
    ThemeAmended,
    ThemeNamed,
)
from domain.response.events import ResponseDeclined, ResponseProposed, ResponsePublished, ResponseWithdrawn
from domain.review.events import (
    ReviewAmended,
    ReviewEmbargoed,
    ReviewFrozen,
    ReviewScheduled,
    ReviewSignedOff,
    ReviewTimestamped,
    SummaryDrafted,
)
from domain.values import Addressee

Titles = dict[str, str]
EventSentence = Callable[[Any, Titles], str]


def sentence(event: Event, titles: Titles | None = None) -> str:
    """What happened, in a sentence. `titles` names elements by id, and bodies by `body/` and their id."""
    write_sentence = SENTENCES.get(type(event)) or PRIVATE_SENTENCES[type(event)]
    return write_sentence(event, titles or {})


def _established(event: RegisterEstablished, _titles: Titles) -> str:
    return _("The register “%(title)s” was established.", title=_original(event.settings.title))


def _opened(event: RegisterOpened, _titles: Titles) -> str:
    return _("The register was opened to the public.")


def _theme(event: ThemeNamed, _titles: Titles) -> str:
    return _("The theme “%(title)s” was named.", title=_original(event.theme.title))


def _publication(event: PublicationAdded, _titles: Titles) -> str:
    return _("The publication “%(title)s” was added.", title=_original(event.publication.title))


def _body(event: BodyNamed, _titles: Titles) -> str:
    return _("The body “%(name)s” was named.", name=_original(event.body.name))


def _review(event: ReviewScheduled, _titles: Titles) -> str:
    return _("The review “%(title)s” was scheduled.", title=_original(event.schedule.title))


def _frozen(event: ReviewFrozen, _titles: Titles) -> str:
    return _("The review “%(id)s” of %(day)s was frozen.", id=event.review, day=day_text(event.as_of))


def _timestamped(event: ReviewTimestamped, _titles: Titles) -> str:
    values = {"id": event.review, "day": day_text(event.as_of), "authority": event.timestamp.authority}
    return _("The review “%(id)s” of %(day)s was time-stamped by %(authority)s.", **values)


def _summary(event: SummaryDrafted, _titles: Titles) -> str:
    return _("A summary was drafted for the review “%(id)s” of %(day)s.", id=event.review, day=day_text(event.as_of))


def _signed(event: ReviewSignedOff, _titles: Titles) -> str:
    return _("The review “%(id)s” of %(day)s was signed off.", id=event.review, day=day_text(event.as_of))


def _embargoed(event: ReviewEmbargoed, _titles: Titles) -> str:
    at = event.freeze_at.astimezone(UTC).strftime("%Y-%m-%d %H:%M")
    values = {"id": event.review, "day": day_text(event.as_of), "at": at}
    return _("The review “%(id)s” of %(day)s will be frozen at %(at)s UTC.", **values)


def _registered(event: RecommendationRegistered, _titles: Titles) -> str:
    return _("Entered in the register: “%(title)s”.", title=_original(event.facts.title))


def _element(event: ElementAdded, _titles: Titles) -> str:
    if event.element.core:
        return _("Core element added: “%(title)s”.", title=_original(event.element.title))
    return _("Element added, not core: “%(title)s”.", title=_original(event.element.title))


def _criteria_approved(event: CriteriaApproved, titles: Titles) -> str:
    if event.card.element:
        return _(
            "Success criteria, version %(n)d, approved for “%(item)s”.",
            n=event.number,
            item=_item(event.card.element, titles),
        )
    return _("Success criteria, version %(n)d, approved.", n=event.number)


def _published(event: AssessmentPublished, titles: Titles) -> str:
    a = event.assessment
    values = {"status": STATUS[a.status], "on": day_text(a.effective_on), "reason": REASON[a.reason]}
    if a.element:
        return _(
            "“%(item)s” assessed as “%(status)s” from %(on)s; reason: %(reason)s.",
            item=_item(a.element, titles),
            **values,
        )
    return _("Assessed as “%(status)s” from %(on)s; reason: %(reason)s.", **values)


def _withdrawn(event: AssessmentWithdrawn, _titles: Titles) -> str:
    if event.replaced_by:
        return _(
            "The assessment %(id)s was withdrawn and replaced by %(other)s.",
            id=event.assessment,
            other=event.replaced_by,
        )
    return _("The assessment %(id)s was withdrawn.", id=event.assessment)


def _recommendation_withdrawn(event: RecommendationWithdrawn, _titles: Titles) -> str:
    return _("The recommendation was withdrawn from the register.")


def _relation_stated(event: RelationStated, _titles: Titles) -> str:
    values = {"relation": RELATION[event.relation.relation], "to": event.relation.to}
    if event.relation.on:
        return _(
            "Related to another recommendation from %(on)s: %(relation)s “%(to)s”.",
            on=day_text(event.relation.on),
            **values,
        )
    return _("Related to another recommendation: %(relation)s “%(to)s”.", **values)


def _relation_withdrawn(event: RelationWithdrawn, _titles: Titles) -> str:
    text = _("Relation withdrawn: %(relation)s “%(to)s”.", relation=RELATION[event.relation], to=event.to)
    return _because(text, event.reason)


def _development(event: DevelopmentRecorded, _titles: Titles) -> str:
    return _(
        "Development of %(on)s recorded: %(text)s", on=day_text(event.facts.date), text=_original(event.facts.summary)
    )


def _deadline(event: DeadlineStated, titles: Titles) -> str:
    facts = event.deadline
    values = {"due": day_text(facts.due_on), "when": on_day_text(facts.stated_on)}
    if facts.element:
        return _(
            "Deadline of “%(item)s” recorded: due %(due)s, as stated %(when)s.",
            item=_item(facts.element, titles),
            **values,
        )
    return _("Deadline recorded: due %(due)s, as stated %(when)s.", **values)


def _deadline_withdrawn(event: DeadlineWithdrawn, _titles: Titles) -> str:
    return _because(_("The deadline %(id)s was withdrawn.", id=event.deadline), event.reason)


def _evidence(event: EvidenceDisclosed, _titles: Titles) -> str:
    return _("Evidence “%(id)s” was added.", id=event.facts.id)


def _settings_amended(event: RegisterAmended, _titles: Titles) -> str:
    return _because(_("The settings of the register were changed."), event.why)


def _theme_amended(event: ThemeAmended, _titles: Titles) -> str:
    return _because(_("The theme “%(title)s” was changed.", title=_original(event.theme.title)), event.why)


def _publication_amended(event: PublicationAmended, _titles: Titles) -> str:
    return _because(_("The publication “%(title)s” was changed.", title=_original(event.publication.title)), event.why)


def _body_amended(event: BodyAmended, _titles: Titles) -> str:
    return _because(_("The body “%(name)s” was changed.", name=_original(event.body.name)), event.why)


def _body_merged(event: BodyMerged, titles: Titles) -> str:
    merge = event.merge
    values = {"body": _body_name(merge.body, titles), "into": _body_name(merge.into, titles), "on": day_text(merge.on)}
    return _because(_("The body “%(body)s” was merged into “%(into)s” from %(on)s.", **values), merge.why)


def _addressees_amended(event: AddresseesAmended, titles: Titles) -> str:
    if not event.addressees:
        return _because(_("The addressees with days were removed."), event.why)
    rows = "; ".join(_asked(row, titles) for row in event.addressees)
    return _because(_("The addressees are: %(rows)s.", rows=rows), event.why)


def _asked(row: Addressee, titles: Titles) -> str:
    name = _body_name(row.body, titles)
    body = f"{name} ({_item(row.element, titles)})" if row.element else name
    if row.from_on and row.to_on:
        return _("%(body)s from %(start)s to %(end)s", body=body, start=day_text(row.from_on), end=day_text(row.to_on))
    if row.from_on:
        return _("%(body)s from %(start)s", body=body, start=day_text(row.from_on))
    if row.to_on:
        return _("%(body)s until %(end)s", body=body, end=day_text(row.to_on))
    return body


def _review_amended(event: ReviewAmended, _titles: Titles) -> str:
    return _because(_("The review “%(title)s” was changed.", title=_original(event.schedule.title)), event.why)


def _reworded(event: RecommendationAmended, _titles: Titles) -> str:
    return _because(_("Reworded: “%(title)s”.", title=_original(event.facts.title)), event.why)


def _element_reworded(event: ElementAmended, _titles: Titles) -> str:
    return _because(_("Element reworded: “%(title)s”.", title=_original(event.element.title)), event.why)


def _because(text: str, why: str) -> str:
    return text + " " + _("Reason: %(why)s", why=_original(why)) if why else text


def _item(element: str, titles: Titles) -> str:
    return titles.get(element, element)


def _body_name(body: str, titles: Titles) -> str:
    return titles.get(f"body/{body}", body)


def _original(text: str) -> Markup | str:
    """A text of the record in the middle of a sentence."""
    return isolated(original(text))


def _noted(event: EvidenceNoted, _titles: Titles) -> str:
    return _("Evidence “%(id)s” was noted.", id=event.facts.id)


def _file_stored(event: EvidenceFileKept, _titles: Titles) -> str:
    return _(
        "A copy of evidence “%(id)s” was saved: %(kind)s, SHA-256 %(digest)s.",
        id=event.evidence,
        kind=event.kind,
        digest=event.sha256,
    )


def _drafted(event: CriteriaDrafted, titles: Titles) -> str:
    if event.card.element:
        return _("Success criteria were drafted for “%(item)s”.", item=_item(event.card.element, titles))
    return _("Success criteria were drafted.")


def _proposed(event: AssessmentProposed | AssessmentRevised, titles: Titles) -> str:
    a = event.assessment
    item = _item(a.element, titles) if a.element else event.recommendation
    values = {"item": item, "status": STATUS[a.status], "on": day_text(a.effective_on)}
    if isinstance(event, AssessmentRevised):
        return _("Proposal revised for “%(item)s”: “%(status)s” from %(on)s.", **values)
    return _("Proposed for “%(item)s”: “%(status)s” from %(on)s.", **values)


def _scheduled(event: AssessmentScheduled, _titles: Titles) -> str:
    at = event.publish_at.astimezone(UTC).strftime("%Y-%m-%d %H:%M")
    return _("The proposal %(id)s was approved, to be published at %(at)s UTC.", id=event.assessment, at=at)


def _returned(event: AssessmentReturned, _titles: Titles) -> str:
    return _(
        "The proposal %(id)s was returned to its author: %(note)s", id=event.assessment, note=_original(event.note)
    )


def _declined(event: AssessmentDeclined, _titles: Titles) -> str:
    return _("The proposal %(id)s was declined: %(why)s", id=event.assessment, why=_original(event.why))


def _response(event: ResponseProposed | ResponsePublished, _titles: Titles) -> str:
    f = event.facts
    values = {"body": f.body, "position": POSITION[f.position], "when": on_day_text(f.given_on)}
    if isinstance(event, ResponseProposed):
        return _("Response of “%(body)s” proposed: “%(position)s”, given %(when)s.", **values)
    if f.assessment:
        return _(
            "Reply of “%(body)s” to the assessment %(id)s: “%(position)s”, given %(when)s.", id=f.assessment, **values
        )
    return _("Response of “%(body)s”: “%(position)s”, given %(when)s.", **values)


def _response_declined(event: ResponseDeclined, _titles: Titles) -> str:
    return _("The response %(id)s was declined: %(why)s", id=event.response, why=_original(event.why))


def _response_withdrawn(event: ResponseWithdrawn, _titles: Titles) -> str:
    return _("The response %(id)s of “%(body)s” was withdrawn.", id=event.response, body=event.body)


def _evidence_amended(event: EvidenceAmended | EvidenceNoteAmended, _titles: Titles) -> str:
    return _because(_("The source “%(id)s” was amended.", id=event.facts.id), event.why)


PRIVATE_SENTENCES: dict[type[Event], EventSentence] = {
    EvidenceNoted: _noted,
    SummaryDrafted: _summary,
    ReviewSignedOff: _signed,
    ReviewEmbargoed: _embargoed,
    EvidenceFileKept: _file_stored,
    CriteriaDrafted: _drafted,
    AssessmentProposed: _proposed,
    AssessmentRevised: _proposed,
    AssessmentScheduled: _scheduled,
    AssessmentReturned: _returned,
    AssessmentDeclined: _declined,
    ResponseProposed: _response,
    ResponseDeclined: _response_declined,
    EvidenceNoteAmended: _evidence_amended,
    **REMOVAL_SENTENCES,
}
"""Sentences for staff only."""
SENTENCES: dict[type[Event], EventSentence] = {
    RegisterEstablished: _established,
    RegisterOpened: _opened,
    ThemeNamed: _theme,
    PublicationAdded: _publication,
    BodyNamed: _body,
    ReviewScheduled: _review,
    ReviewFrozen: _frozen,
    ReviewTimestamped: _timestamped,
    RecommendationRegistered: _registered,
    ElementAdded: _element,
    RegisterAmended: _settings_amended,
    ThemeAmended: _theme_amended,
    PublicationAmended: _publication_amended,
    BodyAmended: _body_amended,
    BodyMerged: _body_merged,
    ReviewAmended: _review_amended,
    RecommendationAmended: _reworded,
    ElementAmended: _element_reworded,
    AddresseesAmended: _addressees_amended,
    CriteriaApproved: _criteria_approved,
    AssessmentPublished: _published,
    AssessmentWithdrawn: _withdrawn,
    RecommendationWithdrawn: _recommendation_withdrawn,
    RelationStated: _relation_stated,
    RelationWithdrawn: _relation_withdrawn,
    DevelopmentRecorded: _development,
    EvidenceDisclosed: _evidence,
    ResponsePublished: _response,
    ResponseWithdrawn: _response_withdrawn,
    DeadlineStated: _deadline,
    DeadlineWithdrawn: _deadline_withdrawn,
    EvidenceAmended: _evidence_amended,
}
