"""Indexes the texts that are public now; what is withdrawn cannot be found any more."""

from sqlalchemy import ColumnElement, Connection, select, text

from domain.deadline.events import DeadlineRemoved, DeadlineStated, DeadlineWithdrawn
from domain.development.events import DevelopmentRecorded, DevelopmentRemoved
from domain.evidence.events import EvidenceAmended, EvidenceDisclosed, EvidenceRemoved
from domain.evidence.record import read_evidence_text
from domain.recommendation.events import (
    AssessmentPublished,
    AssessmentRemoved,
    AssessmentWithdrawn,
    RecommendationAmended,
    RecommendationRegistered,
    RecommendationRemoved,
    RecommendationWithdrawn,
)
from domain.register.events import BodyAmended, BodyNamed, BodyRemoved, RegisterDiscarded
from domain.response.events import ResponsePublished, ResponseRemoved, ResponseWithdrawn
from domain.values import EvidenceText, TranslatedFact
from projections.engine.batches import Batch, EventHandlers, RecordedEvent
from projections.engine.bulk_write import write_many, write_rows
from projections.search.tables import StoredDocument, documents, metadata
from projections.search.tokens import indexed

_POSTGRES = (
    "CREATE TEXT SEARCH DICTIONARY stem (TEMPLATE = snowball, LANGUAGE = english)",
    "CREATE TEXT SEARCH CONFIGURATION stemmed (COPY = simple)",
    "ALTER TEXT SEARCH CONFIGURATION stemmed ALTER MAPPING FOR asciiword, asciihword, hword_asciipart WITH stem",
    "CREATE TABLE document_words (document_no bigint PRIMARY KEY, words tsvector)",
    "CREATE INDEX document_words_gin ON document_words USING gin (words)",
)
"""Stems words as SQLite's porter does, and leaves no word out: both databases find the same."""

_SQLITE = (
    """CREATE VIRTUAL TABLE document_words
    USING fts5(words, content='', tokenize='porter unicode61 remove_diacritics 2')""",
)

Indexed = (
    RecommendationRegistered
    | RecommendationAmended
    | AssessmentPublished
    | DevelopmentRecorded
    | EvidenceDisclosed
    | EvidenceAmended
    | ResponsePublished
    | BodyNamed
    | BodyAmended
    | DeadlineStated
)


class Search:
    name = "search"
    version = 5
    metadata = metadata

    def prepare(self, db: Connection) -> None:
        """Create the full-text index, which no plain table can describe."""
        for statement in _POSTGRES if db.dialect.name == "postgresql" else _SQLITE:
            db.execute(text(statement))

    def project(self, batch: Batch, db: Connection) -> None:
        index = IndexUpdate(db, batch)
        HANDLERS.dispatch(batch.events, index)
        index.write()


class IndexUpdate:
    """Collects the documents of one batch, and removes those that are no longer public."""

    def __init__(self, db: Connection, batch: Batch) -> None:
        self.db, self.texts = db, batch.texts
        self.new: dict[int, StoredDocument] = {}

    def add(
        self, recorded: RecordedEvent[Indexed], kind: str, ident: str, recommendation: str, title: str, *texts: str
    ) -> None:
        """Index a document under its title and texts, of which some may be empty."""
        self.new[recorded.position] = StoredDocument(
            document_no=recorded.position,
            register=recorded.event.register,
            kind=kind,
            id=ident,
            recommendation=recommendation,
            title=title,
            text="\n".join(part for part in texts if part),
        )

    def remove(self, register: str, kind: str, ident: str) -> None:
        """Remove one document."""
        for n in [n for n, d in self.new.items() if (d.register, d.kind, d.id) == (register, kind, ident)]:
            del self.new[n]
        self._delete(documents.c.register == register, documents.c.kind == kind, documents.c.id == ident)

    def remove_recommendation(self, register: str, recommendation: str) -> None:
        """Remove a recommendation and all documents about it except developments."""
        for n in [
            n
            for n, d in self.new.items()
            if (d.register, d.recommendation) == (register, recommendation) and d.kind != "development"
        ]:
            del self.new[n]
        self._delete(
            documents.c.register == register,
            documents.c.recommendation == recommendation,
            documents.c.kind != "development",
        )

    def remove_register(self, register: str) -> None:
        """Remove all documents of a register."""
        self.new = {n: d for n, d in self.new.items() if d.register != register}
        self._delete(documents.c.register == register)

    def _delete(self, *conditions: ColumnElement[bool]) -> None:
        for row in self.db.execute(select(documents).where(*conditions)).all():
            if self.db.dialect.name == "postgresql":
                self.db.execute(text("DELETE FROM document_words WHERE document_no = :n"), {"n": row.document_no})
            else:
                self.db.execute(
                    text("INSERT INTO document_words (document_words, rowid, words) VALUES ('delete', :n, :w)"),
                    {"n": row.document_no, "w": indexed(f"{row.title}\n{row.text}")},
                )
            self.db.execute(documents.delete().where(documents.c.document_no == row.document_no))

    def write(self) -> None:
        """Write the new documents and their words."""
        rows = list(self.new.values())
        write_rows(self.db, documents, rows)
        words = [(d.document_no, indexed(f"{d.title}\n{d.text}")) for d in rows]
        if self.db.dialect.name == "postgresql":
            write_many(self.db, "INSERT INTO document_words VALUES (?, to_tsvector('stemmed', ?))", words)
        else:
            write_many(self.db, "INSERT INTO document_words (rowid, words) VALUES (?, ?)", words)


