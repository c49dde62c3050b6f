"""Section 2 on review dates: until when an assessment counts as current."""

from datetime import date, timedelta

from domain.codes import Freshness, Status
from domain.times import first_day
from tests.support.model.facts import Published


def review_by(assessment: Published) -> date:
    """The day written, or 180 days after the effective date for `in_effect` and 365 otherwise."""
    if assessment.review_by:
        return first_day(assessment.review_by)
    days = 180 if assessment.status == Status.IN_EFFECT else 365
    return first_day(assessment.effective_on) + timedelta(days=days)


def freshness(assessment: Published, as_of: date) -> Freshness:
    days_left = (review_by(assessment) - as_of).days
    if days_left < 0:
        return Freshness.STALE
    return Freshness.DUE if days_left <= 30 else Freshness.CURRENT
