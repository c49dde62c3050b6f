"""The documents that one batch adds to the index and removes from it."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping

from sqlalchemy import ColumnElement, Connection, select

from projections.engine.bulk_write import write_many, write_rows
from projections.search.passages import Passage, encode_passages, visible_passages, whole_text
from projections.search.tables import StoredDocument, documents
from projections.search.tokens import indexed, scope_token
from projections.search.vocabulary import WordCounts, delete_words, words_of, write_counts

_POSTGRES_INSERT = "INSERT INTO document_words VALUES (?, array_to_tsvector(ARRAY[?]) || to_tsvector('stemmed', ?))"
_FTS5_INSERT = "INSERT INTO document_words (rowid, scope, words) VALUES (?, ?, ?)"
_FTS5_DELETE = "INSERT INTO document_words (document_words, rowid, scope, words) VALUES ('delete', ?, ?, ?)"
_POSTGRES_DELETE = "DELETE FROM document_words WHERE document_no = ?"
NAMES_PER_QUERY = 500
OUTLIVES_RECOMMENDATION = "development"
"""The kind of document that stays when its recommendation is removed."""


class IndexUpdate:
    """Collects the documents of one batch, and removes those that are no longer public."""

    def __init__(self, db: Connection, evidence_texts: Mapping[str, bytes]) -> None:
        self.db, self.evidence_texts = db, evidence_texts
        self.new: dict[tuple[str, str, str], tuple[StoredDocument, str]] = {}
        """The rows that are added, each with all its passages in one text, by register, kind and id."""
        self.removed: dict[tuple[str, str], list[str]] = defaultdict(list)
        """The ids of documents in the tables that are removed with the others, by register and kind."""
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
        titles, texts = visible_passages(titles), visible_passages(texts)
        row = StoredDocument(
            document_no=position,
            register=register,
            kind=kind,
            id=ident,
            recommendation=recommendation,
            titles=encode_passages(titles),
            texts=encode_passages(texts),
        )
        self.new[register, kind, ident] = row, "\n".join([text for _, text in (*titles, *texts)])

    def remove(self, register: str, kind: str, ident: str) -> None:
        """Remove one document."""
        if not self.new.pop((register, kind, ident), None):  # what is new in this batch is not in the tables yet
            self.removed[register, kind].append(ident)

    def remove_recommendation(self, register: str, recommendation: str) -> None:
        """Remove a recommendation and all documents about it except developments."""
        self.new = {
            key: (d, whole)
            for key, (d, whole) in self.new.items()
            if (d.register, d.recommendation) != (register, recommendation) or d.kind == OUTLIVES_RECOMMENDATION
        }
        self._delete(
            documents.c.register == register,
            documents.c.recommendation == recommendation,
            documents.c.kind != OUTLIVES_RECOMMENDATION,
        )

    def remove_register(self, register: str) -> None:
        """Remove all documents of a register."""
        self.new = {key: new for key, new in self.new.items() if key[0] != register}
        self._delete(documents.c.register == register)
        self.counts.pop(register, None)
        delete_words(self.db, register)

    def _delete(self, *conditions: ColumnElement[bool]) -> None:
        found = [
            (row, whole_text(row.titles, row.texts))
            for row in self.db.execute(select(documents).where(*conditions)).all()
        ]
        for row, whole in found:
            self.counts[row.register].subtract(words_of(whole))
        if self.db.dialect.name == "postgresql":
            write_many(self.db, _POSTGRES_DELETE, [(row.document_no,) for row, _whole in found])
        else:
            values = [(row.document_no, scope_token(row.register, row.kind), indexed(whole)) for row, whole in found]
            write_many(self.db, _FTS5_DELETE, values)
        write_many(
            self.db, "DELETE FROM documents WHERE document_no = ?", [(row.document_no,) for row, _whole in found]
        )

    def _delete_removed(self) -> None:
        for (register, kind), ids in self.removed.items():
            for start in range(0, len(ids), NAMES_PER_QUERY):
                part = documents.c.id.in_(ids[start : start + NAMES_PER_QUERY])
                self._delete(documents.c.register == register, documents.c.kind == kind, part)

    def write(self) -> None:
        """Delete the documents that were removed, and write the new ones, with their words."""
        self._delete_removed()
        texts = list(self.new.values())
        write_rows(self.db, documents, [d for d, _whole in texts])
        for d, whole in texts:
            self.counts[d.register].update(words_of(whole))
        write_counts(self.db, self.counts)
        values = [(d.document_no, scope_token(d.register, d.kind), indexed(whole)) for d, whole in texts]
        if self.db.dialect.name == "postgresql":
            write_many(self.db, _POSTGRES_INSERT, values)
        else:
            write_many(self.db, _FTS5_INSERT, values)
