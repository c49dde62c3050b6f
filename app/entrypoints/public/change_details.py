"""The entries of the log of changes, with what they are shown with."""

from collections.abc import Sequence
from typing import Any

from markupsafe import Markup
from msgspec import Struct

from app.entrypoints.public.page import Page
from app.presentation.i18n.localize import isolated, localized
from app.presentation.i18n.sentence_parts import related_name
from app.presentation.i18n.source_titles import source_title
from app.presentation.narrative.amendments import sentence_without_reason
from app.presentation.narrative.change_paths import subject_path
from app.presentation.narrative.corrections import NOT_CORRECTED, CorrectionWords, read_corrections
from app.presentation.narrative.feed_entries import FeedContext, change_text
from app.presentation.narrative.lineage import Editions
from app.presentation.narrative.record_names import RecordNames
from app.presentation.narrative.status_news import StatusNews, capitalized, read_status_news, whole_text
from domain.values import Body, Element, RecommendationFacts
from projections.catalogue import queries as catalogue
from projections.changes.queries import PublicChange


class ChangeDetails(Struct, frozen=True):
    """A change with its recommendation, its element, and the body that responded.

    `text` says what was published or withdrawn, and `whole` what became of the recommendation if a part was assessed.
    An amendment has a sentence that says what was amended. If it is not about a recommendation, it has the name of what
    was amended and the path of its page, empty if there is none. `correction` says what it changed for readers.
    `assessment` and `replacement` name what was withdrawn and what replaced it, `related` the other recommendation of a
    relation.
    """

    change: PublicChange
    facts: RecommendationFacts | None
    element: Element | None
    body: Body | None
    text: str = ""
    whole: str = ""
    sentence: str = ""
    name: Markup | str = ""
    path: str = ""
    correction: CorrectionWords = NOT_CORRECTED
    assessment: str = ""
    replacement: str = ""
    related: Markup | str = ""


def change_details(page: Page, changes: Sequence[PublicChange]) -> list[ChangeDetails]:
    known_at = page.times.known_at
    entries = catalogue.recommendations_of(page.db, page.id, known_at, {c.recommendation for c in changes})
    facts = {i: e.facts for i, e in entries.items()}
    news = read_status_news(page.db, page.id, changes)
    bodies = catalogue.bodies(page.db, page.id, known_at)
    names, record_names = _subject_names(page, changes), RecordNames(page.db, page.entry, known_at)
    editions = Editions(page.db, page.entry, page.times.pair)
    context = FeedContext(page.entry, facts, record_names, news, {})
    corrections = read_corrections(page.db, page.entry, facts, record_names, news, changes)
    return [
        ChangeDetails(
            c,
            facts.get(c.recommendation),
            news.parts.get((c.recommendation, c.element)),
            bodies.get(c.body),
            capitalized(change_text(context, c)) if c.kind in ("assessment", "withdrawal", "opened") else "",
            capitalized(_whole(news, c)),
            sentence_without_reason(c.amendment, record_names) if c.amendment else "",
            names.get((c.kind.split("_")[0], c.subject), ""),
            subject_path(page.id, c) or "",
            corrections.get(c.position, NOT_CORRECTED),
            str(record_names.find("assessment", c.assessment)) if c.kind == "withdrawal" else "",
            str(record_names.find("assessment", c.replaced_by)),
            _related_name(editions, record_names, c.related_to),
        )
        for c in changes
    ]


def _whole(news: StatusNews, change: PublicChange) -> str:
    effect = news.effect(change)
    return whole_text(effect) if effect and effect.element and not news.is_told_by_successor(change) else ""


def _related_name(editions: Editions, names: RecordNames, to: str) -> Markup | str:
    """The title of the other recommendation of a relation, also in another register; an address is repeated."""
    register, _colon, ident = to.rpartition(":")
    edition = editions.find((register, ident)) if register else None
    if edition:
        return isolated(localized(edition.facts, "title"))
    return related_name(names, to) if to else ""


def _subject_names(page: Page, changes: Sequence[PublicChange]) -> dict[tuple[str, str], Markup | str]:
    """The names of what was amended, by the first word of the kind of change and the id."""
    known_at, sources = page.times.known_at, {c.subject for c in changes if c.kind == "evidence_amended"}
    of: dict[str, tuple[dict[str, Any], str]] = {
        "register": ({"": page.entry.settings}, "title"),
        "theme": (catalogue.themes(page.db, page.id, known_at), "title"),
        "publication": (catalogue.publications(page.db, page.id, known_at), "title"),
        "body": (catalogue.bodies(page.db, page.id, known_at), "name"),
        "review": (catalogue.reviews(page.db, page.id, known_at), "title"),
    }
    names = {(kind, i): localized(fact, name) for kind, (facts, name) in of.items() for i, fact in facts.items()}
    cited = catalogue.evidence(page.db, page.id, known_at, sources)
    return names | {("evidence", i): source_title(source) for i, source in cited.items()}
