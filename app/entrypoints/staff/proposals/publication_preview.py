"""Previews what the public sees once a proposal is published, with the code of the public pages."""

from datetime import date

from msgspec import Struct
from msgspec.structs import replace
from sqlalchemy import Connection

from app.entrypoints.http.urls import absolute_url
from app.entrypoints.staff.proposals.rule_check import RuleCheck
from app.presentation.i18n.localize import localized_text
from app.presentation.narrative.corrections import NOT_CORRECTED, CorrectionWords, is_correction
from app.presentation.narrative.feed_entries import FeedContext, build_entries, superseded_ids
from app.presentation.narrative.feed_entries import FeedEntry as FeedEntry
from app.presentation.narrative.headlines import HeadlinePart, scorecard_headline
from app.presentation.narrative.lineage import Editions, successor_words
from app.presentation.narrative.record_names import RecordNames
from app.presentation.narrative.said_and_now import corrected_statuses
from app.presentation.narrative.status_news import StatusNews, part_name
from app.presentation.narrative.story import Story, TimelineItem
from app.services.container import Services
from app.services.sources import sources_by_id
from domain.errors import Refused
from domain.recommendation.events import AssessmentPublished
from domain.times import day_in, full_day
from domain.values import Assessment, RecommendationFacts
from projections.catalogue import queries as catalogue
from projections.catalogue.entries import EvidenceEntry, RegisterEntry
from projections.changes.queries import PublicChange
from projections.changes.what_if import change_if_published
from projections.engine.position import last_applied_at
from projections.scorecards.publication_effects import AssessmentEffects
from projections.scorecards.queries import counts
from projections.scorecards.results import Counts, TimePair
from projections.scorecards.tally import replace_standing
from projections.scorecards.what_if import WhatIf, standing_if_published
from projections.timeline import queries as timeline

PLACEHOLDER_ID = "proposed"
"""The placeholder for the id that a proposal gets when it is sent."""


class ScorecardPreview(Struct, frozen=True):
    """A scorecard's numbers and its headline."""

    counts: Counts
    sentence: list[HeadlinePart]


class PublicationPreview(Struct, frozen=True):
    """What a publication changes: the assessment with its defaults; its entry on the public page and the numbered
    sources; the recommendation's standing; today's scorecard before and after (None if it is on none); the feed
    entry (None while the register is in preparation)."""

    assessment: Assessment
    moment: TimelineItem
    evidence: list[tuple[int, EvidenceEntry]]
    standing: WhatIf
    today: date
    scorecards: tuple[ScorecardPreview, ScorecardPreview] | None
    feed: FeedEntry | None
    is_correction: bool


def preview_publication(
    services: Services,
    db: Connection,
    entry: RegisterEntry,
    rule_check: RuleCheck,
    assessment: Assessment,
    by: str,
    without: str = "",
) -> PublicationPreview | None:
    """Returns None if a date cannot be read or the element is unknown; the rules refuse those.

    `without` names a published assessment that would be withdrawn in the same step.
    """
    if rule_check.recommendation.item_problem(assessment.element):
        return None
    try:
        event = rule_check.publication(replace(assessment, id=assessment.id or PLACEHOLDER_ID), by)
        if event.assessment.review_by:
            full_day(event.assessment.review_by)
    except Refused:
        return None
    known_at, at = last_applied_at(db), rule_check.context.at
    pair = TimePair(day_in(entry.settings.time_zone, at), known_at)
    facts = catalogue.recommendation(db, entry.id, event.recommendation, known_at)
    assert facts is not None
    standing = standing_if_published(db, entry.id, event.recommendation, pair, event.assessment, without)
    change = change_if_published(event, at)
    moment, evidence = _story_entry(services, db, event)
    successors = successor_words(Editions(db, entry, pair), superseded_ids([change]))
    parts = catalogue.elements_by_id(db, entry.id, known_at, [(change.recommendation, change.element)])
    news = StatusNews(parts, {change.assessment: AssessmentEffects(standing.effect, None)})
    of = {event.recommendation: facts.facts}
    corrections = {change.position: _correction(standing, news, change, facts.facts)}
    context = FeedContext(entry, of, RecordNames(db, entry), news, successors, corrections)
    return PublicationPreview(
        assessment=event.assessment,
        moment=moment,
        evidence=evidence,
        standing=standing,
        today=pair.as_of,
        scorecards=_scorecards(counts(db, entry.id, pair), standing),
        feed=build_entries(context, [change], absolute_url)[0] if entry.is_open else None,
        is_correction=change.correction,
    )


def _correction(
    standing: WhatIf, news: StatusNews, change: PublicChange, facts: RecommendationFacts
) -> CorrectionWords:
    if not is_correction(news, change):
        return NOT_CORRECTED
    part = part_name(news.parts, change.recommendation, change.element)
    return CorrectionWords(corrected_statuses(standing.before, standing.after, facts, change.element, part))


def _story_entry(
    services: Services, db: Connection, event: AssessmentPublished
) -> tuple[TimelineItem, list[tuple[int, EvidenceEntry]]]:
    """Returns the story entry of the recommendation's page, and its cited sources with that page's numbers."""
    known_at, recommendation, at = last_applied_at(db), event.recommendation, event.happened_at(None)
    parts = catalogue.elements(db, event.register, known_at, recommendation)
    happened = timeline.of_recommendation(db, event.register, recommendation)
    happened.append(timeline.TimelineEntry(0, recommendation, "", at, at, event, b""))
    titles = {e.element.id: localized_text(e.element, "title") for e in parts}
    bodies = {b.id: localized_text(b, "name") for b in catalogue.bodies(db, event.register, known_at).values()}
    story = Story(happened, titles, services.public_names(), bodies)
    moment = next(m for m in story.timeline(date.max) if m.anchor == f"a-{event.assessment.id}")
    cited = sources_by_id(services, db, event.register, story.cited)
    return moment, [(n, e) for n, e in story.numbered(cited) if n in moment.evidence]


def _scorecards(now: Counts, standing: WhatIf) -> tuple[ScorecardPreview, ScorecardPreview] | None:
    if standing.before is None or standing.after is None:
        return None
    then = replace_standing(now, standing.before, standing.after)
    return ScorecardPreview(now, scorecard_headline(now)), ScorecardPreview(then, scorecard_headline(then))
