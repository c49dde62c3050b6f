"""What a person has to do in each register, for the home page and the digest: a few of each kind, and how many."""

from collections.abc import Iterator
from datetime import date
from typing import Generic, TypeVar

from msgspec import Struct
from sqlalchemy import Connection
from sqlalchemy.orm import Session

from app.presentation.narrative.review_days import ReviewDay, next_review
from app.services.accounts.actors import Person
from app.services.accounts.assignments import OpenAssignment, open_assignments
from app.services.comments.conversation import unseen_mentions
from app.services.comments.models import Comment
from app.services.container import Services
from app.services.drafts.drafts import drafts_of
from app.services.drafts.models import Draft
from app.services.error_reports.handling import list_reports
from app.services.error_reports.models import ErrorReport
from app.services.inbox.decided import decided_lately
from app.services.inbox.first_steps import FirstSteps, first_steps_of
from app.services.inbox.workspace import reviewed_by_others
from app.services.opinions.models import Question
from app.services.opinions.requests import unanswered_questions as opinions_for
from app.services.opinions.visibility import ProposalVisibility
from domain.codes import PeerReview, Status
from domain.recommendation.judging_context import JudgingContext
from domain.recommendation.policy import needs_second_person
from domain.times import day_in
from domain.values import Element, RecommendationFacts
from projections.assessments.decisions import DecidedProposal
from projections.catalogue import queries as catalogue
from projections.catalogue.entries import RegisterEntry
from projections.engine.position import last_applied_at
from projections.scorecards import review_checks
from projections.scorecards.queries import due_counts, standings_of
from projections.scorecards.results import Standing, TimePair
from projections.worklist import inbox as work
from projections.worklist.queries import CriteriaDraft, OpenResponse, Proposal

MAX_SHOWN = 8
"""How many tasks of each kind are read; the pages of the register list all."""
T = TypeVar("T")
OfRecommendation = TypeVar("OfRecommendation", Comment, Question, OpenAssignment)


class Tasks(Struct, Generic[T], frozen=True):
    """Some tasks of a kind, and how many there are."""

    shown: list[T]
    total: int

    def __bool__(self) -> bool:
        return self.total > 0


class RegisterInbox(Struct, frozen=True):
    """What one person has to do in one register. `facts`, `parts` and `standings` are those of what is shown."""

    entry: RegisterEntry
    today: date
    facts: dict[str, RecommendationFacts]
    parts: dict[tuple[str, str], Element]
    """By the ids of their recommendation and of themselves."""
    standings: dict[str, Standing]
    to_review: Tasks[work.ProposalGroup]
    """The total is of proposals; those that were sent together are one task."""
    scheduled: Tasks[Proposal]
    returned: Tasks[Proposal]
    sent: Tasks[Proposal]
    criteria_drafts: Tasks[CriteriaDraft]
    responses: Tasks[OpenResponse]
    """Proposed responses that this person may decide on."""
    mentions: Tasks[Comment]
    drafts: Tasks[Draft]
    opinions: Tasks[Question]
    error_reports: Tasks[ErrorReport]
    assigned: Tasks[OpenAssignment]
    decided: list[DecidedProposal]
    """Proposals of this person that others decided lately."""
    late: Tasks[str]
    """Recommendations that are stale or due for review."""
    overdue: int
    """How many recommendations have a deadline that has passed."""
    next_review: ReviewDay | None
    first_steps: FirstSteps | None
    """For those who may set up a register that is being prepared."""

    @property
    def is_one_person(self) -> bool:
        return self.entry.settings.peer_review is PeerReview.NEVER

    @property
    def count(self) -> int:
        return (
            self.to_review.total + self.returned.total + self.criteria_drafts.total + self.responses.total
            + self.mentions.total + self.assigned.total + self.opinions.total + self.error_reports.total
        )  # fmt: skip

    def before(self, proposal: Proposal) -> Status | None:
        """The current status of the item that a proposal is about."""
        standing = self.standings.get(proposal.recommendation)
        if standing is None:
            return None
        parts = {e.id: e.status for e in standing.elements}
        return parts.get(proposal.assessment.element, standing.status)

    def needs_two(self, proposal: Proposal) -> bool:
        return needs_second_person(proposal.assessment, JudgingContext.of(self.entry.settings, proposal.at))


def inboxes_of(services: Services, person: Person, most: int = MAX_SHOWN) -> Iterator[RegisterInbox]:
    """One inbox for each register whose private content the person may read, with at most `most` tasks of a kind."""
    with services.views.connect() as db:
        entries = [e for e in catalogue.registers(db) if person.may("read", e.id)]
    for entry in entries:
        with services.accounts.work() as accounts, services.views.connect() as db:
            yield _InboxReader(services, accounts, db, entry, person, most).read()


