"""Who did it, as the public is told: the name that somebody chose to be shown by, else the role that it takes."""

from app.presentation.i18n.translation import _
from domain.base import Event
from domain.recommendation.events import (
    ElementAdded,
    ElementAmended,
    RecommendationAmended,
    RecommendationRegistered,
)

ADMINISTRATOR_EVENTS = (RecommendationRegistered, RecommendationAmended, ElementAdded, ElementAmended)
"""What changes the register itself; whatever else is public was published, approved or withdrawn by an editor."""


def public_name(event: Event, names: dict[str, str]) -> str:
    role = _("an administrator") if isinstance(event, ADMINISTRATOR_EVENTS) else _("an editor")
    return names.get(event.who, role)