def index_recommendation(
    recorded: RecordedEvent[RecommendationRegistered | RecommendationAmended], index: IndexUpdate
) -> None:
    f = recorded.event.facts
    texts = (f.summary, *_translations(f), *f.aliases, *f.instruments, f.number, f.locator)
    index.add(recorded, "recommendation", f.id, f.id, f.title, *texts)


def index_amendment(recorded: RecordedEvent[RecommendationAmended], index: IndexUpdate) -> None:
    index.remove(recorded.event.register, "recommendation", recorded.event.recommendation)
    index_recommendation(recorded, index)


def index_assessment(recorded: RecordedEvent[AssessmentPublished], index: IndexUpdate) -> None:
    a = recorded.event.assessment
    index.add(
        recorded, "assessment", a.id, recorded.event.recommendation, "", a.statement, a.rationale, *_translations(a)
    )


def index_development(recorded: RecordedEvent[DevelopmentRecorded], index: IndexUpdate) -> None:
    f = recorded.event.facts
    recommendation = f.recommendations[0] if f.recommendations else ""
    index.add(recorded, "development", f.id, recommendation, "", f.summary, *_translations(f))


def index_response(recorded: RecordedEvent[ResponsePublished], index: IndexUpdate) -> None:
    f = recorded.event.facts
    index.add(recorded, "response", f.id, recorded.event.recommendation, "", f.summary, *_translations(f))


def remove_response(recorded: RecordedEvent[ResponseWithdrawn | ResponseRemoved], index: IndexUpdate) -> None:
    index.remove(recorded.event.register, "response", recorded.event.response)


def index_body(recorded: RecordedEvent[BodyNamed | BodyAmended], index: IndexUpdate) -> None:
    """Index a body under all its names; one that was merged keeps its document, so that its names are still found."""
    body = recorded.event.body
    index.add(recorded, "body", body.id, "", body.name, body.name, body.short_name, *_translations(body))


def index_amended_body(recorded: RecordedEvent[BodyAmended], index: IndexUpdate) -> None:
    index.remove(recorded.event.register, "body", recorded.event.body.id)
    index_body(recorded, index)


def remove_body(recorded: RecordedEvent[BodyRemoved], index: IndexUpdate) -> None:
    index.remove(recorded.event.register, "body", recorded.event.body)


def index_deadline(recorded: RecordedEvent[DeadlineStated], index: IndexUpdate) -> None:
    """Index a deadline with a note; there is nothing to find in others."""
    f = recorded.event.deadline
    if f.note:
        index.add(recorded, "deadline", f.id, recorded.event.recommendation, "", f.note, *_translations(f))


def remove_deadline(recorded: RecordedEvent[DeadlineWithdrawn | DeadlineRemoved], index: IndexUpdate) -> None:
    index.remove(recorded.event.register, "deadline", recorded.event.deadline)


def index_evidence(recorded: RecordedEvent[EvidenceDisclosed | EvidenceAmended], index: IndexUpdate) -> None:
    facts, stored = recorded.event.facts, index.texts.get(recorded.event.record)
    words = read_evidence_text(stored) if stored else EvidenceText(title="", summary="")
    index.add(recorded, "evidence", facts.id, "", words.title, words.summary, *_translations(words), facts.publisher)


def _translations(fact: TranslatedFact) -> list[str]:
    return [text for texts in fact.translations.values() for text in texts.values()]


def index_amended_evidence(recorded: RecordedEvent[EvidenceAmended], index: IndexUpdate) -> None:
    index.remove(recorded.event.register, "evidence", recorded.event.facts.id)
    index_evidence(recorded, index)


def remove_evidence(recorded: RecordedEvent[EvidenceRemoved], index: IndexUpdate) -> None:
    index.remove(recorded.event.register, "evidence", recorded.event.evidence)


def remove_development(recorded: RecordedEvent[DevelopmentRemoved], index: IndexUpdate) -> None:
    index.remove(recorded.event.register, "development", recorded.event.development)


def remove_register(recorded: RecordedEvent[RegisterDiscarded], index: IndexUpdate) -> None:
    index.remove_register(recorded.event.register)


def remove_assessment(recorded: RecordedEvent[AssessmentWithdrawn | AssessmentRemoved], index: IndexUpdate) -> None:
    index.remove(recorded.event.register, "assessment", recorded.event.assessment)


def remove_recommendation(
    recorded: RecordedEvent[RecommendationWithdrawn | RecommendationRemoved], index: IndexUpdate
) -> None:
    index.remove_recommendation(recorded.event.register, recorded.event.recommendation)


HANDLERS = (
    EventHandlers[IndexUpdate, None]()
    .on(RecommendationRegistered, index_recommendation)
    .on(RecommendationAmended, index_amendment)
    .on(AssessmentPublished, index_assessment)
    .on(DevelopmentRecorded, index_development)
    .on(EvidenceDisclosed, index_evidence)
    .on(ResponsePublished, index_response)
    .on(DeadlineStated, index_deadline)
    .on(DeadlineWithdrawn, remove_deadline)
    .on(DeadlineRemoved, remove_deadline)
    .on(ResponseWithdrawn, remove_response)
    .on(ResponseRemoved, remove_response)
    .on(AssessmentWithdrawn, remove_assessment)
    .on(AssessmentRemoved, remove_assessment)
    .on(RecommendationWithdrawn, remove_recommendation)
    .on(RecommendationRemoved, remove_recommendation)
    .on(BodyNamed, index_body)
    .on(BodyAmended, index_amended_body)
    .on(BodyRemoved, remove_body)
    .on(EvidenceAmended, index_amended_evidence)
    .on(EvidenceRemoved, remove_evidence)
    .on(DevelopmentRemoved, remove_development)
    .on(RegisterDiscarded, remove_register)
)
