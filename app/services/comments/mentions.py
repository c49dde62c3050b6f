"""Finds the people whom a text mentions with @, and the handles of people."""

import re
import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence

from msgspec import Struct
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.services.accounts.models import Membership, User
from app.services.accounts.permissions import ALL_REGISTERS

_AT = re.compile(r"(?<![^\s(（,;、·])@(?=\w)")
"""An @ at the start of a word, so not within an e-mail address or after a quotation mark."""
_WORD_CONTINUES = re.compile(r"[A-Za-z0-9_]|-\w")
_IS_ADDRESS = re.compile(r"[\w.+-]+@\w")
"""What follows the @ of “@ana@example.social”, which is an address elsewhere."""


class Reader(Struct, frozen=True):
    """A person who may read the private content of a register."""

    user_id: int
    person: str
    name: str


class Mentions(Struct, frozen=True):
    """The people whom a text mentions, each once, and the names that are no one's; those stay plain text."""

    readers: tuple[Reader, ...] = ()
    unknown: tuple[str, ...] = ()


def handles_in(db: Session, register: str) -> dict[str, Reader]:
    """The people who may read a register's private content, by handle: the name, or the id if it is ambiguous."""
    role = select(Membership.user_id).where(Membership.register.in_([register, ALL_REGISTERS]))
    query = select(User.id, User.person, User.name).where(User.active, User.id.in_(role))
    readers = [Reader(*row) for row in db.execute(query.order_by(User.name, User.person))]
    names = Counter(_handle(u.name) for u in readers)
    ids = {u.person for u in readers}
    return {
        name if name and names[name] == 1 and (name not in ids or name == u.person) else u.person: u
        for u in readers
        for name in [_handle(u.name)]
    }


def search_handles(by_handle: Mapping[str, Reader], words: str) -> list[tuple[str, str]]:
    """Handles with the names of their people: those that begin with the words, then those that contain them."""
    start, text = _handle(words), unicodedata.normalize("NFC", words).casefold().strip()
    matches = [(h, r.name or r.person) for h, r in by_handle.items() if start in h or text in r.name.casefold()]
    return sorted(matches, key=lambda match: not (match[0].startswith(start) or match[1].casefold().startswith(text)))


def find_mentions(text: str, by_handle: Mapping[str, Reader]) -> Mentions:
    """The longest matching handle counts; a Korean ending may follow it."""
    readers: dict[int, Reader] = {}
    unknown: list[str] = []
    for at in _AT.finditer(text):
        rest = text[at.end() :].casefold()
        if _IS_ADDRESS.match(rest):
            continue
        candidates = [h for h in by_handle if rest.startswith(h) and not _WORD_CONTINUES.match(rest[len(h) :])]
        if candidates:
            reader = by_handle[max(candidates, key=len)]
            readers[reader.user_id] = reader
        else:
            unknown += re.findall(r"^[\w-]{1,40}", text[at.end() :])
    return Mentions(tuple(readers.values()), tuple(dict.fromkeys(unknown)))


def names_of(readers: Sequence[Reader], without: int) -> list[str]:
    """Who is told about a comment by the person with this account."""
    return [reader.name or reader.person for reader in readers if reader.user_id != without]


def _handle(name: str) -> str:
    """A name as one word: “Ana Kim” is ana-kim."""
    return re.sub(r"[^\w]+", "-", unicodedata.normalize("NFC", name).casefold()).strip("-")