class _InboxReader:
    """Reads the inbox of a person in a register."""

    def __init__(
        self, services: Services, accounts: Session, db: Connection, entry: RegisterEntry, person: Person, most: int
    ) -> None:
        self.services, self.accounts, self.db = services, accounts, db
        self.entry, self.person, self.most = entry, person, most
        self.known_at = last_applied_at(db)
        self.today: date = day_in(entry.settings.time_zone, services.clock())
        self.hidden = ProposalVisibility(accounts, entry.id, person.id)

    def read(self) -> RegisterInbox:
        db, register, me, most = self.db, self.entry.id, self.person.id, self.most
        hidden = self.hidden.items
        may_publish = self.person.may("publish", register)
        to_review: Tasks[work.ProposalGroup] = Tasks([], 0)
        criteria: Tasks[CriteriaDraft] = Tasks([], 0)
        responses: Tasks[OpenResponse] = Tasks([], 0)
        is_alone = False
        if may_publish:
            author = reviewed_by_others(self.entry, self.person, self.services.clock())
            groups = work.groups_to_review(db, register, author, hidden, most)
            to_review = Tasks(groups, work.count_to_review(db, register, author, hidden))
            criteria = Tasks(*work.criteria_to_approve(db, register, author, most))
            responses = Tasks(*work.responses_to_decide(db, register, author, most))
            is_alone = not author
        scheduled = Tasks(*work.scheduled(db, register, me, hidden, most))
        returned = Tasks(*work.returned_to(db, register, me, most))
        sent: Tasks[Proposal] = Tasks([], 0) if is_alone else Tasks(*work.sent_by(db, register, me, most))
        late = Tasks(*review_checks.late(db, register, self.today, limit=most))
        mentions, questions, assigned, drafts = self._mentions(), self._questions(), self._assigned(), self._drafts()
        decided = decided_lately(db, self.hidden, register, self.services.clock(), most)
        names = {
            *(d.recommendation for d in decided),
            *(group.first.recommendation for group in to_review.shown),
            *(p.recommendation for tasks in (scheduled, returned, sent) for p in tasks.shown),
            *(c.recommendation for c in criteria.shown),
            *(r.recommendation for r in responses.shown),
            *(c.recommendation for c in mentions.shown),
            *(q.recommendation for q in questions.shown),
            *(a.recommendation for a in assigned.shown),
            *(d.about for d in drafts.shown),
            *late.shown,
        }
        proposals = [group.first for group in to_review.shown] + returned.shown
        parts = {
            *((p.recommendation, p.assessment.element) for p in proposals if p.assessment.element),
            *((c.recommendation, c.card.element) for c in criteria.shown if c.card.element),
        }
        at = TimePair(self.today, self.known_at)
        return RegisterInbox(
            entry=self.entry,
            today=self.today,
            facts={i: e.facts for i, e in catalogue.recommendations_of(db, register, self.known_at, names).items()},
            parts=catalogue.elements_by_id(db, register, self.known_at, parts),
            standings=standings_of(db, register, at, names),
            to_review=to_review,
            scheduled=scheduled,
            returned=returned,
            sent=sent,
            criteria_drafts=criteria,
            responses=responses,
            mentions=mentions,
            drafts=drafts,
            opinions=questions,
            error_reports=self._error_reports(),
            assigned=assigned,
            decided=decided,
            late=late,
            overdue=due_counts(db, register, at).overdue,
            next_review=next_review(catalogue.reviews(db, register, self.known_at).values(), self.today),
            first_steps=first_steps_of(self.services, db, self.entry)
            if self.person.may("settings", register)
            else None,
        )

    def _mentions(self) -> Tasks[Comment]:
        """Without those on hidden proposals and on withdrawn recommendations."""
        comments = unseen_mentions(self.accounts, self.person.id, self.entry.id)
        comments = [c for c in comments if not self._is_hidden(c)]
        return self._existing(comments)

    def _is_hidden(self, comment: Comment) -> bool:
        """Whether the comment is on a proposal about an item on which the person is asked for an opinion."""
        return bool(comment.assessment) and comment.assessment in self._hidden_proposals()

    def _hidden_proposals(self) -> set[str]:
        about = self.hidden.recommendations
        return self.hidden.hidden(work.proposals_about(self.db, self.entry.id, about)) if about else set()

    def _questions(self) -> Tasks[Question]:
        return self._existing(opinions_for(self.accounts, self.entry.id, self.person.id))

    def _assigned(self) -> Tasks[OpenAssignment]:
        return self._existing(open_assignments(self.accounts, self.db, self.entry.id, person=self.person.id))

    def _drafts(self) -> Tasks[Draft]:
        drafts = drafts_of(self.accounts, self.person.id, self.entry.id)
        return Tasks(drafts, len(drafts))

    def _error_reports(self) -> Tasks[ErrorReport]:
        if not self.person.may("propose", self.entry.id):
            return Tasks([], 0)
        return Tasks(*list_reports(self.accounts, self.entry.id, is_closed=False, limit=self.most))

    def _existing(self, tasks: list[OfRecommendation]) -> Tasks[OfRecommendation]:
        """Those about recommendations that are still in the register."""
        names = {task.recommendation for task in tasks}
        known = catalogue.recommendations_of(self.db, self.entry.id, self.known_at, names)
        existing = [task for task in tasks if task.recommendation in known]
        return Tasks(existing[: self.most], len(existing))
