"""What waits in a register for one person: on their home page, and in the digest that is sent to them."""

from collections.abc import Iterator, Sequence
from datetime import date

from msgspec import Struct

from app.presentation.narrative.review_days import ReviewDay, next_review
from app.services.accounts.assignments import OpenAssignment, open_assignments
from app.services.accounts.people import Person
from app.services.comments.conversation import unseen
from app.services.comments.models import Comment
from app.services.container import Services
from app.services.drafts.drafts import drafts_of
from app.services.drafts.models import Draft
from app.services.opinions.models import Question
from app.services.opinions.requests import waiting_for as opinions_for
from app.services.opinions.visibility import Blindness
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
from projections.worklist.queries import CriteriaDraft, Proposal, open_criteria_drafts, open_proposals


class Waiting(Struct, frozen=True):
    """What waits in one register for one person."""

    entry: RegisterEntry
    today: date
    facts: dict[str, RecommendationFacts]
    held: dict[str, Standing]
    to_review: list[Proposal]
    scheduled: list[Proposal]
    returned: list[Proposal]
    mine: list[Proposal]
    cards: list[CriteriaDraft]
    mentions: list[Comment]
    drafts: list[Draft]
    opinions: list[Question]
    assigned: list[OpenAssignment]
    late: list[Standing]
    next_review: ReviewDay | None

    @property
    def count(self) -> int:
        lists: tuple[Sequence[object], ...] = (
            self.to_review, self.returned, self.cards, self.mentions, self.assigned, self.opinions,
        )  # fmt: skip
        return sum(len(waiting) for waiting in lists)

    def before(self, proposal: Proposal) -> Status | None:
        """The status that today holds for what a proposal is about."""
        standing = self.held.get(proposal.recommendation)
        if standing is None:
            return None
        parts = {e.id: e.status for e in standing.elements}
        return parts.get(proposal.assessment.element, standing.status)

    def needs_two(self, proposal: Proposal) -> bool:
        return needs_second_person(proposal.assessment, JudgingContext.of(self.entry.settings, proposal.at))


def waiting_for(of: Services, person: Person) -> Iterator[Waiting]:
    """One for each register in which the person may read what is not public."""
    with of.views.connect() as db:
        entries = [e for e in catalogue.registers(db) if person.may("read", e.id)]
    for entry in entries:
        yield _waiting(of, entry, person)


def _waiting(of: Services, entry: RegisterEntry, person: Person) -> Waiting:
    today: date = day_in(entry.settings.time_zone, of.clock())
    with of.accounts.work() as accounts, of.views.connect() as db:
        mentions = unseen(accounts, person.id, entry.id)
        drafts = drafts_of(accounts, person.id, entry.id)
        questions = opinions_for(accounts, entry.id, person.id)
        blind = Blindness(accounts, entry.id, person.id)
        given = [a for a in open_assignments(accounts, db, entry.id) if a.person == person.id]
        known = last_applied_at(db)
        proposals = open_proposals(db, entry.id)
        mine = [p for p in proposals if p.proposed_by == person.id]
        hidden = blind.hidden(proposals)
        shown = [p for p in proposals if p.assessment.id not in hidden]
        others = [p for p in shown if p.proposed_by != person.id and not p.is_returned]
        held = standings(db, entry.id, TimePair(today, known))
        late = [s for s in held.values() if s.freshness in (Freshness.STALE, Freshness.DUE)]
        schedules = catalogue.reviews(db, entry.id, known).values()
        facts = {i: e.facts for i, e in catalogue.recommendations(db, entry.id, known).items()}
        return Waiting(
            entry=entry,
            today=today,
            facts=facts,
            held=held,
            to_review=[p for p in others if not p.publish_at] if person.may("publish", entry.id) else [],
            scheduled=[p for p in shown if p.publish_at],
            returned=[p for p in mine if p.is_returned],
            mine=[p for p in mine if not p.is_returned and not p.publish_at],
            cards=[
                c
                for c in open_criteria_drafts(db, entry.id)
                if c.author != person.id and person.may("publish", entry.id)
            ],
            mentions=[c for c in mentions if c.recommendation in facts and c.assessment not in hidden],
            drafts=drafts,
            opinions=[q for q in questions if q.recommendation in facts],
            assigned=[a for a in given if a.recommendation in facts],
            late=sorted(late, key=lambda s: (s.review_by or date.max, s.id)),
            next_review=next_review(schedules, today),
        )
