"""The words in the texts of a register, each with the number of documents that contain it, and words like a term."""

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable
from difflib import SequenceMatcher

from sqlalchemy import Connection, delete, select

from projections.engine.bulk_write import write_many
from projections.search.tables import words
from projections.search.tokens import HANGUL, WORD, is_hangul

MIN_LETTERS, MIN_SYLLABLES, MAX_LETTERS = 4, 2, 40
MAX_COMPARED = 1000
"""How many words of a register one term is compared with, in each of two ways."""
ALIKE = 0.78
_ASCII_WORD = re.compile(rf"(?<![a-z0-9])[a-z]{{{MIN_LETTERS},{MAX_LETTERS}}}(?![a-z0-9])")
_VOWELS = re.compile(r"[aeiouy]")

WordCounts = defaultdict[str, Counter[str]]
"""By register: in how many of its documents a word is; less than 0 to take some back."""


def words_of(text: str) -> set[str]:
    """The words of a text that a suggestion may name."""
    if text.isascii():
        return set(_ASCII_WORD.findall(text.lower()))
    every = WORD.findall(text.lower())
    if not HANGUL.search(text):
        return {word for word in every if MIN_LETTERS <= len(word) <= MAX_LETTERS and word.isalpha()}
    found: set[str] = set()
    for word in every:
        runs = HANGUL.findall(word)
        found.update(run for run in runs if MIN_SYLLABLES <= len(run) <= MAX_LETTERS)
        if not runs and word.isalpha() and MIN_LETTERS <= len(word) <= MAX_LETTERS:
            found.add(word)
    return found


def skeleton(word: str) -> str:
    """What a word keeps when it is misspelled: its first letter and its consonants, the initial ones of Hangul."""
    parts = unicodedata.normalize("NFD", word)
    if HANGUL.search(word):
        return "".join(part for part in parts if "\u1100" <= part <= "\u1112")
    letters = "".join(part for part in parts if not unicodedata.combining(part))
    return letters[:1] + "".join(sorted(set(_VOWELS.sub("", letters[1:]))))


def write_counts(db: Connection, counts: WordCounts) -> None:
    """Add to the stored counts; a word that no document contains any more is deleted."""
    changes = [
        (register, word, skeleton(word), n)
        for register in sorted(counts)
        for word, n in sorted(counts[register].items())
        if n
    ]
    write_many(
        db,
        "INSERT INTO document_vocabulary (register, word, skeleton, documents) VALUES (?, ?, ?, ?) "
        "ON CONFLICT (register, word) DO UPDATE SET documents = document_vocabulary.documents + excluded.documents",
        changes,
    )
    gone = [(register, word) for register, word, _, n in changes if n < 0]
    write_many(db, "DELETE FROM document_vocabulary WHERE register = ? AND word = ? AND documents <= 0", gone)


def delete_words(db: Connection, register: str) -> None:
    db.execute(delete(words).where(words.c.register == register))


def nearest_word(db: Connection, register: str, term: str) -> str:
    """The word of a register that is most like a term; empty if none is.

    A Korean term is compared with the beginnings of words, since particles follow without a space.
    """
    term = term.lower()
    if len(term) < (MIN_SYLLABLES if is_hangul(term) else MIN_LETTERS):
        return ""
    best: tuple[float, int, str] = (ALIKE, 0, "")
    for word, documents in sorted(_candidates(db, register, term)):
        beginning = word[: len(term)] if is_hangul(term) else word
        if beginning != term:
            best = max(best, (_likeness(term, beginning), documents, beginning))
    return best[2]


def _candidates(db: Connection, register: str, term: str) -> Iterable[tuple[str, int]]:
    """Words with the same skeleton, and words with the same beginning."""
    begin = term[: 1 if is_hangul(term) else 2]
    query = select(words.c.word, words.c.documents).where(words.c.register == register)
    alike = query.where(words.c.skeleton == skeleton(term))
    nearby = query.where(words.c.word >= begin, words.c.word < begin + "\U0010ffff")
    return {(row.word, row.documents) for some in (alike, nearby) for row in db.execute(some.limit(MAX_COMPARED)).all()}


def _likeness(term: str, word: str) -> float:
    a, b = (unicodedata.normalize("NFD", text) for text in (term, word))
    matcher = SequenceMatcher(None, a, b, autojunk=False)
    return matcher.ratio() if matcher.quick_ratio() >= ALIKE else 0.0
