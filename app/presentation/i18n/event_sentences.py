"""A sentence for every event."""

from collections.abc import Callable
from typing import Any

from markupsafe import Markup

from app.presentation.i18n.event_names import EventNames, name_of
from app.presentation.i18n.labels import POSITION, REASON, RELATION, STATUS, day_text, on_day_text
from app.presentation.i18n.removal_sentences import REMOVAL_SENTENCES, evidence_text_removed, package_withdrawn
from app.presentation.i18n.sentence_parts import because, fact_words, item_name, related_name
from app.presentation.i18n.staff_sentences import STAFF_SENTENCES
from app.presentation.i18n.translation import _
from domain.base import Event
from domain.deadline.events import DeadlineStated, DeadlineWithdrawn
from domain.development.events import DevelopmentRecorded
from domain.evidence.events import (
    EvidenceAmended,
    EvidenceDisclosed,
    EvidenceTextRemoved,
)
from domain.log.events import LossAccepted, StampsCorrected
from domain.recommendation.events import (
    AddresseesAmended,
    AssessmentPublished,
    AssessmentWithdrawn,
    CriteriaApproved,
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
    LogoSet,
    PublicationAdded,
    PublicationAmended,
    RegisterAmended,
    RegisterEstablished,
    RegisterOpened,
    ThemeAmended,
    ThemeNamed,
)
from domain.response.events import ResponsePublished, ResponseWithdrawn
from domain.review.events import (
    PackageWithdrawn,
    ReviewAmended,
    ReviewFrozen,
    ReviewScheduled,
    ReviewTimestamped,
)
from domain.values import Addressee

EventSentence = Callable[[Any, EventNames], str]


def sentence(event: Event, names: EventNames) -> str:
    """What happened, in a sentence."""
    write_sentence = SENTENCES.get(type(event)) or PRIVATE_SENTENCES[type(event)]
    return write_sentence(event, names)


def _established(event: RegisterEstablished, _names: EventNames) -> str:
    return _("The register “%(title)s” was established.", title=fact_words(event.settings, "title"))


def _opened(event: RegisterOpened, _names: EventNames) -> str:
    return _("The register was opened to the public.")


def _theme(event: ThemeNamed, _names: EventNames) -> str:
    return _("The theme “%(title)s” was named.", title=fact_words(event.theme, "title"))


def _publication(event: PublicationAdded, _names: EventNames) -> str:
    return _("The publication “%(title)s” was added.", title=fact_words(event.publication, "title"))


def _body(event: BodyNamed, _names: EventNames) -> str:
    return _("The body “%(name)s” was named.", name=fact_words(event.body, "name"))


def _review(event: ReviewScheduled, _names: EventNames) -> str:
    return _("The review “%(title)s” was scheduled.", title=fact_words(event.schedule, "title"))


def _frozen(event: ReviewFrozen, names: EventNames) -> str:
    title, day = name_of(names, "review", event.review), day_text(event.as_of)
    return _("The review “%(title)s” of %(day)s was frozen.", title=title, day=day)


def _timestamped(event: ReviewTimestamped, names: EventNames) -> str:
    values = {"title": name_of(names, "review", event.review), "day": day_text(event.as_of)}
    authority = event.timestamp.authority
    return _("The review “%(title)s” of %(day)s was time-stamped by %(authority)s.", authority=authority, **values)


def _registered(event: RecommendationRegistered, _names: EventNames) -> str:
    return _("Entered in the register: “%(title)s”.", title=fact_words(event.facts, "title"))


def _element(event: ElementAdded, _names: EventNames) -> str:
    if event.element.core:
        return _("Core part added: “%(title)s”.", title=fact_words(event.element, "title"))
    return _("Part added, not core: “%(title)s”.", title=fact_words(event.element, "title"))


def _criteria_approved(event: CriteriaApproved, names: EventNames) -> str:
    if event.card.element:
        return _(
            "Success criteria, version %(n)d, approved for “%(item)s”.",
            n=event.number,
            item=item_name(names, event.recommendation, event.card.element),
        )
    return _("Success criteria, version %(n)d, approved.", n=event.number)


