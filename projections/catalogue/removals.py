"""Which facts an event removes from the catalogue."""

from typing import NamedTuple

from domain.deadline.events import DeadlineRemoved
from domain.development.events import DevelopmentRemoved
from domain.evidence.events import EvidenceRemoved
from domain.recommendation.events import CriteriaRemoved, ElementRemoved, RecommendationRemoved
from domain.register.events import BodyRemoved, PublicationRemoved, RegisterDiscarded, ThemeRemoved
from domain.review.events import ReviewRemoved
from projections.engine.batches import EventHandlers


class RemovedFacts(NamedTuple):
    """What is no longer there: facts of some kinds by their id, with `id_prefix` those whose ids begin with it, or all
    of a register."""

    register: str
    kinds: tuple[str, ...] = ()
    id: str = ""
    id_prefix: str = ""


REMOVALS = (
    EventHandlers[None, tuple[RemovedFacts, ...]]()
    .on(RegisterDiscarded, lambda r, _: (RemovedFacts(r.event.register),))
    .on(ThemeRemoved, lambda r, _: (RemovedFacts(r.event.register, ("theme",), r.event.theme),))
    .on(PublicationRemoved, lambda r, _: (RemovedFacts(r.event.register, ("publication",), r.event.publication),))
    .on(BodyRemoved, lambda r, _: (RemovedFacts(r.event.register, ("body", "merge"), r.event.body),))
    .on(ReviewRemoved, lambda r, _: (RemovedFacts(r.event.register, ("review",), r.event.review),))
    .on(EvidenceRemoved, lambda r, _: (RemovedFacts(r.event.register, ("evidence",), r.event.evidence),))
    .on(DevelopmentRemoved, lambda r, _: (RemovedFacts(r.event.register, ("development",), r.event.development),))
    .on(
        DeadlineRemoved,
        lambda r, _: (RemovedFacts(r.event.register, ("deadline",), f"{r.event.recommendation}/{r.event.deadline}"),),
    )
    .on(
        RecommendationRemoved,
        lambda r, _: (
            RemovedFacts(r.event.register, ("recommendation",), r.event.recommendation),
            RemovedFacts(r.event.register, ("element", "card", "deadline"), id_prefix=f"{r.event.recommendation}/"),
        ),
    )
    .on(
        ElementRemoved,
        lambda r, _: (
            RemovedFacts(r.event.register, ("element", "card"), f"{r.event.recommendation}/{r.event.element}"),
        ),
    )
    .on(
        CriteriaRemoved,
        lambda r, _: (RemovedFacts(r.event.register, ("card",), f"{r.event.recommendation}/{r.event.element}"),),
    )
)
