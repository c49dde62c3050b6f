"""Parts that the sentences about events share."""

from markupsafe import Markup

from app.presentation.i18n.event_names import EventNames, name_of
from app.presentation.i18n.localize import isolated, localized, original
from app.presentation.i18n.translation import _


def because(text: str, why: str) -> str:
    return text + " " + _("Reason: %(why)s", why=original_words(why)) if why else text


def item_name(names: EventNames, recommendation: str, element: str) -> Markup | str:
    """The title of a part, or of the whole recommendation."""
    if element:
        return name_of(names, "element", f"{recommendation}/{element}")
    return name_of(names, "recommendation", recommendation)


def original_words(text: str) -> Markup | str:
    """A text of the record in the middle of a sentence."""
    return isolated(original(text))


def fact_words(fact: object, name: str) -> Markup | str:
    """The same for a text that may come with its translations."""
    return isolated(localized(fact, name))


def related_name(names: EventNames, to: str) -> Markup | str:
    """The title of a related recommendation; an address, or an id of another register, is repeated."""
    return to if ":" in to and not names.find("recommendation", to) else name_of(names, "recommendation", to)
