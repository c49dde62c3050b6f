"""Sentences for staff about what was removed while a register was being prepared."""

from collections.abc import Callable
from typing import Any

from app.presentation.i18n.translation import _
from domain.base import Event
from domain.deadline.events import DeadlineRemoved
from domain.development.events import DevelopmentRemoved
from domain.evidence.events import EvidenceRemoved
from domain.recommendation.events import (
    AssessmentRemoved,
    CriteriaRemoved,
    ElementRemoved,
    RecommendationRemoved,
    RelationRemoved,
)
from domain.register.events import BodyRemoved, PublicationRemoved, RegisterDiscarded, ThemeRemoved
from domain.response.events import ResponseRemoved
from domain.review.events import ReviewRemoved


def _theme_removed(event: ThemeRemoved, _titles: dict[str, str]) -> str:
    return _("The theme “%(id)s” was removed.", id=event.theme)


def _publication_removed(event: PublicationRemoved, _titles: dict[str, str]) -> str:
    return _("The publication “%(id)s” was removed.", id=event.publication)


def _body_removed(event: BodyRemoved, _titles: dict[str, str]) -> str:
    return _("The body “%(id)s” was removed.", id=event.body)


def _discarded(event: RegisterDiscarded, _titles: dict[str, str]) -> str:
    return _("The register “%(id)s” was discarded.", id=event.register)


def _review_removed(event: ReviewRemoved, _titles: dict[str, str]) -> str:
    return _("The review “%(id)s” was removed.", id=event.review)


def _evidence_removed(event: EvidenceRemoved, _titles: dict[str, str]) -> str:
    return _("The source “%(id)s” was removed.", id=event.evidence)


def _development_removed(event: DevelopmentRemoved, _titles: dict[str, str]) -> str:
    return _("The development “%(id)s” was removed.", id=event.development)


def _deadline_removed(event: DeadlineRemoved, _titles: dict[str, str]) -> str:
    return _("The deadline “%(id)s” was removed.", id=event.deadline)


def _response_removed(event: ResponseRemoved, _titles: dict[str, str]) -> str:
    return _("The response “%(id)s” was removed.", id=event.response)


def _relation_removed(event: RelationRemoved, _titles: dict[str, str]) -> str:
    return _("The relation to “%(id)s” was removed.", id=event.to)


def _recommendation_removed(event: RecommendationRemoved, _titles: dict[str, str]) -> str:
    return _("The recommendation “%(id)s” was removed.", id=event.recommendation)


def _element_removed(event: ElementRemoved, _titles: dict[str, str]) -> str:
    return _("The element “%(id)s” was removed.", id=event.element)


def _criteria_removed(event: CriteriaRemoved, _titles: dict[str, str]) -> str:
    return _("The success criteria of “%(id)s” were removed.", id=event.element or event.recommendation)


def _assessment_removed(event: AssessmentRemoved, _titles: dict[str, str]) -> str:
    return _("The assessment “%(id)s” was removed.", id=event.assessment)


REMOVAL_SENTENCES: dict[type[Event], Callable[[Any, dict[str, str]], str]] = {
    ThemeRemoved: _theme_removed,
    PublicationRemoved: _publication_removed,
    BodyRemoved: _body_removed,
    RegisterDiscarded: _discarded,
    ReviewRemoved: _review_removed,
    EvidenceRemoved: _evidence_removed,
    DevelopmentRemoved: _development_removed,
    DeadlineRemoved: _deadline_removed,
    ResponseRemoved: _response_removed,
    RelationRemoved: _relation_removed,
    RecommendationRemoved: _recommendation_removed,
    ElementRemoved: _element_removed,
    CriteriaRemoved: _criteria_removed,
    AssessmentRemoved: _assessment_removed,
}
