"""Sentences about what was removed, most of them for staff: it was while a register was being prepared."""

from collections.abc import Callable
from typing import Any

from markupsafe import Markup

from app.presentation.i18n.event_names import EventNames, id_text, name_of
from app.presentation.i18n.labels import day_text
from app.presentation.i18n.sentence_parts import item_name
from app.presentation.i18n.source_titles import REMOVAL_REASON
from app.presentation.i18n.translation import _
from domain.base import Event
from domain.deadline.events import DeadlineRemoved
from domain.development.events import DevelopmentRemoved
from domain.evidence.events import EvidenceNoteTextRemoved, EvidenceRemoved, TextRemoval
from domain.recommendation.events import (
    AssessmentRemoved,
    CriteriaRemoved,
    ElementRemoved,
    RecommendationRemoved,
    RelationRemoved,
)
from domain.register.events import BodyRemoved, PublicationRemoved, RegisterDiscarded, ThemeRemoved
from domain.response.events import ResponseRemoved
from domain.review.events import PackageWithdrawn, ReviewRemoved
from domain.review.state import PackageWithdrawal


def _theme_removed(event: ThemeRemoved, names: EventNames) -> str:
    return _("The theme “%(title)s” was removed.", title=name_of(names, "theme", event.theme))


def _publication_removed(event: PublicationRemoved, names: EventNames) -> str:
    return _("The publication “%(title)s” was removed.", title=name_of(names, "publication", event.publication))


def _body_removed(event: BodyRemoved, names: EventNames) -> str:
    return _("The body “%(title)s” was removed.", title=name_of(names, "body", event.body))


def _discarded(event: RegisterDiscarded, names: EventNames) -> str:
    return _("The register “%(id)s” was discarded.", id=id_text(event.register))


def _review_removed(event: ReviewRemoved, names: EventNames) -> str:
    return _("The review “%(title)s” was removed.", title=name_of(names, "review", event.review))


def _evidence_removed(event: EvidenceRemoved, names: EventNames) -> str:
    return _("The source “%(title)s” was removed.", title=name_of(names, "evidence", event.evidence))


def package_withdrawn(event: PackageWithdrawn, names: EventNames) -> str:
    values = {"title": name_of(names, "review", event.review), "day": day_text(event.as_of)}
    reason = REMOVAL_REASON[event.reason]
    return _("The package of the review “%(title)s” of %(day)s was withdrawn: %(reason)s.", reason=reason, **values)


def withdrawal_sentence(withdrawal: PackageWithdrawal | None) -> str:
    """Why a frozen review has no package any more; empty if it has."""
    if withdrawal is None or withdrawal.at is None:
        return ""
    day, reason = day_text(withdrawal.at.date().isoformat()), REMOVAL_REASON[withdrawal.reason]
    return _("The package of this review was withdrawn on %(day)s: %(reason)s.", day=day, reason=reason)


def evidence_text_removed(event: TextRemoval, _names: EventNames) -> str:
    values = {"id": id_text(event.evidence), "reason": REMOVAL_REASON[event.reason]}
    return _("The text of the source “%(id)s” was removed permanently: %(reason)s.", **values)


def _development_removed(event: DevelopmentRemoved, names: EventNames) -> str:
    return _("The development “%(title)s” was removed.", title=name_of(names, "development", event.development))


def _deadline_removed(event: DeadlineRemoved, names: EventNames) -> str:
    return _("The deadline of %(due)s was removed.", due=_part(names, "deadline", event, event.deadline))


def _response_removed(event: ResponseRemoved, names: EventNames) -> str:
    return _("The response of “%(body)s” was removed.", body=_part(names, "response", event, event.response))


def _relation_removed(event: RelationRemoved, names: EventNames) -> str:
    return _("The relation to “%(title)s” was removed.", title=name_of(names, "recommendation", event.to))


def _recommendation_removed(event: RecommendationRemoved, names: EventNames) -> str:
    return _(
        "The recommendation “%(title)s” was removed.", title=name_of(names, "recommendation", event.recommendation)
    )


def _element_removed(event: ElementRemoved, names: EventNames) -> str:
    return _("The element “%(title)s” was removed.", title=_part(names, "element", event, event.element))


def _criteria_removed(event: CriteriaRemoved, names: EventNames) -> str:
    return _(
        "The success criteria of “%(title)s” were removed.", title=item_name(names, event.recommendation, event.element)
    )


def _assessment_removed(event: AssessmentRemoved, names: EventNames) -> str:
    return _("The assessment “%(title)s” was removed.", title=name_of(names, "assessment", event.assessment))


def _part(names: EventNames, kind: str, event: Any, ident: str) -> Markup | str:
    return name_of(names, kind, f"{event.recommendation}/{ident}")


REMOVAL_SENTENCES: dict[type[Event], Callable[[Any, EventNames], str]] = {
    ThemeRemoved: _theme_removed,
    PublicationRemoved: _publication_removed,
    BodyRemoved: _body_removed,
    RegisterDiscarded: _discarded,
    ReviewRemoved: _review_removed,
    EvidenceRemoved: _evidence_removed,
    EvidenceNoteTextRemoved: evidence_text_removed,
    DevelopmentRemoved: _development_removed,
    DeadlineRemoved: _deadline_removed,
    ResponseRemoved: _response_removed,
    RelationRemoved: _relation_removed,
    RecommendationRemoved: _recommendation_removed,
    ElementRemoved: _element_removed,
    CriteriaRemoved: _criteria_removed,
    AssessmentRemoved: _assessment_removed,
}
