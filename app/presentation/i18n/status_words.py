"""A register's own words for the statuses, on the pages and in the files about it."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from app.presentation.i18n.translation import page_language
from domain.methodology.methodology import Scale
from domain.register.settings_rules import STATUSES_SCALE
from domain.values import DisplayScale, RegisterSettings

_displayed: ContextVar[DisplayScale | None] = ContextVar("displayed_scale", default=None)


def set_display_scale(scale: DisplayScale | None) -> None:
    """Set whose words all later texts of this request use for the statuses; None for the statuses themselves."""
    _displayed.set(scale)


@contextmanager
def display_scale(scale: DisplayScale | None) -> Iterator[None]:
    """Use the words of a scale inside the context."""
    token = _displayed.set(scale)
    try:
        yield
    finally:
        _displayed.reset(token)


def own_word(status: str) -> str:
    """The word of the displayed scale for a status, in the page's language; empty if no scale is displayed."""
    scale = _displayed.get()
    if scale is None:
        return ""
    return scale_text(scale, status)


def chosen_scale(settings: RegisterSettings, code: str | None = None) -> DisplayScale | None:
    """The scale of a register that a request chooses, else its default; None if the statuses are shown."""
    by_id = {scale.id: scale for scale in settings.scales}
    if code == STATUSES_SCALE:
        return None
    return by_id.get(code or "") or by_id.get(settings.default_scale)


def own_scale(settings: RegisterSettings, code: str | None) -> Scale | None:
    """The scale of a register by its id, as one that can be shown next to the statuses."""
    scale = next((s for s in settings.scales if s.id == code), None)
    if scale is None:
        return None
    return Scale(scale.id, scale.title, tuple(dict.fromkeys(scale.labels.values())), dict(scale.labels))


def scale_text(scale: DisplayScale, status: str = "") -> str:
    """The title of a scale, or its word for a status, in the page's language if it has one."""
    if status:
        return next(w for code, w in (scale.labels_in.get(page_language()) or scale.labels).items() if code == status)
    return scale.titles.get(page_language()) or scale.title
