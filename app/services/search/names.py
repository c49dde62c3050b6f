"""Finds bodies, themes, publications and recommendations by words of their names, and what a typed name means, without
reading all of them."""

from collections.abc import Collection, Iterable
from datetime import datetime

from msgspec import Struct
from sqlalchemy import Connection

from app.services.bundles.known_names import names_of, neither, several
from app.services.bundles.words import fold
from domain.errors import Refused
from domain.values import Body, Element, Publication, RecommendationFacts, Theme
from projections.catalogue.entries import ElementEntry, RecommendationEntry
from projections.catalogue.queries import fact_of, facts_of
from projections.overview.queries import numbered
from projections.search.queries import find

BODY, THEME, PUBLICATION, RECOMMENDATION, PART = "body", "theme", "publication", "recommendation", "element"
"""Kinds of the catalogue."""
SHEETS = {BODY: "bodies", THEME: "themes", PUBLICATION: "publications", RECOMMENDATION: "recommendations"}
"""What the kinds are called in bundles, and in refusals."""
MAX_MATCHES = 10
MAX_COMPARED = 2_000
"""How many of the things with all words of a name are compared with the whole name."""
NamedFact = Body | Theme | Publication | RecommendationFacts | Element


class Match(Struct, frozen=True):
    """Something of a register; `recommendation` is set for a part."""

    kind: str
    fact: NamedFact
    recommendation: str = ""

    @property
    def key(self) -> str:
        return "/".join(part for part in (self.kind, self.recommendation, self.fact.id) if part)


class NameSearch:
    """The bodies, or things of other kinds, of a register as they are known at an instant."""

    def __init__(self, db: Connection, register: str, known_at: datetime, kinds: Collection[str] = (BODY,)) -> None:
        self.db, self.register, self.known_at, self.kinds = db, register, known_at, kinds

    def matches(self, text: str) -> list[Match]:
        """Those that a text names, then the first of those with all its words, or their beginnings, in their names."""
        found = {match.key: match for match in (*self.named(text), *self._with_words(text, 0))}
        return list(found.values())[:MAX_MATCHES]

    def named(self, text: str) -> list[Match]:
        """The one with this id, else those with this printed number or, in any language, this name."""
        for kind in self.kinds:
            if kind != PART and (entry := fact_of(self.db, self.register, kind, self.known_at, text)):
                return [_match(kind, entry)]
        found = {match.key: match for match in self._numbered(text)}
        if not found:
            wanted = fold(text)
            whole = (m for m in self._with_words(text, MAX_COMPARED) if wanted in map(fold, names_of(m.fact)))
            found = {match.key: match for match in whole}
        return sorted(found.values(), key=lambda match: match.key)

    def exact(self, text: str) -> Match | None:
        """The only one that a text names; None if there is none or there are several."""
        named = self.named(text)
        return named[0] if len(named) == 1 else None

    def one(self, text: str) -> Match:
        """The only one that a text names. Raises `Refused`."""
        named, (kind, *_others) = self.named(text), self.kinds
        if not named:
            raise Refused(neither(SHEETS[kind], text))
        if len(named) > 1:
            raise Refused(several(SHEETS[kind], text, [match.fact for match in named]))
        return named[0]

    def _numbered(self, text: str) -> list[Match]:
        if RECOMMENDATION not in self.kinds:
            return []
        return self.by_id(RECOMMENDATION, numbered(self.db, self.register, text, limit=MAX_MATCHES + 1))

    def _with_words(self, text: str, limit: int) -> list[Match]:
        """Without bodies that were merged into others; a limit of 0 is the usual one."""
        documents = {("part" if kind == PART else kind): kind for kind in self.kinds}
        more = {"limit": limit} if limit else {}
        hits = find(self.db, self.register, text, list(documents), **more)
        by_kind = {
            kind: {m.key: m for m in self.by_id(kind, [hit.id for hit in hits if documents[hit.kind] == kind])}
            for kind in self.kinds
        }
        merged = facts_of(self.db, self.register, "merge", self.known_at, [hit.id for hit in hits if hit.kind == BODY])
        keys = [(documents[hit.kind], hit.id) for hit in hits if not (hit.kind == BODY and hit.id in merged)]
        return [match for kind, ident in keys if (match := by_kind[kind].get(f"{kind}/{ident}"))]

    def by_id(self, kind: str, ids: Iterable[str]) -> list[Match]:
        """Those of a kind with some ids, in their order."""
        ids = list(ids)
        entries = facts_of(self.db, self.register, kind, self.known_at, ids)
        return [_match(kind, entries[ident]) for ident in ids if ident in entries]


def part_id(text: str, elements: Iterable[Element]) -> str:
    """The id of the part that a text names by its id or title; empty for an empty text. Raises `Refused`."""
    elements = list(elements)
    if not text or any(element.id == text for element in elements):
        return text
    named = [element for element in elements if fold(text) in map(fold, names_of(element))]
    if len(named) != 1:
        raise Refused(several("elements", text, named) if named else neither("elements", text))
    return named[0].id


def _match(kind: str, entry: NamedFact | RecommendationEntry | ElementEntry) -> Match:
    if isinstance(entry, RecommendationEntry):
        return Match(kind, entry.facts)
    if isinstance(entry, ElementEntry):
        return Match(kind, entry.element, entry.recommendation)
    return Match(kind, entry)
