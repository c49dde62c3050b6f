"""Checks the days and instants of the deadlines of a bundle, and that a withdrawal says why."""

from collections.abc import Iterator, Mapping
from datetime import datetime

from app.services.bundles.date_checks import NewRows
from app.services.bundles.problems import BundleProblem
from app.services.bundles.rows import Bundle, DeadlineRow
from domain.errors import Refusal, refusal
from domain.times import day_in, first_day


def check_deadlines(
    bundle: Bundle, stored: Bundle, new: NewRows, registered: Mapping[str, datetime], now: datetime
) -> Iterator[BundleProblem]:
    """Yield a problem for each new deadline stated after it was published, published before its item, or withdrawn
    before it was published or without a reason. A missing instant means `now`.
    """
    elements = {
        (r.recommendation, r.fact.id): r.registered_at or registered.get(r.recommendation, now)
        for r in (*bundle.elements, *stored.elements)
    }
    for row in new["deadlines"]:
        item = (row.recommendation, row.fact.element)
        begun = elements.get(item) if row.fact.element else registered.get(row.recommendation)
        for column, reason in _reasons(row, begun, bundle.settings.time_zone, now):
            yield BundleProblem("deadlines.csv", row.line, column, reason)


def _reasons(row: DeadlineRow, begun: datetime | None, time_zone: str, now: datetime) -> Iterator[tuple[str, Refusal]]:
    published_at = row.published_at or now
    today = day_in(time_zone, published_at)
    if first_day(row.fact.stated_on) > today:
        yield (
            "stated_on",
            refusal("“{text}” is after {today}, the day of publishing.", text=row.fact.stated_on, today=str(today)),
        )
    if begun and published_at < begun:
        yield "published_at", refusal("it is before its item was registered; say when that was.")
    if (row.withdrawn_at or row.withdrawn_by) and not row.withdrawn_reason:
        yield "withdrawn_reason", refusal("the cell is empty.", cure="Enter why the deadline was withdrawn.")
    if row.withdrawn_reason and (row.withdrawn_at or now) < published_at:
        yield "withdrawn_at", refusal("it is before there was anything to withdraw.")
