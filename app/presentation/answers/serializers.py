"""Builds API models from the record. The API, the command line and snapshots share them."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime

import msgspec
from sqlalchemy import Connection

from app.presentation.answers import api_item_models, api_models
from app.presentation.answers.as_of import AsOf
from app.presentation.answers.relations import RegisterRelations, count_with_successors
from app.presentation.i18n.ordering import ItemOrder
from app.presentation.narrative.statement import PresentStatement, present_statements
from domain.codes import DeadlineState
from domain.methodology.methodology import Scale
from domain.ordering import named_key
from domain.times import written
from domain.values import Addressee, Assessment, RecommendationFacts, translation_of
from projections.addressees.queries import NOT_ASKED, Asked, asked
from projections.catalogue import queries as catalogue
from projections.catalogue.entries import DeadlineEntry, RegisterEntry
from projections.public_states.queries import public_state
from projections.responses import queries as responses
from projections.responses.queries import PublicResponse
from projections.scorecards.comparison import Comparison
from projections.scorecards.queries import counts, due_counts, standings, standings_of
from projections.scorecards.results import Due, DueCounts, ElementStanding, Standing
from projections.timeline.queries import TimelineEntry


def serialize_scorecard(
    db: Connection,
    register: RegisterEntry,
    times: AsOf,
    scale: Scale | None = None,
    ids: Sequence[str] | None = None,
) -> api_models.ScorecardShape:
    """A whole scorecard at a pair of times, or its rows `ids` in that order; with a scale, each row also says its word.

    The totals are always those of the whole scorecard.
    """
    pair, name = times.pair, register.id
    numbers = counts(db, name, pair)
    found = standings(db, name, pair) if ids is None else standings_of(db, name, pair, ids)
    facts = {r: e.facts for r, e in catalogue.recommendations_of(db, name, pair.known_at, found).items()}
    order = ItemOrder(facts, catalogue.themes(db, name, pair.known_at), by_theme_id=True)
    asked_of = asked(db, name, pair.known_at, ids)
    parts = _titles_of_parts(db, name, pair.known_at, None if ids is None else found.values())
    statements = present_statements(db, name, pair, found)
    given = responses.of_register(db, name, pair.as_of, pair.known_at, ids)
    relations = RegisterRelations(db, name, pair, ids)
    return api_models.ScorecardShape(
        register=name,
        as_of=times.as_of.isoformat(),
        known_at=written(times.known_at),
        log_position=public_state(db, name).position,
        methodology=register.settings.methodology,
        reconstructed=times.reconstructed,
        totals=numbers.totals,
        buckets=numbers.buckets,
        rated=numbers.rated,
        ever_done=numbers.ever_done,
        still_done=numbers.still_done,
        stale=numbers.stale,
        legacy=numbers.legacy,
        recommendations=[
            serialize_standing(
                s,
                facts[s.id],
                parts[s.id],
                scale.words[s.status] if scale else None,
                statements.get(s.id),
                given.get(s.id, ()),
                relations.of(s.id),
                asked_of.get(s.id, NOT_ASKED),
            )
            for s in (found[i] for i in (order.sort(found) if ids is None else ids))
        ],
        scale=scale.code if scale else None,
        due=_serialize_due_counts(due_counts(db, name, pair)),
        responses=responses.counts_by_position(db, name, pair.as_of, pair.known_at),
        with_successors=count_with_successors(db, name, pair),
    )


def _titles_of_parts(
    db: Connection, register: str, known_at: datetime, of: Iterable[Standing] | None
) -> dict[str, dict[str, str]]:
    """The titles of all elements, or of those of some standings, by recommendation and id."""
    titles: dict[str, dict[str, str]] = defaultdict(dict)
    names = None if of is None else [f"{s.id}/{e.id}" for s in of for e in s.elements]
    entries = (
        catalogue.elements(db, register, known_at)
        if names is None
        else catalogue.facts_of(db, register, "element", known_at, names).values()
    )
    for entry in entries:
        titles[entry.recommendation][entry.element.id] = entry.element.title
    return titles


def themes_of_data(db: Connection, register: str, known_at: datetime) -> list[str]:
    """The ids of a register's themes in the order of data."""
    themes = catalogue.themes(db, register, known_at).values()
    return [theme.id for theme in sorted(themes, key=lambda theme: named_key(theme, ""))]


def item_order(db: Connection, register: str, known_at: datetime) -> ItemOrder:
    """The order of a register's recommendations in data: the same in every language."""
    places = catalogue.recommendation_places(db, register, known_at)
    return ItemOrder(places, catalogue.themes(db, register, known_at), by_theme_id=True)


def in_item_order(db: Connection, register: str, comparison: Comparison) -> Comparison:
    """A comparison with its rows in the order of data, as known at its second instant."""
    order = item_order(db, register, comparison.second.known_at)
    rows = sorted(comparison.rows, key=lambda row: order.key(row.id))
    return msgspec.structs.replace(comparison, rows=tuple(rows))


