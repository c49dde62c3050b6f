"""Keeps the words of what is public now; what is withdrawn cannot be found any more."""

from typing import Any

import msgspec
from sqlalchemy import Connection, select, text

from domain.development.events import DevelopmentRecorded
from domain.evidence.events import EvidenceDisclosed
from domain.recommendation.events import (
    AssessmentPublished,
    AssessmentWithdrawn,
    RecommendationAmended,
    RecommendationRegistered,
    RecommendationWithdrawn,
)
from domain.values import EvidenceText
from projections.engine.batches import Batch
from projections.engine.bulk_write import write_many, write_rows
from projections.search.tables import COLUMNS, documents, metadata
from projections.search.tokens import indexed

_POSTGRES = (
    "CREATE TEXT SEARCH DICTIONARY stem (TEMPLATE = snowball, LANGUAGE = english)",
    "CREATE TEXT SEARCH CONFIGURATION stemmed (COPY = simple)",
    "ALTER TEXT SEARCH CONFIGURATION stemmed ALTER MAPPING FOR asciiword, asciihword, hword_asciipart WITH stem",
    "CREATE TABLE document_words (document_no bigint PRIMARY KEY, words tsvector)",
    "CREATE INDEX document_words_gin ON document_words USING gin (words)",
)
"""Stems words as SQLite's porter does, and leaves no word out: both stores find the same."""


class Search:
    name = "search"
    version = 1
    metadata = metadata

    def prepare(self, db: Connection) -> None:
        """The full-text index, which no plain table can describe."""
        if db.dialect.name == "postgresql":
            for statement in _POSTGRES:
                db.execute(text(statement))
        else:
            db.execute(
                text(
                    "CREATE VIRTUAL TABLE document_words USING fts5(words, content='',"
                    " tokenize='porter unicode61 remove_diacritics 2')"
                )
            )

    def project(self, batch: Batch, db: Connection) -> None:
        rows: dict[int, tuple[Any, ...]] = {}
        for recorded in batch.events:
            event: Any = recorded.event
            if isinstance(event, RecommendationAmended):
                _forget(db, rows, event.register, "recommendation", event.recommendation)
            if read := READS.get(type(event)):
                rows[recorded.position] = (recorded.position, event.register, *read(event, batch))
            elif isinstance(event, AssessmentWithdrawn):
                _forget(db, rows, event.register, "assessment", event.assessment)
            elif isinstance(event, RecommendationWithdrawn):
                _forget(db, rows, event.register, None, event.recommendation)
        write_rows(db, documents, COLUMNS, list(rows.values()))
        _index(db, list(rows.values()))


def _recommendation(event: RecommendationRegistered | RecommendationAmended, _: Batch) -> tuple[str, ...]:
    f = event.facts
    words = (f.title_ko, f.summary, f.summary_ko, *f.aliases, *f.instruments)
    return "recommendation", f.id, f.id, f.title, _joined(*words)


def _assessment(event: AssessmentPublished, _: Batch) -> tuple[str, ...]:
    a = event.assessment
    return "assessment", a.id, event.recommendation, "", _joined(a.rationale, a.rationale_ko)


def _development(event: DevelopmentRecorded, _: Batch) -> tuple[str, ...]:
    f = event.facts
    return "development", f.id, f.recommendations[0] if f.recommendations else "", "", _joined(f.summary, f.summary_ko)


def _evidence(event: EvidenceDisclosed, batch: Batch) -> tuple[str, ...]:
    stored = batch.texts.get(event.record)
    words = msgspec.json.decode(stored, type=EvidenceText) if stored else EvidenceText(title="", summary="")
    said = _joined(words.summary, words.summary_ko, event.facts.publisher)
    return "evidence", event.facts.id, "", words.title, said


READS: dict[type, Any] = {
    RecommendationRegistered: _recommendation,
    RecommendationAmended: _recommendation,
    AssessmentPublished: _assessment,
    DevelopmentRecorded: _development,
    EvidenceDisclosed: _evidence,
}


def _joined(*parts: str) -> str:
    return "\n".join(part for part in parts if part)


def _index(db: Connection, rows: list[tuple[Any, ...]]) -> None:
    words = [(row[0], indexed(f"{row[5]}\n{row[6]}")) for row in rows]
    if db.dialect.name == "postgresql":
        write_many(db, "INSERT INTO document_words VALUES (?, to_tsvector('stemmed', ?))", words)
    else:
        write_many(db, "INSERT INTO document_words (rowid, words) VALUES (?, ?)", words)


def _forget(db: Connection, rows: dict[int, tuple[Any, ...]], register: str, kind: str | None, ident: str) -> None:
    """Take a document out of the index, or everything about a recommendation where `kind` is None."""
    for number in [n for n, r in rows.items() if r[1] == register and _is(r[2], r[3], r[4], kind, ident)]:
        del rows[number]
    query = select(documents).where(documents.c.register == register)
    if kind is None:
        query = query.where(documents.c.recommendation == ident, documents.c.kind != "development")
    else:
        query = query.where(documents.c.kind == kind, documents.c.id == ident)
    for row in db.execute(query).all():
        if db.dialect.name == "postgresql":
            db.execute(text("DELETE FROM document_words WHERE document_no = :n"), {"n": row.document_no})
        else:
            db.execute(
                text("INSERT INTO document_words (document_words, rowid, words) VALUES ('delete', :n, :w)"),
                {"n": row.document_no, "w": indexed(f"{row.title}\n{row.text}")},
            )
        db.execute(documents.delete().where(documents.c.document_no == row.document_no))


def _is(kind: str, ident: str, recommendation: str, wanted: str | None, about: str) -> bool:
    if wanted is None:
        return recommendation == about and kind != "development"
    return kind == wanted and ident == about
