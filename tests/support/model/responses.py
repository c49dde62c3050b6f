"""The slow model of responses: looks at every response for every answer."""

from datetime import date, datetime

from msgspec import Struct

from domain.codes import Position
from domain.times import first_day


class Said(Struct, frozen=True):
    """A published response, in log order."""

    id: str
    body: str
    position: Position
    given_on: str
    published_at: datetime
    withdrawn_at: datetime | None = None
    assessment: str = ""


def in_force(said: list[Said], as_of: date, known_at: datetime) -> set[str]:
    """The ids of the responses that no later one of the same body about the same matter replaces."""
    known = [
        (first_day(s.given_on), s.published_at, place, s)
        for place, s in enumerate(said)
        if s.published_at <= known_at
        and (s.withdrawn_at is None or known_at < s.withdrawn_at)
        and first_day(s.given_on) <= as_of
    ]
    return {
        s.id
        for *order, s in known
        if not any(
            other > order and (t.body, t.assessment) == (s.body, s.assessment) for *other, t in known if t.id != s.id
        )
    }


def counts(said: list[Said], as_of: date, known_at: datetime) -> dict[Position, int]:
    """For one recommendation: 1 for each position that a response in force takes."""
    held = in_force(said, as_of, known_at)
    taken = {s.position for s in said if s.id in held}
    return {position: int(position in taken) for position in Position}
