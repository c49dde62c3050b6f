"""What waits for me: to review, returned to me, to approve, to answer, stale or due; reviews to come; others' work."""

from flask import render_template

from app.accounts.guard import SIGNED_IN, allowed, current_person
from app.accounts.people import names_for_staff
from app.staff.blueprint import staff
from app.staff.today import Deed, others_today
from app.staff.waiting import Waiting, waiting_for
from app.web.services import services

MOST = 8
"""How many of each kind are shown here; the register's own pages have all."""


@staff.get("/")
@allowed(SIGNED_IN)
def home() -> str:
    of, person = services(), current_person()
    waiting = list(waiting_for(of, person))
    with of.views.connect() as db:
        today = {w.entry.id: others_today(db, w.entry, person.id, of.clock()) for w in waiting}
    with of.accounts.work() as db:
        names = names_for_staff(db, {who for w in waiting for who in _people(w, today[w.entry.id])})
    return render_template("staff/home.html", waiting=waiting, today=today, names=names, most=MOST)


def _people(w: Waiting, today: list[Deed]) -> set[str]:
    """Whoever is named on the page."""
    proposals = {p.proposed_by for p in w.to_review} | {p.returned_by for p in w.returned}
    asked = {c.author for c in w.mentions} | {a.by for a in w.assigned} | {q.asked_by for q in w.opinions}
    return proposals | asked | {k.author for k in w.cards} | {d.person for d in today}
