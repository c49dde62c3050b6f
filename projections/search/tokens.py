"""Words for the index: Latin words as they are, Hangul also in overlapping pairs of syllables.

Korean nouns are mostly two syllables and carry particles without a space, so a word index misses them and an
index of three letters cannot hold them; pairs find both.
"""

import re
import unicodedata
from functools import lru_cache
from hashlib import sha256

from domain.text import without_invisible
from projections.search.spellings import spellings

HANGUL = re.compile(r"[가-힣]+")
WORD = re.compile(r"[^\W_]+")
MIN_BEGINNING = 3
"""A shorter word is found as it is; each longer one also as the beginning of others."""
_BETWEEN_DIGITS = re.compile(r"(\d)[^\w\s](?=\d)")


@lru_cache(maxsize=1000)
def scope_token(register: str, kind: str) -> str:
    """A word of the index that says of which register and kind a document is; no text contains it."""
    return f"s{sha256(f'{register}/{kind}'.encode()).hexdigest()[:20]}"


def indexed(text: str) -> str:
    """The text with the pairs of its Hangul runs added, and numbers such as 60.10 as words of digits."""
    text = without_invisible(text)
    words = _BETWEEN_DIGITS.sub(r"\1 ", text)
    if text.isascii():
        return words
    return f"{words} {' '.join(pair for run in HANGUL.findall(text) for pair in pairs(run))}"


def pairs(run: str) -> list[str]:
    return [run[n : n + 2] for n in range(len(run) - 1)]


def terms(query: str) -> list[str]:
    """The words of a query, at most ten, Hangul separated from Latin letters next to it.

    A number such as “60.10” or “7(a)” is one term: its words with a space between.
    """
    parts: list[str] = []
    for chunk in without_invisible(unicodedata.normalize("NFC", query)).split():
        if is_number(chunk):
            parts.append(" ".join(WORD.findall(chunk)))
        else:
            parts += _words(chunk)
    return [term for term in parts if term][:10]


def is_number(term: str) -> bool:
    """Whether a term is a number or has one beside other words: it is found as it is, not by its beginning."""
    words = WORD.findall(term)
    if not any(word.isdecimal() for word in words):
        return False
    return HANGUL.search(term) is None


def _words(chunk: str) -> list[str]:
    parts: list[str] = []
    for word in WORD.findall(chunk):
        start = 0
        for run in HANGUL.finditer(word):
            parts += [word[start : run.start()], run.group()]
            start = run.end()
        parts.append(word[start:])
    return parts


def is_hangul(term: str) -> bool:
    return HANGUL.fullmatch(term) is not None


def as_fts5(query_terms: list[str], scopes: list[str]) -> str:
    """A query of SQLite's FTS5 in which every term must be found, in one of the scopes."""
    where = " OR ".join(f'"{scope}"' for scope in scopes)
    return f"scope : ({where}) AND words : ({' AND '.join(_fts5(term) for term in query_terms)})"


def _fts5(term: str) -> str:
    if is_hangul(term) and len(term) > 1:
        return f'"{" ".join(pairs(term))}"'
    if is_number(term) or len(term) < MIN_BEGINNING:
        return f'"{term}"'
    return _any_of(" OR ", [f'"{form}"*' for form in spellings(term)])


def as_tsquery(query_terms: list[str]) -> str:
    """The same terms for PostgreSQL's to_tsquery."""
    return " & ".join(_tsquery(term) for term in query_terms)


def scopes_tsquery(scopes: list[str]) -> str:
    """The scopes as a tsquery."""
    return " | ".join(f"'{scope}'" for scope in scopes)


def _tsquery(term: str) -> str:
    if is_hangul(term) and len(term) > 1:
        return " <-> ".join(f"'{pair}'" for pair in pairs(term))
    if is_number(term):
        return " <-> ".join(f"'{word}'" for word in term.split())
    if len(term) < MIN_BEGINNING:
        return f"'{term}'"
    return _any_of(" | ", [f"'{form}':*" for form in spellings(term)])


def _any_of(operator: str, alternatives: list[str]) -> str:
    return f"({operator.join(alternatives)})"
