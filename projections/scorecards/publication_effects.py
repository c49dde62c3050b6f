"""What the publication or the withdrawal of an assessment changed: the status of the item, and of the recommendation
that the item is a part of."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import date
from typing import Any

from msgspec import Struct
from sqlalchemy import Connection, select

from projections.engine.batches import OPEN_END
from projections.engine.rows import NamedRow
from projections.scorecards.queries import NAMES_PER_QUERY, number_of
from projections.scorecards.status_step import LaterStep, StatusStep, later_step, step_on
from projections.scorecards.tables import assessments, items, spans


class PublicationEffect(Struct, frozen=True):
    """What changed at an instant (µs) about a day, and how the day was written. Without parts, `item` and `whole` are
    the same.

    `later` is a change of the whole on a later day, if nothing changed about the day itself.
    """

    recommendation: str
    element: str
    day: date
    on: str
    at: int
    item: StatusStep
    whole: StatusStep
    later: LaterStep | None = None


class AssessmentEffects(Struct, frozen=True):
    published: PublicationEffect
    withdrawn: PublicationEffect | None


def effects_of(db: Connection, register: str, ids: Collection[str]) -> dict[str, AssessmentEffects]:
    """The effects of some assessments, by id; none of one that was withdrawn when it was published."""
    rows = _assessments(db, register, ids)
    drawn = _Drawings(db, {row.rec_no for row in rows})
    return {
        row.assessment: AssessmentEffects(
            drawn.effect(row, row.known_from), None if row.known_to == OPEN_END else drawn.effect(row, row.known_to)
        )
        for row in rows
        if row.known_from < row.known_to
    }


class _Drawings:
    """The spans of some recommendations at any instant, and the last day that each instant says something about."""

    def __init__(self, db: Connection, rec_nos: Collection[int]) -> None:
        self.spans: dict[int, list[NamedRow]] = defaultdict(list)
        self.last_day: dict[tuple[int, int], int] = defaultdict(int)
        a, numbers = assessments.c, sorted(rec_nos)
        for some in _portions(numbers):
            for span in db.execute(select(spans).where(spans.c.rec_no.in_(some))):
                self.spans[span.item_no].append(span)
            query = select(a.rec_no, a.effective, a.known_from, a.known_to).where(a.rec_no.in_(some))
            for row in db.execute(query):
                for at in (row.known_from, row.known_to):
                    self.last_day[row.rec_no, at] = max(row.effective, self.last_day[row.rec_no, at])

    def effect(self, row: NamedRow, at: int) -> PublicationEffect:
        whole = step_on(*self._around(row.rec_no, at), row.effective)
        is_last_day = row.effective == self.last_day[row.rec_no, at]
        is_same = whole.said is whole.after
        later = later_step(*self._around(row.rec_no, at), row.effective) if is_same and is_last_day else None
        return PublicationEffect(
            row.recommendation,
            row.element,
            date.fromordinal(row.effective),
            row.effective_on,
            at,
            step_on(*self._around(row.item_no, at), row.effective),
            whole,
            later,
        )

    def _around(self, item_no: int, at: int) -> tuple[list[Any], list[Any]]:
        """The spans just before an instant, and at it."""
        drawn = self.spans[item_no]
        before = [s for s in drawn if s.known_from < at <= s.known_to]
        return before, [s for s in drawn if s.known_from <= at < s.known_to]


def _assessments(db: Connection, register: str, ids: Collection[str]) -> list[NamedRow]:
    query = (
        select(assessments, items.c.recommendation, items.c.element)
        .join(items, items.c.item_no == assessments.c.item_no)
        .where(assessments.c.register_no == number_of(db, register))
    )
    return [
        row for some in _portions(sorted(ids)) for row in db.execute(query.where(assessments.c.assessment.in_(some)))
    ]


def _portions(values: Sequence[Any]) -> list[Sequence[Any]]:
    return [values[start : start + NAMES_PER_QUERY] for start in range(0, len(values), NAMES_PER_QUERY)]
