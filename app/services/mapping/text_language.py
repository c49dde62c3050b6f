"""Tells the language of texts from their letters and most common words."""

import re
from collections.abc import Iterable

_COMMON = {
    "en": "the of and to in is for on that be shall with by should",
    "fr": "le la les des et une du dans pour est que aux sur par",
    "de": "der die das und den von zu mit ist für auf des ein im",
    "es": "el la los las de y que en del para por una con se",
}
_WORDS = {language: frozenset(words.split()) for language, words in _COMMON.items()}
_LETTERS = re.compile(r"[^\W\d_]+")


def guess_language(texts: Iterable[str]) -> str:
    """The code of the language that most words are in: English, French, German, Spanish or Korean; else English."""
    text = " ".join(texts).casefold()
    words = _LETTERS.findall(text)
    hangul = sum(1 for word in words if "가" <= word[0] <= "힣")
    if hangul * 2 > len(words):
        return "ko"
    counts = {language: sum(word in common for word in words) for language, common in _WORDS.items()}
    return max(counts, key=lambda language: (counts[language], language == "en"))