def _published(event: AssessmentPublished, names: EventNames) -> str:
    a = event.assessment
    values = {"status": STATUS[a.status], "on": day_text(a.effective_on), "reason": REASON[a.reason]}
    if a.element:
        return _(
            "“%(item)s” assessed as “%(status)s” from %(on)s; reason: %(reason)s.",
            item=item_name(names, event.recommendation, a.element),
            **values,
        )
    return _("Assessed as “%(status)s” from %(on)s; reason: %(reason)s.", **values)


def _withdrawn(event: AssessmentWithdrawn, names: EventNames) -> str:
    assessment = name_of(names, "assessment", event.assessment)
    if event.replaced_by:
        other = name_of(names, "assessment", event.replaced_by)
        return _(
            "The assessment “%(assessment)s” was withdrawn and replaced by “%(other)s”.",
            assessment=assessment,
            other=other,
        )
    return _("The assessment “%(assessment)s” was withdrawn.", assessment=assessment)


def _recommendation_withdrawn(event: RecommendationWithdrawn, _names: EventNames) -> str:
    return _("The recommendation was withdrawn from the register.")


def _relation_stated(event: RelationStated, names: EventNames) -> str:
    relation = event.relation
    values = {"relation": RELATION[relation.relation], "to": related_name(names, relation.to)}
    if relation.on:
        return _(
            "Related to another recommendation from %(on)s: %(relation)s “%(to)s”.", on=day_text(relation.on), **values
        )
    return _("Related to another recommendation: %(relation)s “%(to)s”.", **values)


def _relation_withdrawn(event: RelationWithdrawn, names: EventNames) -> str:
    relation, to = RELATION[event.relation], related_name(names, event.to)
    return because(_("Relation withdrawn: %(relation)s “%(to)s”.", relation=relation, to=to), event.reason)


def _development(event: DevelopmentRecorded, _names: EventNames) -> str:
    return _(
        "Development of %(on)s recorded: %(text)s",
        on=day_text(event.facts.date),
        text=fact_words(event.facts, "summary"),
    )


def _deadline(event: DeadlineStated, names: EventNames) -> str:
    facts = event.deadline
    values = {"due": day_text(facts.due_on), "when": on_day_text(facts.stated_on)}
    if facts.element:
        return _(
            "Deadline of “%(item)s” recorded: due %(due)s, as stated %(when)s.",
            item=item_name(names, event.recommendation, facts.element),
            **values,
        )
    return _("Deadline recorded: due %(due)s, as stated %(when)s.", **values)


def _deadline_withdrawn(event: DeadlineWithdrawn, names: EventNames) -> str:
    due = name_of(names, "deadline", f"{event.recommendation}/{event.deadline}")
    return because(_("The deadline of %(due)s was withdrawn.", due=due), event.reason)


def _evidence(event: EvidenceDisclosed, names: EventNames) -> str:
    return _("Evidence “%(title)s” was added.", title=name_of(names, "evidence", event.facts.id))


def _evidence_amended(event: EvidenceAmended, names: EventNames) -> str:
    title = name_of(names, "evidence", event.facts.id)
    return because(_("The source “%(title)s” was amended.", title=title), event.why)


def _response(event: ResponsePublished, names: EventNames) -> str:
    f = event.facts
    body, position, when = name_of(names, "body", f.body), POSITION[f.position], on_day_text(f.given_on)
    values = {"body": body, "position": position, "when": when}
    if f.assessment:
        assessment = name_of(names, "assessment", f.assessment)
        return _(
            "Reply of “%(body)s” to the assessment “%(assessment)s”: “%(position)s”, given %(when)s.",
            assessment=assessment,
            **values,
        )
    return _("Response of “%(body)s”: “%(position)s”, given %(when)s.", **values)


def _response_withdrawn(event: ResponseWithdrawn, names: EventNames) -> str:
    return _("The response of “%(body)s” was withdrawn.", body=name_of(names, "body", event.body))


