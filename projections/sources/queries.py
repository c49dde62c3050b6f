"""The sources of a register by address and by words. Each query reads an index or one page."""

from collections.abc import Collection, Iterable

from msgspec import Struct
from sqlalchemy import ColumnElement, Connection, func, select

from domain.text import comparable_address, comparable_source
from projections.sources.tables import citations, sources

ADDRESSES_PER_QUERY = 500
MAX_WORDS_LENGTH = 200
"""More characters than this are not searched for."""


class SourcePage(Struct, frozen=True):
    """The ids of one page, newest first, and how many sources match."""

    ids: tuple[str, ...]
    total: int


def find_by_address(db: Connection, register: str, addresses: Iterable[str]) -> dict[str, str]:
    """The ids of the sources with some addresses, by comparable address; of several the first that was added."""
    wanted = sorted({comparable_address(address) for address in addresses} - {""})
    found: dict[str, str] = {}
    for start in range(0, len(wanted), ADDRESSES_PER_QUERY):
        query = select(sources.c.address, sources.c.evidence, sources.c.position).where(
            sources.c.register == register, sources.c.address.in_(wanted[start : start + ADDRESSES_PER_QUERY])
        )
        # Sorted here: an order by position would make the database read the whole register by its index on positions.
        for row in sorted(db.execute(query), key=lambda row: row.position):
            found.setdefault(row.address, row.evidence)
    return found


def find_by_facts(db: Connection, register: str, title: str, publisher: str, published_on: str) -> str:
    """The id of the first source with a title, publisher and day; empty if there is none, or if one is not given."""
    same = comparable_source(title, publisher, published_on)
    query = select(sources.c.evidence).where(sources.c.register == register, sources.c.same == same)
    return (db.scalar(query.order_by(sources.c.position).limit(1)) if same else None) or ""


def citing_positions(db: Connection, register: str, evidence: str, *, skip: int, limit: int) -> list[int]:
    """The positions of some events that cite a source, newest first."""
    c = citations.c
    query = select(c.position).where(c.register == register, c.evidence == evidence).order_by(c.position.desc())
    return list(db.scalars(query.offset(skip).limit(limit)))


def cites(register: str, position: ColumnElement[int]) -> ColumnElement[bool]:
    """Whether the event at a position cites a source, as part of a query."""
    c = citations.c
    return select(c.position).where(c.register == register, c.position == position).exists()


def search_sources(
    db: Connection, register: str, words: str, *, skip: int = 0, limit: int, without: Collection[str] = ()
) -> SourcePage:
    """The sources whose titles, publisher, id or address contain all the words."""
    where: list[ColumnElement[bool]] = [sources.c.register == register]
    where += [sources.c.words.contains(word, autoescape=True) for word in words[:MAX_WORDS_LENGTH].lower().split()]
    if without:
        where.append(sources.c.evidence.not_in(list(without)))
    query = select(sources.c.evidence).where(*where).order_by(sources.c.position.desc())
    ids = tuple(db.scalars(query.offset(skip).limit(limit)))
    return SourcePage(ids, db.scalar(select(func.count()).select_from(sources).where(*where)) or 0)
