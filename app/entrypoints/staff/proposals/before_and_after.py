"""The review page's values: what is public now, what is proposed, and its effects."""

from sqlalchemy import Connection

from app.entrypoints.staff.forms import parse_number
from app.entrypoints.staff.proposals.comments import read_conversation
from app.entrypoints.staff.proposals.publication_preview import preview_publication
from app.entrypoints.staff.proposals.review_sources import review_sources
from app.entrypoints.staff.proposals.rule_check import RuleCheck
from app.presentation.i18n.source_titles import source_title
from app.services.accounts.actors import Person
from app.services.container import Services
from app.services.shown_versions import shown_version
from app.services.sources import sources_by_id
from domain.ids import recommendation_id
from domain.times import day_in, first_day
from domain.values import Assessment
from projections.assessments import queries as assessments
from projections.assessments.proposals import proposal_at_version
from projections.catalogue import queries as catalogue
from projections.engine.position import last_applied_at
from projections.scorecards.queries import standings
from projections.scorecards.results import TimePair
from projections.worklist.queries import Proposal, open_proposal


def before_and_after(
    services: Services, person: Person, register: str, proposal: Proposal, version: str
) -> dict[str, object]:
    """Returns the values of `staff/proposal_review.html`; `version` is that of a decision, else empty."""
    rule_check, assessment = RuleCheck(services, register, proposal.recommendation), proposal.assessment
    objections = rule_check.objections(assessment)
    with services.views.connect() as db:
        known_at = last_applied_at(db)
        entry = catalogue.register(db, register)
        assert entry is not None
        today = day_in(entry.settings.time_zone, services.clock())
        recommendation = catalogue.recommendation(db, register, proposal.recommendation, known_at)
        assert recommendation is not None
        before = _in_force(db, register, proposal, TimePair(first_day(assessment.effective_on), known_at))
        now = _in_force(db, register, proposal, TimePair(today, known_at))
        reviewed = _as_seen(db, register, proposal, version)
        cited_ids = {e for a in (assessment, before, now, reviewed) if a for e in a.evidence}
        all_sources = sources_by_id(services, db, register, cited_ids)
        parts = {e.element.id: e.element for e in catalogue.elements(db, register, known_at, proposal.recommendation)}
        cards = catalogue.success_criteria(db, register, known_at, proposal.recommendation)
        card = next((k for k in cards if k.card.element == assessment.element), None)
        is_last = open_proposal(db, register, assessment.id) == proposal
        shown = shown_version(services, db, recommendation_id(register, proposal.recommendation)) if is_last else 0
        preview = preview_publication(services, db, entry, rule_check, assessment, person.id)
    with services.accounts.work() as accounts:
        cited = review_sources(accounts, register, assessment, before, all_sources)
        conversation = read_conversation(services, person, accounts, register, proposal.recommendation, assessment.id)
    return {
        "entry": entry,
        "facts": recommendation.facts,
        "element": parts.get(assessment.element),
        "proposal": proposal,
        "before": before,
        "now": now if now != before else None,
        "after": preview.assessment if preview else assessment,
        "reviewed_version": reviewed if reviewed != assessment else None,
        "preview": preview,
        "titles": {e.id: source_title(e) for e in all_sources.values()},
        "sources": cited,
        "card": card,
        "objections": objections,
        "passed": rule_check.passed(objections),
        "second": rule_check.needs_second_person(assessment),
        "second_person_refusals": rule_check.second_person_refusals(assessment, person.id),
        "may_publish": person.may("publish", register),
        "version": shown,
        "conversation": conversation,
        "hold": services.settings.publish_hold_seconds,
    }


def _in_force(db: Connection, register: str, proposal: Proposal, pair: TimePair) -> Assessment | None:
    """The published assessment of the item that a proposal is about, in force at a pair of times."""
    standing = standings(db, register, pair, proposal.recommendation).get(proposal.recommendation)
    if standing is None:
        return None
    item = next((e for e in standing.elements if e.id == proposal.assessment.element), standing)
    ident = item.assessment
    return assessments.by_id(db, register, [ident]).get(ident) if ident else None


def _as_seen(db: Connection, register: str, proposal: Proposal, version: str) -> Assessment:
    """Returns the proposal in the version on which the decision was made; the current one if unchanged."""
    last, now = parse_number(version), proposal.assessment
    if last is None:
        return now
    return proposal_at_version(db, register, proposal.recommendation, now.id, last) or now
