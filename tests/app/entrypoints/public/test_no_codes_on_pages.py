"""Every public page is in words: a reader meets no code of the record, and no word that only its keepers know."""

import re
from collections.abc import Iterator
from enum import StrEnum
from xml.etree.ElementTree import Element

import pytest

from app.presentation.i18n import labels
from domain import codes
from tests.support.pages import Browser
from tests.support.public_pages import public_pages

CODES = {
    code.value
    for kind in vars(codes).values()
    if isinstance(kind, type) and issubclass(kind, StrEnum) and kind is not StrEnum
    for code in kind
}
CODES_IN_TEXT = re.compile(rf"\b(?:{'|'.join(sorted(c for c in CODES if '_' in c))})\b")
HOUSE_WORDS = re.compile(
    r"\b(?:legacy|strength|explicit|implied|inferred|aggregate|projection|element|known_at|as_of)s?\b", re.IGNORECASE
)
LABELS = {str(label) for table in vars(labels).values() if isinstance(table, dict) for label in table.values()}
"""Some are the same as a code, such as that of a confidence."""
NOT_READ = {"script", "style", "code", "pre", "textarea", "template"}
FOR_PROGRAMS = {"public.api_guide", "public.download"}
"""Pages that name codes and columns to those who write programs."""
ADDRESS = re.compile(r"https?://\S+")
READ_ALOUD = ("aria-label", "title", "alt", "placeholder")


def read_texts(element: Element) -> Iterator[str]:
    """Each piece of text, also of attributes that are read aloud."""
    if element.tag in NOT_READ or not isinstance(element.tag, str):
        return
    yield from (element.get(name, "") for name in READ_ALOUD)
    yield element.text or ""
    for child in element:
        yield from read_texts(child)
        yield child.tail or ""


def house_words(element: Element) -> list[str]:
    texts = [" ".join(ADDRESS.sub("", text).split()) for text in read_texts(element)]
    whole = [text for text in texts if text in CODES and text not in LABELS]
    return [*whole, *(t for t in texts if CODES_IN_TEXT.search(t) or HOUSE_WORDS.search(t))]


@pytest.mark.parametrize("language", ["en", "ko"])
def test_pages_are_in_words(browser: Browser, language: str) -> None:
    pages = {p for e, p in public_pages(language).items() if e not in FOR_PROGRAMS}
    found = {path: house_words(next(browser.get(path).root.iter("body"))) for path in sorted(pages)}
    assert {path: words for path, words in found.items() if words} == {}


def test_a_code_and_a_house_word_would_be_found() -> None:
    cell, sentence, fine = Element("td"), Element("p"), Element("code")
    cell.text, sentence.text, fine.text = "no_action", "0 have the legacy mark.", "no_action"
    assert house_words(cell) and house_words(sentence) and not house_words(fine)
