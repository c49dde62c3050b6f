"""How far a register that is being prepared has come, from its record."""

from enum import StrEnum

from msgspec import Struct
from sqlalchemy import Connection

from app.services.container import Services
from domain.recommendation.judging_context import JudgingContext
from domain.register.settings_rules import is_sample
from projections.catalogue import queries as catalogue
from projections.catalogue.entries import RegisterEntry
from projections.engine.position import last_applied_at
from projections.scorecards.queries import has_assessments
from projections.worklist.inbox import count_drafts


class Step(StrEnum):
    """In the order in which each needs the one before."""

    NAME = "name"
    PUBLICATION = "publication"
    BODIES = "bodies"
    RECOMMENDATIONS = "recommendations"
    CRITERIA = "criteria"
    ASSESSMENT = "assessment"
    OPENING = "opening"


class FirstSteps(Struct, frozen=True):
    """`items` and `with_criteria` count parts, and recommendations without parts.

    `entry` is None before there is a register.
    """

    entry: RegisterEntry | None = None
    done: frozenset[Step] = frozenset()
    items: int = 0
    with_criteria: int = 0
    drafted: int = 0
    """How many success criteria wait for approval."""
    first_item: str = ""
    """The recommendation that is assessed first; empty if none has criteria."""
    has_themes: bool = False
    """Whether there is a theme, which every recommendation needs."""
    is_one_person: bool = False
    """Whether one person may approve and publish alone here."""

    @property
    def next(self) -> Step:
        return next(step for step in Step if step not in self.done)

    @property
    def number_done(self) -> int:
        return len(self.done)


def first_steps_of(services: Services, db: Connection, entry: RegisterEntry) -> FirstSteps | None:
    """None for a register that is open, and for a sample."""
    if entry.is_open or is_sample(entry.settings):
        return None
    known_at = last_applied_at(db)
    items, with_criteria = catalogue.count_items(db, entry.id, known_at)
    first_card = catalogue.facts_page(db, entry.id, "card", known_at, after=0, limit=1)
    facts = {
        Step.PUBLICATION: _has(db, entry, "publication"),
        Step.BODIES: _has(db, entry, "body"),
        Step.RECOMMENDATIONS: _has(db, entry, "recommendation"),
        Step.CRITERIA: 0 < items == with_criteria,
        Step.ASSESSMENT: has_assessments(db, entry.id),
    }
    return FirstSteps(
        entry=entry,
        done=frozenset({Step.NAME, *(step for step, is_done in facts.items() if is_done)}),
        items=items,
        with_criteria=with_criteria,
        drafted=count_drafts(db, entry.id),
        first_item=first_card[0][1].split("/")[0] if first_card else "",
        has_themes=_has(db, entry, "theme"),
        is_one_person=JudgingContext.of(entry.settings, services.clock()).author_may_approve,
    )


def _has(db: Connection, entry: RegisterEntry, kind: str) -> bool:
    return bool(catalogue.facts_page(db, entry.id, kind, last_applied_at(db), after=0, limit=1))
