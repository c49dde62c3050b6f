"""The people of a register: invited, given roles, disabled."""

from flask import redirect, render_template, request, url_for
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from app.entrypoints.http.guard import allowed, current_person
from app.entrypoints.http.services import services
from app.entrypoints.http.urls import absolute_url
from app.entrypoints.staff.blueprint import staff
from app.entrypoints.staff.forms import Form
from app.entrypoints.staff.setup.registers import register_entry
from app.services.accounts import one_time_links
from app.services.accounts import people as accounts
from app.services.accounts.models import Membership, User
from app.services.accounts.permissions import StaffRole
from app.services.container import Services
from domain.errors import Refused, refusal


@staff.get("/<register:register>/people/")
@allowed("people")
def people(register: str) -> tuple[str, int]:
    return _page(services(), register, Form(role=StaffRole.ANALYST.value))


@staff.post("/<register:register>/people/")
@allowed("people", fresh=True)
def invite(register: str) -> tuple[str, int]:
    """Invite a person, or give an existing account a role here."""
    form = Form().read("email", "name", "role")
    link, waits = "", False
    with services().accounts.work() as db:
        try:
            role = _role(form["role"])
            existing = db.scalars(select(User).where(User.email == form["email"].lower())).one_or_none()
            user = existing or accounts.add_user(db, form["email"], form["name"])
            accounts.give_role(db, user, register, role)
            # The link signs in as that person in every register, so only those who may invite to all of them see it.
            waits = user.is_invited and not all(current_person().may("people", m.register) for m in user.memberships)
            if user.is_invited and not waits:
                secret = one_time_links.create_link(db, user, services().clock())
                link = absolute_url(url_for("staff.welcome", secret=secret))
        except Refused as refused:
            db.rollback()
            form.refuse(refused)
    return _page(
        services(), register, form if form.errors else Form(role=StaffRole.ANALYST.value), link=link, waits=waits
    )


@staff.post("/<register:register>/people/<ident:person>/")
@allowed("people", fresh=True)
def change_role(register: str, person: str) -> tuple[str, int] | Response:
    form = Form()
    with services().accounts.work() as db:
        try:
            role_name = request.form.get("role", "")
            accounts.give_role(
                db, accounts.find_user(db, person), register, None if role_name == "none" else _role(role_name)
            )
        except Refused as refused:
            db.rollback()
            form.refuse(refused)
    return _page(services(), register, form) if form.errors else redirect(url_for("staff.people", register=register))


def _page(services: Services, register: str, form: Form, link: str = "", waits: bool = False) -> tuple[str, int]:
    entry = register_entry(services, register)
    with services.accounts.work() as db:
        members = _members(db, register)
    values = {"members": members, "roles": list(StaffRole), "link": link, "waits": waits}
    page = render_template("accounts/people.html", entry=entry, form=form, **values)
    return page, form.status


def _members(db: Session, register: str) -> list[tuple[User, StaffRole, bool]]:
    """Returns the accounts with a role here, the role, and whether it is for all registers."""
    query = select(User, Membership).join(Membership, Membership.user_id == User.id)
    rows = db.execute(query.where(Membership.register.in_([register, accounts.ALL_REGISTERS])).order_by(User.email))
    return [(user, StaffRole(m.role), m.register == accounts.ALL_REGISTERS) for user, m in rows]


def _role(text: str) -> StaffRole:
    if text not in {r.value for r in StaffRole}:
        raise Refused(refusal("Choose a role.", field="role"))
    return StaffRole(text)
