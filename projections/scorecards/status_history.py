"""Status histories: which status each recommendation had on which days, as known at one instant."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from msgspec import Struct
from msgspec.structs import replace
from sqlalchemy import Connection, bindparam, select

from domain.codes import Bucket, Status
from domain.times import to_microseconds
from projections.engine.reading import read_once
from projections.engine.rows import NamedRow
from projections.scorecards.queries import number_query
from projections.scorecards.status_codes import grade_in, meaning_of
from projections.scorecards.status_intervals import ELEMENT, ON_SCORECARD
from projections.scorecards.tables import items, spans


class StatusPeriod(Struct, frozen=True):
    """Days, the last excluded, on which a recommendation had one status.

    `bucket` and `rank` are those of the methodology that the assessment was made under. `since` is the day on which the
    status began, which is earlier than `start` if that was before the recommendation; `since_on` is how it was written.
    """

    status: Status
    start: date
    end: date
    bucket: Bucket
    rank: int | None
    since: date | None = None
    since_on: str = ""

    @property
    def start_on(self) -> str:
        """The first day, as precise as it was written."""
        return self.since_on if self.since_on and self.since == self.start else self.start.isoformat()

    def is_continued_by(self, later: "StatusPeriod") -> bool:
        return (self.status, self.bucket, self.rank) == (later.status, later.bucket, later.rank)


StatusHistory = tuple[StatusPeriod, ...]
_OF_NAMES = spans.c.rec_no.in_(
    select(items.c.rec_no).where(
        *(items.c.register_no == number_query(bindparam("register")), items.c.element == ""),
        items.c.recommendation.in_(bindparam("names", expanding=True)),
    )
)
"""Without the number of the register, so that the index by recommendation is used."""
_SPANS = (
    select(
        *(items.c.recommendation, items.c.element, spans.c.level, spans.c.code, spans.c.since, spans.c.since_on),
        *(spans.c.effective_from, spans.c.effective_to, spans.c.known_from, spans.c.known_to),
    )
    .join(items, items.c.item_no == spans.c.item_no)
    .order_by(spans.c.item_no, spans.c.effective_from)
)
_OF_ONE = _SPANS.where(_OF_NAMES)
_DRAWN = _SPANS.where(
    *(spans.c.level == ON_SCORECARD, spans.c.effective_from <= bindparam("until")),
    *(spans.c.known_from <= bindparam("instant"), spans.c.known_to > bindparam("instant")),
)
_OF_REGISTER = _DRAWN.where(spans.c.register_no == number_query(bindparam("register")))
_OF_SOME = _DRAWN.where(_OF_NAMES)


def status_histories(
    db: Connection, register: str, known_at: datetime, until: date, recommendations: Collection[str] | None = None
) -> dict[str, StatusHistory]:
    """The histories of all recommendations by id, or of some, from the day each was recommended to `until` (included).

    Neighbouring days of the same status are one; a recommendation that is not on the scorecard by then is left out.
    """
    if recommendations is not None and len(recommendations) == 1:
        rows = _spans_of_one(db, register, next(iter(recommendations)), ON_SCORECARD, known_at, until)
        return _histories(((row.recommendation, row) for row in rows), until)
    values = {"register": register, "until": until.toordinal(), "instant": to_microseconds(known_at)}
    if recommendations is None:
        found = db.execute(_OF_REGISTER, values)
    else:
        found = db.execute(_OF_SOME, values | {"names": sorted(recommendations)})
    return _histories(((row.recommendation, row) for row in found), until)


def element_histories(
    db: Connection, register: str, known_at: datetime, until: date, recommendation: str
) -> dict[str, StatusHistory]:
    """The histories of the elements of a recommendation by id, each from its first assessment, which may be older than
    the recommendation."""
    rows = _spans_of_one(db, register, recommendation, ELEMENT, known_at, until)
    return _histories(((row.element, row) for row in rows), until)


def _spans_of_one(
    db: Connection, register: str, recommendation: str, level: int, known_at: datetime, until: date
) -> list[NamedRow]:
    """The spans of a recommendation or of its elements. They are read once for all instants: its page asks for many."""
    values = {"register": register, "names": [recommendation]}
    rows: Sequence[NamedRow] = read_once(
        db, (_OF_ONE, register, recommendation), lambda: db.execute(_OF_ONE, values).all()
    )
    day, instant = until.toordinal(), to_microseconds(known_at)
    return [
        row
        for row in rows
        if row.level == level and row.effective_from <= day and row.known_from <= instant < row.known_to
    ]


def _histories(rows: Iterable[tuple[Any, NamedRow]], until: date) -> dict[str, StatusHistory]:
    """Joins neighbouring days of the same status."""
    histories: dict[str, list[StatusPeriod]] = defaultdict(list)
    for ident, row in rows:
        meaning, history = meaning_of(grade_in(row.code)), histories[ident]
        end = until + timedelta(days=1) if row.effective_to > until.toordinal() else date.fromordinal(row.effective_to)
        start, since = date.fromordinal(row.effective_from), date.fromordinal(row.since) if row.since else None
        period = StatusPeriod(meaning.code, start, end, meaning.bucket, meaning.rank, since, row.since_on or "")
        if history and history[-1].is_continued_by(period):
            history[-1] = replace(history[-1], end=end)
        else:
            history.append(period)
    return {ident: tuple(history) for ident, history in histories.items()}


def period_on(history: StatusHistory, day: date) -> StatusPeriod | None:
    """The period that includes a day; None before the recommendation was made."""
    return next((period for period in history if period.start <= day < period.end), None)


def status_on(history: StatusHistory, day: date) -> Status | None:
    """The status on a day; None before the recommendation was made."""
    period = period_on(history, day)
    return period.status if period else None
