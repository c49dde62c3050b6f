"""Finds public texts by their words. Each query reads a bounded number of documents, however common a word is."""

from collections.abc import Sequence
from typing import Any

from msgspec import Struct
from sqlalchemy import Connection, Text, TextualSelect, bindparam, column, text

from projections.engine.rows import NamedRow
from projections.search.matches import TermPatterns
from projections.search.passages import Passage, decode_passages
from projections.search.tokens import as_fts5, as_tsquery, is_number, scope_token, scopes_tsquery, terms
from projections.search.vocabulary import nearest_word

MAX_CANDIDATES = 300
"""How many documents that match are compared; of more, the earliest."""
RECOMMENDATIONS = ("recommendation",)
ABOUT_RECOMMENDATIONS = ("part", "criteria", "assessment", "response", "deadline", "development")
SOURCES = ("evidence",)
ABOUT_REGISTER = ("theme", "body", "publication")
ALL_KINDS = RECOMMENDATIONS + ABOUT_RECOMMENDATIONS + SOURCES + ABOUT_REGISTER

# CROSS keeps SQLite from asking the full-text index about each document of the register.
_FTS5 = """SELECT d.* FROM (SELECT rowid FROM document_words WHERE document_words MATCH :words LIMIT :most) w
CROSS JOIN documents d ON d.document_no = w.rowid"""
_TSQUERY = """SELECT d.* FROM (SELECT document_no FROM document_words
WHERE words @@ (CAST(:scopes AS tsquery) && to_tsquery('stemmed', :words)) LIMIT :most) w
JOIN documents d ON d.document_no = w.document_no"""
_FTS5_IDS = """SELECT d.id FROM document_words w CROSS JOIN documents d ON d.document_no = w.rowid
WHERE document_words MATCH :words"""
_TSQUERY_IDS = """SELECT d.id FROM document_words w JOIN documents d ON d.document_no = w.document_no
WHERE w.words @@ (CAST(:scopes AS tsquery) && to_tsquery('stemmed', :words))"""


class SearchHit(Struct, frozen=True):
    """A document that matches, with its texts in each language; `recommendation` is empty where it belongs to none."""

    kind: str
    id: str
    recommendation: str
    titles: tuple[Passage, ...]
    texts: tuple[Passage, ...]

    @property
    def title(self) -> str:
        """The title in its original language; empty for a document without one."""
        return self.titles[0][1] if self.titles else ""


def find(
    db: Connection, register: str, query: str, kinds: Sequence[str] = ALL_KINDS, *, limit: int = MAX_CANDIDATES
) -> list[SearchHit]:
    """The documents of some kinds with every word of the query, best first; none for a query without words."""
    query_terms = terms(query)
    if not query_terms:
        return []
    values = _values(db, register, query_terms, kinds)
    rows = db.execute(text(_TSQUERY if _is_postgres(db) else _FTS5), values | {"most": limit})
    patterns = TermPatterns(query_terms)
    scored = [(patterns.score(hit.titles, hit.texts), -no, hit) for no, hit in map(_hit, rows)]
    return [hit for _, _, hit in sorted(scored, key=lambda entry: entry[:2], reverse=True)]


def matching(db: Connection, register: str, query: str, kind: str) -> TextualSelect | None:
    """The ids of all documents of a kind with every word of the query, as part of a query; None without words."""
    query_terms = terms(query)
    if not query_terms:
        return None
    values = _values(db, register, query_terms, [kind])
    parameters: list[Any] = [bindparam(name, value, unique=True) for name, value in values.items()]
    statement = text(_TSQUERY_IDS if _is_postgres(db) else _FTS5_IDS).bindparams(*parameters)
    return statement.columns(column("id", Text))


def suggest(db: Connection, register: str, query: str) -> str:
    """The query with each word that is nowhere in the register as the word most like it; empty if there is none."""
    result = []
    query_terms = terms(query)
    for term in query_terms:
        if is_number(term) or find(db, register, term, limit=1):
            result.append(term)
        elif word := nearest_word(db, register, term):
            result.append(word)
        else:
            return ""
    return " ".join(result) if result != query_terms else ""


def _values(db: Connection, register: str, query_terms: list[str], kinds: Sequence[str]) -> dict[str, str]:
    scopes = [scope_token(register, kind) for kind in kinds]
    if _is_postgres(db):
        return {"scopes": scopes_tsquery(scopes), "words": as_tsquery(query_terms)}
    return {"words": as_fts5(query_terms, scopes)}


def _is_postgres(db: Connection) -> bool:
    return db.dialect.name == "postgresql"


def _hit(row: NamedRow) -> tuple[int, SearchHit]:
    titles, texts = decode_passages(row.titles), decode_passages(row.texts)
    return row.document_no, SearchHit(row.kind, row.id, row.recommendation, titles, texts)
