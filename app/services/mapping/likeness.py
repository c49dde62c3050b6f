"""Compares titles: as keys without case, blanks and punctuation, and by how many pairs of letters they share."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from functools import lru_cache

_NOT_ALPHANUMERIC = re.compile(r"[\W_]+")
SAME_NUMBER, OTHER_NUMBER = 0.5, 0.7
"""How alike titles must be to be one title in other words: with the same number, and without."""


def text_key(text: str) -> str:
    """A text without case, blanks and punctuation; the text itself if nothing else is in it."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return _NOT_ALPHANUMERIC.sub("", folded) or folded.strip()


def number_key(text: str) -> str:
    """A number as printed, without case, blanks and the punctuation around it: `1.10.` is `1.10`."""
    folded = "".join(unicodedata.normalize("NFKC", text).casefold().split())
    start, end = 0, len(folded)
    while start < end and not folded[start].isalnum():
        start += 1
    while end > start and not folded[end - 1].isalnum():
        end -= 1
    return folded[start:end] or folded


def likeness(one: str, other: str) -> float:
    """How much of two keys is alike: 1 if they are equal, 0 if no two letters in a row are."""
    if one == other:
        return 1.0
    pairs, other_pairs = _pairs(one), _pairs(other)
    total = sum(pairs.values()) + sum(other_pairs.values())
    return 2 * sum((pairs & other_pairs).values()) / total if total else 0.0


@lru_cache(maxsize=1000)
def _pairs(key: str) -> Counter[str]:
    return Counter(key[n : n + 2] for n in range(len(key) - 1))


def terms(text: str) -> Iterator[str]:
    """What titles that are alike have in common: words, and pairs of letters where words have endings."""
    for word in unicodedata.normalize("NFKC", text).casefold().split():
        key = _NOT_ALPHANUMERIC.sub("", word)
        if key.isascii():
            yield key
        else:
            yield from (key[n : n + 2] for n in range(max(1, len(key) - 1)))
