"""The documents that one batch adds to the index and removes from it."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping

from sqlalchemy import ColumnElement, Connection, select, text

from projections.engine.bulk_write import write_many, write_rows
from projections.search.passages import Passage, encode_passages, whole_text
from projections.search.tables import StoredDocument, documents
from projections.search.tokens import indexed, scope_token
from projections.search.vocabulary import WordCounts, delete_words, words_of, write_counts

_POSTGRES_INSERT = "INSERT INTO document_words VALUES (?, array_to_tsvector(ARRAY[?]) || to_tsvector('stemmed', ?))"
_FTS5_INSERT = "INSERT INTO document_words (rowid, scope, words) VALUES (?, ?, ?)"
_FTS5_DELETE = "INSERT INTO document_words (document_words, rowid, scope, words) VALUES ('delete', :n, :s, :w)"
OUTLIVES_RECOMMENDATION = "development"
"""The kind of document that stays when its recommendation is removed."""


class IndexUpdate:
    """Collects the documents of one batch, and removes those that are no longer public."""

    def __init__(self, db: Connection, evidence_texts: Mapping[str, bytes]) -> None:
        self.db, self.evidence_texts = db, evidence_texts
        self.new: dict[tuple[str, str, str], StoredDocument] = {}
        self.counts: WordCounts = defaultdict(Counter)

    def add(
        self,
        position: int,
        register: str,
        kind: str,
        ident: str,
        recommendation: str,
        titles: Iterable[Passage],
        texts: Iterable[Passage],
    ) -> None:
        """Index a document under its titles and texts, of which some may be empty."""
        self.new[register, kind, ident] = StoredDocument(
            document_no=position,
            register=register,
            kind=kind,
            id=ident,
            recommendation=recommendation,
            titles=encode_passages(titles),
            texts=encode_passages(texts),
        )

    def remove(self, register: str, kind: str, ident: str) -> None:
        """Remove one document."""
        self.new.pop((register, kind, ident), None)
        self._delete(documents.c.register == register, documents.c.kind == kind, documents.c.id == ident)

    def remove_recommendation(self, register: str, recommendation: str) -> None:
        """Remove a recommendation and all documents about it except developments."""
        self.new = {
            key: d
            for key, d in self.new.items()
            if (d.register, d.recommendation) != (register, recommendation) or d.kind == OUTLIVES_RECOMMENDATION
        }
        self._delete(
            documents.c.register == register,
            documents.c.recommendation == recommendation,
            documents.c.kind != OUTLIVES_RECOMMENDATION,
        )

    def remove_register(self, register: str) -> None:
        """Remove all documents of a register."""
        self.new = {key: d for key, d in self.new.items() if d.register != register}
        self._delete(documents.c.register == register)
        self.counts.pop(register, None)
        delete_words(self.db, register)

    def _delete(self, *conditions: ColumnElement[bool]) -> None:
        for row in self.db.execute(select(documents).where(*conditions)).all():
            whole = whole_text(row.titles, row.texts)
            if self.db.dialect.name == "postgresql":
                self.db.execute(text("DELETE FROM document_words WHERE document_no = :n"), {"n": row.document_no})
            else:
                self.db.execute(
                    text(_FTS5_DELETE),
                    {"n": row.document_no, "s": scope_token(row.register, row.kind), "w": indexed(whole)},
                )
            self.counts[row.register].subtract(words_of(whole))
            self.db.execute(documents.delete().where(documents.c.document_no == row.document_no))

    def write(self) -> None:
        """Write the new documents and their words."""
        rows = list(self.new.values())
        write_rows(self.db, documents, rows)
        texts = [(d, whole_text(d.titles, d.texts)) for d in rows]
        for d, whole in texts:
            self.counts[d.register].update(words_of(whole))
        write_counts(self.db, self.counts)
        values = [(d.document_no, scope_token(d.register, d.kind), indexed(whole)) for d, whole in texts]
        if self.db.dialect.name == "postgresql":
            write_many(self.db, _POSTGRES_INSERT, values)
        else:
            write_many(self.db, _FTS5_INSERT, values)
