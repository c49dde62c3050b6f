"""People: add, give roles, disable, remove. The log is never changed."""

import re
import secrets
from collections.abc import Collection

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from app.services.accounts.actors import Person
from app.services.accounts.database import affected_rows
from app.services.accounts.models import FormerName, Membership, User
from app.services.accounts.permissions import ALL_REGISTERS, StaffRole
from app.services.accounts.person_data import person_data_of
from domain.errors import NotFound, Refused, refusal
from domain.text import valid_name

_ATOM = r"(?!=\?)[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LABEL = r"[^\W_](?:[\w-]{0,61}[^\W_])?"
_EMAIL = re.compile(rf"(?=.{{1,64}}@.{{1,190}}$){_ATOM}(?:\.{_ATOM})*@{_LABEL}(?:\.{_LABEL})*")
"""Only the plain form: with comments, groups, quotes or encoded words, one mailbox has any number of spellings."""
_PERSON = re.compile(r"[a-z0-9][a-z0-9-]{0,79}")


def person_of(user: User) -> Person:
    roles = {m.register: StaffRole(m.role) for m in user.memberships}
    return Person(user.person, user.name or user.person, roles, user.language, user.uses_shortcuts)


def is_email(text: str) -> bool:
    """Whether a text looks like an e-mail address."""
    return bool(_EMAIL.fullmatch(text))


def find_user(session: Session, key: str) -> User:
    """Find an account by e-mail address or person id. Raises `NotFound`."""
    query = select(User).where((User.email == key.strip().lower()) | (User.person == key.strip()))
    user = session.scalars(query).one_or_none()
    if user is None:
        raise NotFound(refusal("There is no account “{key}”.", key=key[:80]))
    return user


def find_person(session: Session, ident: str) -> Person | None:
    """A person by id; None if there is no such account or it is disabled."""
    user = session.scalars(select(User).where(User.person == ident, User.active)).one_or_none()
    return person_of(user) if user else None


def add_user(session: Session, email: str, name: str = "", person: str = "") -> User:
    """Add an account that cannot sign in yet. `person` claims an id that the record already uses."""
    email, person = email.strip().lower(), person.strip() or f"p-{secrets.token_hex(5)}"
    name, problems = valid_name(name), []
    if not email:
        problems.append(refusal("Enter an e-mail address.", field="email"))
    elif not is_email(email):
        problems.append(refusal("“{email}” is not an e-mail address.", email=email[:80], field="email"))
    if not _PERSON.fullmatch(person):
        problems.append(
            refusal(
                "“{person}” is not an id. Use lower-case letters, digits and hyphens, at most 80.",
                person=person[:90],
                field="person",
            )
        )
    if session.scalars(select(User).where(User.email == email)).first():
        problems.append(refusal("There is already an account for “{email}”.", email=email, field="email"))
    if session.scalars(select(User).where(User.person == person)).first():
        problems.append(refusal("The id “{person}” belongs to another account.", person=person, field="person"))
    if problems:
        raise Refused(*problems)
    user = User(
        email=email,
        person=person,
        name=name,
        active=True,
        fs_uniquifier=secrets.token_hex(32),
        password=None,
    )
    session.execute(delete(FormerName).where(FormerName.person == person))  # a person who returns chooses again
    session.add(user)
    session.flush()
    return user


def give_role(session: Session, user: User, register: str, role: StaffRole | None) -> None:
    """Give a role in a register, or remove it with None. Raises `Refused` for the last administrator."""
    membership = session.get(Membership, (user.id, register))
    if membership and membership.role == StaffRole.ADMINISTRATOR and role is not StaffRole.ADMINISTRATOR:
        _refuse_last_administrator(session, user, [register])
    if role is None:
        if membership:
            user.memberships.remove(membership)
            session.flush()  # so that the same role is not found again
    elif membership:
        membership.role = role.value
    else:
        user.memberships.append(Membership(user_id=user.id, register=register, role=role.value))


def disable_user(session: Session, user: User) -> None:
    """Disable an account; its sessions end at their next request."""
    _refuse_last_administrator(session, user, [m.register for m in user.memberships])
    user.active = False
    user.fs_uniquifier = secrets.token_hex(32)


def remove_user(session: Session, user: User, *, erase: bool) -> None:
    """Remove an account. The record keeps the id and, unless `erase`, the public name.

    Cancels second opinions that the person has not given. Comments stay, or are erased with the name.
    """
    _refuse_last_administrator(session, user, [m.register for m in user.memberships])
    for data in person_data_of(session):
        data.leave(session, user.person)
    if erase:
        erase_data(session, user.person)
    elif user.shows_name and user.name:
        session.merge(FormerName(person=user.person, name=user.name))
    session.delete(user)


def erase_person(session: Session, person: str) -> None:
    """Erase the name and the comments of a person who has left. Raises `Refused`, `NotFound`."""
    if session.scalars(select(User).where(User.person == person)).first():
        raise Refused(
            refusal("“{person}” has an account. Remove the account and erase the name with it.", person=person)
        )
    if not erase_data(session, person):
        raise NotFound(refusal("There is nothing stored about “{person}” to erase.", person=person[:80]))


def erase_data(session: Session, person: str) -> bool:
    """Erase what is stored about a person beside the account; returns whether there was any."""
    others = sum(data.erase(session, person) for data in person_data_of(session))  # some need the name
    names = affected_rows(session.execute(delete(FormerName).where(FormerName.person == person)))
    return bool(names + others)


def count_former_names(session: Session) -> int:
    return session.scalar(select(func.count()).select_from(FormerName)) or 0


def former_names(session: Session, *, skip: int, limit: int) -> list[FormerName]:
    """The public names of people who have left, by name."""
    query = select(FormerName).order_by(FormerName.name, FormerName.person)
    return list(session.scalars(query.offset(skip).limit(limit)))


def names_for_staff(session: Session, people: Collection[str]) -> dict[str, str]:
    """The names that colleagues see, of some people by id: of the account, else the former name."""
    ids = sorted(people)
    former = select(FormerName.person, FormerName.name).where(FormerName.person.in_(ids))
    current = select(User.person, User.name).where(User.person.in_(ids), User.name != "")
    return {row.person: row.name for query in (former, current) for row in session.execute(query)}


def _refuse_last_administrator(session: Session, user: User, registers: list[str]) -> None:
    if ALL_REGISTERS not in registers:
        return
    administrators = select(User).join(Membership, User.id == Membership.user_id)
    administrators = administrators.where(
        Membership.register == ALL_REGISTERS, Membership.role == StaffRole.ADMINISTRATOR.value, User.active
    )
    locked = session.scalars(administrators.with_for_update(of=Membership))  # two that leave at once see each other
    if not any(u.id != user.id and not u.is_invited for u in locked):
        raise Refused(refusal("This is the last administrator. Make another person an administrator first."))
