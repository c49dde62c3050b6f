"""Roles in words: their names, and what each may do, where roles are given and listed."""

from flask import Flask
from msgspec import Struct

from app.presentation.i18n.localize import localized_text, refusal_text
from app.presentation.i18n.translation import _
from app.services.accounts.models import User
from app.services.accounts.permissions import ALL_REGISTERS, NO_ROLE, ROLE_MEANINGS, ROLE_NAMES, StaffRole
from app.services.container import Services
from domain.errors import Refused, refusal
from projections.catalogue import queries as catalogue

NONE = "none"
MAX_SENTENCES = 3


class RoleChoice(Struct, frozen=True):
    """A role as a choice in a form."""

    value: str
    name: str
    meaning: str


def role_choices() -> list[RoleChoice]:
    return [RoleChoice(role.value, role_name(role), role_meaning(role)) for role in StaffRole]


def parse_role(text: str) -> StaffRole:
    """Parses a role sent by a browser. Raises `Refused`."""
    if text not in set(StaffRole):
        raise Refused(refusal("Choose a role.", field="role"))
    return StaffRole(text)


def parse_role_or_none(text: str) -> StaffRole | None:
    """As `parse_role`, where “none” means no role. Raises `Refused`."""
    return None if text == NONE else parse_role(text)


def role_name(role: str | None) -> str:
    return refusal_text(ROLE_NAMES[StaffRole(role)] if role else NO_ROLE)


def role_meaning(role: str) -> str:
    """What a role may do and what it may not."""
    return refusal_text(ROLE_MEANINGS[StaffRole(role)])


def role_sentences(services: Services, user: User) -> list[str]:
    """What a person may do in each register, for the first of them."""
    with services.views.connect() as db:
        entries = {entry.id: entry for entry in catalogue.registers(db)}
    sentences = []
    for m in sorted(user.memberships, key=lambda m: m.register)[:MAX_SENTENCES]:
        words, meaning = {"role": role_name(m.role)}, role_meaning(m.role)
        if m.register in entries:
            title = localized_text(entries[m.register].settings, "title")
            sentences.append(_("Your role in “%(title)s”: %(role)s.", title=title, **words) + f" {meaning}")
        elif m.register == ALL_REGISTERS:
            sentences.append(_("Your role in every register: %(role)s.", **words) + f" {meaning}")
    return sentences


def add_role_names(app: Flask) -> None:
    app.jinja_env.filters["role_name"] = role_name
