"""A bundle computed slowly: by folding every public event of a register in log order."""

from typing import Any

from msgspec.structs import replace

from app.presentation.i18n.source_titles import REMOVAL_REASON
from app.services.bundles import rows
from app.services.bundles.columns import SHEETS_BY_NAME
from app.services.bundles.rows import Bundle
from domain.deadline.events import DeadlineStated, DeadlineWithdrawn
from domain.development.events import DevelopmentRecorded
from domain.events import topic_of
from domain.evidence.events import EvidenceAmended, EvidenceDisclosed, EvidenceTextRemoved
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
    PublicationAdded,
    PublicationAmended,
    RegisterAmended,
    RegisterEstablished,
    RegisterOpened,
    ThemeAmended,
    ThemeNamed,
)
from domain.response.events import ResponsePublished, ResponseWithdrawn
from domain.review.events import PackageWithdrawn, ReviewAmended, ReviewFrozen, ReviewScheduled, ReviewTimestamped
from domain.times import first_day
from domain.values import Addressee, EvidenceFacts, EvidenceText
from projections.catalogue.entries import EvidenceEntry
from projections.scorecards.results import TimePair
from tests.support.slow_answers import LogEntry, instant_of

CUT_TOPICS = ("recommendation.", "development.", "deadline.", "response.", "register.body_merged")
"""Of what is in a bundle only if it was known by the instant of the cut. All other events are in any bundle."""


def folded_bundle(log: list[LogEntry], texts: dict[str, EvidenceEntry], cut: TimePair | None) -> Bundle:
    """Everything public of a register, up to a pair of times."""
    tables: dict[str, Any] = {name: [] for name in ("reviews", *SHEETS_BY_NAME)}
    registered: dict[str, Any] = {}
    inside: set[str] = set()
    asked: dict[str, tuple[Addressee, ...]] = {}
    latest_cards: dict[tuple[str, str], rows.CardRow] = {}
    settings = opened_at = None
    for entry in log:
        event = entry.event
        if not event.PUBLIC:
            continue
        if cut and _is_beyond(cut, entry, inside):
            continue
        match event:
            case RegisterEstablished():
                settings, opened_at = event.settings, event.opened_elsewhere_at
            case RegisterOpened():
                opened_at = event.opened_at or entry.recorded_at
            case ReviewScheduled():
                tables["reviews"].append(event.schedule)
            case ThemeNamed():
                tables["themes"].append(rows.ThemeRow(0, event.theme))
            case PublicationAdded():
                tables["publications"].append(rows.PublicationRow(0, event.publication))
            case BodyNamed():
                tables["bodies"].append(rows.BodyRow(0, event.body))
            case RecommendationRegistered():
                registered[event.recommendation] = instant_of(entry)
                inside.add(event.recommendation)
                tables["recommendations"].append(rows.RecommendationRow(0, event.facts, instant_of(entry)))
            case ElementAdded():
                own = instant_of(entry) if instant_of(entry) != registered[event.recommendation] else None
                tables["elements"].append(rows.ElementRow(0, event.element, event.recommendation, own))
            case RegisterAmended():
                settings = event.settings
            case ReviewAmended():
                tables["reviews"] = [event.schedule if r.id == event.schedule.id else r for r in tables["reviews"]]
            case ThemeAmended():
                _amend(tables["themes"], event.theme)
            case PublicationAmended():
                _amend(tables["publications"], event.publication)
            case BodyAmended():
                _amend(tables["bodies"], event.body)
            case BodyMerged():
                tables["bodies"] = [_merged_body(row, entry) for row in tables["bodies"]]
            case AddresseesAmended():
                asked[event.recommendation] = event.addressees
            case RecommendationAmended():
                _amend(tables["recommendations"], event.facts)
            case ElementAmended():
                _amend(tables["elements"], event.element, event.recommendation)
            case CriteriaApproved():
                key = (event.recommendation, event.card.element)
                latest_cards[key] = rows.CardRow(
                    0, event.card, event.recommendation, event.approved_by, instant_of(entry)
                )
            case EvidenceDisclosed():
                tables["evidence"].append(_evidence(event.facts, texts[event.facts.id]))
            case EvidenceAmended():
                new = _evidence(event.facts, texts[event.facts.id])
                tables["evidence"] = [new if row.fact.id == new.fact.id else row for row in tables["evidence"]]
            case EvidenceTextRemoved():
                tables["evidence"] = [_without_text(row, entry) for row in tables["evidence"]]
            case AssessmentPublished():
                inside.add(f"{event.recommendation}/{event.assessment.id}")
                tables["assessments"].append(
                    rows.AssessmentRow(
                        0,
                        event.assessment,
                        event.recommendation,
                        event.published_by,
                        instant_of(entry),
                        event.legacy,
                    )
                )
            case AssessmentWithdrawn() | RecommendationWithdrawn():
                tables["withdrawals"].append(_withdrawal(entry))
            case DevelopmentRecorded():
                tables["developments"].append(rows.DevelopmentRow(0, event.facts))
            case DeadlineStated():
                inside.add(f"deadline/{event.deadline.id}")
                tables["deadlines"].append(rows.DeadlineRow(0, event.deadline, event.recommendation, instant_of(entry)))
            case DeadlineWithdrawn():
                tables["deadlines"] = [_withdrawn_deadline(row, entry) for row in tables["deadlines"]]
            case ResponsePublished():
                tables["responses"].append(
                    rows.ResponseRow(0, event.facts, event.recommendation, event.published_by, instant_of(entry))
                )
            case ResponseWithdrawn():
                tables["responses"] = [_withdrawn_response(row, entry) for row in tables["responses"]]
            case RelationStated():
                tables["relations"].append(rows.RelationRow(0, event.relation, event.recommendation, instant_of(entry)))
            case RelationWithdrawn():
                tables["relations"] = [_withdrawn_relation(row, entry) for row in tables["relations"]]
            case ReviewFrozen() | ReviewTimestamped() | PackageWithdrawn():
                pass  # what was frozen is a package of its own
            case _:
                raise TypeError(f"{event!r} is public, but no bundle has a place for it")
    assert settings is not None
    tables["cards"] = list(latest_cards.values())
    tables["addressees"] = _addressees(tables, asked)
    return Bundle(settings=settings, opened_at=opened_at, **{name: tuple(table) for name, table in tables.items()})


