"""Links search hits to their places on the pages."""

from collections.abc import Mapping, Sequence

from flask import url_for
from msgspec import Struct
from sqlalchemy import Connection

from app.presentation.i18n.localize import language_of, localized_text, record_language
from app.presentation.i18n.translation import page_language
from app.services.search.register_search import FoundRecommendation
from domain.values import RecommendationFacts
from projections.catalogue import queries as catalogue
from projections.engine.position import last_applied_at
from projections.search.matches import Excerpt, Pieces, TermPatterns
from projections.search.passages import Passage
from projections.search.queries import SearchHit
from projections.search.tokens import terms

MAX_QUERY_LENGTH = 200
WHOLE_CRITERIA = "h-test"
"""The place of the success criteria of a recommendation without parts."""
ANCHORS = {
    "part": "part-{}",
    "criteria": "criteria-{}",
    "assessment": "a-{}",
    "development": "d-{}",
    "response": "s-{}",
    "deadline": "due-{}",
    "evidence": "source-{}",
}
"""By the kind of what matches: its place on the page of the recommendation."""


class LinkedHit(Struct, frozen=True):
    """A hit with the address to go to. Its title and its excerpt are in one language each, empty for the page's. `news`
    says what an assessment changed."""

    kind: str
    url: str
    title: Excerpt | None
    excerpt: Excerpt | None
    news: str = ""


class LinkedRecommendation(Struct, frozen=True):
    """A recommendation as it is shown, with the hits in what is about it, and how many more there are."""

    facts: RecommendationFacts
    head: LinkedHit
    inside: tuple[LinkedHit, ...]
    more: int


def assessments_in(found: Sequence[FoundRecommendation]) -> set[str]:
    """The ids of the assessments among the hits."""
    return {hit.id for one in found for hit in one.inside if hit.kind == "assessment"}


class HitLinks:
    """Links the hits of one query in a register; `news` says what assessments changed, by id."""

    def __init__(self, register: str, query: str, news: Mapping[str, str]) -> None:
        self.news = news
        self.register, self.patterns = register, TermPatterns(terms(query))
        page, originals = page_language(), record_language()
        self.languages = ("", page) if page == originals else (page, "")

    def recommendation(self, found: FoundRecommendation, facts: RecommendationFacts) -> LinkedRecommendation:
        """A recommendation under its title on this page, with an excerpt of what else matches in its own texts."""
        url = url_for("public.recommendation", register=self.register, recommendation=found.id)
        shown = localized_text(facts, "title")
        title = Excerpt(_marked_language(language_of(facts, "title")), self.patterns.marked(shown))
        own = found.own or SearchHit("recommendation", found.id, found.id, (), ())
        other_titles = [(language, text) for language, text in own.titles if text not in (shown, facts.number)]
        excerpt = self._excerpt((*own.texts, *other_titles))
        inside = tuple(self._about(hit) for hit in found.inside)
        return LinkedRecommendation(facts, LinkedHit("recommendation", url, title, excerpt), inside, found.more)

    def _about(self, hit: SearchHit) -> LinkedHit:
        name = hit.id.rpartition("/")[2]
        anchor = ANCHORS[hit.kind].format(name) if name else WHOLE_CRITERIA
        url = url_for(
            "public.recommendation", register=self.register, recommendation=hit.recommendation, _anchor=anchor
        )
        title, excerpt = self._title(hit.titles), self._excerpt(hit.texts)
        if not title and not excerpt:
            excerpt = self._shown(self.patterns.beginning(hit.texts, self.languages))
        return LinkedHit(hit.kind, url, title, excerpt, self.news.get(hit.id, "") if hit.kind == "assessment" else "")

    def other(self, hit: SearchHit) -> LinkedHit:
        """A theme, a body or a publication, which have pages or lists of their own."""
        if hit.kind == "publication":
            url = url_for("public.scorecard", register=self.register, publication=hit.id, _anchor="list")
        elif hit.kind == "theme":
            url = url_for("public.theme", register=self.register, theme=hit.id)
        else:
            url = url_for("public.body", register=self.register, body=hit.id)
        return LinkedHit(hit.kind, url, self._title(hit.titles), self._excerpt(hit.texts))

    def _title(self, titles: tuple[Passage, ...]) -> Excerpt | None:
        """The whole title with the most matches, else the one in the page's language."""
        if not titles:
            return None
        match = self.patterns.excerpt(titles, self.languages) or self.patterns.beginning(titles, self.languages)
        by_language = dict(reversed(titles))
        language = match.language if match else ""
        return Excerpt(_marked_language(language), self.patterns.marked(by_language[language]))

    def _excerpt(self, texts: tuple[Passage, ...]) -> Excerpt | None:
        return self._shown(self.patterns.excerpt(texts, self.languages))

    def _shown(self, excerpt: Excerpt | None) -> Excerpt | None:
        return Excerpt(_marked_language(excerpt.language), excerpt.pieces) if excerpt else None


def _marked_language(language: str) -> str:
    """The language that a text has to be marked with on this page; empty for that of the page."""
    language = language or record_language()
    return "" if language == page_language() else language


def name_present_bodies(db: Connection, register: str, hits: tuple[SearchHit, ...]) -> tuple[SearchHit, ...]:
    """The hits, with a body that was merged as the one that remains, and each body once."""
    if not any(hit.kind == "body" for hit in hits):
        return hits
    tree = catalogue.body_tree(db, register, last_applied_at(db))
    result: dict[tuple[str, str], SearchHit] = {}
    for hit in hits:
        if hit.kind == "body" and (present := tree.current(hit.id)) != hit.id:
            body = tree.bodies[present]
            names = [(language, texts["name"]) for language, texts in body.translations.items() if "name" in texts]
            hit = SearchHit("body", present, "", (("", body.name), *names), hit.texts)
        result.setdefault((hit.kind, hit.id), hit)
    return tuple(result.values())


def plain_text(pieces: Pieces) -> str:
    return "".join(text for text, _ in pieces)
