"""The order of lists: natural order of texts, and of recommendations, themes and bodies."""

import re
import unicodedata
from typing import Protocol

from domain.values import Body, RecommendationFacts, Theme

_DIGITS = re.compile(r"\d+")

NaturalKey = tuple[str, str]
Place = tuple[bool, int]
"""Whether it has no position, and its position: those with one come first."""
ItemKey = tuple[Place, bool, NaturalKey, NaturalKey]


def natural_key(text: str) -> NaturalKey:
    """The sort key of a text in natural order: digits by value (2 before 10), letters regardless of case and accents.

    The text itself is the last part, so that different texts never compare equal.
    """
    plain = text if text.isascii() else _without_accents(text)
    return _DIGITS.sub(_number_key, plain.casefold()), text


class Placed(Protocol):
    """What has a place in lists of recommendations: a recommendation, or only what decides its place."""

    @property
    def id(self) -> str: ...

    @property
    def theme(self) -> str: ...

    @property
    def number(self) -> str: ...

    @property
    def position(self) -> int | None: ...


def item_key(facts: Placed) -> ItemKey:
    """The default order of recommendations: position, then number, then id; those without one come last."""
    return place(facts.position), not facts.number, natural_key(facts.number), natural_key(facts.id)


POSITION_BYTES = 12
"""The length of the part of a place key that holds the position; what follows is the order by number."""


def place_key(facts: Placed) -> bytes:
    """The default order of recommendations as bytes, so that every database sorts them alike."""
    (has_no_position, position), has_no_number, number, ident = item_key(facts)
    parts = (f"{has_no_position:d}{position:010d}", f"{has_no_number:d}", *number, *ident)
    return "\x01".join(parts).encode()


def title_key(facts: RecommendationFacts) -> bytes:
    """The order by original title, then by id, as bytes."""
    return "\x01".join((*natural_key(facts.title), *natural_key(facts.id))).encode()


def number_key(facts: RecommendationFacts) -> tuple[bool, NaturalKey, NaturalKey]:
    """The order by number as printed, then by id; those without a number come last."""
    return not facts.number, natural_key(facts.number), natural_key(facts.id)


def named_key(fact: Theme | Body, name: str) -> tuple[Place, NaturalKey, NaturalKey]:
    """The order of themes and bodies: position, then name in natural order, then id."""
    return place(fact.position), natural_key(name), natural_key(fact.id)


def place(position: int | None) -> Place:
    return position is None, position or 0


def _number_key(match: re.Match[str]) -> str:
    """Digits of equal length compare as text; the leading “0” keeps numbers where digits sort among characters."""
    digits = "".join(str(unicodedata.decimal(d)) for d in match.group()).lstrip("0")
    return f"0{chr(len(digits) + 1)}{digits}"


def _without_accents(text: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
