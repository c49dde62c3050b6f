"""Exports a register from the projections as a bundle: everything public, in log order."""

from collections.abc import Callable, Collection, Iterable
from datetime import date
from functools import cached_property
from typing import Any

from sqlalchemy import Connection

from app.presentation.i18n.source_titles import REMOVAL_REASON
from app.services.bundles import rows
from app.services.bundles.rows import REMOVED_TITLE, Bundle
from domain.recommendation.lineage import target_of
from domain.times import first_day
from domain.values import EvidenceFacts, EvidenceText
from projections.addressees.queries import NOT_ASKED, asked
from projections.assessments import queries as assessments
from projections.assessments.queries import PublicAssessment, PublicWithdrawal
from projections.catalogue import queries as catalogue
from projections.catalogue.entries import CriteriaEntry, EvidenceEntry, RecommendationEntry
from projections.engine.batches import END_OF_TIME
from projections.lineage import queries as lineage
from projections.responses import queries as responses
from projections.scorecards.results import TimePair

EVERYTHING = TimePair(date.max, END_OF_TIME)


class _Judgements:
    """The recommendations of a bundle with their assessments and withdrawals, each read when it is first asked for."""

    def __init__(self, db: Connection, register_id: str, at: TimePair) -> None:
        self._db, self._register, self._at = db, register_id, at

    @cached_property
    def recommendations(self) -> dict[str, RecommendationEntry]:
        at = self._at
        return {
            ident: r
            for ident, r in catalogue.recommendations(self._db, self._register, at.known_at).items()
            if r.registered_at <= at.known_at and first_day(r.facts.recommended_on) <= at.as_of
        }

    @cached_property
    def assessments(self) -> list[PublicAssessment]:
        return [
            p
            for p in assessments.each_published(self._db, self._register, self._at.known_at)
            if p.recommendation in self.recommendations and first_day(p.assessment.effective_on) <= self._at.as_of
        ]

    @property
    def withdrawals(self) -> list[PublicWithdrawal]:
        ids = {(p.recommendation, p.assessment.id) for p in self.assessments}
        return [
            w
            for w in assessments.withdrawals(self._db, self._register, self._at.known_at)
            if ((w.recommendation, w.assessment) in ids if w.assessment else w.recommendation in self.recommendations)
        ]


def export_bundle(
    db: Connection, register_id: str, cut: TimePair | None = None, tables: Collection[str] | None = None
) -> Bundle | None:
    """Return the bundle of a register, or None if there is no such register.

    With `cut`, it contains the recommendations, assessments and developments known by the instant and effective by the
    day, and everything they refer to. With `tables`, only these are read; the others are empty.
    """
    at = cut or EVERYTHING
    entry = catalogue.register(db, register_id)
    if entry is None:
        return None
    makers = _makers(db, register_id, at)
    read: dict[str, Any] = {n: tuple(make()) for n, make in makers.items() if tables is None or n in tables}
    return Bundle(
        settings=entry.settings,
        logo=catalogue.logo(db, register_id, END_OF_TIME),
        opened_at=entry.opened_at or entry.opened_elsewhere_at,
        reviews=tuple(catalogue.reviews(db, register_id, END_OF_TIME).values()),
        **read,
    )


def _makers(db: Connection, register_id: str, at: TimePair) -> dict[str, Callable[[], Iterable[Any]]]:
    """What reads the rows of each table."""
    found = _Judgements(db, register_id, at)
    return {
        "themes": lambda: (rows.ThemeRow(0, t) for t in catalogue.themes(db, register_id, END_OF_TIME).values()),
        "publications": lambda: (
            rows.PublicationRow(0, p) for p in catalogue.publications(db, register_id, END_OF_TIME).values()
        ),
        "bodies": lambda: _bodies(db, register_id, at),
        "recommendations": lambda: (
            rows.RecommendationRow(0, r.facts, r.registered_at) for r in found.recommendations.values()
        ),
        "elements": lambda: _elements(db, register_id, at, found.recommendations),
        "cards": lambda: _criteria(db, register_id, at, found.recommendations),
        "evidence": lambda: (_evidence(e) for e in catalogue.evidence(db, register_id, END_OF_TIME).values()),
        "assessments": lambda: (
            rows.AssessmentRow(0, p.assessment, p.recommendation, p.by, p.at, p.legacy) for p in found.assessments
        ),
        "withdrawals": lambda: map(_withdrawal, found.withdrawals),
        "developments": lambda: (
            rows.DevelopmentRow(0, d)
            for d in catalogue.developments(db, register_id, at.known_at)
            if first_day(d.date) <= at.as_of
        ),
        "responses": lambda: _responses(db, register_id, at, found),
        "deadlines": lambda: _deadlines(db, register_id, at, found.recommendations),
        "relations": lambda: _relations(db, register_id, at, found.recommendations),
        "addressees": lambda: _addressees(db, register_id, at, found.recommendations),
    }


