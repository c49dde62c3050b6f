"""Indexes the texts that are public now; what is withdrawn cannot be found any more."""

from sqlalchemy import Connection, text

from domain.deadline.events import DeadlineRemoved, DeadlineStated, DeadlineWithdrawn
from domain.development.events import DevelopmentRecorded, DevelopmentRemoved
from domain.evidence.events import EvidenceAmended, EvidenceDisclosed, EvidenceRemoved, EvidenceTextRemoved
from domain.evidence.record import read_evidence_text
from domain.recommendation.events import (
    AssessmentPublished,
    AssessmentRemoved,
    AssessmentWithdrawn,
    CriteriaApproved,
    CriteriaRemoved,
    ElementAdded,
    ElementAmended,
    ElementRemoved,
    RecommendationAmended,
    RecommendationRegistered,
    RecommendationRemoved,
    RecommendationWithdrawn,
)
from domain.register.events import (
    BodyAmended,
    BodyNamed,
    BodyRemoved,
    PublicationAdded,
    PublicationAmended,
    PublicationRemoved,
    RegisterDiscarded,
    ThemeAmended,
    ThemeNamed,
    ThemeRemoved,
)
from domain.response.events import ResponsePublished, ResponseRemoved, ResponseWithdrawn
from projections.engine.batches import Batch, EventHandlers, RecordedEvent
from projections.search.index_update import IndexUpdate
from projections.search.passages import passages
from projections.search.tables import metadata

_POSTGRES = (
    "CREATE TEXT SEARCH DICTIONARY stem (TEMPLATE = snowball, LANGUAGE = english)",
    "CREATE TEXT SEARCH CONFIGURATION stemmed (COPY = simple)",
    "ALTER TEXT SEARCH CONFIGURATION stemmed ALTER MAPPING FOR asciiword, asciihword, hword_asciipart WITH stem",
    "CREATE TABLE document_words (document_no bigint PRIMARY KEY, words tsvector)",
    "CREATE INDEX document_words_gin ON document_words USING gin (words)",
)
"""Stems words as SQLite's porter does, and leaves no word out: both databases find the same."""

_SQLITE = (
    """CREATE VIRTUAL TABLE IF NOT EXISTS document_words
    USING fts5(scope, words, content='', tokenize='porter unicode61 remove_diacritics 2')""",
)


class Search:
    name = "search"
    version = 8
    metadata = metadata

    def prepare(self, db: Connection) -> None:
        """Create the full-text index, which no plain table can describe."""
        for statement in _POSTGRES if db.dialect.name == "postgresql" else _SQLITE:
            db.execute(text(statement))

    def project(self, batch: Batch, db: Connection) -> None:
        index = IndexUpdate(db, batch.texts)
        HANDLERS.dispatch(batch.events, index)
        index.write()


def index_recommendation(
    recorded: RecordedEvent[RecommendationRegistered | RecommendationAmended], index: IndexUpdate
) -> None:
    f = recorded.event.facts
    titles = [*passages(f, "title"), ("", f.number)]
    texts = [*passages(f, "summary"), *(("", text) for text in (*f.aliases, *f.instruments, f.locator))]
    index.add(recorded.position, recorded.event.register, "recommendation", f.id, f.id, titles, texts)


def index_amendment(recorded: RecordedEvent[RecommendationAmended], index: IndexUpdate) -> None:
    index.remove(recorded.event.register, "recommendation", recorded.event.recommendation)
    index_recommendation(recorded, index)


def remove_recommendation(
    recorded: RecordedEvent[RecommendationWithdrawn | RecommendationRemoved], index: IndexUpdate
) -> None:
    index.remove_recommendation(recorded.event.register, recorded.event.recommendation)


def index_part(recorded: RecordedEvent[ElementAdded | ElementAmended], index: IndexUpdate) -> None:
    """Index a part of a recommendation instead of its earlier version."""
    event, part = recorded.event, recorded.event.element
    ident = f"{event.recommendation}/{part.id}"
    if isinstance(event, ElementAmended):
        index.remove(event.register, "part", ident)
    titles, texts = passages(part, "title"), passages(part, "done_when")
    index.add(recorded.position, event.register, "part", ident, event.recommendation, titles, texts)


