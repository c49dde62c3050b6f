"""Responses at a pair of times: those of one recommendation, of a register, and numbers by position."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import date, datetime

from msgspec import Struct
from msgspec.structs import asdict
from sqlalchemy import ColumnElement, Connection, Select, func, select

from domain.codes import Position
from domain.times import from_microseconds, to_microseconds
from domain.values import ResponseFacts
from projections.engine.batches import OPEN_END
from projections.engine.rows import NamedRow
from projections.responses.projector import known_response
from projections.responses.spans import latest
from projections.responses.tables import responses, spans

NAMES_PER_QUERY = 500


class ResponseWithdrawal(Struct, frozen=True):
    at: datetime
    by: str
    reason: str


class ResponseRecord(Struct, frozen=True, kw_only=True):
    """A published response; `log_position` is its place in the log, `withdrawal` is set if it was known by then."""

    recommendation: str
    facts: ResponseFacts
    published_at: datetime
    published_by: str
    log_position: int
    withdrawal: ResponseWithdrawal | None = None


class PublicResponse(ResponseRecord, frozen=True, kw_only=True):
    """With its place among others: in force unless a later one of the body is about the same matter, or withdrawn."""

    is_in_force: bool


def of_recommendation(
    db: Connection, register: str, recommendation: str, as_of: date, known_at: datetime
) -> list[PublicResponse]:
    """The responses to a recommendation that were given and known by then, withdrawn ones too; oldest first."""
    c = responses.c
    query = select(responses).where(c.register == register, c.recommendation == recommendation)
    day, instant = as_of.toordinal(), to_microseconds(known_at)
    return _public(db.execute(query.where(c.given <= day, c.known_from <= instant)).all(), instant)


def of_register(
    db: Connection, register: str, as_of: date, known_at: datetime, ids: Collection[str] | None = None
) -> dict[str, list[PublicResponse]]:
    """The same for all recommendations that have any, by id; or for some."""
    c = responses.c
    day, instant = as_of.toordinal(), to_microseconds(known_at)
    query = select(responses).where(c.register == register, c.given <= day, c.known_from <= instant)
    names = None if ids is None else sorted(ids)
    parts = range(0, len(names), NAMES_PER_QUERY) if names is not None else ()
    queries = (
        [query] if names is None else [query.where(c.recommendation.in_(names[n : n + NAMES_PER_QUERY])) for n in parts]
    )
    by_recommendation: dict[str, list[NamedRow]] = defaultdict(list)
    for row in (row for part in queries for row in db.execute(part)):
        by_recommendation[row.recommendation].append(row)
    return {ident: _public(rows, instant) for ident, rows in by_recommendation.items()}


def published_after(
    db: Connection, register: str, as_of: date, known_at: datetime, position: int, limit: int
) -> list[ResponseRecord]:
    """The next responses after a position that were given and known by then, withdrawn ones too, in log order."""
    c, instant = responses.c, to_microseconds(known_at)
    query = select(responses).where(
        *(c.register == register, c.position > position), *(c.given <= as_of.toordinal(), c.known_from <= instant)
    )
    rows = db.execute(query.order_by(c.position).limit(limit))
    return [_record(row, known_response(row).facts, instant) for row in rows]


def published(db: Connection, register: str, response: str) -> PublicResponse | None:
    """One response as it is known now; None if it was never published."""
    query = select(responses).where(responses.c.register == register, responses.c.response == response)
    return next(iter(_public(db.execute(query).all(), OPEN_END - 1)), None)


def counts_by_position(db: Connection, register: str, as_of: date, known_at: datetime) -> dict[Position, int]:
    """How many recommendations have a response in force, by its position; zero where there is none."""
    query = (
        select(spans.c.stance, func.count(spans.c.recommendation.distinct()).label("n"))
        .where(*_at(register, as_of, known_at))
        .group_by(spans.c.stance)
    )
    numbers = {row.stance: row.n for row in db.execute(query)}
    return {position: numbers.get(position.value, 0) for position in Position}


def count_answered(db: Connection, register: str, as_of: date, known_at: datetime) -> int:
    """How many recommendations have a response in force."""
    query = select(func.count(spans.c.recommendation.distinct())).where(*_at(register, as_of, known_at))
    return db.scalar(query) or 0


def taking(register: str, position: Position, as_of: date, known_at: datetime) -> Select[tuple[str]]:
    """The recommendations to which a response in force takes a position, as part of a query."""
    return select(spans.c.recommendation).where(*_at(register, as_of, known_at), spans.c.stance == position.value)


def _at(register: str, as_of: date, known_at: datetime) -> tuple[ColumnElement[bool], ...]:
    c, day, instant = spans.c, as_of.toordinal(), to_microseconds(known_at)
    return (
        c.register == register,
        c.known_to > instant,
        c.effective_to > day,
        c.effective_from <= day,
        c.known_from <= instant,
    )


def _public(rows: Iterable[NamedRow], instant: int) -> list[PublicResponse]:
    known = [(known_response(row), row) for row in rows]
    in_force = {r.facts.id for r in latest(r for r, _row in known if r.known_to > instant)}
    return [
        PublicResponse(**asdict(_record(row, response.facts, instant)), is_in_force=response.facts.id in in_force)
        for response, row in sorted(known, key=lambda pair: pair[0].order)
    ]


def _record(row: NamedRow, facts: ResponseFacts, instant: int) -> ResponseRecord:
    is_withdrawn = row.known_to <= instant
    return ResponseRecord(
        recommendation=row.recommendation,
        facts=facts,
        published_at=from_microseconds(row.known_from),
        published_by=row.published_by,
        log_position=row.position,
        withdrawal=(
            ResponseWithdrawal(from_microseconds(row.known_to), row.withdrawn_by, row.withdrawn_reason)
            if is_withdrawn
            else None
        ),
    )
