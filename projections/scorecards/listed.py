"""Lists of what is on a scorecard: filtered, counted and sorted by the database, so that a page reads only its rows."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from msgspec import Struct
from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    and_,
    case,
    func,
    literal,
    or_,
    select,
    true,
)

from domain.codes import DeadlineState, Kind, Motion, Status
from domain.methodology.versions import VERSIONS
from domain.ordering import POSITION_BYTES
from domain.times import to_microseconds
from projections.engine.name_lists import in_order
from projections.scorecards.day_changes import DUE, PRIORITY, PUBLICATION
from projections.scorecards.day_counts import (
    counted_number,
    first_counted_day,
    numbers_on,
    statuses_of_themes,
    themes_on,
)
from projections.scorecards.deadlines import UPCOMING_DAYS
from projections.scorecards.listed_rows import as_known, as_known_now
from projections.scorecards.queries import number_of
from projections.scorecards.results import Counts, DueCounts, TimePair
from projections.scorecards.status_codes import (
    MOTION_NUMBER,
    OPEN_END_DAY,
    STATUS_MASK,
    STATUS_NUMBER,
    grade_of,
    status_of,
)
from projections.scorecards.tables import items, spans
from projections.scorecards.tally import count_due_groups, count_groups

NO_DEADLINE = "none"
URGENT, CHANGED, NEW, CONTRARY, STALLED, REST = range(6)
"""The groups of a list in the order of news."""
_GRADE_BITS = 2
_DONE = [grade_of(status, method.version) for method in VERSIONS.values() for status in method.done]


class ListFilter(Struct, frozen=True):
    """What a list shows. `due` is a state of deadlines or `NO_DEADLINE`; `among` are queries for ids, all of which
    must find a recommendation."""

    theme: str | None = None
    publication: str | None = None
    status: Status | None = None
    kind: Kind | None = None
    priority: bool = False
    due: str | None = None
    among: tuple[Select[tuple[str]], ...] = ()


class NewsYear(Struct, frozen=True):
    """The year whose changes are news: the days after `after`, until `last`."""

    after: date
    last: date


class ListOrder(Struct, frozen=True):
    """`by` is the name of an order; with a `year`, it is that of news. Rows that compare equal are by theme, in the
    order given, and place. `statuses` is the order of these."""

    by: str
    themes: Sequence[str]
    statuses: Sequence[Status] = ()
    year: NewsYear | None = None


class ListRow(Struct, frozen=True):
    """A recommendation of a list with its theme, and its group where the order is that of news."""

    id: str
    theme: str
    group: int


class ListCounts(Struct, frozen=True):
    """The numbers of all rows of a list, and the first day on which one of them was recommended."""

    counts: Counts
    dues: DueCounts
    first_recommended: date | None


class GroupCount(Struct, frozen=True):
    """How many rows that have something in common have a status."""

    of: str
    status: Status
    number: int


class Facets(Struct, frozen=True):
    """What the rows of a list have that filters can choose."""

    themes: frozenset[str]
    publications: frozenset[str]
    has_priorities: bool
    has_deadlines: bool


class ScorecardList:
    """What is on a scorecard and matches a filter."""

    def __init__(self, db: Connection, register: str, at: TimePair, wanted: ListFilter = ListFilter()) -> None:  # noqa: B008
        self._db, self._register, self._at, self._day = db, register, at, at.as_of.toordinal()
        self._theme = wanted.theme
        number = counted_number(db, register, at.known_at)
        self._counted_no = number if wanted == ListFilter(theme=wanted.theme) else None
        self._of = (
            as_known(db, number_of(db, register), at)
            if number is None
            else as_known_now(number, at.as_of, wanted.theme)
        )
        self._where = and_(true(), *self._conditions(wanted))

    def count(self) -> ListCounts:
        """The totals of all rows, and of their deadlines."""
        if self._counted_no is not None:
            numbers = numbers_on(self._db, self._counted_no, self._at.as_of, self._theme)
            since = first_counted_day(self._db, self._counted_no, self._theme) if numbers.of else None
            return ListCounts(numbers.counts, numbers.dues, since)
        c, due = self._of.c, self._due_state
        is_stale = func.coalesce(c.review_by < self._day, False).label("is_stale")
        groups = (c.code, c.motion, c.confidence, is_stale, due.label("due"))
        number, first = func.count().label("n"), func.min(c.recommended).label("first")
        rows = self._db.execute(select(*groups, number, first).where(self._where).group_by(*groups)).all()
        first_day = min((row.first for row in rows), default=None)
        return ListCounts(
            count_groups((r.code, r.motion, r.confidence, r.n, r.n if r.is_stale else 0) for r in rows),
            count_due_groups((r.due, r.n) for r in rows if r.due != NO_DEADLINE),
            None if first_day is None else date.fromordinal(first_day),
        )

    def facets(self) -> Facets:
        if self._counted_no is not None and self._theme is None:
            return self._counted_facets(self._counted_no)
        c = self._of.c
        has_deadline = (self._due_state != NO_DEADLINE).label("has_deadline")
        found = select(c.theme, c.publications, c.priority, has_deadline).where(self._where).distinct()
        rows = self._db.execute(found).all()
        publications = {ident for row in rows for ident in row.publications.split(",") if ident}
        return Facets(
            frozenset(row.theme for row in rows),
            frozenset(publications),
            any(row.priority for row in rows),
            any(row.has_deadline for row in rows),
        )

    def _counted_facets(self, register_no: int) -> Facets:
        numbers = numbers_on(self._db, register_no, self._at.as_of)
        return Facets(
            themes_on(self._db, register_no, self._at.as_of),
            numbers.names(PUBLICATION),
            bool(numbers.names(PRIORITY)),
            bool(numbers.names(DUE)),
        )

    def total(self) -> int:
        """How many rows there are."""
        return self._db.scalar(select(func.count()).select_from(self._of).where(self._where)) or 0

    def count_by(self, column: Callable[[ColumnElement[str]], ColumnElement[Any]]) -> list[GroupCount]:
        """How many rows have which status, by what `column` says of a recommendation, without those it is null for."""
        group, code = column(self._of.c.recommendation).label("of"), self._of.c.code
        query = select(group, code, func.count().label("n")).where(self._where, group.is_not(None))
        return [GroupCount(r.of, status_of(r.code), r.n) for r in self._db.execute(query.group_by(group, code))]

    def has_change_after(self, day: date) -> bool:
        """Whether the status of one became another one after a day."""
        found = select(self._of.c.rec_no).where(self._where, self._news_day > day.toordinal())
        return self._db.execute(found.limit(1)).first() is not None

    def page(self, order: ListOrder, *, skip: int = 0, limit: int | None = None) -> list[ListRow]:
        """Some of the rows in an order."""
        if self._counted_no is not None and self._theme is None and order == ListOrder("theme", order.themes):
            return self._page_by_theme(self._counted_no, order, skip, limit)
        places, c = in_order(self._db, order.themes), self._of.c
        group = (self._group(order.year) if order.year else literal(0)).label("news")
        keys = [group, -func.coalesce(self._news_day, 0)] if order.year else self._sort_keys(order)
        query = (
            select(c.recommendation, c.theme, group)
            .select_from(self._of.outerjoin(places, places.c.name == c.theme))
            .where(self._where)
            .order_by(*keys, func.coalesce(places.c.place, len(order.themes) + 1), c.theme, c.place_key)
        )
        rows = self._db.execute(query.offset(skip).limit(limit))
        return [ListRow(row.recommendation, row.theme, row.news) for row in rows]

    def _page_by_theme(self, register_no: int, order: ListOrder, skip: int, limit: int | None) -> list[ListRow]:
        """Reads only the themes that the page has rows of."""
        places, rows = {theme: n for n, theme in enumerate(order.themes)}, list[ListRow]()
        statuses = statuses_of_themes(self._db, register_no, self._at.as_of)
        for theme in sorted(statuses, key=lambda t: (places.get(t, len(places)), t)):
            total = statuses[theme].total()
            if skip < total:
                of = ScorecardList(self._db, self._register, self._at, ListFilter(theme=theme))
                rows += of.page(order, skip=skip, limit=None if limit is None else limit - len(rows))
            skip = max(0, skip - total)
            if limit is not None and len(rows) >= limit:
                break
        return rows

    def _sort_keys(self, order: ListOrder) -> list[ColumnElement[Any]]:
        """What decides before theme and place."""
        c = self._of.c
        status_places = {STATUS_NUMBER[status]: place for place, status in enumerate(order.statuses)}
        since = case((c.since > c.recommended, c.since), else_=c.recommended)
        due = case((self._due_state != NO_DEADLINE, c.due), else_=OPEN_END_DAY)
        keys: dict[str, list[ColumnElement[Any]]] = {
            "theme": [],
            "title": [c.title_key],
            "number": [func.substr(c.place_key, POSITION_BYTES + 1)],
            "since": [since],
            "changed": [-since],
            "began": [func.coalesce(c.since, 0)],
            "began_last": [-func.coalesce(c.since, 0)],
            "due": [due],
            "status": [case(status_places, value=self._status, else_=-1)] if status_places else [],
        }
        return keys[order.by]

    def _conditions(self, wanted: ListFilter) -> list[ColumnElement[bool]]:
        c, found = self._of.c, list[ColumnElement[bool]]()
        if wanted.theme is not None:
            found.append(c.theme == wanted.theme)
        if wanted.publication is not None:
            found.append(c.publications.contains(f",{wanted.publication},", autoescape=True))
        if wanted.status is not None:
            found.append(self._status == STATUS_NUMBER[wanted.status])
        if wanted.kind is not None:
            found.append(c.kind == wanted.kind.value)
        if wanted.priority:
            found.append(c.priority)
        if wanted.due is not None:
            found.append(self._due_state == wanted.due)
        return found + [c.recommendation.in_(ids) for ids in wanted.among]

    @property
    def _status(self) -> ColumnElement[int]:
        return self._of.c.code.op(">>")(_GRADE_BITS).op("&")(STATUS_MASK)

    @property
    def _due_state(self) -> ColumnElement[str]:
        """By the table in `deadlines`."""
        c = self._of.c
        late = case((c.code.op(">>")(_GRADE_BITS).in_(_DONE), DeadlineState.MET_LATE.value), else_="overdue")
        return case(
            (or_(c.due.is_(None), self._status == STATUS_NUMBER[Status.SUPERSEDED]), NO_DEADLINE),
            (c.first_done <= c.due, DeadlineState.MET.value),
            (c.first_done.is_not(None), late),
            (c.due < self._day, DeadlineState.OVERDUE.value),
            (c.due <= self._day + UPCOMING_DAYS, DeadlineState.UPCOMING.value),
            else_=DeadlineState.OPEN.value,
        )

    @property
    def _news_day(self) -> ColumnElement[int]:
        """The day on which the status became another one since the recommendation; null if it never did."""
        return case((self._of.c.since > self._of.c.recommended, self._of.c.since))

    def _group(self, year: NewsYear) -> ColumnElement[int]:
        c, after = self._of.c, year.after.toordinal()
        urgent = or_(self._status == STATUS_NUMBER[Status.REVERSED], self._due_state == DeadlineState.OVERDUE.value)
        stalled = c.motion.in_([MOTION_NUMBER[Motion.STALLED], MOTION_NUMBER[Motion.REGRESSING]])
        return case(
            (urgent, URGENT),
            (self._news_day > after, CHANGED),
            (and_(c.recommended > after, c.recommended <= year.last.toordinal()), NEW),
            (self._status == STATUS_NUMBER[Status.CONTRARY], CONTRARY),
            (stalled, STALLED),
            else_=REST,
        )


def names_in_use(
    db: Connection,
    register: str,
    at: TimePair,
    names: Sequence[str],
    naming: Callable[[ColumnElement[str]], Select[tuple[str]]],
) -> set[str]:
    """Those of some names that a recommendation on the scorecard has. `naming` finds the recommendations of a name."""
    of, day, instant = in_order(db, names), at.as_of.toordinal(), to_microseconds(at.known_at)
    found, s = naming(of.c.name), spans.c
    is_shown = (
        select(items.c.item_no)
        .join(spans, s.rec_no == items.c.item_no)
        .where(
            *(items.c.register_no == number_of(db, register), items.c.element == ""),
            *(items.c.recommendation == found.selected_columns[0], s.level == 0),
            *(s.effective_to > day, s.effective_from <= day, s.known_from <= instant, s.known_to > instant),
        )
    )
    return set(db.scalars(select(of.c.name).where(found.where(is_shown.exists()).correlate(of).exists())))
