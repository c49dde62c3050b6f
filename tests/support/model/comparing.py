"""Section 8: what we learned and what changed between two scorecards."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from domain.codes import Status
from domain.times import first_day
from tests.support.model.facts import Fact, Registered
from tests.support.model.item import assessments_known, candidates
from tests.support.model.scale import rank
from tests.support.model.scorecard import scorecard


@dataclass(frozen=True)
class Change:
    """One row: a = S(E1,K1), b = S(E1,K2), c = S(E2,K2), None where it is not on that scorecard."""

    a: Status | None
    b: Status | None
    c: Status | None
    learned: bool
    changed: bool
    direction: str
    causes: frozenset[str] = frozenset()


def compare(facts: Sequence[Fact], e1: date, k1: datetime, e2: date, k2: datetime) -> dict[str, Change]:
    """A row for each recommendation on (e1, k1) or on (e2, k2), by id."""
    first, between, second = scorecard(facts, e1, k1), scorecard(facts, e1, k2), scorecard(facts, e2, k2)
    rows = {}
    for name in sorted(first.keys() | second.keys()):
        a, b, c = (card[name].status if name in card else None for card in (first, between, second))
        same = a == b == c
        causes = frozenset() if same else causes_of(facts, name, (e1, k1), (e2, k2))
        rows[name] = Change(a, b, c, a != b, b != c, direction(a, b, c), causes)
    return rows


def direction(a: Status | None, b: Status | None, c: Status | None) -> str:
    """The first word that fits the step from b to c."""
    if a is None and b is None:
        return "added"
    if c is None:
        return "removed"
    if b is None:
        return "added"
    if b == c:
        return "unchanged"
    if c == Status.REVERSED:
        return "reversed"
    before, after = rank(b), rank(c)
    if before is None or after is None or before == after:
        return "level"
    return "up" if after > before else "down"


def causes_of(
    facts: Sequence[Fact], recommendation: str, one: tuple[date, datetime], two: tuple[date, datetime]
) -> frozenset[str]:
    """The ids of all assessments of it and its elements that are candidates at exactly one of the two."""

    def at(as_of: date, known_at: datetime) -> set[str]:
        found = candidates(assessments_known(facts, known_at), as_of)
        return {a.assessment for a in found if a.recommendation == recommendation}

    return frozenset(at(*one) ^ at(*two))


def compare_since_recommended(facts: Sequence[Fact], k1: datetime, e2: date, k2: datetime) -> dict[str, Change]:
    """The same with the day on which each was recommended as its first day."""
    days = {f.recommendation: first_day(f.recommended_on) for f in facts if isinstance(f, Registered)}
    rows: dict[str, Change] = {}
    for name, day in days.items():
        if day <= e2:
            rows |= {n: row for n, row in compare(facts, day, k1, e2, k2).items() if n == name}
    return rows
