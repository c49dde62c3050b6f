"""The slow, obvious scorecard: every answer worked out from the whole list of facts."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from domain.codes import Confidence, Freshness, Motion, Status
from domain.times import first_day
from tests.support.model.days import peak, run_start, turning_days
from tests.support.model.facts import ElementAdded, Fact, Published, RecommendationWithdrawn, Registered
from tests.support.model.freshness import freshness
from tests.support.model.item import assessments_known, in_force, of_item, status_on
from tests.support.model.rollup import Part, computed_status, counting

WORST_FIRST = (Freshness.STALE, Freshness.DUE, Freshness.CURRENT)
LOWEST_FIRST = (Confidence.LOW, Confidence.MEDIUM, Confidence.HIGH)


@dataclass(frozen=True)
class ElementStanding:
    """`since` as the assessment wrote it; None for `not_assessed`."""

    status: Status
    since: str | None


@dataclass(frozen=True)
class Standing:
    """What a scorecard says of one recommendation; `since` as written, or a full date where it is computed."""

    status: Status
    since: str | None = None
    motion: Motion | None = None
    confidence: Confidence | None = None
    freshness: Freshness | None = None
    peak: tuple[Status, date] | None = None
    assessment: str | None = None
    legacy: bool = False
    elements: dict[str, ElementStanding] = field(default_factory=dict)


Scorecard = dict[str, Standing]


def scorecard(facts: Sequence[Fact], as_of: date, known_at: datetime) -> Scorecard:
    """The standing of each recommendation on the scorecard of the day, as known at the instant, by id."""
    known = assessments_known(facts, known_at)
    rows: Scorecard = {}
    for registered in on_the_scorecard(facts, as_of, known_at):
        name = registered.recommendation
        parts = parts_of(facts, name, known, known_at)
        if parts:
            rows[name] = from_elements(parts, registered, as_of)
        else:
            rows[name] = from_itself(of_item(known, name, ""), registered, as_of)
    return rows


def on_the_scorecard(facts: Sequence[Fact], as_of: date, known_at: datetime) -> list[Registered]:
    gone = [f.recommendation for f in facts if isinstance(f, RecommendationWithdrawn) and f.at <= known_at]
    return [
        f
        for f in facts
        if isinstance(f, Registered)
        and f.at <= known_at
        and first_day(f.recommended_on) <= as_of
        and f.recommendation not in gone
    ]


def parts_of(facts: Sequence[Fact], recommendation: str, known: Sequence[Published], known_at: datetime) -> list[Part]:
    return [
        Part(f.element, f.kind, f.core, tuple(of_item(known, recommendation, f.element)))
        for f in facts
        if isinstance(f, ElementAdded) and f.recommendation == recommendation and f.at <= known_at
    ]


def since_as_written(assessments: Sequence[Published], as_of: date) -> str | None:
    """The start of the run as the assessment in force on its first day wrote it."""
    start = run_start(lambda day: status_on(assessments, day), turning_days(assessments), as_of)
    if start is None:
        return None
    wrote = in_force(assessments, start)
    assert wrote is not None
    return wrote.effective_on


def from_itself(assessments: Sequence[Published], registered: Registered, as_of: date) -> Standing:
    """A recommendation without elements."""
    assessment = in_force(assessments, as_of)
    highest = peak(
        lambda day: status_on(assessments, day),
        turning_days(assessments),
        first_day(registered.recommended_on),
        as_of,
    )
    if assessment is None:
        return Standing(Status.NOT_ASSESSED, peak=highest)
    return Standing(
        status=assessment.status,
        since=since_as_written(assessments, as_of),
        motion=assessment.motion,
        confidence=assessment.confidence,
        freshness=freshness(assessment, as_of),
        peak=highest,
        assessment=assessment.assessment,
        legacy=assessment.legacy,
    )


def from_elements(parts: Sequence[Part], registered: Registered, as_of: date) -> Standing:
    """A recommendation with elements: computed from the core ones."""
    cores = [part for part in parts if part.core]
    turning = turning_days([a for part in cores for a in part.assessments])
    start = run_start(lambda day: computed_status(cores, day), turning, as_of)

    judged = counting(cores, as_of) or cores
    held = [a for part in judged if (a := in_force(part.assessments, as_of))]
    fresh = [freshness(a, as_of) for a in held]
    confident = [a.confidence for a in held]
    return Standing(
        status=computed_status(cores, as_of),
        since=start.isoformat() if start else None,
        confidence=next((c for c in LOWEST_FIRST if c in confident), None),
        freshness=next((f for f in WORST_FIRST if f in fresh), None),
        peak=peak(lambda day: computed_status(cores, day), turning, first_day(registered.recommended_on), as_of),
        legacy=any(a.legacy for a in held),
        elements={
            part.element: ElementStanding(status_on(part.assessments, as_of), since_as_written(part.assessments, as_of))
            for part in parts
        },
    )
