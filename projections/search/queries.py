"""Finds what is public by its words, with the place where each was found."""

import re
from typing import Any

from msgspec import Struct
from sqlalchemy import Connection, Row, text

from projections.search.tokens import as_fts5, as_tsquery, is_hangul, terms

EXCERPT = 160

_FTS5 = """SELECT d.* FROM document_words w JOIN documents d ON d.document_no = w.rowid
WHERE w.words MATCH :q AND d.register = :r ORDER BY bm25(document_words), d.document_no LIMIT :n OFFSET :skip"""
_TSQUERY = """SELECT d.* FROM document_words w JOIN documents d ON d.document_no = w.document_no,
to_tsquery('stemmed', :q) q WHERE w.words @@ q AND d.register = :r
ORDER BY ts_rank(w.words, q) DESC, d.document_no LIMIT :n OFFSET :skip"""


class SearchHit(Struct, frozen=True):
    """Something found: what it is, and the words around the place, as (text, whether it matched)."""

    kind: str
    id: str
    recommendation: str
    title: str
    excerpt: tuple[tuple[str, bool], ...]


def find(db: Connection, register: str, query: str, *, limit: int = 50, skip: int = 0) -> list[SearchHit]:
    """What holds every word of the query, best first; nothing for a query without words."""
    wanted = terms(query)
    if not wanted:
        return []
    postgres = db.dialect.name == "postgresql"
    values = {"r": register, "n": limit, "skip": skip}
    values["q"] = as_tsquery(wanted) if postgres else as_fts5(wanted)
    rows = db.execute(text(_TSQUERY if postgres else _FTS5), values)
    return [_hit(row, wanted) for row in rows]


def _hit(row: Row[Any], wanted: list[str]) -> SearchHit:
    whole = row.text or row.title
    stems = "|".join(re.escape(t if is_hangul(t) else _stem(t)) + ("" if is_hangul(t) else r"\w*") for t in wanted)
    pattern = re.compile(f"({stems})", re.IGNORECASE)
    found = pattern.search(whole)
    start = max(0, found.start() - EXCERPT // 3) if found else 0
    part = whole[start : start + EXCERPT].replace("\n", " ")
    part = ("…" if start else "") + part + ("…" if start + EXCERPT < len(whole) else "")
    pieces = pattern.split(part)
    return SearchHit(
        kind=row.kind,
        id=row.id,
        recommendation=row.recommendation,
        title=row.title,
        excerpt=tuple((piece, n % 2 == 1) for n, piece in enumerate(pieces) if piece),
    )


def _stem(term: str) -> str:
    """Enough of a word to find its other forms in a text."""
    return term if len(term) < 6 else term[: max(5, len(term) - 3)]
