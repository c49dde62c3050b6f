"""Status histories: which status each recommendation had on which days, as known at one instant."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import date, datetime, timedelta
from typing import Any

from msgspec import Struct
from msgspec.structs import replace
from sqlalchemy import Connection, Row, Select, select

from domain.codes import Bucket, Status
from domain.times import to_microseconds
from projections.scorecards.queries import number_query, rec_nos_of
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


def status_histories(
    db: Connection, register: str, known_at: datetime, until: date, recommendations: Collection[str] | None = None
) -> dict[str, StatusHistory]:
    """The histories of all recommendations by id, or of some, from the day each was recommended to `until` (included).

    Neighbouring days of the same status are one; a recommendation that is not on the scorecard by then is left out.
    """
    query = _spans_at(known_at, until).where(spans.c.level == ON_SCORECARD)
    register_no = number_query(register)
    if recommendations is None:
        query = query.where(spans.c.register_no == register_no)
    else:  # without the number of the register, the index by recommendation is used
        query = query.where(spans.c.rec_no.in_(rec_nos_of(db, register_no, sorted(recommendations))))
    return _histories(((row.recommendation, row) for row in db.execute(query)), until)


def element_histories(
    db: Connection, register: str, known_at: datetime, until: date, recommendation: str
) -> dict[str, StatusHistory]:
    """The histories of the elements of a recommendation by id, each from its first assessment, which may be older than
    the recommendation."""
    query = _spans_at(known_at, until).where(
        spans.c.level == ELEMENT, spans.c.rec_no.in_(rec_nos_of(db, number_query(register), [recommendation]))
    )
    return _histories(((row.element, row) for row in db.execute(query)), until)


def _spans_at(known_at: datetime, until: date) -> Select[Any]:
    day, instant = until.toordinal(), to_microseconds(known_at)
    return (
        select(
            items.c.recommendation,
            items.c.element,
            spans.c.code,
            spans.c.effective_from,
            spans.c.effective_to,
            spans.c.since,
            spans.c.since_on,
        )
        .join(items, items.c.item_no == spans.c.item_no)
        .where(
            spans.c.effective_from <= day,
            spans.c.known_from <= instant,
            spans.c.known_to > instant,
        )
        .order_by(spans.c.item_no, spans.c.effective_from)
    )


def _histories(rows: Iterable[tuple[str, Row[Any]]], until: date) -> dict[str, StatusHistory]:
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
