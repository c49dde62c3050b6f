"""Resolves the parameters of a comparison to its two times."""

from collections.abc import Mapping
from datetime import datetime

from msgspec import Struct
from msgspec.structs import replace
from sqlalchemy import Connection

from app.presentation.answers.as_of import AsOf, resolve, settled_instant
from app.presentation.narrative.comparison import ComparedDays
from projections.catalogue.entries import RegisterEntry
from projections.public_states.queries import last_public_at
from projections.scorecards.comparison import FirstDay, WhenRecommended
from projections.scorecards.results import TimePair

RECOMMENDED = "recommended"
"""Instead of a first day: for each recommendation, the day on which it was recommended."""


class ComparedTimes(Struct, frozen=True):
    """`first` counts only as an instant if each is compared since it was recommended."""

    first: AsOf
    second: AsOf
    since_recommended: bool

    @property
    def start(self) -> FirstDay:
        return WhenRecommended(self.first.known_at) if self.since_recommended else self.first.pair

    @property
    def end(self) -> TimePair:
        return self.second.pair

    @property
    def days(self) -> ComparedDays:
        first = None if self.since_recommended else self.first.as_of
        return ComparedDays(first, self.second.as_of, (self.first.known_at, self.second.known_at))

    @property
    def is_backwards(self) -> bool:
        """Whether the first day is later than the second."""
        return not self.since_recommended and self.first.as_of > self.second.as_of

    @property
    def is_one_day(self) -> bool:
        return self.days.first == self.days.second

    @property
    def is_known_backwards(self) -> bool:
        """Whether the first instant is later than the second."""
        return self.first.known_at > self.second.known_at

    @property
    def first_day(self) -> str:
        """As in the parameter `from`."""
        return RECOMMENDED if self.since_recommended else self.first.as_of.isoformat()

    def query(self, now: datetime) -> dict[str, str]:
        """The query parameters of the permanent address."""
        first = self.first.query(now, "from", "known_from") | {"from": self.first_day}
        return first | self.second.query(now, "to", "known_to")


def resolve_compared(
    db: Connection,
    register: RegisterEntry,
    now: datetime,
    query: Mapping[str, str | None],
    names: tuple[str, str, str, str] = ("from", "known_from", "to", "known_to"),
) -> ComparedTimes:
    """The two times that a request names. Raises `Refused` with a sentence for each that cannot be used."""
    last = settled_instant(last_public_at(db, register.id), now, register.settings.time_zone)
    day, known_from, until, known_to = (query.get(name) for name in ("from", "known_from", "to", "known_to"))
    since_recommended = day == RECOMMENDED
    first = resolve(register, last, now, None if since_recommended else day, known_from, (names[0], names[1]))
    if since_recommended:
        first = replace(first, as_of=first.known_day)
    return ComparedTimes(first, resolve(register, last, now, until, known_to, (names[2], names[3])), since_recommended)
