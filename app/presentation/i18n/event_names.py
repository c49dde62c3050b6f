"""Names for what events call by an id."""

from collections.abc import Mapping
from typing import Protocol

from markupsafe import Markup
from msgspec import Struct

from app.presentation.i18n.translation import _


class EventNames(Protocol):
    """Names things of one register in the page's language. Ids of parts, deadlines and responses are
    `recommendation/id`; an assessment is named by its status and day, a deadline by its day, a response by its body.
    """

    @property
    def zone(self) -> str:
        """The register's time zone."""
        ...

    def find(self, kind: str, ident: str) -> Markup | str:
        """The name of a thing; empty if it is unknown."""
        ...


class GivenNames(Struct, frozen=True):
    """Names that a page has already read, by kind and id."""

    names: Mapping[tuple[str, str], Markup | str] = {}
    zone: str = "UTC"

    def find(self, kind: str, ident: str) -> Markup | str:
        return self.names.get((kind, ident), "")


def name_of(names: EventNames, kind: str, ident: str) -> Markup | str:
    """The name of a thing, else its id, called that."""
    return names.find(kind, ident) or id_text(ident.rpartition("/")[2])


def id_text(ident: str) -> str:
    """An id that a sentence has to show, called that."""
    return _("ID %(id)s", id=ident)
