"""What the headings of offices mean: the field, the language of its texts, and the day of a column of statuses."""

import re
import tomllib
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from msgspec import Struct

from app.presentation.i18n.languages import LANGUAGES, SOURCE
from app.presentation.i18n.translation import catalogue
from app.services.bundles.typed_dates import read_date
from app.services.mapping.fields import FIELDS

_KNOWN = tomllib.loads((Path(__file__).parent / "headings.toml").read_text(encoding="utf-8"))
"""Headings by field and names of languages by code, separated by semicolons."""
_MARKS = re.compile(r"[\s_\-–—·.,:;!?/\\()\[\]{}*'’\"“”&+|]+")
_DAY_NUMERIC = re.compile(r"\d{1,2}[./-]\d{1,2}[./-]\d{4}|(?:19|20)\d{2}[./-]\d{1,2}(?:[./-]\d{1,2})?(?!\d)")
_DAY_KOREAN = re.compile(r"(?:19|20)\d{2}\s*년(?:도)?(?:\s*\d{1,2}\s*월)?(?:\s*\d{1,2}\s*일)?")
_DAY_NAMED = re.compile(r"(?:\d{1,2}(?:st|nd|rd|th|\.)?\s+)?[^\W\d_]{3,10}\.?\s+(?:\d{1,2},?\s+)?(?:19|20)\d{2}")
_FISCAL = re.compile(r"(?<!\d)(20\d{2})\s*[/–-]\s*(\d{2})(?!\d)")
_QUARTER = re.compile(r"(?:Q([1-4])\s*/?\s*((?:19|20)\d{2}))|(?:((?:19|20)\d{2})\s*/?\s*Q([1-4]))", re.IGNORECASE)
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d{2}(?!\d)")


class HeadingGuess(Struct, frozen=True):
    """What a heading says about its column."""

    field: str = ""
    """A key of `FIELDS`, `note`, `leave_out`, or empty if the heading is not known."""
    language: str = ""
    on: str = ""
    """The day in the heading, as precise as it is written."""
    is_exact: bool = False
    """Whether the whole heading is known, in contrast to words in it."""


@lru_cache(maxsize=5_000)
def guess_heading(heading: str) -> HeadingGuess:
    """What a heading means: `Status (March 2024)`, `Title (Korean)`, `소관 부처`."""
    rest, on = split_day(heading)
    key = heading_key(rest)
    key, language = _without_language(key)
    if not key:
        return HeadingGuess("", language, on)
    if field := _lookup(key):
        return HeadingGuess(field, language, on, is_exact=True)
    return HeadingGuess(_by_words(key), language, on)


def heading_key(heading: str) -> str:
    """A heading without differences of case, blanks and marks."""
    return _MARKS.sub(" ", unicodedata.normalize("NFKC", heading).casefold()).strip()


def split_day(heading: str) -> tuple[str, str]:
    """A heading without the day in it, and the day: `2024`, `2024-03` or `2024-03-31`; empty if there is none."""
    text = unicodedata.normalize("NFKC", heading)
    if match := _QUARTER.search(text):
        year, quarter = match[2] or match[3], int(match[1] or match[4])
        return _without(text, match), f"{year}-{quarter * 3:02}"
    for pattern in (_DAY_NUMERIC, _DAY_KOREAN, _DAY_NAMED):
        if (match := pattern.search(text)) and (day := read_date(match[0], "dmy")):
            return _without(text, match), day
    if match := _FISCAL.search(text):
        return _without(text, match), match[1][:2] + match[2]
    if match := _YEAR.search(text):
        return _without(text, match), match[0]
    return heading, ""


def _without(text: str, match: re.Match[str]) -> str:
    return f"{text[: match.start()]} {text[match.end() :]}"


def _lookup(key: str) -> str:
    return _FIELDS_BY_HEADING.get(key) or _FIELDS_BY_HEADING.get(key.replace(" ", ""), "")


def _by_words(key: str) -> str:
    """The field of the longest known heading among the words of another, the last of two that are as long."""
    words = key.split()
    for length in range(min(len(words) - 1, 5), 0, -1):
        for start in range(len(words) - length, -1, -1):
            phrase = " ".join(words[start : start + length])
            if (len(phrase) > 3 or not phrase.isascii()) and (field := _lookup(phrase)):
                return field
    compact = key.replace(" ", "")
    ends = [known for known in _KOREAN_HEADINGS if compact.endswith(known)]
    return _FIELDS_BY_HEADING[max(ends, key=len)] if ends else ""


def _without_language(key: str) -> tuple[str, str]:
    """A heading without the name of a language at its end or beginning, and its code."""
    for name, code in _LANGUAGE_NAMES.items():
        if key == name and len(name) > 2:
            return "", code
        if key.endswith(f" {name}"):
            return key[: -len(name) - 1].strip(), code
        if len(name) > 2 and key.startswith(f"{name} "):
            return key[len(name) + 1 :].strip(), code
    return key, ""


def _known_headings() -> Iterator[tuple[str, str]]:
    """Every known heading with its field; the labels of the fields in all languages come last, so that they win."""
    for field, text in _KNOWN["fields"].items():
        yield from ((heading_key(heading) or heading.strip(), field) for heading in text.split(";"))
    for field, known in FIELDS.items():
        yield field.replace("_", " "), field
        for language in LANGUAGES:
            label = known.label.text
            yield heading_key(label if language == SOURCE else str(catalogue(language).gettext(label))), field


_LANGUAGE_NAMES = dict(
    sorted(
        ((name.strip(), code) for code, names in _KNOWN["languages"].items() for name in names.split(";")),
        key=lambda pair: -len(pair[0]),
    )
)
_FIELDS_BY_HEADING = dict(_known_headings())
_FIELDS_BY_HEADING |= {key.replace(" ", ""): field for key, field in _FIELDS_BY_HEADING.items() if not key.isascii()}
_KOREAN_HEADINGS = tuple(
    key for key in _FIELDS_BY_HEADING if " " not in key and len(key) > 1 and "가" <= key[0] <= "힣"
)