def remove_part(recorded: RecordedEvent[ElementRemoved], index: IndexUpdate) -> None:
    event = recorded.event
    for kind in ("part", "criteria"):
        index.remove(event.register, kind, f"{event.recommendation}/{event.element}")


def index_criteria(recorded: RecordedEvent[CriteriaApproved], index: IndexUpdate) -> None:
    """Index approved success criteria instead of their earlier version."""
    event = recorded.event
    ident = f"{event.recommendation}/{event.card.element}"
    if event.number > 1:
        index.remove(event.register, "criteria", ident)
    texts = passages(event.card, "counts", "does_not_count", "sources_needed")
    index.add(recorded.position, event.register, "criteria", ident, event.recommendation, (), texts)


def remove_criteria(recorded: RecordedEvent[CriteriaRemoved], index: IndexUpdate) -> None:
    event = recorded.event
    index.remove(event.register, "criteria", f"{event.recommendation}/{event.element}")


def index_assessment(recorded: RecordedEvent[AssessmentPublished], index: IndexUpdate) -> None:
    event, a = recorded.event, recorded.event.assessment
    texts = passages(a, "statement", "rationale")
    index.add(recorded.position, event.register, "assessment", a.id, event.recommendation, (), texts)


def remove_assessment(recorded: RecordedEvent[AssessmentWithdrawn | AssessmentRemoved], index: IndexUpdate) -> None:
    index.remove(recorded.event.register, "assessment", recorded.event.assessment)


def index_development(recorded: RecordedEvent[DevelopmentRecorded], index: IndexUpdate) -> None:
    f = recorded.event.facts
    recommendation = f.recommendations[0] if f.recommendations else ""
    index.add(
        recorded.position, recorded.event.register, "development", f.id, recommendation, (), passages(f, "summary")
    )


def remove_development(recorded: RecordedEvent[DevelopmentRemoved], index: IndexUpdate) -> None:
    index.remove(recorded.event.register, "development", recorded.event.development)


def index_response(recorded: RecordedEvent[ResponsePublished], index: IndexUpdate) -> None:
    event, f = recorded.event, recorded.event.facts
    index.add(recorded.position, event.register, "response", f.id, event.recommendation, (), passages(f, "summary"))


def remove_response(recorded: RecordedEvent[ResponseWithdrawn | ResponseRemoved], index: IndexUpdate) -> None:
    index.remove(recorded.event.register, "response", recorded.event.response)


def index_deadline(recorded: RecordedEvent[DeadlineStated], index: IndexUpdate) -> None:
    """Index a deadline with a note; there is nothing to find in others."""
    event, f = recorded.event, recorded.event.deadline
    if f.note:
        index.add(recorded.position, event.register, "deadline", f.id, event.recommendation, (), passages(f, "note"))


def remove_deadline(recorded: RecordedEvent[DeadlineWithdrawn | DeadlineRemoved], index: IndexUpdate) -> None:
    index.remove(recorded.event.register, "deadline", recorded.event.deadline)


def index_evidence(recorded: RecordedEvent[EvidenceDisclosed | EvidenceAmended], index: IndexUpdate) -> None:
    """Index a source instead of its earlier version, unless its text was removed. Its title is in its own language."""
    event, facts = recorded.event, recorded.event.facts
    if isinstance(event, EvidenceAmended):
        index.remove(event.register, "evidence", facts.id)
    stored = index.evidence_texts.get(event.record)
    if stored is None:
        return
    words = read_evidence_text(stored)
    titles = passages(words, "title", language=facts.language)
    texts = [*passages(words, "summary"), ("", facts.publisher)]
    if isinstance(event, EvidenceAmended):
        index.remove(event.register, "evidence", facts.id)
    index.add(recorded.position, event.register, "evidence", facts.id, "", titles, texts)


