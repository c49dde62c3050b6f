"""Compares two scorecards, and separates what was learned from what changed in the world (section 8)."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import date, datetime
from functools import cache
from typing import Protocol

from msgspec import Struct
from msgspec.structs import replace
from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    Subquery,
    and_,
    case,
    func,
    literal,
    not_,
    or_,
    select,
    union_all,
)

from domain.codes import Status
from domain.ordering import natural_key
from domain.times import to_microseconds
from projections.scorecards.queries import number_of
from projections.scorecards.results import DIRECTIONS, CausingAssessment, ComparisonRow, TimePair
from projections.scorecards.status_codes import STATUS_MASK, graded_status, meaning_of
from projections.scorecards.tables import assessments, earlier_items, items, spans

NAMES_PER_QUERY = 500
CODES = 1 << 16
"""No code of a span is as large."""
GRADE_BITS = 10
"""A grade and one fit in so many bits: three of them make the number of a move."""


class WhenRecommended(Struct, frozen=True):
    """Instead of a first day: each recommendation on the day it was recommended, as known at an instant."""

    known_at: datetime


FirstDay = TimePair | WhenRecommended


class Move(Struct, frozen=True):
    """From which status to which, and how many recommendations: a and b on the first day, c on the second.

    `a` is as known at the first instant, `b` and `c` at the second; None is not on that scorecard.
    """

    a: Status | None
    b: Status | None
    c: Status | None
    direction: str
    number: int
    key: int
    """Of this move among all."""

    @property
    def learned(self) -> bool:
        return self.a is not self.b

    @property
    def changed(self) -> bool:
        return self.b is not self.c

    @property
    def is_first_assessed(self) -> bool:
        """On both scorecards and not assessed on the first day, which is no change of the world."""
        return self.b is Status.NOT_ASSESSED and self.direction == "level"


class Moved(Struct, frozen=True):
    """A recommendation by its number, its move and the day on which its status on the second day began."""

    rec_no: int
    key: int
    since: int


class Moves(Struct, frozen=True):
    """A comparison in numbers. `rows` has a place for each recommendation, the latest change first; it is empty where
    only the numbers were read."""

    moves: tuple[Move, ...]
    rows: tuple[Moved, ...]

    @property
    def total(self) -> int:
        """The recommendations on either scorecard."""
        return sum(move.number for move in self.moves)

    @property
    def counts(self) -> dict[str, int]:
        return {d: sum(move.number for move in self.moves if move.direction == d) for d in DIRECTIONS}

    @property
    def first_assessed(self) -> int:
        return sum(move.number for move in self.moves if move.is_first_assessed)

    @property
    def first_known(self) -> int:
        """Those that only the second instant puts on the scorecard of the first day."""
        return sum(move.number for move in self.moves if move.learned and move.a is None)

    @property
    def learned(self) -> int:
        """Those of the first scorecard about which something was learned or corrected."""
        return sum(move.number for move in self.moves if is_learned(move))


class Comparison(Struct, frozen=True):
    """Rows by theme and id, and how many there are of each direction."""

    first: FirstDay
    second: TimePair
    rows: tuple[ComparisonRow, ...]

    @property
    def counts(self) -> dict[str, int]:
        return {d: sum(row.direction == d for row in self.rows) for d in DIRECTIONS}


class Ranked(Protocol):
    """A status with its rank, by the methodology that it was assessed under."""

    @property
    def status(self) -> Status: ...

    @property
    def rank(self) -> int | None: ...


class Graded(Struct, frozen=True):
    """A status with its rank."""

    status: Status
    rank: int | None


def is_learned(move: Move | ComparisonRow) -> bool:
    """Whether what is published about a recommendation of the first scorecard is not what it was."""
    return move.learned and move.a is not None


def direction(b: Ranked | None, c: Ranked | None) -> str:
    """The direction from b to c; c is None where the recommendation left the scorecard."""
    if c is None:
        return "removed"
    if b is None:
        return "added"
    if b.status is c.status:
        return "unchanged"
    if c.status is Status.REVERSED:
        return "reversed"
    if b.rank is None or c.rank is None or b.rank == c.rank:
        return "level"
    return "up" if c.rank > b.rank else "down"


def count_moves(db: Connection, register: str, first: FirstDay, second: TimePair) -> Moves:
    """How many recommendations made each move, without their rows."""
    moves = moves_between(number_of(db, register), first, second)
    numbers = db.execute(select(moves.c.move, func.count().label("n")).group_by(moves.c.move).order_by(moves.c.move))
    return Moves(tuple(replace(_move_of(row.move), number=row.n) for row in numbers), ())


def read_moves(db: Connection, register: str, first: FirstDay, second: TimePair) -> Moves:
    """How many recommendations made each move, and which."""
    found = db.execute(select(moves_between(number_of(db, register), first, second))).all()
    rows = [Moved(*row) for row in found]
    rows.sort(key=lambda row: (-row.since, row.rec_no))
    numbers = Counter(row.key for row in rows)
    return Moves(tuple(replace(_move_of(key), number=n) for key, n in sorted(numbers.items())), tuple(rows))


def compare(db: Connection, register: str, first: FirstDay, second: TimePair) -> Comparison:
    """Every recommendation on either scorecard, with its status on both and the assessments that changed it."""
    register_no = number_of(db, register)
    moves = moves_between(register_no, first, second)
    found = db.execute(
        select(moves, items.c.recommendation, items.c.theme).join(items, items.c.item_no == moves.c.rec_no)
    ).all()
    themes = {row.rec_no: row.theme for row in found} | _earlier_themes(db, register_no, second)
    found = sorted(found, key=lambda row: (natural_key(themes[row.rec_no]), natural_key(row.recommendation)))
    named = [(row.rec_no, row.recommendation, _move_of(row.move)) for row in found]
    return Comparison(first, second, tuple(_rows(db, register_no, first, second, named)))


def compared_rows(
    db: Connection, register: str, first: FirstDay, second: TimePair, moved: Sequence[Moved]
) -> list[ComparisonRow]:
    """The rows of some recommendations, in their order."""
    names = _names_of(db, moved)
    found = [(m.rec_no, names[m.rec_no], _move_of(m.key)) for m in moved]
    return _rows(db, number_of(db, register), first, second, found)


def _names_of(db: Connection, moved: Sequence[Moved]) -> dict[int, str]:
    """The ids of some recommendations, by their numbers."""
    names: dict[int, str] = {}
    for start in range(0, len(moved), NAMES_PER_QUERY):
        numbers = [m.rec_no for m in moved[start : start + NAMES_PER_QUERY]]
        found = db.execute(select(items.c.item_no, items.c.recommendation).where(items.c.item_no.in_(numbers)))
        names |= {row.item_no: row.recommendation for row in found}
    return names


def changed_rows(
    db: Connection, register: str, first: FirstDay, second: TimePair, *, skip: int, limit: int
) -> tuple[list[ComparisonRow], int]:
    """The rows of some recommendations that have another status or read otherwise, the latest change first, and how
    many there are."""
    moves = moves_between(number_of(db, register), first, second)
    part = (1 << GRADE_BITS) - 1
    was, learned, now = (_status_in(moves.c.move.op(">>")(GRADE_BITS * place).op("&")(part)) for place in (2, 1, 0))
    found = select(moves, func.count().over().label("total")).where(or_(was != learned, learned != now))
    rows = db.execute(found.order_by(moves.c.since.desc(), moves.c.rec_no).offset(skip).limit(limit)).all()
    total = rows[0].total if rows else 0
    return compared_rows(db, register, first, second, [Moved(r.rec_no, r.move, r.since) for r in rows]), total


def _status_in(grade: ColumnElement[int]) -> ColumnElement[int]:
    """The number of the status in a grade and one; -1 where there is none."""
    return case((grade == 0, -1), else_=(grade - 1).op("&")(STATUS_MASK))


def moves_between(register_no: int, first: FirstDay, second: TimePair) -> Subquery:
    """Number, move and day of the last change of each recommendation on either scorecard."""
    until = second.as_of
    if first.known_at == second.known_at:
        parts = [_graded(_on_first(register_no, first, first.known_at, until), a=True, b=True)]
    else:
        parts = [
            _graded(_on_first(register_no, first, first.known_at, until), a=True),
            _graded(_on_first(register_no, first, second.known_at, until), b=True),
        ]
    parts.append(_graded(_on_day(register_no, second), c=True))
    s = union_all(*parts).subquery()
    a, b, c = func.max(s.c.a), func.max(s.c.b), func.max(s.c.c)
    move = (a * (1 << GRADE_BITS) + b) * (1 << GRADE_BITS) + c
    since = func.max(s.c.since)
    query = select(s.c.rec_no, move.label("move"), since.label("since")).group_by(s.c.rec_no)
    return query.having(or_(a > 0, c > 0)).subquery()


def _graded(of: Subquery, *, a: bool = False, b: bool = False, c: bool = False) -> Select[tuple[int, ...]]:
    """The grades of one scorecard, each and one, in some of the columns a, b and c; 0 in the others."""
    grade, zero = (of.c.code.op(">>")(2) + 1), literal(0)
    return select(
        of.c.rec_no,
        (grade if a else zero).label("a"),
        (grade if b else zero).label("b"),
        (grade if c else zero).label("c"),
        (func.coalesce(of.c.since, 0) if c else zero).label("since"),
    )


def _on_first(register_no: int, first: FirstDay, known_at: datetime, until: date) -> Subquery:
    """The first scorecard as known at an instant; `until` is the day after which nothing counts as recommended."""
    if isinstance(first, TimePair):
        return _on_day(register_no, TimePair(first.as_of, known_at))
    of = _known(register_no, known_at).where(spans.c.effective_from <= until.toordinal()).subquery()
    earliest = func.min(of.c.effective_from * CODES + of.c.code) % CODES
    return select(of.c.rec_no, earliest.label("code"), literal(0).label("since")).group_by(of.c.rec_no).subquery()


def _on_day(register_no: int, at: TimePair) -> Subquery:
    day = at.as_of.toordinal()
    return _known(register_no, at.known_at).where(spans.c.effective_to > day, spans.c.effective_from <= day).subquery()


def _known(register_no: int, known_at: datetime) -> Select[tuple[int, ...]]:
    """What stands on scorecards as known at an instant, on all days."""
    instant = to_microseconds(known_at)
    return select(spans.c.rec_no, spans.c.code, spans.c.since, spans.c.effective_from).where(
        *(spans.c.register_no == register_no, spans.c.level == 0),
        *(spans.c.known_from <= instant, spans.c.known_to > instant),
    )


@cache
def _move_of(key: int) -> Move:
    part = (1 << GRADE_BITS) - 1
    a, b, c = (_grade(key >> GRADE_BITS * place & part) for place in (2, 1, 0))
    was, learned, now = (graded.status if graded else None for graded in (a, b, c))
    return Move(was, learned, now, direction(b, c), 0, key)


def _grade(number: int) -> Graded | None:
    return Graded(graded_status(number - 1), meaning_of(number - 1).rank) if number else None


def _rows(
    db: Connection, register_no: int, first: FirstDay, second: TimePair, found: Sequence[tuple[int, str, Move]]
) -> list[ComparisonRow]:
    moved = [rec_no for rec_no, _name, move in found if move.learned or move.changed]
    causes = read_causes(db, register_no, first, second, moved)
    return [
        ComparisonRow(
            id=name,
            a=move.a,
            b=move.b,
            c=move.c,
            direction=move.direction,
            learned=move.learned,
            changed=move.changed,
            assessments=tuple(causes[rec_no]),
        )
        for rec_no, name, move in found
    ]


def _earlier_themes(db: Connection, register_no: int, second: TimePair) -> dict[int, str]:
    """The themes, as known at an instant, of the recommendations that are described otherwise now."""
    instant = to_microseconds(second.known_at)
    query = select(earlier_items.c.item_no, earlier_items.c.theme).where(
        *(earlier_items.c.register_no == register_no, earlier_items.c.element == ""),
        *(earlier_items.c.known_from <= instant, earlier_items.c.known_to > instant),
    )
    return {row.item_no: row.theme for row in db.execute(query)}


def read_causes(
    db: Connection, register_no: int, first: FirstDay, second: TimePair, rec_nos: Sequence[int]
) -> dict[int, list[CausingAssessment]]:
    """The assessments that are candidates at exactly one of the two times, by recommendation."""
    causes: dict[int, list[CausingAssessment]] = defaultdict(list)
    for start in range(0, len(rec_nos), NAMES_PER_QUERY):
        part = rec_nos[start : start + NAMES_PER_QUERY]
        query = select(assessments.c.rec_no, assessments.c.assessment, assessments.c.reason)
        if isinstance(first, TimePair):
            first_day: ColumnElement[int] | int = first.as_of.toordinal()
        else:
            begun = _days_begun(register_no, (first.known_at, second.known_at), part)
            query = query.outerjoin(begun, begun.c.rec_no == assessments.c.rec_no)
            first_day = func.coalesce(begun.c.day, 0)
        one = _is_candidate(first_day, first.known_at)
        two = _is_candidate(second.as_of.toordinal(), second.known_at)
        query = query.where(assessments.c.rec_no.in_(part), or_(and_(one, not_(two)), and_(two, not_(one))))
        for row in db.execute(
            query.order_by(assessments.c.effective, assessments.c.known_from, assessments.c.assessment_no)
        ):
            causes[row.rec_no].append(CausingAssessment(row.assessment, row.reason))
    return causes


def _days_begun(register_no: int, instants: tuple[datetime, datetime], rec_nos: Sequence[int]) -> Subquery:
    """The day on which some recommendations were recommended, as known at the first instant, else at the second."""
    parts = [
        _known(register_no, at).add_columns(literal(n).label("n")).where(spans.c.rec_no.in_(rec_nos))
        for n, at in enumerate(instants)
    ]
    of = union_all(*parts).subquery()
    as_first_known = func.min(case((of.c.n == 0, of.c.effective_from)))
    day = func.coalesce(as_first_known, func.min(of.c.effective_from))
    return select(of.c.rec_no, day.label("day")).group_by(of.c.rec_no).subquery()


def _is_candidate(day: ColumnElement[int] | int, known_at: datetime) -> ColumnElement[bool]:
    instant = to_microseconds(known_at)
    return and_(
        assessments.c.effective <= day,
        assessments.c.known_from <= instant,
        assessments.c.known_to > instant,
    )
