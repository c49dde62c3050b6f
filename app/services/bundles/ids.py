"""Makes ids of numbers, titles and names in any script: short, readable, stable and never the same twice."""

import re
import unicodedata
from collections.abc import Iterable

MAX_ID = 80
_READABLE = 60
"""Longer ids of whole sentences are cut at a word."""
_BREAK = re.compile(r"[^a-z0-9]+")
_HANGUL_FIRST, _HANGUL_LAST = 0xAC00, 0xD7A3
_INITIALS = ("g", "kk", "n", "d", "tt", "r", "m", "b", "pp", "s", "ss", "", "j", "jj", "ch", "k", "t", "p", "h")
_VOWELS = (
    *("a", "ae", "ya", "yae", "eo", "e", "yeo", "ye", "o", "wa", "wae", "oe"),
    *("yo", "u", "wo", "we", "wi", "yu", "eu", "ui", "i"),
)
_FINALS = (
    *("", "k", "k", "k", "n", "n", "n", "t", "l", "k", "m", "l", "l", "l", "p", "l"),
    *("m", "p", "p", "t", "t", "ng", "t", "t", "k", "t", "p", "t"),
)


def _spelled(letters: str, latin: str) -> dict[str, str]:
    return dict(zip(letters, latin.split(), strict=True))


_LETTERS = {
    **_spelled("ßæœøđðþłıŋ", "ss ae oe o d d th l i ng"),
    **_spelled("абвгдежзиклмнопрст", "a b v g d e zh z i k l m n o p r s t"),
    **_spelled("уфхцчшщыэюяєіґ", "u f kh ts ch sh shch y e yu ya ie i g"),
    **_spelled("αβγδεζηθικλμν", "a v g d e z i th i k l m n"),
    **_spelled("ξοπρσςτυφχψω", "x o p r s s t y f ch ps o"),
    **dict.fromkeys("ъь", ""),
}
"""Letters that Unicode does not take apart, Cyrillic and Greek included."""


def romanize(text: str) -> str:
    """Write Hangul in the Revised Romanization, syllable by syllable; other characters stay.

    Sounds that change between syllables are not followed: ids have to be readable, not spoken.
    """
    return "".join(_syllable(character) for character in unicodedata.normalize("NFC", text))


def _syllable(character: str) -> str:
    code = ord(character)
    if not _HANGUL_FIRST <= code <= _HANGUL_LAST:
        return character
    rest, final = divmod(code - _HANGUL_FIRST, 28)
    initial, vowel = divmod(rest, 21)
    return _INITIALS[initial] + _VOWELS[vowel] + _FINALS[final]


def id_of(text: str) -> str:
    """An id made of a text: lower-case Latin letters, digits and hyphens; empty if the text has none of them."""
    if not text.isascii():
        decomposed = unicodedata.normalize("NFKD", romanize(unicodedata.normalize("NFKC", text)).lower())
        text = "".join(_LETTERS.get(c, c) for c in decomposed if not unicodedata.combining(c))
    made = _BREAK.sub("-", text.lower()).strip("-")
    if len(made) <= _READABLE:
        return made
    cut = made[: _READABLE + 1]
    return cut[: cut.rfind("-")] if "-" in cut[20:] else made[:_READABLE]


class IdMaker:
    """Hands out ids that are not taken yet; the same texts in the same order always get the same ids."""

    def __init__(self, taken: Iterable[str] = (), fallback: str = "item") -> None:
        self._taken = set(taken)
        self._fallback = fallback
        self._last: dict[str, int] = {}

    def make(self, *texts: str) -> str:
        """An id of the first text if it is free, else of the first two together, and so on, else with a number."""
        made = [part for text in texts if (part := id_of(text))]
        for count in range(1, len(made) + 1):
            candidate = "-".join(reversed(made[:count]))[:MAX_ID].strip("-")
            if candidate not in self._taken:
                return self._take(candidate)
        return self._take(self._numbered(made[0] if made else self._fallback, starts_at=2 if made else 1))

    def _numbered(self, base: str, starts_at: int) -> str:
        base = base[: MAX_ID - 10].strip("-")
        number = self._last.get(base, starts_at - 1) + 1
        while f"{base}-{number}" in self._taken:
            number += 1
        self._last[base] = number
        return f"{base}-{number}"

    def _take(self, candidate: str) -> str:
        self._taken.add(candidate)
        return candidate