def remove_evidence(recorded: RecordedEvent[EvidenceRemoved | EvidenceTextRemoved], index: IndexUpdate) -> None:
    index.remove(recorded.event.register, "evidence", recorded.event.evidence)


def index_body(recorded: RecordedEvent[BodyNamed | BodyAmended], index: IndexUpdate) -> None:
    """Index a body under all its names; one that was merged keeps its document, so that its names are still found."""
    event, body = recorded.event, recorded.event.body
    if isinstance(event, BodyAmended):
        index.remove(event.register, "body", body.id)
    titles, texts = passages(body, "name"), passages(body, "short_name")
    index.add(recorded.position, event.register, "body", body.id, "", titles, texts)


def remove_body(recorded: RecordedEvent[BodyRemoved], index: IndexUpdate) -> None:
    index.remove(recorded.event.register, "body", recorded.event.body)


def index_theme(recorded: RecordedEvent[ThemeNamed | ThemeAmended], index: IndexUpdate) -> None:
    event, theme = recorded.event, recorded.event.theme
    if isinstance(event, ThemeAmended):
        index.remove(event.register, "theme", theme.id)
    index.add(recorded.position, event.register, "theme", theme.id, "", passages(theme, "title"), ())


def remove_theme(recorded: RecordedEvent[ThemeRemoved], index: IndexUpdate) -> None:
    index.remove(recorded.event.register, "theme", recorded.event.theme)


def index_publication(recorded: RecordedEvent[PublicationAdded | PublicationAmended], index: IndexUpdate) -> None:
    """Index a publication under its title, in its own language, its authors and its publisher."""
    event, p = recorded.event, recorded.event.publication
    titles = passages(p, "title", language=p.language)
    if isinstance(event, PublicationAmended):
        index.remove(event.register, "publication", p.id)
    people = [("", ", ".join(p.authors)), ("", p.publisher)]
    index.add(recorded.position, event.register, "publication", p.id, "", titles, people)


def remove_publication(recorded: RecordedEvent[PublicationRemoved], index: IndexUpdate) -> None:
    index.remove(recorded.event.register, "publication", recorded.event.publication)


def remove_register(recorded: RecordedEvent[RegisterDiscarded], index: IndexUpdate) -> None:
    index.remove_register(recorded.event.register)


HANDLERS = (
    EventHandlers[IndexUpdate, None]()
    .on(RecommendationRegistered, index_recommendation)
    .on(RecommendationAmended, index_amendment)
    .on(RecommendationWithdrawn, remove_recommendation)
    .on(RecommendationRemoved, remove_recommendation)
    .on(ElementAdded, index_part)
    .on(ElementAmended, index_part)
    .on(ElementRemoved, remove_part)
    .on(CriteriaApproved, index_criteria)
    .on(CriteriaRemoved, remove_criteria)
    .on(AssessmentPublished, index_assessment)
    .on(AssessmentWithdrawn, remove_assessment)
    .on(AssessmentRemoved, remove_assessment)
    .on(DevelopmentRecorded, index_development)
    .on(DevelopmentRemoved, remove_development)
    .on(ResponsePublished, index_response)
    .on(ResponseWithdrawn, remove_response)
    .on(ResponseRemoved, remove_response)
    .on(DeadlineStated, index_deadline)
    .on(DeadlineWithdrawn, remove_deadline)
    .on(DeadlineRemoved, remove_deadline)
    .on(EvidenceDisclosed, index_evidence)
    .on(EvidenceAmended, index_evidence)
    .on(EvidenceRemoved, remove_evidence)
    .on(EvidenceTextRemoved, remove_evidence)
    .on(BodyNamed, index_body)
    .on(BodyAmended, index_body)
    .on(BodyRemoved, remove_body)
    .on(ThemeNamed, index_theme)
    .on(ThemeAmended, index_theme)
    .on(ThemeRemoved, remove_theme)
    .on(PublicationAdded, index_publication)
    .on(PublicationAmended, index_publication)
    .on(PublicationRemoved, remove_publication)
    .on(RegisterDiscarded, remove_register)
)
