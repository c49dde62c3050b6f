"""After a proposal is sent: who is told, the way back, and how its author takes it back."""

from flask import redirect, url_for
from sqlalchemy import select
from werkzeug.wrappers import Response

from app.entrypoints.http.guard import allowed, current_person
from app.entrypoints.http.services import services
from app.entrypoints.staff.blueprint import staff
from app.entrypoints.staff.hidden_proposals import blindness
from app.entrypoints.staff.outcomes import Undo, announce
from app.presentation.i18n.localize import refusal_text
from app.presentation.i18n.translation import _, ngettext
from app.services.accounts.actors import Person
from app.services.accounts.models import User
from app.services.accounts.people import person_of
from app.services.container import Services
from domain import commands as c
from domain.errors import NotFound, Refused, refusal
from projections.worklist.queries import open_proposal

MAX_NAMES = 3
"""How many people the banner names."""


@staff.post("/<register:register>/proposals/<ident:assessment>/take-back/")
@allowed("propose")
def take_back(register: str, assessment: str) -> Response:
    """Takes an own proposal back, to its form."""
    container, person = services(), current_person()
    with container.views.connect() as db:
        found = open_proposal(db, register, assessment)
    if found is None:
        raise NotFound(refusal("It has been decided already."))
    blindness(container, person, register).refuse(found)
    try:
        command = c.TakeBackAssessment(register, recommendation=found.recommendation, assessment=assessment)
        container.execute_for(person, command)
    except Refused as refused:
        announce(_("You cannot take it back."), *(str(refusal_text(r)) for r in refused.refusals), icon="stop")
        return redirect(url_for("staff.proposal", register=register, assessment=assessment))
    announce(_("You took it back."), _("No one decides on it until you send it again."))
    page = url_for("staff.propose", register=register, recommendation=found.recommendation, revise=assessment)
    return redirect(page)


def announce_sent(services: Services, person: Person, register: str, proposal_id: str) -> None:
    address = url_for("staff.proposal", register=register, assessment=proposal_id)
    undo = Undo(url_for("staff.take_back", register=register, assessment=proposal_id), _("Take it back"))
    details = (_told(services, person, register), _("You can change it until one of them decides."))
    announce(_("Sent to a second person."), *details, links=[(_("See the proposal"), address)], undo=undo)


def way_back(page: str) -> str:
    """The staff page that a person came from; empty if it is none to return to."""
    is_staff = page.startswith("/staff/") and "\\" not in page and "//" not in page
    return page if is_staff and not page.endswith("/propose/") and not page.startswith("/staff/sign-in") else ""


def _told(services: Services, person: Person, register: str) -> str:
    """Who sees it among what they have to review."""
    with services.accounts.work() as db:
        users = db.scalars(select(User).where(User.active).order_by(User.name, User.person))
        names = [u.name for u in users if u.person != person.id and person_of(u).may("publish", register)]
    if not names:
        return _("No one else here may publish it yet.")
    shown, others = ", ".join(names[:MAX_NAMES]), len(names) - MAX_NAMES
    if others > 0:
        return ngettext(
            "%(names)s and %(num)d other are told.", "%(names)s and %(num)d others are told.", others, names=shown
        )
    return ngettext("%(names)s is told.", "%(names)s are told.", len(names), names=shown)
