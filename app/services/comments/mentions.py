"""Finds the people whom a text mentions with @, and the handles of people."""

import re
import unicodedata
from collections import Counter
from collections.abc import Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.services.accounts.models import Membership, User
from app.services.accounts.people import ALL_REGISTERS
from domain.errors import Refused, refusal
from domain.times import shown

_AT = re.compile(r"(?<![^\s(（])@(?=\w)")
"""An @ at the start of a word, so not within an e-mail address or after a quotation mark."""
_WORD_CONTINUES = re.compile(r"[A-Za-z0-9_]|-\w")


def handles_in(db: Session, register: str) -> dict[str, User]:
    """The people who may read a register's private content, by handle: the name, or the id if it is ambiguous."""
    role = select(Membership.user_id).where(Membership.register.in_([register, ALL_REGISTERS]))
    readers = list(db.scalars(select(User).where(User.active, User.id.in_(role)).order_by(User.name, User.person)))
    names = Counter(_handle(u.name) for u in readers)
    ids = {u.person for u in readers}
    return {
        name if name and names[name] == 1 and (name not in ids or name == u.person) else u.person: u
        for u in readers
        for name in [_handle(u.name)]
    }


def mentioned_users(text: str, by_handle: Mapping[str, User]) -> list[User]:
    """The people whom a text mentions, each once. Raises `Refused` for an unknown handle.

    The longest matching handle counts; a Korean ending may follow it.
    """
    users: dict[int, User] = {}
    problems = []
    for at in _AT.finditer(text):
        rest = text[at.end() :].casefold()
        candidates = [h for h in by_handle if rest.startswith(h) and not _WORD_CONTINUES.match(rest[len(h) :])]
        if candidates:
            user = by_handle[max(candidates, key=len)]
            users[user.id] = user
        else:
            name = re.match(r"[\w-]+", rest)
            problems.append(
                refusal(
                    "No one who can read this has the name “@{name}”. Use one of: {known}. If you do not "
                    "mean a person, put it in quotation marks.",
                    name=shown(name.group() if name else rest, 30),
                    known=", ".join(f"@{h}" for h in by_handle),
                    field="text",
                )
            )
    if problems:
        raise Refused(*problems)
    return list(users.values())


def _handle(name: str) -> str:
    """A name as one word: “Ana Kim” is ana-kim."""
    return re.sub(r"[^\w]+", "-", unicodedata.normalize("NFC", name).casefold()).strip("-")
