"""Scorecards at any pair of times, with one indexed read each."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime
from types import SimpleNamespace

from sqlalchemy import BindParameter, ColumnElement, Connection, ScalarSelect, bindparam, func, select, text

from domain.codes import DeadlineState, Freshness, Kind, Status
from domain.ordering import natural_key
from domain.times import to_microseconds
from projections.engine.batches import OPEN_END
from projections.engine.name_lists import NameScope
from projections.engine.reading import read_once
from projections.engine.rows import NamedRow
from projections.scorecards.day_counts import counted_number, first_counted_day, numbers_on
from projections.scorecards.deadlines import UPCOMING_DAYS, DueFacts, due_state
from projections.scorecards.folded_recommendation import FoldedItem
from projections.scorecards.results import (
    Counts,
    Due,
    DueCounts,
    ElementStanding,
    Peak,
    Standing,
    TimePair,
)
from projections.scorecards.standing_rows import ALL_STANDINGS, STANDINGS_OF
from projections.scorecards.status_codes import (
    CONFIDENCES,
    MOTIONS,
    grade_in,
    graded_by,
    graded_status,
    is_done,
    is_legacy,
    meaning_of,
    status_of,
)
from projections.scorecards.tables import assessments, earlier_items, items, registers, spans
from projections.scorecards.tally import count_groups

NAMES_PER_QUERY = 500

SpanRow = NamedRow | SimpleNamespace
"""A span as a query reads it, or as it would be after a change that is not stored."""

_AT = "register_no = :r AND level = 0 AND effective_to > :e AND effective_from <= :e AND known_from <= :k"
_COUNT = text(
    f"""SELECT code, motion, confidence, count(*) AS n, sum(CASE WHEN review_by < :e THEN 1 ELSE 0 END) AS stale FROM (
    SELECT code, motion, confidence, review_by FROM spans WHERE {_AT} AND known_to = {OPEN_END}
    UNION ALL
    SELECT code, motion, confidence, review_by FROM spans WHERE {_AT} AND known_to > :k AND known_to < {OPEN_END}
    ) AS held GROUP BY code, motion, confidence"""
)
"""Counts the spans still known and those known once separately: each is one range of the index, about half of it."""


_DUE_AT = f"{_AT} AND due IS NOT NULL"
_COUNT_DUE = text(
    f"""SELECT code, CASE WHEN first_done <= due THEN 'met' WHEN first_done IS NOT NULL THEN 'done_late'
    WHEN due < :e THEN 'overdue' WHEN due <= :soon THEN 'upcoming' ELSE 'open' END AS phase, count(*) AS n FROM (
    SELECT code, due, first_done FROM spans WHERE {_DUE_AT} AND known_to = {OPEN_END}
    UNION ALL
    SELECT code, due, first_done FROM spans WHERE {_DUE_AT} AND known_to > :k AND known_to < {OPEN_END}
    ) AS held GROUP BY 1, 2"""
)
"""Counts the spans with a deadline in force by the table in `deadlines`; what was done late depends on the status."""


def counts(db: Connection, register: str, at: TimePair) -> Counts:
    """The totals of a scorecard, without its rows."""
    if (register_no := counted_number(db, register, at.known_at)) is not None:
        return numbers_on(db, register_no, at.as_of).counts
    times = {"r": number_of(db, register), "e": at.as_of.toordinal(), "k": to_microseconds(at.known_at)}
    return count_groups((r.code, r.motion, r.confidence, r.n, r.stale) for r in db.execute(_COUNT, times))


def due_counts(db: Connection, register: str, at: TimePair) -> DueCounts:
    """How many recommendations of a scorecard have a deadline, and what became of it, without the rows."""
    if (register_no := counted_number(db, register, at.known_at)) is not None:
        return numbers_on(db, register_no, at.as_of).dues
    return read_once(db, (_COUNT_DUE, register, at), lambda: _due_counts(db, register, at))


def _due_counts(db: Connection, register: str, at: TimePair) -> DueCounts:
    day = at.as_of.toordinal()
    by_state = dict.fromkeys(DeadlineState, 0)
    times = {"r": number_of(db, register), "e": day, "soon": day + UPCOMING_DAYS, "k": to_microseconds(at.known_at)}
    for row in db.execute(_COUNT_DUE, times):
        grade = grade_in(row.code)
        if graded_status(grade) is Status.SUPERSEDED:
            continue
        if row.phase == "done_late":
            by_state[DeadlineState.MET_LATE if is_done(grade) else DeadlineState.OVERDUE] += row.n
        else:
            by_state[DeadlineState(row.phase)] += row.n
    return DueCounts(by_state)


def standings(db: Connection, register: str, at: TimePair, recommendation: str | None = None) -> dict[str, Standing]:
    """Every recommendation on the scorecard, by id; or just one. Sorted by theme and id, in natural order."""
    names = None if recommendation is None else [recommendation]
    return _in_order(_read_standings(db, number_of(db, register), at, names))


def standings_of(db: Connection, register: str, at: TimePair, recommendations: Collection[str]) -> dict[str, Standing]:
    """Those of some recommendations that are on the scorecard, in the same order."""
    register_no, names = number_of(db, register), sorted(recommendations)
    parts = (names[start : start + NAMES_PER_QUERY] for start in range(0, len(names), NAMES_PER_QUERY))
    return _in_order([standing for part in parts for standing in _read_standings(db, register_no, at, part)])


def _in_order(found: Iterable[Standing]) -> dict[str, Standing]:
    return {s.id: s for s in sorted(found, key=lambda s: (natural_key(s.theme), natural_key(s.id)))}


def _read_standings(
    db: Connection, register_no: int, at: TimePair, recommendations: Collection[str] | None
) -> list[Standing]:
    """Every recommendation on the scorecard, or some of them."""
    times = {"register_no": register_no, "day": at.as_of.toordinal(), "instant": to_microseconds(at.known_at)}
    if recommendations is not None:
        return _in_rows(db.execute(STANDINGS_OF, {**times, "names": recommendations}), at.as_of)
    rows = [row for level in (0, 2) for row in db.execute(ALL_STANDINGS, {**times, "level": level}).all()]
    element_spans = {row.item_no: row for row in rows if row.level == 2}
    elements = _elements(db, register_no, times["instant"])
    earlier = _earlier_descriptions(db, register_no, times["instant"])
    return [
        standing_of(
            row,
            at.as_of,
            [
                element_of(earlier.get(e.item_no, e), element_spans.get(e.item_no), at.as_of)
                for e in elements[row.rec_no]
            ],
            earlier.get(row.item_no),
        )
        for row in rows
        if row.level == 0
    ]


def rec_nos_of(db: Connection, register_no: int | ScalarSelect[int], recommendations: Collection[str]) -> Sequence[int]:
    """The numbers of some recommendations of a register, by their ids."""
    query = select(items.c.rec_no).where(
        items.c.register_no == register_no, items.c.recommendation.in_(recommendations), items.c.element == ""
    )
    return db.scalars(query).all()


def _in_rows(rows: Iterable[NamedRow], on: date) -> list[Standing]:
    """The recommendations on the scorecard in rows of `STANDINGS_OF`."""
    wholes, elements = list[NamedRow](), defaultdict[int, list[ElementStanding]](list)
    for row in rows:
        if row.element:
            elements[row.rec_no].append(element_of(row, None if row.code is None else row, on))
        elif row.code is not None:
            wholes.append(row)
    return [standing_of(row, on, elements[row.rec_no]) for row in wholes]


def _earlier_descriptions(db: Connection, register_no: int, instant: int) -> dict[int, NamedRow]:
    """By item, how those were described at an instant that are described otherwise now."""
    query = select(earlier_items).where(
        earlier_items.c.register_no == register_no,
        earlier_items.c.known_to > instant,
        earlier_items.c.known_from <= instant,
    )
    return {row.item_no: row for row in db.execute(query)}


def freshness(review_by: date | None, on: date, due_days: int) -> Freshness | None:
    """How fresh the assessment in force is on a day."""
    if review_by is None:
        return None
    left = (review_by - on).days
    if left < 0:
        return Freshness.STALE
    return Freshness.DUE if left <= due_days else Freshness.CURRENT


def number_query(register: str | BindParameter[str]) -> ScalarSelect[int]:
    """The number of a register, for use inside another query."""
    return select(registers.c.register_no).where(registers.c.register == register).scalar_subquery()


_NUMBER = select(registers.c.register_no).where(registers.c.register == bindparam("register"))


def number_of(db: Connection, register: str) -> int:
    """The number of a register; 0 if it has none yet."""
    return read_once(db, (_NUMBER, register), lambda: db.scalar(_NUMBER, {"register": register}) or 0)


def first_recommended(db: Connection, register: str, known_at: datetime) -> date | None:
    """The first day on which something was recommended, as known at an instant."""
    if (register_no := counted_number(db, register, known_at)) is not None:
        return first_counted_day(db, register_no)
    instant = to_microseconds(known_at)
    query = select(func.min(spans.c.effective_from)).where(
        spans.c.register_no == number_of(db, register),
        spans.c.level == 0,
        spans.c.known_to > instant,
        spans.c.known_from <= instant,
    )
    day = db.scalar(query)
    return None if day is None else date.fromordinal(day)


def under_theme(db: Connection, register: str, theme: str) -> NameScope:
    """The recommendations of a theme, as part of a query."""
    i, register_no = items.c, number_of(db, register)

    def scope(recommendation: ColumnElement[str]) -> ColumnElement[bool]:
        of = (i.register_no == register_no, i.recommendation == recommendation, i.element == "", i.theme == theme)
        return select(i.item_no).where(*of).exists()

    return scope


def has_assessments(db: Connection, register: str) -> bool:
    """Whether anything was published about a recommendation."""
    query = select(assessments.c.assessment_no).where(assessments.c.register_no == number_of(db, register))
    return db.scalar(query.limit(1)) is not None


def _elements(db: Connection, register_no: int, instant: int) -> dict[int, list[NamedRow]]:
    query = (
        select(items)
        .where(items.c.register_no == register_no, items.c.element != "", items.c.known_from <= instant)
        .order_by(items.c.item_no)
    )
    elements: dict[int, list[NamedRow]] = defaultdict(list)
    for row in db.execute(query):
        elements[row.rec_no].append(row)
    return elements


def _since(row: SpanRow) -> str | None:
    """The first day of the status as precise as it was written; of a status that was computed, as a full date."""
    if row.since_on and row.assessment_no is not None:
        return str(row.since_on)
    return date.fromordinal(row.since).isoformat() if row.since else None


def _began_on(row: SpanRow) -> str | None:
    """The same day as precise as it was written, also of a status that was computed."""
    return str(row.since_on) if row.since_on else _since(row)


def _day(ordinal: int | None) -> date | None:
    return date.fromordinal(ordinal) if ordinal else None


def due_of(row: SpanRow, on: date) -> Due | None:
    """The deadline in force by a span, and what became of it."""
    if row.due is None:
        return None
    grade = grade_in(row.code)
    facts = DueFacts(row.due, row.first_done, graded_status(grade), is_done(grade))
    state = due_state(facts, on.toordinal())
    if state is None:
        return None
    return Due(
        id=row.deadline,
        due_on=row.due_on,
        stated_on=row.stated_on,
        stated_by=row.stated_by,
        state=state,
        last_day=date.fromordinal(row.due),
        first_done=_day(row.first_done),
    )


def _peak(grade: int | None, on: int) -> Peak | None:
    return None if grade is None else Peak(graded_status(grade), date.fromordinal(on), is_done(grade))


def standing_of(row: SpanRow, on: date, elements: list[ElementStanding], described: NamedRow | None = None) -> Standing:
    """From a span on the scorecard, with the names of its item; `described` is its earlier description."""
    of = described or row
    review_by = _day(row.review_by)
    grade = grade_in(row.code)
    meaning = meaning_of(grade)
    return Standing(
        id=row.recommendation,
        kind=Kind(of.kind),
        theme=of.theme,
        status=meaning.code,
        bucket=meaning.bucket,
        rank=meaning.rank,
        since=_since(row),
        motion=None if row.motion is None else MOTIONS[row.motion],
        confidence=None if row.confidence is None else CONFIDENCES[row.confidence],
        freshness=freshness(review_by, on, graded_by(grade).due_days),
        review_by=review_by,
        peak=_peak(row.peak, row.peak_on),
        assessment=row.assessment,
        legacy=is_legacy(row.code),
        began_on=_began_on(row),
        elements=tuple(elements),
        due=due_of(row, on),
    )


def element_of(item: NamedRow | FoldedItem, row: SpanRow | None, on: date) -> ElementStanding:
    """From an element and its span on the day; None where it has none."""
    kind = Kind(item.kind)
    if row is None:
        return ElementStanding(item.element, kind, bool(item.core), Status.NOT_ASSESSED, None)
    return ElementStanding(
        id=item.element,
        kind=kind,
        core=bool(item.core),
        status=status_of(row.code),
        since=_since(row),
        motion=None if row.motion is None else MOTIONS[row.motion],
        confidence=None if row.confidence is None else CONFIDENCES[row.confidence],
        freshness=freshness(_day(row.review_by), on, graded_by(grade_in(row.code)).due_days),
        assessment=row.assessment,
        legacy=is_legacy(row.code),
        due=due_of(row, on),
    )