def _responses(db: Connection, register_id: str, at: TimePair, judgements: _Judgements) -> list[rows.ResponseRow]:
    """The responses of a bundle, in log order. A reply is left out where the assessment that it answers is."""
    known = {p.assessment.id for p in judgements.assessments}
    public = responses.of_register(db, register_id, at.as_of, at.known_at)
    found = [r for ident, some in public.items() if ident in judgements.recommendations for r in some]
    return [
        rows.ResponseRow(
            line=0,
            fact=r.facts,
            recommendation=r.recommendation,
            published_by=r.published_by,
            published_at=r.published_at,
            withdrawn_at=r.withdrawal.at if r.withdrawal else None,
            withdrawn_by=r.withdrawal.by if r.withdrawal else "",
            withdrawn_reason=r.withdrawal.reason if r.withdrawal else "",
        )
        for r in sorted(found, key=lambda r: r.log_position)
        if not r.facts.assessment or r.facts.assessment in known
    ]


def _bodies(db: Connection, register_id: str, at: TimePair) -> Iterable[rows.BodyRow]:
    merges = catalogue.merges(db, register_id, at.known_at)
    for body in catalogue.bodies(db, register_id, END_OF_TIME).values():
        if merged := merges.get(body.id):
            yield rows.BodyRow(0, body, merged.merge.into, merged.merge.on, merged.merge.why, merged.merged_at)
        else:
            yield rows.BodyRow(0, body)


def _addressees(
    db: Connection, register_id: str, at: TimePair, recommendations: dict[str, RecommendationEntry]
) -> Iterable[rows.AddresseeRow]:
    """Yield the addressees with days of the recommendations of a bundle and of their elements known by then."""
    elements = {(e.recommendation, e.element.id) for e in catalogue.elements(db, register_id, at.known_at)}
    asked_of = asked(db, register_id, at.known_at)
    for recommendation in recommendations:
        for row in asked_of.get(recommendation, NOT_ASKED).rows:
            if not row.element or (recommendation, row.element) in elements:
                yield rows.AddresseeRow(0, row, recommendation)


def _relations(
    db: Connection, register_id: str, at: TimePair, recommendations: dict[str, RecommendationEntry]
) -> Iterable[rows.RelationRow]:
    """Yield the relations of a bundle, in log order, without those to a recommendation that the bundle lacks."""
    for r in lineage.each_stated(db, register_id, at.as_of, at.known_at):
        target = target_of(register_id, r.facts.to)
        is_here = target.register == register_id
        if r.recommendation in recommendations and (not is_here or target.id in recommendations):
            yield rows.RelationRow(
                line=0,
                fact=r.facts,
                from_=r.recommendation,
                published_at=r.published_at,
                withdrawn_at=r.withdrawn_at,
                withdrawn_by=r.withdrawn_by,
                withdrawn_reason=r.withdrawn_reason,
            )


def _elements(
    db: Connection, register_id: str, at: TimePair, recommendations: dict[str, RecommendationEntry]
) -> Iterable[rows.ElementRow]:
    for e in catalogue.elements(db, register_id, at.known_at):
        if recommendation := recommendations.get(e.recommendation):
            registered_at = e.registered_at if e.registered_at != recommendation.registered_at else None
            yield rows.ElementRow(0, e.element, e.recommendation, registered_at)


def _criteria(
    db: Connection, register_id: str, at: TimePair, recommendations: dict[str, RecommendationEntry]
) -> Iterable[rows.CardRow]:
    """Yield the latest approved success criteria of each item, ordered by first approval."""
    order = catalogue.first_approvals(db, register_id)

    def first_approval(entry: CriteriaEntry) -> int:
        return order[f"{entry.recommendation}/{entry.card.element}"]

    for c in sorted(catalogue.success_criteria(db, register_id, at.known_at), key=first_approval):
        if c.approved_at <= at.known_at and c.recommendation in recommendations:
            yield rows.CardRow(0, c.card, c.recommendation, c.approved_by, c.approved_at)


def _deadlines(
    db: Connection, register_id: str, at: TimePair, recommendations: dict[str, RecommendationEntry]
) -> Iterable[rows.DeadlineRow]:
    for d in catalogue.deadlines(db, register_id, at.known_at):
        if d.recommendation in recommendations and first_day(d.deadline.stated_on) <= at.as_of:
            yield rows.DeadlineRow(
                line=0,
                fact=d.deadline,
                recommendation=d.recommendation,
                published_at=d.published_at,
                withdrawn_at=d.withdrawn_at,
                withdrawn_by=d.withdrawn_by,
                withdrawn_reason=d.withdrawn_reason,
            )


def _evidence(entry: EvidenceEntry) -> rows.EvidenceRow:
    facts = EvidenceFacts(
        id=entry.id,
        publisher=entry.publisher,
        source_class=entry.source_class,
        published_on=entry.published_on,
        accessed_on=entry.accessed_on,
        language=entry.language,
        sha256=entry.sha256,
    )
    text = EvidenceText(title=entry.title, url=entry.url, summary=entry.summary, translations=entry.translations)
    if entry.removed_because:  # files are the same in every language of the interface
        reason = REMOVAL_REASON[entry.removed_because].text
        text = EvidenceText(title=REMOVED_TITLE, summary=f"The text was removed on {entry.removed_on}: {reason}.")
    return rows.EvidenceRow(0, facts, text)


def _withdrawal(withdrawal: PublicWithdrawal) -> rows.WithdrawalRow:
    return rows.WithdrawalRow(
        line=0,
        assessment=withdrawal.assessment,
        recommendation="" if withdrawal.assessment else withdrawal.recommendation,
        reason=withdrawal.reason,
        withdrawn_at=withdrawal.at,
        withdrawn_by=withdrawal.by,
        replaced_by=withdrawal.replaced_by,
    )
