"""Status histories: which status each recommendation had on which days, as known at one instant."""

from collections import defaultdict
from datetime import date, datetime, timedelta

from msgspec import Struct
from msgspec.structs import replace
from sqlalchemy import Connection, select

from domain.codes import Bucket, Status
from domain.times import to_microseconds
from projections.scorecards.status_codes import grade_in, meaning_of
from projections.scorecards.tables import items, registers, spans


class StatusPeriod(Struct, frozen=True):
    """Days, the last excluded, on which a recommendation had one status.

    `bucket` and `rank` are those of the methodology that the assessment was made under.
    """

    status: Status
    start: date
    end: date
    bucket: Bucket
    rank: int | None

    def is_continued_by(self, later: "StatusPeriod") -> bool:
        return (self.status, self.bucket, self.rank) == (later.status, later.bucket, later.rank)


StatusHistory = tuple[StatusPeriod, ...]


def status_histories(
    db: Connection, register: str, known_at: datetime, until: date, recommendation: str | None = None
) -> dict[str, StatusHistory]:
    """The histories of all recommendations by id, or of one, from the day each was recommended to `until` (included).

    Neighbouring days of the same status are one; a recommendation that is not on the scorecard by then is left out.
    """
    day, instant = until.toordinal(), to_microseconds(known_at)
    query = (
        select(items.c.recommendation, spans.c.code, spans.c.effective_from, spans.c.effective_to)
        .join(registers, registers.c.register_no == spans.c.register_no)
        .join(items, items.c.item_no == spans.c.item_no)
        .where(
            registers.c.register == register,
            spans.c.level == 0,
            spans.c.effective_from <= day,
            spans.c.known_from <= instant,
            spans.c.known_to > instant,
        )
        .order_by(spans.c.item_no, spans.c.effective_from)
    )
    if recommendation is not None:
        query = query.where(items.c.recommendation == recommendation, items.c.register_no == registers.c.register_no)
    histories: dict[str, list[StatusPeriod]] = defaultdict(list)
    for ident, code, first, last in db.execute(query):
        meaning, history = meaning_of(grade_in(code)), histories[ident]
        end = until + timedelta(days=1) if last > day else date.fromordinal(last)
        start = date.fromordinal(first)
        period = StatusPeriod(meaning.code, start, end, meaning.bucket, meaning.rank)
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
