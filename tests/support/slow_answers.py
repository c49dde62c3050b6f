"""What named queries answer, computed slowly: by folding every event of the log, as it was recorded."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from msgspec import Struct

from app.services.container import Services
from domain.amendments import names_of_translations
from domain.base import Event
from domain.development.events import DevelopmentRecorded
from domain.events import read_event
from domain.evidence.events import EvidenceDisclosed, EvidenceNoted
from domain.recommendation.events import (
    AssessmentProposed,
    AssessmentPublished,
    AssessmentReturned,
    AssessmentRevised,
    AssessmentWithdrawn,
    CriteriaDrafted,
    ElementAdded,
    ElementAmended,
    RecommendationAmended,
    RecommendationRegistered,
    RecommendationWithdrawn,
)
from domain.register.events import RegisterAmended, RegisterEstablished, RegisterOpened, ThemeAmended, ThemeNamed
from domain.review.events import ReviewAmended, ReviewScheduled
from domain.review.state import ReviewState, Stocktaking
from domain.times import from_microseconds
from domain.values import Assessment, ReviewSchedule, SuccessCriteria, translation_of
from projections.assessments.queries import PublicAssessment, PublicWithdrawal

PROPOSED = (AssessmentProposed, AssessmentRevised)


class LogEntry(Struct, frozen=True):
    position: int
    recorded_at: datetime
    event: Any


def entries(services: Services, register: str) -> list[LogEntry]:
    rows = services.log.rows_after(0, 10**9)
    every = [LogEntry(n, from_microseconds(stamp), read_event(data)) for n, (_, stamp, data) in enumerate(rows, 1)]
    return [e for e in every if e.event.register == register]


def instant_of(entry: LogEntry) -> datetime:
    """The instant from which it was known: its own, where an earlier record brought one."""
    own = ("registered_at", "approved_at", "published_at", "withdrawn_at", "amended_at", "merged_at")
    return next((at for name in own if (at := getattr(entry.event, name, None))), entry.recorded_at)


def withdrawals(log: list[LogEntry], known_at: datetime) -> list[PublicWithdrawal]:
    return [
        PublicWithdrawal(
            position=e.position,
            recommendation=e.event.recommendation,
            assessment=getattr(e.event, "assessment", ""),
            reason=e.event.reason,
            at=instant_of(e),
            by=e.event.withdrawn_by,
            replaced_by=getattr(e.event, "replaced_by", ""),
        )
        for e in log
        if isinstance(e.event, AssessmentWithdrawn | RecommendationWithdrawn) and instant_of(e) <= known_at
    ]


def published(log: list[LogEntry], known_at: datetime) -> list[PublicAssessment]:
    withdrawn = {w.assessment: w for w in withdrawals(log, known_at)}
    return [
        PublicAssessment(
            position=e.position,
            recommendation=e.event.recommendation,
            assessment=e.event.assessment,
            at=instant_of(e),
            by=e.event.published_by,
            legacy=e.event.legacy,
            card=e.event.card,
            withdrawal=withdrawn.get(e.event.assessment.id),
        )
        for e in log
        if isinstance(e.event, AssessmentPublished) and instant_of(e) <= known_at
    ]


def proposal_at(log: list[LogEntry], recommendation: str, assessment: str, version: int) -> Assessment | None:
    seen = [
        e.event.assessment
        for e in _about(log, recommendation, *PROPOSED)
        if e.event.assessment.id == assessment and e.event.originator_version <= version
    ]
    return seen[-1] if seen else None


def has_proposed(log: list[LogEntry], recommendation: str, person: str, since: datetime) -> bool:
    proposals = _about(log, recommendation, *PROPOSED)
    return any(e.event.recorded_by == person and e.recorded_at > since for e in proposals)


def citing(log: list[LogEntry], evidence: str) -> list[tuple[str, Assessment, bool]]:
    return [
        (e.event.recommendation, e.event.assessment, isinstance(e.event, AssessmentPublished))
        for e in log
        if isinstance(e.event, (*PROPOSED, AssessmentPublished)) and evidence in e.event.assessment.evidence
    ]


def evidence_for(log: list[LogEntry], recommendation: str) -> set[str]:
    assessed = _about(log, recommendation, *PROPOSED, AssessmentPublished)
    cited = [i for e in assessed for i in e.event.assessment.evidence]
    happened = [e.event.facts for e in log if isinstance(e.event, DevelopmentRecorded)]
    return {*cited, *(i for f in happened if recommendation in f.recommendations for i in f.evidence)}


def drafts(log: list[LogEntry]) -> dict[tuple[str, str], SuccessCriteria]:
    return {
        (e.event.recommendation, e.event.card.element): e.event.card
        for e in log
        if isinstance(e.event, CriteriaDrafted)
    }


def noted(log: list[LogEntry]) -> list[str]:
    public = {e.event.facts.id for e in log if isinstance(e.event, EvidenceDisclosed)}
    return [e.event.facts.id for e in log if isinstance(e.event, EvidenceNoted) and e.event.facts.id not in public]


def returned_at(log: list[LogEntry], assessment: str) -> datetime:
    returns = [e for e in log if isinstance(e.event, AssessmentReturned) and e.event.assessment == assessment]
    return returns[-1].recorded_at


def opening(log: list[LogEntry]) -> tuple[int, datetime] | None:
    return next(((e.position, e.recorded_at) for e in log if isinstance(e.event, RegisterOpened)), None)


def reviews(
    log: list[LogEntry], recorded_by: datetime
) -> dict[str, tuple[ReviewSchedule, int, dict[str, Stocktaking]]]:
    """By id: the schedule, the position at which it was scheduled, and what was prepared by day."""
    folded: dict[str, tuple[int, ReviewState]] = {}
    for e in log:
        if not type(e.event).__module__.startswith("domain.review") or e.recorded_at > recorded_by:
            continue
        ident = e.event.schedule.id if isinstance(e.event, ReviewScheduled | ReviewAmended) else e.event.review
        _, review = folded.setdefault(ident, (e.position, ReviewState()))
        e.event.mutate(review)
    return {i: (review.current_schedule, position, review.days) for i, (position, review) in folded.items()}


def outdated_translations(log: list[LogEntry]) -> set[tuple[str, str, str]]:
    before: dict[tuple[str, str], Any] = {}
    late: set[tuple[str, str, str]] = set()
    for e in log:
        for kind, ident, fact in _facts(e.event):
            was = before.get((kind, ident))
            for field, (original, language) in names_of_translations(type(fact), ("ko",)).items() if was else ():
                text, checked = translation_of(fact, original, language), e.event.checked
                if not text or text != translation_of(was, original, language) or field in checked:
                    late.discard((kind, ident, field))
                elif getattr(fact, original) != getattr(was, original):
                    late.add((kind, ident, field))
            before[kind, ident] = fact
    return late


def _facts(event: Event) -> Iterator[tuple[str, str, Any]]:
    match event:
        case RegisterEstablished() | RegisterAmended():
            yield "register", event.settings.id, event.settings
        case ThemeNamed() | ThemeAmended():
            yield "theme", event.theme.id, event.theme
        case ReviewScheduled() | ReviewAmended():
            yield "review", event.schedule.id, event.schedule
        case RecommendationRegistered() | RecommendationAmended():
            yield "recommendation", event.facts.id, event.facts
        case ElementAdded() | ElementAmended():
            yield "element", f"{event.recommendation}/{event.element.id}", event.element


def _about(log: list[LogEntry], recommendation: str, *kinds: type[Event]) -> list[LogEntry]:
    return [e for e in log if isinstance(e.event, kinds) and getattr(e.event, "recommendation", "") == recommendation]
