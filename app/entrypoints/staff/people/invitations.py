"""Invitations into a register: made, sent again and withdrawn. They never change a role without asking."""

from flask import redirect, request, url_for
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from app.entrypoints.http.guard import allowed, current_person
from app.entrypoints.http.services import services
from app.entrypoints.http.urls import absolute_url
from app.entrypoints.staff.accepted_forms import mark_sent
from app.entrypoints.staff.blueprint import staff
from app.entrypoints.staff.confirmation import Confirmation, require_confirmation
from app.entrypoints.staff.forms import Form
from app.entrypoints.staff.outcomes import announce
from app.entrypoints.staff.people.members import MadeLink, people_page
from app.entrypoints.staff.people.role_changes import (
    announce_role,
    announce_unchanged,
    known_person_confirmation,
    shown_name,
)
from app.entrypoints.staff.people.roles import parse_role, parse_role_or_none
from app.entrypoints.staff.setup.registers import register_entry
from app.presentation.i18n.translation import _
from app.services.accounts import invitations, one_time_links
from app.services.accounts.actors import Person
from app.services.accounts.members import change_role, find_member, role_here
from app.services.accounts.models import User
from app.services.accounts.people import add_user, give_role
from app.services.accounts.permissions import ALL_REGISTERS, RANK, StaffRole
from app.services.container import Services
from app.services.mail.invitations import queue_invitation
from app.services.notices.notices import notice_role
from domain.errors import Refused, refusal
from projections.catalogue.entries import RegisterEntry

WITHDRAW = "withdraw"


@staff.post("/<register:register>/people/")
@allowed("people", fresh=True)
def invite(register: str) -> tuple[str, int] | Response:
    """Invite a person, or give a person with an account a role here."""
    entry, form = register_entry(services(), register), Form().read("email", "name", "role", "seen")
    with services().accounts.work() as db:
        try:
            link = _invite(services(), db, current_person(), entry, form)
        except Refused as refused:
            db.rollback()
            form.refuse(refused)
            return people_page(services(), entry, form)
    return _answer(services(), entry, link)


@staff.post("/<register:register>/people/<ident:person>/invitation/")
@allowed("people", fresh=True)
def change_invitation(register: str, person: str) -> tuple[str, int] | Response:
    """Send a new link, or withdraw the invitation."""
    entry, form, link = register_entry(services(), register), Form(role=StaffRole.ANALYST.value), None
    with services().accounts.work() as db:
        try:
            user = find_member(db, register, person)
            invitations.require_open(user)
            if request.form.get("action") == WITHDRAW:
                _withdraw(services(), db, user, entry)
            else:
                link = _send(services(), db, user, entry, current_person())
        except Refused as refused:
            db.rollback()
            form.refuse(refused)
            if form.errors:
                return people_page(services(), entry, form)
    return _answer(services(), entry, link)


def _answer(services: Services, entry: RegisterEntry, link: MadeLink | None) -> tuple[str, int] | Response:
    if link:
        mark_sent()
        return people_page(services, entry, Form(role=StaffRole.ANALYST.value), link=link)
    return redirect(url_for("staff.people", register=entry.id))


def _invite(services: Services, db: Session, by: Person, entry: RegisterEntry, form: Form) -> MadeLink | None:
    """Returns the link to hand over, if there is one."""
    role, register = parse_role(form["role"]), entry.id
    user = db.scalars(select(User).where(User.email == form["email"].lower())).one_or_none()
    if user is None:
        user = add_user(db, form["email"], form["name"])
        user.language = by.language
        give_role(db, user, register, role)
    elif _may_already(user, register, role):
        return None
    elif role_here(user, register) is not role:
        _give_known(db, user, entry, role, form)
        notice_role(db, user, register, role, by=by.id, now=services.clock())
        if not user.is_invited:
            announce_role(services, db, user, role, by)
            return None
    return _send(services, db, user, entry, by)


def _may_already(user: User, register: str, role: StaffRole) -> bool:
    """Whether the person needs neither the role nor a link; says so."""
    everywhere = role_here(user, ALL_REGISTERS)
    if everywhere and RANK[everywhere] >= RANK[role]:
        announce_unchanged(user, everywhere, everywhere=True)
        return True
    if role_here(user, register) is role and not user.is_invited:
        announce_unchanged(user, role, everywhere=False)
        return True
    return False


def _give_known(db: Session, user: User, entry: RegisterEntry, role: StaffRole, form: Form) -> None:
    """Always asks for an account that can sign in: an administrator of another register may have set it up."""
    here = role_here(user, entry.id)
    if here or not user.is_invited:
        require_confirmation(known_person_confirmation(user, here, role), entry=entry)
    change_role(db, user, entry.id, role, seen=parse_role_or_none(form["seen"]) if here else None)


def _send(services: Services, db: Session, user: User, entry: RegisterEntry, by: Person) -> MadeLink | None:
    """Send a new link, or return it to be handed over. Raises `Refused` for a link that only others may hold."""
    name, now = shown_name(user), services.clock()
    if services.settings.smtp_url:
        if queue_invitation(db, user, entry.id, by=by, now=now):
            announce(
                _("%(name)s is invited", name=name),
                _(
                    "An e-mail with a link goes to %(email)s within a minute. Earlier links have ended.",
                    email=user.email,
                ),
                _("If it does not arrive, check the address and the spam folder, then send it again."),
            )
        else:
            announce(
                _("An e-mail to %(email)s is on its way already", email=user.email),
                _("Nothing was changed. You can send another after five minutes."),
            )
        return None
    if not one_time_links.may_make_link(by, user):
        raise Refused(
            refusal(
                "“{email}” is also invited to another register, and a link would open both. Ask an administrator of "
                "all registers to invite this person here.",
                email=user.email,
            )
        )
    secret = one_time_links.create_link(db, user, now, by=by)
    return MadeLink(name, absolute_url(url_for("staff.welcome", secret=secret)), now + one_time_links.LINK_TTL)


def _withdraw(services: Services, db: Session, user: User, entry: RegisterEntry) -> None:
    name = shown_name(user)
    happens = (
        _("The link stops working for this register at once."),
        _("If this is the only invitation of this person, the account with the address and the name is deleted."),
        _("%(name)s gets no message about it. You can invite the same address again at any time.", name=name),
    )
    title = _("Withdraw the invitation of %(name)s?", name=name)
    question = Confirmation(title=title, about=user.email, happens=happens, button=_("Withdraw it"))
    require_confirmation(question, entry=entry)
    invitations.withdraw(db, user, entry.id, services.clock())
    announce(
        _("The invitation of %(name)s is withdrawn", name=name), _("%(name)s gets no message about it.", name=name)
    )
