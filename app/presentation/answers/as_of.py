"""Resolves the dates of a request to a pair of times, by section 5 of the methodology."""

from datetime import UTC, date, datetime, timedelta

from msgspec import Struct

from domain.errors import Refusal, Refused, refusal
from domain.times import compact, day_in, end_of_day, first_day, full_day, instant, next_second, shown
from projections.catalogue.entries import RegisterEntry
from projections.scorecards.results import TimePair

SETTLED_AFTER = timedelta(seconds=10)
"""No entry is recorded with an instant that is longer ago; entries get theirs while they are stored, in order."""


class AsOf(Struct, frozen=True):
    """A pair of times, and what a reader must know about it."""

    as_of: date
    known_at: datetime
    today: date
    time_zone: str
    is_as_of_chosen: bool
    is_pinned: bool
    reconstructed: bool
    """The instant is before the register opened: the result is rebuilt from imported events."""
    beyond_evidence: bool
    """The day is after the last day covered by evidence."""
    was_open: bool = True
    """The register was open by the end of the day."""

    @property
    def pair(self) -> TimePair:
        return TimePair(self.as_of, self.known_at)

    @property
    def known_day(self) -> date:
        return self.known_at.astimezone(UTC).date()

    @property
    def is_one_day(self) -> bool:
        """Whether both dates of the page are the same day."""
        return self.as_of == (self.known_day if self.is_pinned else self.today)

    @property
    def latest_day(self) -> date:
        """The last day on the page. A pinned instant ends on its own day, so that the page never changes."""
        return max(self.known_day, self.as_of) if self.is_pinned else self.today

    @property
    def is_today(self) -> bool:
        """Whether the page is about today; a page that is pinned to both dates never says so."""
        return self.as_of == self.today and not (self.is_pinned and self.is_as_of_chosen)

    @property
    def is_past(self) -> bool:
        """Whether the page speaks of an earlier day. One that is pinned to both dates does, since it is read later."""
        return not self.is_today

    @property
    def compiled_on(self) -> date | None:
        """The day on which a look back was compiled, None if the page is no look back."""
        return self.known_day if self.as_of < day_in(self.time_zone, self.known_at) else None

    def query(self, now: datetime, first: str = "as_of", second: str = "known_at") -> dict[str, str]:
        """The query parameters of the permanent address."""
        is_whole_day = self.known_at == end_of_day(self.known_day) and self.known_at < now
        known_at = self.known_day.isoformat() if is_whole_day else compact(self.known_at)
        return {first: self.as_of.isoformat(), second: known_at}


def is_settled(last_applied: datetime, now: datetime) -> bool:
    """Whether no entry can be recorded any more before the whole second that follows the last one."""
    return next_second(last_applied) + SETTLED_AFTER <= now


def settled_instant(last_applied: datetime, now: datetime, time_zone: str) -> datetime:
    """The instant that pages name for the record as it is: a whole second with the same entries before it, if any.

    That is the second after the last entry, once nothing can be recorded before it, unless another day begins with it.
    """
    second = next_second(last_applied)
    is_same_day = all(day_in(zone, second) == day_in(zone, last_applied) for zone in ("UTC", time_zone))
    return second if is_same_day and is_settled(last_applied, now) else last_applied


def resolve(
    register: RegisterEntry,
    last_applied: datetime,
    now: datetime,
    as_of: str | None,
    known_at: str | None,
    names: tuple[str, str] = ("as_of", "known_at"),
) -> AsOf:
    """The pair of times that a request names.

    `last_applied` is the newest instant in the projections. An omitted instant, or one of today, is never later, so
    that the answer stays true. Raises `Refused` with a sentence for each time that cannot be used.
    """
    today = day_in(register.settings.time_zone, now)
    problems: list[Refusal] = []
    day, resolved_known_at = today, min(last_applied, now)
    try:
        day = _resolve_day(as_of, today)
    except Refused as refused:
        problems.append(refused.refusals[0].about(names[0]))
    try:
        resolved_known_at = _resolve_instant(known_at, last_applied, now)
    except Refused as refused:
        problems.append(refused.refusals[0].about(names[1]))
    if problems:
        raise Refused(*problems)
    evidence_to = register.as_known(resolved_known_at).settings.evidence_to
    return AsOf(
        as_of=day,
        known_at=resolved_known_at,
        today=today,
        time_zone=register.settings.time_zone,
        is_as_of_chosen=bool(as_of),
        is_pinned=bool(known_at),
        reconstructed=register.opened_at is None or resolved_known_at < register.opened_at,
        beyond_evidence=bool(evidence_to) and day > first_day(evidence_to),
        was_open=register.opened_at is not None and register.opened_at <= end_of_day(day),
    )


def _resolve_day(text: str | None, today: date) -> date:
    if not text:
        return today
    day = full_day(text)
    if day > today:
        raise Refused(
            refusal(
                "{day} is in the future. The latest day you can ask about is {today}.",
                day=day.isoformat(),
                today=today.isoformat(),
            )
        )
    return day


def _resolve_instant(text: str | None, applied: datetime, now: datetime) -> datetime:
    if not text:
        return min(applied, now)
    if "T" not in text.upper():
        try:
            day = full_day(text)
        except Refused:
            raise Refused(
                refusal("“{text}” is not a date such as 2024-05-20, and not a date and time.", text=shown(text))
            ) from None
        if day > now.date():
            raise _refuse_future(day.isoformat())
        return end_of_day(day) if day < now.date() else min(applied, now)
    at = instant(text)
    if at > now:
        raise _refuse_future(shown(text))
    return at


def _refuse_future(text: str) -> Refused:
    return Refused(refusal("{text} is in the future. Enter today or an earlier date.", text=text))
