"""Checks that the instants of a bundle follow each other: registered, then assessed, then withdrawn."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from app.services.bundles.problems import BundleProblem
from app.services.bundles.rows import Bundle
from domain.errors import refusal

NewRows = Mapping[str, Sequence[Any]]
"""The rows of a bundle that are not stored yet, by sheet."""


def check_dates(
    bundle: Bundle, stored: Bundle, new: NewRows, registered: Mapping[str, datetime], now: datetime
) -> Iterator[BundleProblem]:
    """Yield a problem for each instant before another that it must follow.

    `registered` says when each recommendation was registered. A missing instant means `now`.
    """
    yield from _check_elements(stored, new, registered)
    yield from _check_assessments(bundle, stored, new, registered, now)
    yield from _check_withdrawals(bundle, stored, new, registered, now)
    yield from _check_replacements(bundle, stored, new)


def _check_elements(stored: Bundle, new: NewRows, registered: Mapping[str, datetime]) -> Iterator[BundleProblem]:
    assessed_whole = {r.recommendation for r in stored.assessments if not r.fact.element}
    for row in new["elements"]:
        if row.recommendation in assessed_whole:
            reason = refusal(
                "“{text}” was assessed as a whole, so you cannot divide it into elements.", text=row.recommendation
            )
            yield BundleProblem("elements.csv", row.line, "recommendation", reason)
        if row.registered_at and row.registered_at < registered.get(row.recommendation, row.registered_at):
            reason = refusal("it is before the recommendation's own.")
            yield BundleProblem("elements.csv", row.line, "registered_at", reason)


def _check_assessments(
    bundle: Bundle, stored: Bundle, new: NewRows, registered: Mapping[str, datetime], now: datetime
) -> Iterator[BundleProblem]:
    elements = {
        (r.recommendation, r.fact.id): r.registered_at or registered.get(r.recommendation, now)
        for r in (*bundle.elements, *stored.elements)
    }
    for row in new["assessments"]:
        item = (row.recommendation, row.fact.element)
        registered_at = elements.get(item) if row.fact.element else registered.get(row.recommendation)
        if registered_at and (row.published_at or now) < registered_at:
            reason = refusal("it is before its item was registered; say when that was.")
            yield BundleProblem("assessments.csv", row.line, "published_at", reason)


def _check_withdrawals(
    bundle: Bundle, stored: Bundle, new: NewRows, registered: Mapping[str, datetime], now: datetime
) -> Iterator[BundleProblem]:
    published = {r.fact.id: r.published_at or now for r in (*stored.assessments, *bundle.assessments)}
    for row in new["withdrawals"]:
        started = published.get(row.assessment) or registered.get(row.recommendation)
        if started and (row.withdrawn_at or now) < started:
            reason = refusal("it is before there was anything to withdraw.")
            yield BundleProblem("withdrawals.csv", row.line, "withdrawn_at", reason)


def _check_replacements(bundle: Bundle, stored: Bundle, new: NewRows) -> Iterator[BundleProblem]:
    recommendation_of = {r.fact.id: r.recommendation for r in (*stored.assessments, *bundle.assessments)}
    for row in new["withdrawals"]:
        reason = None
        if row.replaced_by and not row.assessment:
            reason = refusal("only an assessment can be replaced.")
        elif row.replaced_by and row.replaced_by == row.assessment:
            reason = refusal("an assessment cannot replace itself.")
        elif row.replaced_by and recommendation_of.get(row.replaced_by) != recommendation_of.get(row.assessment):
            reason = refusal("it is an assessment of another recommendation.")
        if reason:
            yield BundleProblem("withdrawals.csv", row.line, "replaced_by", reason)
