"""The public name of a person: the name they chose to show, else their role."""

from app.presentation.i18n.translation import _
from domain.base import Event
from domain.recommendation.events import (
    ElementAdded,
    ElementAmended,
    RecommendationAmended,
    RecommendationRegistered,
)

ADMINISTRATOR_EVENTS = (RecommendationRegistered, RecommendationAmended, ElementAdded, ElementAmended)
"""Events that change the register itself. All other public events come from an editor."""


def public_name(event: Event, names: dict[str, str]) -> str:
    role = _("an administrator") if isinstance(event, ADMINISTRATOR_EVENTS) else _("an editor")
    return names.get(event.who, role)
