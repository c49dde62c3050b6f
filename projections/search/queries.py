"""Finds public texts by their words, each with an excerpt around the match."""

import re

from msgspec import Struct
from sqlalchemy import Connection, text

from projections.engine.rows import NamedRow
from projections.search.tokens import as_fts5, as_tsquery, is_hangul, is_number, terms

EXCERPT_CHARACTERS = 160

_FTS5 = """SELECT d.* FROM document_words w JOIN documents d ON d.document_no = w.rowid
WHERE w.words MATCH :q AND d.register = :r ORDER BY bm25(document_words), d.document_no LIMIT :n OFFSET :skip"""
_TSQUERY = """SELECT d.* FROM document_words w JOIN documents d ON d.document_no = w.document_no,
to_tsquery('stemmed', :q) q WHERE w.words @@ q AND d.register = :r
ORDER BY ts_rank(w.words, q) DESC, d.document_no LIMIT :n OFFSET :skip"""


class SearchHit(Struct, frozen=True):
    """A document that matches; `excerpt` is the text around the match, as (text, whether it matches)."""

    kind: str
    id: str
    recommendation: str
    title: str
    excerpt: tuple[tuple[str, bool], ...]


def find(db: Connection, register: str, query: str, *, limit: int = 50, skip: int = 0) -> list[SearchHit]:
    """The documents with every word of the query, best first; none for a query without words."""
    query_terms = terms(query)
    if not query_terms:
        return []
    postgres = db.dialect.name == "postgresql"
    values = {"r": register, "n": limit, "skip": skip}
    values["q"] = as_tsquery(query_terms) if postgres else as_fts5(query_terms)
    rows = db.execute(text(_TSQUERY if postgres else _FTS5), values)
    return [_hit(row, query_terms) for row in rows]


def _hit(row: NamedRow, query_terms: list[str]) -> SearchHit:
    whole = row.text or row.title
    stems = "|".join(_excerpt_pattern(term) for term in query_terms)
    pattern = re.compile(f"({stems})", re.IGNORECASE)
    match = pattern.search(whole)
    start = max(0, match.start() - EXCERPT_CHARACTERS // 3) if match else 0
    part = whole[start : start + EXCERPT_CHARACTERS].replace("\n", " ")
    part = ("…" if start else "") + part + ("…" if start + EXCERPT_CHARACTERS < len(whole) else "")
    pieces = pattern.split(part)
    return SearchHit(
        kind=row.kind,
        id=row.id,
        recommendation=row.recommendation,
        title=row.title,
        excerpt=tuple((piece, n % 2 == 1) for n, piece in enumerate(pieces) if piece),
    )


def _excerpt_pattern(term: str) -> str:
    """The pattern of a term in a text: a number as it is, a Latin word with any ending."""
    if is_number(term):
        return r"\b" + r"\W+".join(map(re.escape, term.split())) + r"\b"
    return re.escape(term) if is_hangul(term) else re.escape(_stem(term)) + r"\w*"


def _stem(term: str) -> str:
    """Enough of a word to find its other forms in a text."""
    return term if len(term) < 6 else term[: max(5, len(term) - 3)]
