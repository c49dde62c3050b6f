"""What waits for me: to review, returned to me, to approve, stale or due; and the reviews that come up."""

from datetime import date

from flask import render_template
from msgspec import Struct
from sqlalchemy import Connection

from app.accounts.guard import SIGNED_IN, allowed, current_person
from app.accounts.people import Person
from app.public.reviews import ReviewDay, next_review
from app.staff.blueprint import staff
from app.web.asking import applied
from app.web.services import services
from domain.facts import RecommendationFacts
from domain.times import day_in
from domain.words import Freshness
from projections.catalogue import queries as catalogue
from projections.catalogue.entries import RegisterEntry
from projections.scorecards.answers import Pair, Standing
from projections.scorecards.queries import standings
from projections.worklist.queries import CardDraft, Proposal, open_cards, open_proposals

MOST = 12
"""How many of each kind are shown here; the register's own pages have all."""


class Waiting(Struct, frozen=True):
    """What waits in one register for one person."""

    entry: RegisterEntry
    facts: dict[str, RecommendationFacts]
    to_review: list[Proposal]
    returned: list[Proposal]
    mine: list[Proposal]
    cards: list[CardDraft]
    late: list[Standing]
    next_review: ReviewDay | None

    @property
    def count(self) -> int:
        return len(self.to_review) + len(self.returned) + len(self.cards)


@staff.get("/")
@allowed(SIGNED_IN)
def home() -> str:
    person = current_person()
    with services().views.connect() as db:
        waiting = [_waiting(db, e, person) for e in catalogue.registers(db) if person.may("read", e.id)]
    return render_template("staff/home.html", waiting=waiting, most=MOST)


def _waiting(db: Connection, entry: RegisterEntry, person: Person) -> Waiting:
    known = applied(db)
    today: date = day_in(entry.settings.time_zone, services().clock())
    proposals = open_proposals(db, entry.id)
    mine = [p for p in proposals if p.proposed_by == person.id]
    others = [p for p in proposals if p.proposed_by != person.id and not p.is_returned]
    held = standings(db, entry.id, Pair(today, known)).values()
    late = [s for s in held if s.freshness in (Freshness.STALE, Freshness.DUE)]
    schedules = catalogue.reviews(db, entry.id, known).values()
    return Waiting(
        entry=entry,
        facts={i: e.facts for i, e in catalogue.recommendations(db, entry.id, known).items()},
        to_review=others if person.may("publish", entry.id) else [],
        returned=[p for p in mine if p.is_returned],
        mine=[p for p in mine if not p.is_returned],
        cards=[c for c in open_cards(db, entry.id) if c.author != person.id and person.may("publish", entry.id)],
        late=sorted(late, key=lambda s: (s.review_by or date.max, s.id)),
        next_review=next_review(schedules, today),
    )
