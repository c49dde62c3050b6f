"""Where the words of a query are in a text: for the order of the hits, and for the excerpt that shows one."""

import re
from collections.abc import Iterable, Sequence

from msgspec import Struct

from projections.search.passages import Passage
from projections.search.spellings import spellings
from projections.search.tokens import MIN_BEGINNING, is_hangul, is_number

EXCERPT_CHARACTERS = 160
MAX_COUNTED = 5
"""More occurrences of a word in the texts of one document do not count."""

Pieces = tuple[tuple[str, bool], ...]
"""A text in pieces, each with whether it matches."""


class Excerpt(Struct, frozen=True):
    """The part of a text around the match, in one language; empty for that of the originals of the register."""

    language: str
    pieces: Pieces


class TermPatterns:
    """The words of one query."""

    def __init__(self, query_terms: Sequence[str]) -> None:
        self.terms = [re.compile(_pattern(term), re.IGNORECASE) for term in query_terms]
        self.words = [re.compile(_whole_word(term), re.IGNORECASE) for term in query_terms]
        self.any = re.compile(f"({'|'.join(_pattern(term) for term in query_terms)})", re.IGNORECASE)

    def score(self, titles: Iterable[Passage], texts: Iterable[Passage]) -> float:
        """How well a document fits: words of the title count most, whole words more than the beginnings of words."""
        title = "\n".join(text for _, text in titles)
        whole = "\n".join(text for _, text in texts)
        in_title = sum(bool(term.search(title)) for term in self.terms)
        exact = sum(bool(word.search(title)) + 0.5 * bool(word.search(whole)) for word in self.words)
        count = sum(min(len(term.findall(whole)), MAX_COUNTED) for term in self.terms)
        return 10 * in_title + 5 * exact + count / MAX_COUNTED

    def marked(self, text: str) -> Pieces:
        """A whole text, with what matches."""
        return tuple((piece, n % 2 == 1) for n, piece in enumerate(self.any.split(text)) if piece)

    def excerpt(self, texts: Iterable[Passage], languages: Sequence[str]) -> Excerpt | None:
        """The part around the match of the text with most of the words; None if no text has any.

        Of texts with as many words, the one in the first of `languages` is taken.
        """
        best: tuple[tuple[int, int], Passage] | None = None
        for language, text in texts:
            found = sum(bool(term.search(text)) for term in self.terms)
            rank = (found, -languages.index(language) if language in languages else -len(languages))
            if found and (best is None or rank > best[0]):
                best = (rank, (language, text))
        return Excerpt(best[1][0], self._around_match(best[1][1])) if best else None

    def beginning(self, texts: Iterable[Passage], languages: Sequence[str]) -> Excerpt | None:
        """The beginning of a text, for a document in which only the index sees a match: in the first of `languages`."""
        by_language = dict(reversed(list(texts)))
        language = next((code for code in (*languages, *by_language) if code in by_language), None)
        return None if language is None else Excerpt(language, self._around_match(by_language[language]))

    def _around_match(self, text: str) -> Pieces:
        match = self.any.search(text)
        start = max(0, match.start() - EXCERPT_CHARACTERS // 3) if match else 0
        if start:
            start = text.find(" ", start, match.start() if match else None) + 1 or start
        part = text[start : start + EXCERPT_CHARACTERS].replace("\n", " ")
        pieces = self.marked(part)
        before = (("…", False),) if start else ()
        after = (("…", False),) if start + EXCERPT_CHARACTERS < len(text) else ()
        return (*before, *pieces, *after)


def _pattern(term: str) -> str:
    """The pattern of a term in a text: a number as it is, a Latin word with any ending."""
    if is_number(term):
        return r"\b" + r"\W+".join(map(re.escape, term.split())) + r"\b"
    if is_hangul(term):
        return re.escape(term)
    if len(term) < MIN_BEGINNING:
        return rf"\b{re.escape(term)}\b"
    stems = dict.fromkeys(re.escape(_stem(form)) for form in spellings(term))
    return rf"\b(?:{'|'.join(stems)})\w*"


def _whole_word(term: str) -> str:
    return _pattern(term) if is_number(term) else rf"\b(?:{'|'.join(map(re.escape, spellings(term)))})\b"


def _stem(term: str) -> str:
    """Enough of a word to find its other forms in a text."""
    return term if len(term) < 6 else term[: max(5, len(term) - 3)]
