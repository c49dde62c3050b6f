"""Finds what can be assessed by a number or by words of titles: recommendations without parts, and parts."""

from datetime import datetime

from msgspec import Struct
from sqlalchemy import Connection

from app.services.search.names import MAX_MATCHES, PART, RECOMMENDATION, NameSearch
from domain.values import Element, RecommendationFacts
from projections.catalogue import queries as catalogue


class AssessableItem(Struct, frozen=True):
    """A recommendation without parts, or a part."""

    facts: RecommendationFacts
    element: Element | None

    @property
    def key(self) -> str:
        """`recommendation/element`, with nothing after the slash for a whole recommendation."""
        return f"{self.facts.id}/{self.element.id if self.element else ''}"


class ItemSearch:
    """The items of a register as they are known at an instant."""

    def __init__(self, db: Connection, register: str, known_at: datetime) -> None:
        self._db, self._register, self._known_at = db, register, known_at
        self._names = NameSearch(db, register, known_at, (RECOMMENDATION, PART))

    def matches(self, text: str) -> list[AssessableItem]:
        """The first items of what has the number or all the words, with every part of a recommendation."""
        found: dict[str, AssessableItem] = {}
        for match in self._names.matches(text):
            whole = match.recommendation or match.fact.id
            for item in self._items(whole):
                if not match.recommendation or (item.element and item.element.id == match.fact.id):
                    found.setdefault(item.key, item)
        return list(found.values())[:MAX_MATCHES]

    def by_key(self, key: str) -> AssessableItem | None:
        """An item of the register; None if there is none, also for a whole recommendation with parts."""
        return next((item for item in self._items(key.partition("/")[0]) if item.key == key), None)

    def _items(self, recommendation: str) -> list[AssessableItem]:
        entry = catalogue.recommendation(self._db, self._register, recommendation, self._known_at)
        if entry is None:
            return []
        elements = catalogue.elements(self._db, self._register, self._known_at, recommendation)
        return [AssessableItem(entry.facts, e.element) for e in elements] or [AssessableItem(entry.facts, None)]