def _is_beyond(cut: TimePair, entry: LogEntry, inside: set[str]) -> bool:
    """Whether an event is about something that the pair of times does not reach."""
    event = entry.event
    if not topic_of(event).startswith(CUT_TOPICS):
        return False
    if instant_of(entry) > cut.known_at:
        return True
    match event:
        case RecommendationRegistered():
            return first_day(event.facts.recommended_on) > cut.as_of
        case DevelopmentRecorded():
            return first_day(event.facts.date) > cut.as_of
        case AssessmentPublished() if first_day(event.assessment.effective_on) > cut.as_of:
            return True
        case DeadlineStated() if first_day(event.deadline.stated_on) > cut.as_of:
            return True
        case DeadlineWithdrawn():
            return f"deadline/{event.deadline}" not in inside
        case ResponsePublished() if first_day(event.facts.given_on) > cut.as_of:
            return True
        case ResponsePublished() if event.facts.assessment:
            return f"{event.recommendation}/{event.facts.assessment}" not in inside
        case RelationStated() if event.relation.on and first_day(event.relation.on) > cut.as_of:
            return True
        case RelationStated() if ":" not in event.relation.to and event.relation.to not in inside:
            return True
        case BodyMerged():
            return False
        case AssessmentWithdrawn():
            return f"{event.recommendation}/{event.assessment}" not in inside
    return event.recommendation not in inside


def _amend(table: list[Any], fact: Any, recommendation: str = "") -> None:
    """Replace the fact with the same id."""
    for n, row in enumerate(table):
        if row.fact.id == fact.id and getattr(row, "recommendation", "") == recommendation:
            table[n] = replace(row, fact=fact)


def _withdrawn_deadline(row: rows.DeadlineRow, entry: LogEntry) -> rows.DeadlineRow:
    return replace(row, **_end(entry)) if row.fact.id == entry.event.deadline else row


def _withdrawn_response(row: rows.ResponseRow, entry: LogEntry) -> rows.ResponseRow:
    return replace(row, **_end(entry)) if row.fact.id == entry.event.response else row


def _withdrawn_relation(row: rows.RelationRow, entry: LogEntry) -> rows.RelationRow:
    """A relation can be stated again once it is withdrawn: the earlier row keeps its own withdrawal."""
    event = entry.event
    is_it = (row.from_, row.fact.relation, row.fact.to) == (event.recommendation, event.relation, event.to)
    return replace(row, **_end(entry)) if is_it and row.withdrawn_at is None else row


def _end(entry: LogEntry) -> dict[str, Any]:
    """How a row says that it was withdrawn."""
    event = entry.event
    return {
        "withdrawn_at": instant_of(entry),
        "withdrawn_by": event.withdrawn_by,
        "withdrawn_reason": event.reason,
    }


def _merged_body(row: rows.BodyRow, entry: LogEntry) -> rows.BodyRow:
    merge = entry.event.merge
    if row.fact.id != merge.body:
        return row
    columns = {"merged_into": merge.into, "merged_on": merge.on, "merged_why": merge.why}
    return replace(row, **columns, merged_at=instant_of(entry))


def _addressees(tables: dict[str, Any], asked: dict[str, tuple[Addressee, ...]]) -> list[rows.AddresseeRow]:
    """Those of the recommendations and elements of a bundle."""
    elements = {(row.recommendation, row.fact.id) for row in tables["elements"]}
    return [
        rows.AddresseeRow(0, addressee, recommendation)
        for recommendation in (row.fact.id for row in tables["recommendations"])
        for addressee in asked.get(recommendation, ())
        if not addressee.element or (recommendation, addressee.element) in elements
    ]


def _evidence(facts: EvidenceFacts, text_of: Any) -> rows.EvidenceRow:
    text = EvidenceText(
        title=text_of.title, url=text_of.url, summary=text_of.summary, translations=text_of.translations
    )
    return rows.EvidenceRow(0, facts, text)


def _without_text(row: rows.EvidenceRow, entry: LogEntry) -> rows.EvidenceRow:
    event = entry.event
    if row.fact.id != event.evidence:
        return row
    on = event.happened_at(event.removed_at).date().isoformat()
    sentence = f"The text was removed on {on}: {REMOVAL_REASON[event.reason].text}."
    return replace(row, text=EvidenceText(title="[text removed]", summary=sentence))


def _withdrawal(entry: LogEntry) -> rows.WithdrawalRow:
    event = entry.event
    of_assessment = isinstance(event, AssessmentWithdrawn)
    return rows.WithdrawalRow(
        line=0,
        assessment=event.assessment if of_assessment else "",
        recommendation="" if of_assessment else event.recommendation,
        reason=event.reason,
        withdrawn_at=instant_of(entry),
        withdrawn_by=event.withdrawn_by,
        replaced_by=event.replaced_by if of_assessment else "",
    )
