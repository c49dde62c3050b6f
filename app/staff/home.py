"""What waits for me: to review, returned to me, to approve, to answer, stale or due; and the reviews that come up."""

from flask import render_template

from app.accounts.guard import SIGNED_IN, allowed, current_person
from app.accounts.people import names_for_staff
from app.staff.blueprint import staff
from app.staff.waiting import waiting_for
from app.web.services import services

MOST = 12
"""How many of each kind are shown here; the register's own pages have all."""


@staff.get("/")
@allowed(SIGNED_IN)
def home() -> str:
    waiting = list(waiting_for(services(), current_person()))
    with services().accounts.work() as db:
        others = {c.author for w in waiting for c in w.mentions} | {a.by for w in waiting for a in w.assigned}
        names = names_for_staff(db, others)
    return render_template("staff/home.html", waiting=waiting, names=names, most=MOST)
