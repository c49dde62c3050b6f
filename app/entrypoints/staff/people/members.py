"""The people of a register: the list, and changes of roles."""

from datetime import datetime
from typing import Any

from flask import redirect, render_template, url_for
from msgspec import Struct
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from app.entrypoints.http.guard import allowed, current_person
from app.entrypoints.http.query_params import read_parameters
from app.entrypoints.http.services import services
from app.entrypoints.staff.blueprint import staff
from app.entrypoints.staff.confirmation import require_confirmation
from app.entrypoints.staff.forms import Form
from app.entrypoints.staff.list_pages import ROWS_PER_PAGE, list_page
from app.entrypoints.staff.people.role_changes import announce_role, announce_unchanged, role_confirmation
from app.entrypoints.staff.people.roles import parse_role_or_none, role_choices
from app.entrypoints.staff.setup.registers import register_entry
from app.presentation.i18n.localize import refusal_text
from app.services.accounts import members as accounts
from app.services.accounts.actors import Person
from app.services.accounts.invitations import invitations_of, withdraw
from app.services.accounts.models import User
from app.services.accounts.permissions import StaffRole
from app.services.container import Services
from app.services.mail.invitations import unsent_invitations
from app.services.notices.notices import notice_role
from domain.errors import Refused
from projections.catalogue.entries import RegisterEntry


class MadeLink(Struct, frozen=True):
    """The link of a new invitation, which is shown once."""

    name: str
    address: str
    until: datetime


class InvitationRow(Struct, frozen=True):
    """An open invitation. `by` is the id of who invited; empty for the operator, or if it is not known.

    Without `until` its link does not work.
    """

    member: accounts.Member
    by: str
    until: datetime | None
    why_not: str
    is_unsent: bool


@staff.get("/<register:register>/people/")
@allowed("people")
def people(register: str) -> tuple[str, int]:
    return people_page(services(), register_entry(services(), register), Form(role=StaffRole.ANALYST.value))


@staff.post("/<register:register>/people/<ident:person>/")
@allowed("people", fresh=True)
def change_role(register: str, person: str) -> tuple[str, int] | Response:
    """Change or remove a role, if the person still has the one that the page showed."""
    entry, by = register_entry(services(), register), current_person()
    form = Form(role=StaffRole.ANALYST.value).read(*(names := (f"role.{person}", f"was.role.{person}")))
    with services().accounts.work() as db:
        try:
            role, seen = (parse_role_or_none(form[name]) for name in names)
            user = accounts.find_member(db, register, person)
            before = accounts.role_here(user, register)
            if before and before == seen != role:
                require_confirmation(role_confirmation(user, entry, before, role), entry=entry)
            accounts.change_role(db, user, register, role, seen=seen)
            _announce(services(), db, user, entry, role, seen, by)
            if role is None and user.is_invited:
                withdraw(db, user, register, services().clock())
        except Refused as refused:
            db.rollback()
            form.refuse(refused)
    if form.errors:
        return people_page(services(), entry, form)
    return redirect(url_for("staff.people", register=register) if user.person != by.id else url_for("staff.home"))


def _announce(
    services: Services,
    db: Session,
    user: User,
    entry: RegisterEntry,
    role: StaffRole | None,
    seen: StaffRole | None,
    by: Person,
) -> None:
    if role and role == seen:
        announce_unchanged(user, role, everywhere=False)
        return
    if role:
        notice_role(db, user, entry.id, role, by=by.id, now=services.clock())
    announce_role(services, db, user, role, by)


def people_page(services: Services, entry: RegisterEntry, form: Form, link: MadeLink | None = None) -> tuple[str, int]:
    """The people with their roles, the open invitations, and the form to invite."""
    parameters = read_parameters("page", "open", "q")
    words, register = parameters.get("q", ""), entry.id
    with services.accounts.work() as db:
        total, invited = (accounts.count_members(db, register, words, invited=i) for i in (False, True))
        of: dict[str, Any] = {"register": register, "q": words or None}
        page = list_page("staff.people", total, parameters.get("page", ""), **of)
        open_page = list_page("staff.people", invited, parameters.get("open", ""), parameter="open", **of)
        values = {
            "members": accounts.members_of(db, register, words, invited=False, skip=page.skip, limit=ROWS_PER_PAGE),
            "invitations": _invitations(services, db, register, words, open_page.skip),
            "made_link": link,
            "sends_mail": bool(services.settings.smtp_url),
        }
    values |= {"page": page, "open_page": open_page, "words": words, "roles": role_choices()}
    return render_template("accounts/people.html", entry=entry, form=form, **values), form.status


def _invitations(services: Services, db: Session, register: str, words: str, skip: int) -> list[InvitationRow]:
    members = accounts.members_of(db, register, words, invited=True, skip=skip, limit=ROWS_PER_PAGE)
    users = [m.user for m in members]
    links, unsent = invitations_of(db, users, services.clock()), unsent_invitations(db, users, register)
    return [
        InvitationRow(
            member=m,
            by=link.made_by if link else unsent.get(m.user.id, ""),
            until=link.until if link and not link.why_not else None,
            why_not=refusal_text(link.why_not) if link and link.why_not else "",
            is_unsent=link is None and m.user.id in unsent,
        )
        for m in members
        for link in [links.get(m.user.id)]
    ]