def _settings_amended(event: RegisterAmended, _names: EventNames) -> str:
    return because(_("The settings of the register were changed."), event.why)


def _logo_set(event: LogoSet, _names: EventNames) -> str:
    return _("The logo was changed.") if event.logo.png else _("The logo was removed.")


def _theme_amended(event: ThemeAmended, _names: EventNames) -> str:
    return because(_("The theme “%(title)s” was changed.", title=fact_words(event.theme, "title")), event.why)


def _publication_amended(event: PublicationAmended, _names: EventNames) -> str:
    return because(
        _("The publication “%(title)s” was changed.", title=fact_words(event.publication, "title")), event.why
    )


def _body_amended(event: BodyAmended, _names: EventNames) -> str:
    return because(_("The body “%(name)s” was changed.", name=fact_words(event.body, "name")), event.why)


def _body_merged(event: BodyMerged, names: EventNames) -> str:
    merge = event.merge
    body, into = name_of(names, "body", merge.body), name_of(names, "body", merge.into)
    text = _("The body “%(body)s” was merged into “%(into)s” from %(on)s.", body=body, into=into, on=day_text(merge.on))
    return because(text, merge.why)


def _addressees_amended(event: AddresseesAmended, names: EventNames) -> str:
    if not event.addressees:
        return because(_("The addressees with days were removed."), event.why)
    rows = Markup("; ").join(addressee_words(row, event.recommendation, names) for row in event.addressees)
    return because(_("The addressees are: %(rows)s.", rows=rows), event.why)


def addressee_words(row: Addressee, recommendation: str, names: EventNames) -> str:
    """A body, the part that it is asked about, and the days."""
    body = name_of(names, "body", row.body)
    if row.element:
        item = item_name(names, recommendation, row.element)
        body = _("%(body)s (%(item)s)", body=body, item=item)
    if row.from_on and row.to_on:
        return _("%(body)s from %(start)s to %(end)s", body=body, start=day_text(row.from_on), end=day_text(row.to_on))
    if row.from_on:
        return _("%(body)s from %(start)s", body=body, start=day_text(row.from_on))
    if row.to_on:
        return _("%(body)s until %(end)s", body=body, end=day_text(row.to_on))
    return body


def _review_amended(event: ReviewAmended, _names: EventNames) -> str:
    return because(_("The review “%(title)s” was changed.", title=fact_words(event.schedule, "title")), event.why)


def _reworded(event: RecommendationAmended, _names: EventNames) -> str:
    return because(_("Reworded: “%(title)s”.", title=fact_words(event.facts, "title")), event.why)


def _element_reworded(event: ElementAmended, _names: EventNames) -> str:
    return because(_("Part reworded: “%(title)s”.", title=fact_words(event.element, "title")), event.why)


def _stamps_corrected(event: StampsCorrected, _names: EventNames) -> str:
    return because(_("Stamps of a wrong clock were corrected."), event.reason)


def _loss_accepted(event: LossAccepted, _names: EventNames) -> str:
    words = _(
        "The log goes on without entries that were lost: %(kept)d of %(signed)d are left.",
        kept=event.kept,
        signed=event.signed,
    )
    return because(words, event.reason)


PRIVATE_SENTENCES: dict[type[Event], EventSentence] = {**STAFF_SENTENCES, **REMOVAL_SENTENCES}
"""Sentences for staff only."""
SENTENCES: dict[type[Event], EventSentence] = {
    StampsCorrected: _stamps_corrected,
    LossAccepted: _loss_accepted,
    RegisterEstablished: _established,
    RegisterOpened: _opened,
    ThemeNamed: _theme,
    PublicationAdded: _publication,
    BodyNamed: _body,
    ReviewScheduled: _review,
    ReviewFrozen: _frozen,
    ReviewTimestamped: _timestamped,
    PackageWithdrawn: package_withdrawn,
    RecommendationRegistered: _registered,
    ElementAdded: _element,
    RegisterAmended: _settings_amended,
    LogoSet: _logo_set,
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
    EvidenceTextRemoved: evidence_text_removed,
}
