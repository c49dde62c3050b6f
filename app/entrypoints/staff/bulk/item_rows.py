"""The items of tables: recommendations, and elements of those that have parts."""

from collections.abc import Iterable

from markupsafe import Markup
from msgspec import Struct
from sqlalchemy import Connection

from app.presentation.i18n.localize import isolated, localized
from app.services.container import Services
from app.services.shown_versions import shown_version
from domain.ids import recommendation_id
from domain.values import Element, RecommendationFacts
from projections.catalogue import queries as catalogue
from projections.engine.position import last_applied_at


class RowKey(Struct, frozen=True):
    """Names an item in a form: `recommendation` or `recommendation.element`."""

    recommendation: str
    element: str = ""

    @classmethod
    def parse(cls, text: str) -> "RowKey":
        recommendation, _dot, element = text.partition(".")
        return cls(recommendation, element)

    def __str__(self) -> str:
        return f"{self.recommendation}.{self.element}" if self.element else self.recommendation


class Item(Struct, frozen=True):
    """An item with its facts; `version` is that of its recommendation."""

    key: RowKey
    facts: RecommendationFacts
    element: Element | None
    version: str

    @property
    def title(self) -> Markup | str:
        title = isolated(localized(self.facts, "title"))
        return Markup("{}: {}").format(title, isolated(localized(self.element, "title"))) if self.element else title

    @property
    def about(self) -> str:
        """The number by which a reader finds it in the publication; empty if it has none."""
        return self.facts.number

    def matches(self, words: str) -> bool:
        """Whether its title, number, theme or id contains all the words."""
        part = f"{self.element.title} {self.element.id}" if self.element else ""
        text = f"{self.facts.title} {self.facts.number} {self.facts.theme} {self.facts.id} {part}".lower()
        return all(word in text for word in words.lower().split())


def find_items(services: Services, db: Connection, register: str, keys: Iterable[RowKey]) -> list[Item]:
    """The items of the keys, in their order; without those that are not in the register."""
    keys = list(keys)
    known_at = last_applied_at(db)
    entries = catalogue.recommendations_of(db, register, known_at, {key.recommendation for key in keys})
    with_parts = {key.recommendation for key in keys if key.element}
    elements = {(r, e.element.id): e.element for r in with_parts for e in catalogue.elements(db, register, known_at, r)}
    versions = {i: str(shown_version(services, db, recommendation_id(register, i))) for i in entries}
    return [
        Item(key, entries[key.recommendation].facts, element, versions[key.recommendation])
        for key in keys
        if key.recommendation in entries
        and ((element := elements.get((key.recommendation, key.element))) is not None or not key.element)
    ]
