"""Reads back from the tables what happened to a recommendation, to fold it again."""

from collections import defaultdict
from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import Connection, bindparam, select

from domain.codes import Kind
from projections.engine.batches import OPEN_END
from projections.engine.rows import NamedRow
from projections.scorecards.day_changes import CountedAs, CountedRecommendation
from projections.scorecards.deadlines import StatedDeadline
from projections.scorecards.folded_recommendation import FoldedItem, FoldedRecommendation
from projections.scorecards.status_intervals import ON_SCORECARD, Candidate, Span
from projections.scorecards.steps import (
    AddCandidate,
    AddDueDate,
    AmendItem,
    EndRecommendation,
    RemoveCandidate,
    RemoveDueDate,
    StartElement,
    StartRecommendation,
    Step,
)
from projections.scorecards.tables import assessments, deadlines, earlier_items, items, spans

_ITEMS = (
    select(items)
    .where(items.c.register_no == bindparam("register_no"), items.c.recommendation == bindparam("recommendation"))
    .order_by(items.c.item_no)
)
_EARLIER_ITEMS = (
    select(earlier_items).where(earlier_items.c.rec_no == bindparam("rec_no")).order_by(earlier_items.c.known_from)
)
_ASSESSMENTS = select(assessments).where(assessments.c.rec_no == bindparam("rec_no"))
_DEADLINES = select(deadlines).where(deadlines.c.rec_no == bindparam("rec_no"))
_COUNTED = (
    select(*(spans.c[name] for name in Span.__struct_fields__))
    .where(spans.c.rec_no == bindparam("rec_no"), spans.c.level == ON_SCORECARD, spans.c.known_to == OPEN_END)
    .order_by(spans.c.effective_from)
)
"""Made once: it takes longer to make a query than to run it."""


class UnfoldedRecommendation(NamedTuple):
    """The state of a recommendation before its first step, all its stored steps, and what it is counted under."""

    state: FoldedRecommendation
    steps: list[Step]
    under: CountedAs


def load(db: Connection, register_no: int, recommendation: str) -> UnfoldedRecommendation | None:
    """What the tables contain about a recommendation; None where it is not in them."""
    rows = db.execute(_ITEMS, {"register_no": register_no, "recommendation": recommendation}).all()
    if not rows:
        return None
    versions = _versions(db, rows)
    own = next(r for r in rows if not r.element)
    first = versions[own.item_no][0]
    state = FoldedRecommendation(FoldedItem(own.item_no, "", Kind(first.kind), True), register_no, first.recommended)
    steps: list[Step] = [StartRecommendation(own.known_from)]
    element_of = {own.item_no: ""}
    for r in rows:
        first, *later = versions[r.item_no]
        if r.element:
            element_of[r.item_no] = r.element
            steps.append(StartElement(r.known_from, FoldedItem(r.item_no, r.element, Kind(first.kind), first.core)))
        steps += [AmendItem(v.known_from, r.element, Kind(v.kind), v.core, v.recommended) for v in later]
    steps += _assessment_steps(db, element_of, own.item_no)
    steps += _deadline_steps(db, element_of, own.item_no)
    if own.known_to != OPEN_END:
        steps.append(EndRecommendation(own.known_to))
    return UnfoldedRecommendation(state, steps, CountedAs(own.theme, bool(own.priority), own.publications))


class ItemVersion(NamedTuple):
    """How an item was described from an instant on."""

    known_from: int
    kind: str
    core: bool
    recommended: int


def _versions(db: Connection, rows: Sequence[NamedRow]) -> dict[int, list[ItemVersion]]:
    """The descriptions of each item, the oldest first."""
    rec_no = next(r.rec_no for r in rows)
    versions: dict[int, list[ItemVersion]] = defaultdict(list)
    for v in db.execute(_EARLIER_ITEMS, {"rec_no": rec_no}):
        versions[v.item_no].append(ItemVersion(v.known_from, v.kind, v.core, v.recommended))
    for r in rows:
        versions[r.item_no].append(ItemVersion(r.described_from, r.kind, r.core, r.recommended))
    return versions


def _assessment_steps(db: Connection, element_of: dict[int, str], rec_no: int) -> list[Step]:
    steps: list[Step] = []
    for a in db.execute(_ASSESSMENTS, {"rec_no": rec_no}):
        candidate = Candidate(
            effective=a.effective,
            at=a.known_from,
            number=a.assessment_no,
            grade=a.status,
            effective_on=a.effective_on,
            motion=a.motion,
            confidence=a.confidence,
            review_by=a.review_by,
            legacy=a.legacy,
        )
        steps.append(AddCandidate(a.known_from, element_of[a.item_no], candidate))
        if a.known_to != OPEN_END:
            steps.append(RemoveCandidate(a.known_to, element_of[a.item_no], candidate))
    return steps


def _deadline_steps(db: Connection, element_of: dict[int, str], rec_no: int) -> list[Step]:
    steps: list[Step] = []
    for d in db.execute(_DEADLINES, {"rec_no": rec_no}):
        deadline = StatedDeadline(d.stated, d.deadline_no, d.due)
        steps.append(AddDueDate(d.known_from, element_of[d.item_no], deadline))
        if d.known_to != OPEN_END:
            steps.append(RemoveDueDate(d.known_to, element_of[d.item_no], deadline))
    return steps


def read_counted(db: Connection, rec_no: int, under: CountedAs) -> CountedRecommendation:
    """A recommendation as the day counts have it."""
    return CountedRecommendation(under, [Span(*row) for row in db.execute(_COUNTED, {"rec_no": rec_no})])
