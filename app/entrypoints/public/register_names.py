"""What lists of recommendations refer to: the themes, bodies and publications of a register as known on a page."""

from collections.abc import Iterable, Mapping
from typing import Self

from app.entrypoints.public.page import Page
from app.presentation.i18n.ordering import themes_in_order
from domain.times import first_day
from domain.values import Body, Publication, Theme
from projections.catalogue import queries as catalogue


class RegisterNames:
    def __init__(self, page: Page) -> None:
        db, register, known_at = page.db, page.id, page.times.known_at
        self.tree = catalogue.body_tree(db, register, known_at)
        self.bodies: Mapping[str, Body] = self.tree.bodies
        self.themes: dict[str, Theme] = catalogue.themes(db, register, known_at)
        self.publications: dict[str, Publication] = catalogue.publications(db, register, known_at)
        until = page.entry.settings.evidence_to
        self.reach = first_day(until) if until else None

    def theme(self, ident: str) -> Theme:
        """A theme without a row of its own shows its id."""
        return self.themes.get(ident) or Theme(id=ident, title=ident)

    def body(self, ident: str) -> Body:
        """The same for a body."""
        return self.bodies.get(ident) or Body(id=ident, name=ident)

    def current_bodies(self, ids: Iterable[str]) -> list[Body]:
        """Bodies under the names that they have now, each once."""
        return [self.body(ident) for ident in dict.fromkeys(self.tree.current(b) for b in ids)]

    @classmethod
    def of(cls, page: Page) -> Self:
        """Those of a page; shared with the pages of other days."""
        return page.remember("names", lambda: cls(page))

    @property
    def themes_in_order(self) -> list[str]:
        """The ids of all themes, in the order of the page."""
        return [theme.id for theme in themes_in_order(self.themes.values())]
