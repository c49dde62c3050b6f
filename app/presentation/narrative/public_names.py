"""Who did it, as the public is told: the name that somebody chose to be shown by, else the role that it takes."""

from app.entrypoints.http.services import services
from app.entrypoints.public.page import Page
from app.presentation.i18n.translation import _
from domain.base import Event
from domain.recommendation.events import (
    ElementAdded,
    ElementAmended,
    RecommendationAmended,
    RecommendationRegistered,
)

OF_ADMINISTRATORS = (RecommendationRegistered, RecommendationAmended, ElementAdded, ElementAmended)
"""What changes the register itself; whatever else is public was published, approved or withdrawn by an editor."""


def names_on(page: Page) -> dict[str, str]:
    """By id. They are no part of the record and can be erased, so a page that is pinned to an instant shows none."""
    return {} if page.times.known_given else services().shown_names()


def shown(event: Event, names: dict[str, str]) -> str:
    role = _("an administrator") if isinstance(event, OF_ADMINISTRATORS) else _("an editor")
    return names.get(event.who, role)
