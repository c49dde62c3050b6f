"""What a person has to do in each register, for the home page and the digest."""

from collections.abc import Iterator, Sequence
from datetime import date

from msgspec import Struct

from app.presentation.narrative.review_days import ReviewDay, next_review
from app.services.accounts.assignments import OpenAssignment, open_assignments
from app.services.accounts.people import Person
from app.services.comments.conversation import unseen_mentions
from app.services.comments.models import Comment
from app.services.container import Services
from app.services.drafts.drafts import drafts_of
from app.services.drafts.models import Draft
from app.services.opinions.models import Question
from app.services.opinions.requests import unanswered_questions as opinions_for
from app.services.opinions.visibility import ProposalVisibility
from domain.codes import Freshness, Status
from domain.recommendation.judging_context import JudgingContext
from domain.recommendation.policy import needs_second_person
from domain.times import day_in
from domain.values import RecommendationFacts
from projections.catalogue import queries as catalogue
from projections.catalogue.entries import RegisterEntry
from projections.engine.position import last_applied_at
from projections.scorecards.queries import standings
from projections.scorecards.results import Standing, TimePair
from projections.worklist.queries import (
    CriteriaDraft,
    OpenResponse,
    Proposal,
    open_criteria_drafts,
    open_proposals,
    proposed_responses,
)


class RegisterInbox(Struct, frozen=True):
    """What one person has to do in one register."""

    entry: RegisterEntry
    today: date
    facts: dict[str, RecommendationFacts]
    standings: dict[str, Standing]
    to_review: list[Proposal]
    scheduled: list[Proposal]
    returned: list[Proposal]
    sent: list[Proposal]
    criteria_drafts: list[CriteriaDraft]
    responses: list[OpenResponse]
    """Proposed responses that this person may decide on."""
    mentions: list[Comment]
    drafts: list[Draft]
    opinions: list[Question]
    assigned: list[OpenAssignment]
    overdue: list[Standing]
    next_review: ReviewDay | None

    @property
    def count(self) -> int:
        lists: tuple[Sequence[object], ...] = (
            self.to_review, self.returned, self.criteria_drafts, self.responses,
            self.mentions, self.assigned, self.opinions,
        )  # fmt: skip
        return sum(len(waiting) for waiting in lists)

    def before(self, proposal: Proposal) -> Status | None:
        """The current status of the item that a proposal is about."""
        standing = self.standings.get(proposal.recommendation)
        if standing is None:
            return None
        parts = {e.id: e.status for e in standing.elements}
        return parts.get(proposal.assessment.element, standing.status)

    def needs_two(self, proposal: Proposal) -> bool:
        return needs_second_person(proposal.assessment, JudgingContext.of(self.entry.settings, proposal.at))


def inboxes_of(services: Services, person: Person) -> Iterator[RegisterInbox]:
    """One inbox for each register whose private content the person may read."""
    with services.views.connect() as db:
        entries = [e for e in catalogue.registers(db) if person.may("read", e.id)]
    for entry in entries:
        yield _inbox(services, entry, person)


def _inbox(services: Services, entry: RegisterEntry, person: Person) -> RegisterInbox:
    today: date = day_in(entry.settings.time_zone, services.clock())
    with services.accounts.work() as accounts, services.views.connect() as db:
        mentions = unseen_mentions(accounts, person.id, entry.id)
        drafts = drafts_of(accounts, person.id, entry.id)
        questions = opinions_for(accounts, entry.id, person.id)
        visibility = ProposalVisibility(accounts, entry.id, person.id)
        assignments = [a for a in open_assignments(accounts, db, entry.id) if a.person == person.id]
        known_at = last_applied_at(db)
        proposals = open_proposals(db, entry.id)
        mine = [p for p in proposals if p.proposed_by == person.id]
        hidden = visibility.hidden(proposals)
        visible = [p for p in proposals if p.assessment.id not in hidden]
        others = [p for p in visible if p.proposed_by != person.id and not p.is_returned]
        current = standings(db, entry.id, TimePair(today, known_at))
        overdue = [s for s in current.values() if s.freshness in (Freshness.STALE, Freshness.DUE)]
        schedules = catalogue.reviews(db, entry.id, known_at).values()
        facts = {i: e.facts for i, e in catalogue.recommendations(db, entry.id, known_at).items()}
        return RegisterInbox(
            entry=entry,
            today=today,
            facts=facts,
            standings=current,
            to_review=[p for p in others if not p.publish_at] if person.may("publish", entry.id) else [],
            scheduled=[p for p in visible if p.publish_at],
            returned=[p for p in mine if p.is_returned],
            sent=[p for p in mine if not p.is_returned and not p.publish_at],
            criteria_drafts=[
                c
                for c in open_criteria_drafts(db, entry.id)
                if c.author != person.id and person.may("publish", entry.id)
            ],
            responses=[
                r
                for r in proposed_responses(db, entry.id)
                if r.facts.proposed_by != person.id and person.may("publish", entry.id) and r.recommendation in facts
            ],
            mentions=[c for c in mentions if c.recommendation in facts and c.assessment not in hidden],
            drafts=drafts,
            opinions=[q for q in questions if q.recommendation in facts],
            assigned=[a for a in assignments if a.recommendation in facts],
            overdue=sorted(overdue, key=lambda s: (s.review_by or date.max, s.id)),
            next_review=next_review(schedules, today),
        )
