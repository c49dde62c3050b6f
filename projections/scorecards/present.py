"""The present spans of a register as part of a query: status, review day and deadline of each recommendation now."""

from datetime import date

from sqlalchemy import ColumnElement, Connection, Select, Subquery, and_, case, not_, or_, select

from domain.codes import Freshness, Status
from domain.methodology.versions import VERSIONS
from projections.engine.batches import OPEN_END
from projections.scorecards.queries import number_of
from projections.scorecards.status_codes import STATUS_BITS, STATUS_MASK, STATUS_NUMBER, grade_of
from projections.scorecards.tables import assessments, spans

_GRADE_BITS = 2
"""The bits of a code below its grade."""


class PresentSpans:
    """One row for each recommendation on the scorecard today, as a subquery to join by `rec_no`.

    With elements, each of them has a row too.
    """

    def __init__(self, db: Connection, register: str, today: date, *, with_elements: bool = False) -> None:
        self.today = today.toordinal()
        c = spans.c
        query: Select[tuple[int]] = select(
            c.rec_no, c.code, c.since, c.review_by, c.due, c.first_done, c.assessment_no, c.confidence
        ).where(
            c.register_no == number_of(db, register),
            c.level.in_((0, 2)) if with_elements else c.level == 0,
            c.known_to == OPEN_END,
            c.effective_to > self.today,
            c.effective_from <= self.today,
        )
        self.table: Subquery = query.subquery("present")

    @property
    def rec_no(self) -> ColumnElement[int]:
        return self.table.c.rec_no

    @property
    def review_by(self) -> ColumnElement[int]:
        """The day by which it must be reviewed, as an ordinal; null where there is none."""
        return self.table.c.review_by

    @property
    def assessment_no(self) -> ColumnElement[int]:
        """The number of the assessment in force, which is its position in the log; null where there is none."""
        return self.table.c.assessment_no

    @property
    def confidence(self) -> ColumnElement[int]:
        return self.table.c.confidence

    def is_legacy(self) -> ColumnElement[bool]:
        """Whether its assessment is marked as imported from an earlier record."""
        return self.table.c.code.op("&")(1) == 1

    @property
    def since(self) -> ColumnElement[int]:
        return self.table.c.since

    @property
    def due(self) -> ColumnElement[int]:
        """The last day of the deadline in force, as an ordinal."""
        return self.table.c.due

    @property
    def status_number(self) -> ColumnElement[int]:
        return self.table.c.code.op(">>")(_GRADE_BITS).op("&")(STATUS_MASK)

    def has_status(self, status: Status) -> ColumnElement[bool]:
        return self.status_number == STATUS_NUMBER[status]

    def status_order(self, order: tuple[Status, ...]) -> ColumnElement[int]:
        places = {STATUS_NUMBER[status]: place for place, status in enumerate(order)}
        return case(places, value=self.status_number, else_=len(places))

    def has_freshness(self, freshness: Freshness) -> ColumnElement[bool]:
        """As `freshness` of the queries says of one span."""
        review_by = self.review_by
        last_due = self.today + self._due_days()
        if freshness is Freshness.STALE:
            return review_by < self.today
        if freshness is Freshness.DUE:
            return and_(review_by >= self.today, review_by <= last_due)
        return review_by > last_due

    def _due_days(self) -> ColumnElement[int]:
        """How many days before its review day an assessment is due, by the version of its methodology."""
        days = {number: method.due_days for number, method in enumerate(VERSIONS.values())}
        return case(days, value=self.table.c.code.op(">>")(_GRADE_BITS + STATUS_BITS), else_=0)

    def is_overdue(self) -> ColumnElement[bool]:
        """Whether its deadline has passed and it is not done, by the table in `deadlines`."""
        c = self.table.c
        done = [grade_of(status, method.version) for method in VERSIONS.values() for status in method.done]
        is_done_now = c.code.op(">>")(_GRADE_BITS).in_(done)
        never_done = and_(c.first_done.is_(None), c.due < self.today)
        return and_(
            c.due.is_not(None),  # in words, so that an index of the spans with a deadline is used
            not_(self.has_status(Status.SUPERSEDED)),
            or_(never_done, and_(c.first_done > c.due, not_(is_done_now))),
        )

    def is_open_deadline(self) -> ColumnElement[bool]:
        """Whether it has a deadline in force that was never met, passed or not."""
        return and_(
            self.table.c.due.is_not(None),
            self.table.c.first_done.is_(None),
            not_(self.has_status(Status.SUPERSEDED)),
        )

    def was_never_assessed(self) -> ColumnElement[bool]:
        """Whether nothing is published about it or an element of it."""
        a = assessments.c
        published = select(a.assessment_no).where(a.rec_no == self.rec_no, a.known_to == OPEN_END)
        return and_(self.has_status(Status.NOT_ASSESSED), not_(published.exists()))
