"""Searches a register: recommendations first, other texts under the recommendation that they are about."""

from msgspec import Struct
from sqlalchemy import Connection

from projections.assessments.queries import citing_recommendations
from projections.search.queries import (
    ABOUT_RECOMMENDATIONS,
    ABOUT_REGISTER,
    MAX_CANDIDATES,
    RECOMMENDATIONS,
    SOURCES,
    SearchHit,
    find,
    suggest,
)
from projections.sources.queries import citing_positions

PAGE_SIZE = 20
"""Recommendations per page."""
MAX_SOURCES, MAX_ABOUT_REGISTER, MAX_INSIDE = 20, 20, 5
CITATIONS_READ = 20
"""How many citations of a source are read to find a public one."""


class FoundRecommendation(Struct):
    """A recommendation, its own hit if its own texts match, and hits in what is about it, at most `MAX_INSIDE`."""

    id: str
    own: SearchHit | None = None
    inside: list[SearchHit] = []
    more: int = 0

    def add(self, hit: SearchHit) -> None:
        if len(self.inside) < MAX_INSIDE:
            self.inside.append(hit)
        else:
            self.more += 1


class SearchResult(Struct, frozen=True):
    """All recommendations that match, and themes, bodies and publications.

    `is_complete` is false if more texts match than are compared. `suggestion` is a query to try instead, often empty.
    """

    recommendations: tuple[FoundRecommendation, ...] = ()
    others: tuple[SearchHit, ...] = ()
    is_complete: bool = True
    suggestion: str = ""

    @property
    def pages(self) -> int:
        return max(1, -(-len(self.recommendations) // PAGE_SIZE))

    def page(self, number: int) -> tuple[FoundRecommendation, ...]:
        """The recommendations on a page, counted from 1."""
        return self.recommendations[(number - 1) * PAGE_SIZE : number * PAGE_SIZE]


def search_register(db: Connection, register: str, query: str) -> SearchResult:
    """What matches all the words of a query; nothing for a query without words."""
    own = find(db, register, query, RECOMMENDATIONS)
    inside = find(db, register, query, ABOUT_RECOMMENDATIONS)
    sources = _placed_sources(db, register, find(db, register, query, SOURCES)[:MAX_SOURCES])
    others = find(db, register, query, ABOUT_REGISTER)[:MAX_ABOUT_REGISTER]
    found = {hit.id: FoundRecommendation(hit.id, hit) for hit in own}
    for hit in (*inside, *sources):
        if hit.recommendation:
            found.setdefault(hit.recommendation, FoundRecommendation(hit.recommendation)).add(hit)
    return SearchResult(
        recommendations=tuple(found.values()),
        others=tuple(others),
        is_complete=max(len(own), len(inside)) < MAX_CANDIDATES,
        suggestion="" if found or others else suggest(db, register, query),
    )


def _placed_sources(db: Connection, register: str, sources: list[SearchHit]) -> list[SearchHit]:
    """The sources that a public page cites, each under the first recommendation that does."""
    placed = []
    for hit in sources:
        positions = citing_positions(db, register, hit.id, skip=0, limit=CITATIONS_READ)
        if citing := citing_recommendations(db, register, positions):
            placed.append(SearchHit(hit.kind, hit.id, citing[0], hit.titles, hit.texts))
    return placed
