"""Checks the responses of a bundle against what they answer, and in an open register against rule 9."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import NamedTuple

from app.services.bundles.problems import BundleProblem
from app.services.bundles.rows import AssessmentRow, Bundle, ResponseRow
from domain.errors import Refusal, refusal
from domain.recommendation.judging_context import JudgingContext
from domain.response.policy import bodies_ever_asked, is_in_line_with, second_person_refusals
from domain.times import day_in, first_day
from domain.values import Addressee, Body


class _Answered(NamedTuple):
    """What responses are checked against, of the bundle and the stored register."""

    bodies: dict[str, Body]
    merged_into: dict[str, str]
    stated: dict[str, tuple[str, ...]]
    addressees: dict[str, list[Addressee]]
    elements: dict[str, list[str]]
    registered: dict[str, datetime]
    assessments: dict[str, AssessmentRow]
    time_zone: str
    now: datetime


def check_responses(
    new: Sequence[ResponseRow], bundle: Bundle, stored: Bundle, now: datetime, *, is_open: bool
) -> Iterator[BundleProblem]:
    """Yield a problem for each response that cannot be what it says. The references are checked already."""
    bundles = (stored, bundle)
    answered = _Answered(
        bodies={r.fact.id: r.fact for b in bundles for r in b.bodies},
        merged_into={r.fact.id: r.merged_into for b in bundles for r in b.bodies if r.merged_into},
        stated={r.fact.id: r.fact.addressees for b in bundles for r in b.recommendations},
        addressees=defaultdict(list),
        elements=defaultdict(list),
        registered={r.fact.id: r.registered_at or now for b in bundles for r in b.recommendations},
        assessments={r.fact.id: r for b in bundles for r in b.assessments},
        time_zone=bundle.settings.time_zone,
        now=now,
    )
    for element in (e for b in bundles for e in b.elements):
        answered.elements[element.recommendation].append(element.fact.id)
    for addressee in (a for b in bundles for a in b.addressees):
        answered.addressees[addressee.recommendation].append(addressee.fact)
    context = JudgingContext.of(bundle.settings, now)
    for row in new:
        yield from _check_body(row, answered)
        yield from _check_times(row, answered)
        yield from _check_assessment(row, answered)
        if is_open and row.published_by:
            for reason in second_person_refusals(row.fact, row.published_by, context):
                yield _problem(row, "published_by", reason)


def _check_body(row: ResponseRow, answered: _Answered) -> Iterator[BundleProblem]:
    of = row.recommendation
    asked = bodies_ever_asked(
        row.fact.element, answered.stated[of], answered.addressees.get(of, ()), answered.elements.get(of, ())
    )
    if not is_in_line_with(row.fact.body, asked, answered.bodies, answered.merged_into):
        reason = refusal(
            "“{recommendation}” was never addressed to “{body}”, so it cannot respond.",
            recommendation=row.recommendation,
            body=row.fact.body,
        )
        yield _problem(row, "body", reason)


def _check_times(row: ResponseRow, answered: _Answered) -> Iterator[BundleProblem]:
    published = row.published_at or answered.now
    if first_day(row.fact.given_on) > day_in(answered.time_zone, published):
        yield _problem(row, "given_on", refusal("it is after the day of publishing."))
    if published < answered.registered[row.recommendation]:
        yield _problem(
            row, "published_at", refusal("it is before the recommendation was registered; say when that was.")
        )
    if row.withdrawn_at and row.withdrawn_at < published:
        yield _problem(row, "withdrawn_at", refusal("it is before there was anything to withdraw."))


def _check_assessment(row: ResponseRow, answered: _Answered) -> Iterator[BundleProblem]:
    assessment = answered.assessments.get(row.fact.assessment)
    if assessment is None:
        return
    is_of_another = row.fact.element and assessment.fact.element != row.fact.element
    if assessment.recommendation != row.recommendation or is_of_another:
        reason = refusal("“{text}” is not an assessment of what the response is about.", text=row.fact.assessment)
        yield _problem(row, "assessment", reason)
    elif (row.published_at or answered.now) < (assessment.published_at or answered.now):
        yield _problem(row, "published_at", refusal("it is before the assessment that it answers was published."))


def _problem(row: ResponseRow, column: str, reason: Refusal) -> BundleProblem:
    return BundleProblem("responses.csv", row.line, column, reason)