def serialize_event(entry: TimelineEntry) -> api_models.EventShape:
    """A stored event with its position in the log."""
    return api_models.EventShape(
        position=entry.position,
        recorded_at=written(entry.recorded_at),
        at=written(entry.happened_at),
        topic=entry.topic,
        event=msgspec.json.decode(entry.state),
    )


def serialize_times(times: AsOf) -> api_models.TimesShape:
    return api_models.TimesShape(times.as_of.isoformat(), written(times.known_at), times.reconstructed)


def serialize_standing(
    standing: Standing,
    facts: RecommendationFacts,
    elements: dict[str, str],
    word: str | None = None,
    statement: PresentStatement | None = None,
    public_responses: Sequence[PublicResponse] = (),
    relations: Sequence[api_item_models.RelationShape] = (),
    asked_of: Asked = NOT_ASKED,
) -> api_models.StandingShape:
    return api_models.StandingShape(
        id=standing.id,
        title=facts.title,
        kind=standing.kind,
        theme=standing.theme,
        status=standing.status,
        since=standing.since,
        motion=standing.motion,
        confidence=standing.confidence,
        freshness=standing.freshness,
        peak=api_models.PeakShape(standing.peak.status, standing.peak.on.isoformat()) if standing.peak else None,
        assessment=standing.assessment,
        legacy=standing.legacy,
        elements=[serialize_element(e, elements.get(e.id, e.id), asked_of) for e in standing.elements],
        scale_status=word,
        due=serialize_due(standing.due),
        number=facts.number or None,
        position=facts.position,
        priority=facts.priority,
        statement=statement.original if statement else None,
        responses=serialize_responses(public_responses),
        relations=list(relations),
        addressees=_serialize_addressees(asked_of.of()),
    )


def _serialize_addressees(rows: Iterable[Addressee]) -> list[api_item_models.AddresseeShape]:
    """On all days, with the days of each."""
    return [api_item_models.AddresseeShape(row.body, row.role, row.from_on or None, row.to_on or None) for row in rows]


def serialize_element(element: ElementStanding, title: str, asked_of: Asked = NOT_ASKED) -> api_models.ElementShape:
    return api_models.ElementShape(
        id=element.id,
        title=title,
        kind=element.kind,
        core=element.core,
        status=element.status,
        since=element.since,
        motion=element.motion,
        confidence=element.confidence,
        freshness=element.freshness,
        assessment=element.assessment,
        legacy=element.legacy,
        addressees=_serialize_addressees(asked_of.of(element.id)),
        due=serialize_due(element.due),
    )


def serialize_due(due: Due | None) -> api_item_models.DueShape | None:
    """The deadline in force of an item; None without one."""
    return api_item_models.DueShape(due.id, due.due_on, due.stated_on, due.stated_by, due.state) if due else None


def serialize_deadline(entry: DeadlineEntry) -> api_item_models.DeadlineShape:
    facts = entry.deadline
    return api_item_models.DeadlineShape(
        id=facts.id,
        element=facts.element or None,
        due_on=facts.due_on,
        stated_on=facts.stated_on,
        stated_by=facts.stated_by,
        evidence=list(facts.evidence),
        note=facts.note,
        published_at=written(entry.published_at),
        withdrawn_at=instant_or_none(entry.withdrawn_at),
        withdrawn_reason=entry.withdrawn_reason or None,
    )


def _serialize_due_counts(numbers: DueCounts) -> api_item_models.DueCountsShape:
    return api_item_models.DueCountsShape(
        with_deadline=numbers.with_deadline,
        overdue=numbers.overdue,
        upcoming=numbers.by_state[DeadlineState.UPCOMING],
        met=numbers.by_state[DeadlineState.MET],
        met_late=numbers.by_state[DeadlineState.MET_LATE],
    )


def serialize_responses(public_responses: Sequence[PublicResponse]) -> list[api_item_models.ResponseShape]:
    """Responses that are not withdrawn, oldest first."""
    return [
        api_item_models.ResponseShape(
            id=r.facts.id,
            body=r.facts.body,
            position=r.facts.position,
            given_on=r.facts.given_on,
            summary=r.facts.summary,
            evidence=list(r.facts.evidence),
            element=r.facts.element or None,
            assessment=r.facts.assessment or None,
            in_force=r.is_in_force,
            published_at=written(r.published_at),
        )
        for r in public_responses
        if r.withdrawal is None
    ]


def instant_or_none(at: datetime | None) -> str | None:
    return written(at) if at else None


def serialize_assessment(assessment: Assessment, *, withdrawn: bool) -> api_models.AssessmentShape:
    return api_models.AssessmentShape(
        id=assessment.id,
        status=assessment.status,
        effective_on=assessment.effective_on,
        reason=assessment.reason,
        rationale=assessment.rationale,
        statement=assessment.statement or None,
        element=assessment.element or None,
        rationale_ko=translation_of(assessment, "rationale", "ko") or None,
        confidence=assessment.confidence,
        motion=assessment.motion,
        evidence=list(assessment.evidence),
        withdrawn=withdrawn,
    )
