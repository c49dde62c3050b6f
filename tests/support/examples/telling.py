"""Short words for telling the facts of an example, nearly all of it about one recommendation, `r`."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from domain.codes import Confidence, Kind, Motion, Reason, Status
from tests.support.examples.shapes import CompareExample, ScorecardExample
from tests.support.model import (
    ElementAdded,
    Fact,
    Published,
    RecommendationWithdrawn,
    Registered,
    Withdrawn,
)

Log = tuple[Fact, ...]

RECOMMENDED = "2023-09-14"
LATE = datetime(2025, 10, 1, 12, tzinfo=UTC)  # after everything told here


def day(text: str) -> date:
    return date.fromisoformat(text)


def at(text: str) -> datetime:
    """An instant, UTC: `2023-10-20 09:30`, or noon of `2023-10-20`."""
    return datetime.fromisoformat(text if len(text) > 10 else f"{text} 12:00").replace(tzinfo=UTC)


def just_before(text: str) -> datetime:
    """The last microsecond before an instant."""
    return at(text) - timedelta(microseconds=1)


def register(
    name: str = "r", kind: Kind = Kind.ONE_OFF, *, recommended: str = RECOMMENDED, on: str = "2023-09-15"
) -> Registered:
    return Registered(name, kind, "theme", recommended, at(on), 0)


def add_element(
    element: str, kind: Kind = Kind.ONE_OFF, *, core: bool = True, of: str = "r", on: str = "2023-09-16"
) -> ElementAdded:
    return ElementAdded(of, element, kind, core, at(on), 0)


def publish(
    assessment: str,
    status: Status,
    effective_on: str,
    on: str,
    reason: Reason = Reason.WORLD_CHANGED,
    *,
    of: str = "r",
    element: str = "",
    motion: Motion | None = None,
    confidence: Confidence = Confidence.MEDIUM,
    review_by: str = "",
    legacy: bool = False,
) -> Published:
    return Published(
        of, element, assessment, status, effective_on, reason, at(on), 0, motion, confidence, review_by, legacy
    )


def judge(element: str, status: Status, effective_on: str, on: str | None = None) -> Published:
    """An assessment of an element of `r`, called `<element>-<effective_on>`, published on the effective day."""
    return publish(f"{element}-{effective_on}", status, effective_on, on or effective_on, element=element)


def withdraw(assessment: str, on: str) -> Withdrawn:
    return Withdrawn(assessment, at(on), 0)


def withdraw_recommendation(name: str, on: str) -> RecommendationWithdrawn:
    return RecommendationWithdrawn(name, at(on), 0)


def log(*facts: Fact) -> Log:
    """The facts in the order told, which is their log position; an item's first assessment gets its reason."""
    told: list[Fact] = []
    assessed: set[tuple[str, str]] = set()
    for order, fact in enumerate(facts, start=1):
        if isinstance(fact, Published) and (fact.recommendation, fact.element) not in assessed:
            assessed.add((fact.recommendation, fact.element))
            fact = replace(fact, reason=Reason.FIRST_ASSESSMENT)
        told.append(replace(fact, order=order))
    return tuple(told)


def reads(name: str, facts: Log, as_of: str, known_at: datetime = LATE, /, **expected: object) -> ScorecardExample:
    """What the scorecard says about `r`, alone in its register."""
    return ScorecardExample(name, facts, day(as_of), known_at, {"r": expected})


def absent(name: str, facts: Log, as_of: str, known_at: datetime = LATE) -> ScorecardExample:
    """`r` is not on the scorecard."""
    return ScorecardExample(name, facts, day(as_of), known_at, {})


def moves(
    name: str,
    facts: Log,
    first: tuple[str, datetime],
    second: tuple[str, datetime],
    **expected: object,
) -> CompareExample:
    """What the comparison says about `r`, alone in its register."""
    return CompareExample(name, facts, (day(first[0]), first[1]), (day(second[0]), second[1]), {"r": expected})
