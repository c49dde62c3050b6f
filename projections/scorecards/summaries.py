"""Who is on a scorecard with which status, without the details of a standing."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Connection, FromClause, Select, and_, func, select

from domain.codes import Status
from domain.methodology.methodology import StatusMeaning
from domain.ordering import natural_key
from domain.times import to_microseconds
from projections.engine.rows import NamedRow
from projections.scorecards.day_counts import counted_number, statuses_of_themes
from projections.scorecards.deadlines import DueFacts, due_state
from projections.scorecards.queries import NAMES_PER_QUERY, number_of, rec_nos_of
from projections.scorecards.results import StatusMark, TimePair
from projections.scorecards.status_codes import (
    CONFIDENCES,
    MOTIONS,
    grade_in,
    is_done,
    is_legacy,
    meaning_of,
    status_of,
    was_ever_done,
)
from projections.scorecards.tables import earlier_items, items, spans

MAX_NAMES = 2_000
"""Marks of more recommendations are read with those of the whole register: that is faster than by their names."""


def marks(db: Connection, register: str, at: TimePair, recommendations: Collection[str]) -> dict[str, StatusMark]:
    """What is counted of some recommendations, those that are on the scorecard. Sorted by theme and id."""
    query = _with_themes(
        at,
        items.c.recommendation,
        spans.c.code,
        spans.c.review_by,
        spans.c.due,
        spans.c.first_done,
        spans.c.motion,
        spans.c.confidence,
    )
    wanted, day = set(recommendations), at.as_of.toordinal()
    parts = _parts(db, query, register, at, wanted)
    rows = [row for part in parts for row in db.execute(part) if row.recommendation in wanted]
    rows.sort(key=lambda row: (natural_key(row.theme), natural_key(row.recommendation)))
    return {row.recommendation: _mark(row, day) for row in rows}


def _with_themes(at: TimePair, *columns: ColumnElement[Any]) -> Select[Any]:
    """What is on scorecards, with the theme of each as known at the instant."""
    instant = to_microseconds(at.known_at)
    earlier = and_(
        earlier_items.c.item_no == spans.c.item_no,
        earlier_items.c.known_from <= instant,
        earlier_items.c.known_to > instant,
    )
    return (
        select(func.coalesce(earlier_items.c.theme, items.c.theme).label("theme"), *columns)
        .select_from(spans)
        .join(items, items.c.item_no == spans.c.item_no)
        .outerjoin(earlier_items, earlier)
    )


def _parts(db: Connection, query: Select[Any], register: str, at: TimePair, wanted: set[str]) -> Iterator[Select[Any]]:
    """The query for some names, in several ones; or that for the whole register."""
    if len(wanted) > MAX_NAMES:
        yield query.where(_on_scorecard(db, register, at))
        return
    names, register_no = sorted(wanted), number_of(db, register)
    for start in range(0, len(names), NAMES_PER_QUERY):
        rec_nos = rec_nos_of(db, register_no, names[start : start + NAMES_PER_QUERY])
        yield query.where(spans.c.rec_no.in_(rec_nos), _stands_at(at, spans))


def _mark(row: NamedRow, day: int) -> StatusMark:
    grade = grade_in(row.code)
    meaning = meaning_of(grade)
    due = None
    if row.due is not None:
        due = due_state(DueFacts(row.due, row.first_done, meaning.code, is_done(grade)), day)
    return StatusMark(
        status=meaning.code,
        bucket=meaning.bucket,
        was_done=was_ever_done(row.code),
        is_stale=row.review_by is not None and row.review_by < day,
        legacy=is_legacy(row.code),
        due=due,
        motion=None if row.motion is None else MOTIONS[row.motion],
        confidence=None if row.confidence is None else CONFIDENCES[row.confidence],
    )


def statuses_by_theme(db: Connection, register: str, at: TimePair) -> dict[str, Counter[Status]]:
    """How many recommendations of each theme have which status, with the themes as known at the instant."""
    if (register_no := counted_number(db, register, at.known_at)) is not None:
        return statuses_of_themes(db, register_no, at.as_of)
    of = _with_themes(at, spans.c.code).where(_on_scorecard(db, register, at)).subquery()
    query = select(of.c.theme, of.c.code, func.count().label("n")).group_by(of.c.theme, of.c.code)
    numbers: dict[str, Counter[Status]] = defaultdict(Counter)
    for row in db.execute(query):
        numbers[row.theme][status_of(row.code)] += row.n
    return dict(numbers)


def count_begun_after(db: Connection, register: str, at: TimePair, day: date) -> int:
    """How many recommendations of a scorecard have a status that began after a day."""
    query = select(func.count()).select_from(spans).where(_on_scorecard(db, register, at))
    return db.scalar(query.where(spans.c.since > day.toordinal())) or 0


def count_status_moves(
    db: Connection, register: str, first: TimePair, second: TimePair
) -> Counter[tuple[StatusMeaning, StatusMeaning]]:
    """From which status to which other, of those on both scorecards, each as known at its own instant."""
    one, two = spans.alias("one"), spans.alias("two")
    query = (
        select(one.c.code.label("before"), two.c.code.label("after"), func.count().label("n"))
        .join(two, two.c.rec_no == one.c.rec_no)
        .where(_on_scorecard(db, register, second, two), _stands_at(first, one), one.c.code != two.c.code)
        .group_by(one.c.code, two.c.code)
    )
    if first.known_at == second.known_at and first.as_of <= second.as_of:  # what began before stood on the first day
        query = query.where(two.c.effective_from > first.as_of.toordinal())
    moves: Counter[tuple[StatusMeaning, StatusMeaning]] = Counter()
    for row in db.execute(query):
        before, after = meaning_of(grade_in(row.before)), meaning_of(grade_in(row.after))
        if before.code is not after.code:
            moves[before, after] += row.n
    return moves


def recommendations_in_order(
    db: Connection, register: str, at: TimePair, *, start: int = 0, limit: int | None = None
) -> list[str]:
    """The recommendations on the scorecard, as they were registered, or a page of them."""
    query = (
        select(items.c.recommendation)
        .join(spans, items.c.item_no == spans.c.item_no)
        .where(_on_scorecard(db, register, at))
        .order_by(spans.c.rec_no)
    )
    return list(db.scalars(query.offset(start).limit(limit)))


def _on_scorecard(db: Connection, register: str, at: TimePair, of: FromClause = spans) -> ColumnElement[bool]:
    return and_(of.c.register_no == number_of(db, register), _stands_at(at, of))


def _stands_at(at: TimePair, of: FromClause) -> ColumnElement[bool]:
    """What is on the scorecard of any register. SQLite finds spans by recommendation only if it is not given one."""
    day, instant = at.as_of.toordinal(), to_microseconds(at.known_at)
    return and_(
        of.c.level == 0,
        *(of.c.effective_to > day, of.c.effective_from <= day),
        *(of.c.known_from <= instant, of.c.known_to > instant),
    )
