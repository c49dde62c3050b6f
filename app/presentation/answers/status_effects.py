"""What a publication or a withdrawal changed, for programs. The titles are the originals."""

from collections.abc import Mapping

from sqlalchemy import Connection

from app.presentation.answers.api_models import StatusEffectShape
from app.presentation.narrative.status_news import StatusNews, read_status_news
from domain.codes import Status
from projections.catalogue import queries as catalogue
from projections.catalogue.entries import RecommendationEntry
from projections.changes.queries import PublicChange, change_at
from projections.engine.position import last_applied_at
from projections.scorecards.publication_effects import PublicationEffect
from projections.scorecards.status_step import StatusStep


def serialize_effect(
    news: StatusNews, facts: Mapping[str, RecommendationEntry], change: PublicChange
) -> StatusEffectShape | None:
    """None for a change that is no publication and no withdrawal."""
    effect = news.effect(change)
    if effect is None:
        return None
    part = news.parts.get((effect.recommendation, effect.element))
    title = facts[effect.recommendation].facts.title
    return _shape(effect, title, part.title if part else None, is_withdrawal=change.kind == "withdrawal")


def read_effect(db: Connection, register: str, position: int) -> StatusEffectShape | None:
    """That of the event at a position of the log."""
    change = change_at(db, register, position)
    if change is None:
        return None
    facts = catalogue.recommendations_of(db, register, last_applied_at(db), [change.recommendation])
    return serialize_effect(read_status_news(db, register, [change]), facts, change)


def _shape(effect: PublicationEffect, title: str, part: str | None, *, is_withdrawal: bool) -> StatusEffectShape:
    def before(step: StatusStep) -> Status:
        return step.said if is_withdrawal else step.start

    return StatusEffectShape(
        recommendation_title=title,
        element_title=part,
        before=before(effect.item),
        after=effect.item.after,
        recommendation_before=before(effect.whole),
        recommendation_after=effect.whole.after,
    )
