"""The words of public pages are explained: their first use on a page leads to the glossary of the register."""

import re
from pathlib import Path

import pytest

from app.adapters.resources import data_dir
from app.presentation.narrative.glossary import TERMS
from tests.support.pages import Browser

GLOSSARY = "/small/glossary/"
PRIVATE_WORDS = re.compile(r"\b(stale|legacy|motion|level|card \d|bucket|element|still are)\b", re.IGNORECASE)
PAGES = (
    *("/small/", "/small/?as_of=2025-06-01", "/small/recommendations/post/", "/small/recommendations/law/"),
    *("/small/changes/", "/small/corrections/", "/small/compare/", "/small/themes/laws/", "/small/bodies/senate/"),
    *("/small/search?q=post", "/small/reviews/", "/small/methodology/", GLOSSARY),
)


def test_the_glossary_explains_every_term_and_every_status(browser: Browser) -> None:
    page = browser.get(GLOSSARY)
    assert len(list(page.root.iter("dfn"))) == len(TERMS) + 11
    assert len({term.anchor for term in TERMS}) == len(TERMS)
    for term in TERMS:
        assert str(term.meaning) in page.text
    assert browser.get("/ko" + GLOSSARY).heading == "용어 설명"


@pytest.mark.parametrize("path", PAGES)
def test_public_pages_use_no_private_words(browser: Browser, path: str) -> None:
    text = browser.get(path).text
    assert PRIVATE_WORDS.findall(text) == []


def test_the_first_use_of_a_word_leads_to_the_glossary(browser: Browser) -> None:
    links = [link for link in browser.get("/small/recommendations/post/").links() if GLOSSARY + "#" in link]
    assert len(links) == len(set(links)) >= 5
    html = browser.get(GLOSSARY).html
    for link in links:
        assert f'id="{link.partition("#")[2]}"' in html


def test_frames_and_pages_of_staff_lead_to_no_glossary(browser: Browser) -> None:
    assert GLOSSARY not in browser.client.get("/small/recommendations/post/embed/").text


def test_every_explained_word_is_in_the_glossary() -> None:
    anchors = {term.anchor for term in TERMS}
    used = {
        match
        for path in data_dir("templates").rglob("*.html")
        for match in re.findall(r'explained\("([a-z-]+)"', Path(path).read_text("utf-8"))
    }
    assert used <= anchors
    assert len(used) >= 8
