"""Finds bodies and publications by words of their names, and what a typed name means, without reading all of them."""

from collections.abc import Collection, Iterator
from datetime import datetime

from msgspec import Struct
from sqlalchemy import Connection

from app.services.bundles.known_names import names_of
from app.services.bundles.words import fold
from domain.values import Body, Publication
from projections.catalogue.queries import fact_of, facts_of
from projections.search.queries import find

BODY, PUBLICATION = "body", "publication"
MAX_MATCHES = 10


class Match(Struct, frozen=True):
    """A body or publication of a register."""

    kind: str
    fact: Body | Publication

    @property
    def key(self) -> str:
        return f"{self.kind}/{self.fact.id}"


class NameSearch:
    """The bodies, and for some questions the publications, of a register as they are known at an instant."""

    def __init__(self, db: Connection, register: str, known_at: datetime, kinds: Collection[str] = (BODY,)) -> None:
        self._db, self._register, self._known_at, self._kinds = db, register, known_at, kinds

    def matches(self, text: str) -> list[Match]:
        """The first of those with all words of a text, or their beginnings, in their names."""
        return list(self._found(text))[:MAX_MATCHES]

    def exact(self, text: str) -> Match | None:
        """The only one with this id or, in any language, this name; None if there is none or there are several."""
        for kind in self._kinds:
            if fact := fact_of(self._db, self._register, kind, self._known_at, text):
                return Match(kind, fact)
        named = [m for m in self._found(text) if fold(text) in {fold(name) for name in names_of(m.fact)}]
        return named[0] if len(named) == 1 else None

    def _found(self, text: str) -> Iterator[Match]:
        """Without bodies that were merged into others."""
        hits = find(self._db, self._register, text, list(self._kinds))
        ids = {kind: [hit.id for hit in hits if hit.kind == kind] for kind in self._kinds}
        facts = {kind: facts_of(self._db, self._register, kind, self._known_at, ids[kind]) for kind in ids}
        merged = facts_of(self._db, self._register, "merge", self._known_at, ids.get(BODY, []))
        for hit in hits:
            fact = facts[hit.kind].get(hit.id)
            if fact and not (hit.kind == BODY and hit.id in merged):
                yield Match(hit.kind, fact)
