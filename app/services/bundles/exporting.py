"""A register of the store as a bundle: everything public, in the order of the log."""

from typing import Any

from msgspec.structs import replace
from sqlalchemy import Connection

from app.services.bundles import rows
from app.services.bundles.rows import Bundle
from domain.development.events import DevelopmentRecorded
from domain.evidence.events import EvidenceDisclosed
from domain.recommendation.events import (
    AssessmentPublished,
    AssessmentWithdrawn,
    CriteriaApproved,
    ElementAdded,
    ElementAmended,
    RecommendationAmended,
    RecommendationRegistered,
    RecommendationWithdrawn,
)
from domain.register.events import (
    BodyAmended,
    BodyNamed,
    PublicationAdded,
    PublicationAmended,
    RegisterAmended,
    RegisterEstablished,
    RegisterOpened,
    ThemeAmended,
    ThemeNamed,
)
from domain.review.events import ReviewAmended, ReviewFrozen, ReviewScheduled, ReviewTimestamped
from domain.times import first_day
from domain.values import EvidenceFacts, EvidenceText
from projections.catalogue import queries as catalogue
from projections.engine.batches import END_OF_TIME
from projections.scorecards.results import TimePair
from projections.timeline import queries as timeline


def exported(db: Connection, register_id: str, cut: TimePair | None = None) -> Bundle | None:
    """The bundle of a register as it stands, or None where there is no such register.

    Cut at a pair of times, it holds of recommendations, judgements and happenings what was known by then and held, or
    happened, by that day; what they refer to it holds whole.
    """
    found: dict[str, Any] = {name: [] for name in Bundle.__struct_fields__[2:]}
    registered: dict[str, Any] = {}
    kept: set[str] = set()
    latest_cards: dict[tuple[str, str], rows.CardRow] = {}
    settings = opened_at = None
    texts = catalogue.evidence(db, register_id, END_OF_TIME)
    for entry in timeline.each_of_register(db, register_id):
        event: Any = entry.event
        if cut and _lies_beyond(cut, entry, kept):
            continue
        match event:
            case RegisterEstablished():
                settings, opened_at = event.settings, event.opened_elsewhere_at
            case RegisterOpened():
                opened_at = event.opened_at or entry.recorded_at
            case ReviewScheduled():
                found["reviews"].append(event.schedule)
            case ThemeNamed():
                found["themes"].append(rows.ThemeRow(0, event.theme))
            case PublicationAdded():
                found["publications"].append(rows.PublicationRow(0, event.publication))
            case BodyNamed():
                found["bodies"].append(rows.BodyRow(0, event.body))
            case RecommendationRegistered():
                registered[event.recommendation] = entry.happened_at
                kept.add(event.recommendation)
                found["recommendations"].append(rows.RecommendationRow(0, event.facts, entry.happened_at))
            case ElementAdded():
                own = entry.happened_at if entry.happened_at != registered[event.recommendation] else None
                found["elements"].append(rows.ElementRow(0, event.element, event.recommendation, own))
            case RegisterAmended():
                settings = event.settings
            case ReviewAmended():
                found["reviews"] = [event.schedule if r.id == event.schedule.id else r for r in found["reviews"]]
            case ThemeAmended():
                _amend(found["themes"], event.theme)
            case PublicationAmended():
                _amend(found["publications"], event.publication)
            case BodyAmended():
                _amend(found["bodies"], event.body)
            case RecommendationAmended():
                _amend(found["recommendations"], event.facts)
            case ElementAmended():
                _amend(found["elements"], event.element, event.recommendation)
            case CriteriaApproved():
                key = (event.recommendation, event.card.element)
                latest_cards[key] = rows.CardRow(
                    0, event.card, event.recommendation, event.approved_by, entry.happened_at
                )
            case EvidenceDisclosed():
                found["evidence"].append(_evidence(event.facts, texts[event.facts.id]))
            case AssessmentPublished():
                kept.add(f"{event.recommendation}/{event.assessment.id}")
                found["assessments"].append(
                    rows.AssessmentRow(
                        0,
                        event.assessment,
                        event.recommendation,
                        event.published_by,
                        entry.happened_at,
                        event.legacy,
                    )
                )
            case AssessmentWithdrawn() | RecommendationWithdrawn():
                found["withdrawals"].append(_withdrawal(event, entry))
            case DevelopmentRecorded():
                found["developments"].append(rows.DevelopmentRow(0, event.facts))
            case ReviewFrozen() | ReviewTimestamped():
                pass  # what was frozen is a package of its own
            case _:
                raise TypeError(f"{entry.topic} is public, but no bundle has a place for it")
    if settings is None:
        return None
    found["cards"] = list(latest_cards.values())
    return Bundle(settings=settings, opened_at=opened_at, **{name: tuple(made) for name, made in found.items()})


def _lies_beyond(cut: TimePair, entry: timeline.TimelineEntry, kept: set[str]) -> bool:
    """Whether an event is about something that the pair of times does not reach."""
    event: Any = entry.event
    topic = entry.topic
    if not topic.startswith(("recommendation.", "development.")):
        return False
    if entry.happened_at > cut.known_at:
        return True
    match event:
        case RecommendationRegistered():
            return first_day(event.facts.recommended_on) > cut.as_of
        case DevelopmentRecorded():
            return first_day(event.facts.date) > cut.as_of
        case AssessmentPublished() if first_day(event.assessment.effective_on) > cut.as_of:
            return True
        case AssessmentWithdrawn():
            return f"{event.recommendation}/{event.assessment}" not in kept
    return event.recommendation not in kept


def _amend(found: list[Any], fact: Any, recommendation: str = "") -> None:
    """Put a fact in the place of the one with its id."""
    for n, row in enumerate(found):
        if row.fact.id == fact.id and getattr(row, "recommendation", "") == recommendation:
            found[n] = replace(row, fact=fact)


def _evidence(facts: EvidenceFacts, said: Any) -> rows.EvidenceRow:
    text = EvidenceText(title=said.title, url=said.url, summary=said.summary, summary_ko=said.summary_ko)
    return rows.EvidenceRow(0, facts, text)


def _withdrawal(event: Any, entry: timeline.TimelineEntry) -> rows.WithdrawalRow:
    of_assessment = isinstance(event, AssessmentWithdrawn)
    return rows.WithdrawalRow(
        line=0,
        assessment=event.assessment if of_assessment else "",
        recommendation="" if of_assessment else event.recommendation,
        reason=event.reason,
        withdrawn_at=entry.happened_at,
        withdrawn_by=event.withdrawn_by,
        replaced_by=event.replaced_by if of_assessment else "",
    )
