"""The people of a register, and the change of a role that a person saw before."""

from msgspec import Struct
from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session

from app.services.accounts.models import Membership, User
from app.services.accounts.people import give_role
from app.services.accounts.permissions import ALL_REGISTERS, NO_ROLE, ROLE_NAMES, StaffRole
from domain.errors import Conflict, NotFound, refusal


class Member(Struct, frozen=True):
    """A person with a role in a register, or in all of them."""

    user: User
    role: StaffRole
    is_everywhere: bool


def count_members(db: Session, register: str, words: str, *, invited: bool) -> int:
    return db.scalar(select(func.count()).select_from(_members(register, words, invited).subquery())) or 0


def members_of(db: Session, register: str, words: str, *, invited: bool, skip: int, limit: int) -> list[Member]:
    """The people with a role in a register or in all, by address: those who accepted, or those who are invited.

    `words` is a part of a name or an address.
    """
    query = _members(register, words, invited).order_by(User.email, Membership.register)
    rows = db.execute(query.offset(skip).limit(limit))
    return [Member(user, StaffRole(m.role), m.register == ALL_REGISTERS) for user, m in rows]


def _members(register: str, words: str = "", invited: bool | None = None) -> Select[User, Membership]:
    query = select(User, Membership).join(Membership, Membership.user_id == User.id)
    query = query.where(Membership.register.in_([register, ALL_REGISTERS]))
    if invited is not None:
        is_invited = (func.coalesce(User.password, "") == "") & User.confirmed_at.is_(None)
        query = query.where(is_invited if invited else ~is_invited)
    return query.where(_has(words)) if words else query


def _has(words: str) -> ColumnElement[bool]:
    return User.name.icontains(words, autoescape=True) | User.email.icontains(words, autoescape=True)


def count_accounts(db: Session, words: str) -> int:
    return db.scalar(select(func.count()).select_from(User).where(_has(words))) or 0


def accounts_of(db: Session, words: str, *, skip: int, limit: int) -> list[User]:
    """All accounts, by address. `words` is a part of a name or an address."""
    return list(db.scalars(select(User).where(_has(words)).order_by(User.email).offset(skip).limit(limit)))


def find_member(db: Session, register: str, person: str) -> User:
    """An account with a role in this register; ids of others lead to no address. Raises `NotFound`."""
    query = select(User).join(Membership, Membership.user_id == User.id)
    user = db.scalars(query.where(Membership.register == register, User.person == person)).one_or_none()
    if user is None:
        raise NotFound(refusal("This person has no role in this register. Invite the person with the form below."))
    return user


def find_listed(db: Session, register: str, person: str) -> User:
    """An account that the list of people of a register shows. Raises `NotFound`."""
    user: User | None = db.scalars(_members(register).where(User.person == person)).first()
    if user is None:
        raise NotFound(refusal("This person has no role in this register."))
    return user


def role_here(user: User, register: str) -> StaffRole | None:
    """The role that was given in this register; not one for all registers."""
    return next((StaffRole(m.role) for m in user.memberships if m.register == register), None)


def change_role(db: Session, user: User, register: str, role: StaffRole | None, *, seen: StaffRole | None) -> None:
    """Give a role, or remove it with None, if the person still has the role that was seen. Raises `Conflict`."""
    db.get(Membership, (user.id, register), with_for_update=True)
    now = role_here(user, register)
    if now != seen:
        raise Conflict(
            refusal(
                "The role of {name} changed after you opened the page. It is now: {role}. Look again, then decide.",
                name=user.name or user.email,
                role=ROLE_NAMES[now] if now else NO_ROLE,
            )
        )
    give_role(db, user, register, role)
