"""The texts of a document, each with its language, and how they are stored."""

from collections.abc import Iterable

import msgspec

from domain.text import without_invisible
from domain.values import TranslatedFact

Passage = tuple[str, str]
"""A language and a text in it; the language is empty for that of the originals of the register."""
_DECODER = msgspec.json.Decoder(tuple[Passage, ...])
_ENCODER = msgspec.json.Encoder()


def passages(fact: TranslatedFact, *names: str, language: str = "") -> list[Passage]:
    """Some texts of a fact in each language, those in the original language first."""
    originals = [(language, str(getattr(fact, name))) for name in names]
    translations = [
        (code, texts[name]) for code, texts in fact.translations.items() for name in names if texts.get(name)
    ]
    return originals + translations


def visible_passages(texts: Iterable[Passage]) -> list[Passage]:
    """Passages without soft hyphens and other invisible characters, and without empty texts."""
    return [(language, visible) for language, text in texts if (visible := without_invisible(text))]


def encode_passages(texts: Iterable[Passage]) -> str:
    return _ENCODER.encode(texts).decode()


def decode_passages(stored: str) -> tuple[Passage, ...]:
    return _DECODER.decode(stored)


def whole_text(*stored: str) -> str:
    """All passages of some stored columns, for the index."""
    return "\n".join(text for column in stored for _, text in decode_passages(column))
