"""What the projector knows of a recommendation while it folds: its items, their candidates, its open spans."""

from typing import Any

from sqlalchemy import Connection, select

from domain.codes import Kind
from domain.times import first_day
from domain.values import Assessment
from projections.engine.batches import OPEN
from projections.scorecards.status_codes import CONFIDENCE_NUMBER, MOTION_NUMBER, grade_of
from projections.scorecards.status_intervals import Candidate, Span, StatusInterval
from projections.scorecards.tables import assessments, items, registers, spans


class Item:
    """A recommendation or an element: its candidates (sorted), its life line, its open spans with their numbers."""

    __slots__ = ("candidates", "core", "element", "kind", "line", "no", "open", "open_nos")

    def __init__(self, no: int, element: str, kind: Kind, core: bool) -> None:
        self.no, self.element, self.kind, self.core = no, element, kind, core
        self.candidates: list[Candidate] = []
        self.line: list[StatusInterval] = []
        self.open: list[Span] = []
        self.open_nos: list[int] = []


class Record:
    """A recommendation with its elements in order, as far as it is folded; `known_until` is the last instant."""

    __slots__ = ("elements", "item", "known_until", "recommended", "register_no", "withdrawn")

    def __init__(self, item: Item, register_no: int, recommended: int) -> None:
        self.item, self.register_no, self.recommended = item, register_no, recommended
        self.elements: dict[str, Item] = {}
        self.known_until = -1
        self.withdrawn = False

    def of(self, element: str) -> Item:
        return self.elements[element] if element else self.item


def candidate(assessment: Assessment, at: int, number: int, legacy: bool) -> Candidate:
    """A published assessment as numbers."""
    motion, confidence = assessment.motion, assessment.confidence
    return Candidate(
        first_day(assessment.effective_on).toordinal(),
        at,
        number,
        grade_of(assessment.status, assessment.methodology),
        assessment.effective_on,
        None if motion is None else MOTION_NUMBER[motion],
        None if confidence is None else CONFIDENCE_NUMBER[confidence],
        first_day(assessment.review_by).toordinal() if assessment.review_by else None,
        legacy,
    )


class Numbers:
    """The next free numbers, and those of registers."""

    def __init__(self, db: Connection) -> None:
        self.registers: dict[str, int] = {r.register: r.register_no for r in db.execute(select(registers))}
        self.item = _next(db, items.c.item_no)
        self.span = _next(db, spans.c.span_no)

    def next_item(self) -> int:
        self.item += 1
        return self.item

    def next_span(self) -> int:
        self.span += 1
        return self.span


def _next(db: Connection, column: Any) -> int:
    newest: int | None = db.scalar(select(column).order_by(column.desc()).limit(1))
    return newest or 0


def load(db: Connection, register_no: int, recommendation: str) -> tuple[Record, list[tuple[int, Any]]] | None:
    """A record without its lines, and everything that happened to it as (instant, act) for folding it again."""
    rows = db.execute(
        select(items)
        .where(items.c.register_no == register_no, items.c.recommendation == recommendation)
        .order_by(items.c.item_no)
    ).all()
    if not rows:
        return None
    own = next(r for r in rows if not r.element)
    record = Record(Item(own.item_no, "", Kind(own.kind), True), register_no, own.recommended)
    by_no = {own.item_no: record.item}
    acts: list[tuple[int, Any]] = [(own.known_from, Begin())]
    for r in rows:
        if r.element:
            by_no[r.item_no] = Item(r.item_no, r.element, Kind(r.kind), r.core)
            acts.append((r.known_from, Divide(by_no[r.item_no])))
    for a in db.execute(select(assessments).where(assessments.c.rec_no == own.item_no)):
        c = Candidate(
            a.effective,
            a.known_from,
            a.assessment_no,
            a.status,
            a.effective_on,
            a.motion,
            a.confidence,
            a.review_by,
            a.legacy,
        )
        acts.append((a.known_from, Publish(by_no[a.item_no].element, c)))
        if a.known_to != OPEN:
            acts.append((a.known_to, Withdraw(by_no[a.item_no].element, c)))
    if own.known_to != OPEN:
        acts.append((own.known_to, Retire()))
    return record, acts


class Begin:
    """Registered: it is on the scorecard from now on."""

    order = 0


class Divide:
    """An element was added."""

    order = 1

    def __init__(self, item: Item) -> None:
        self.item = item


class Publish:
    order = 2

    def __init__(self, element: str, candidate: Candidate) -> None:
        self.element, self.candidate = element, candidate


class Withdraw:
    order = 3

    def __init__(self, element: str, candidate: Candidate) -> None:
        self.element, self.candidate = element, candidate


class Retire:
    """The recommendation was withdrawn."""

    order = 4


Act = Begin | Divide | Publish | Withdraw | Retire
