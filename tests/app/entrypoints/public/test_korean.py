"""Korean under /ko/: every text has its words, and what has none shows the original, marked."""

import json
import re
from pathlib import Path
from xml.etree.ElementTree import Element

import pytest

from app.bootstrap.flask_app import create_app
from app.entrypoints.cli import message_catalogue
from app.presentation.i18n.languages import LANGUAGES, url_prefix
from app.services.container import Services
from app.services.snapshots.freeze import freeze_review
from tests.support.bundles import FILES, REGISTER, change
from tests.support.pages import Browser
from tests.support.public_pages import public_pages
from tests.support.small_register import import_and_open

FULL_OF_NAMES = {"public.verify", "public.download"}
"""Name files, commands, standards and codes, which have no translation."""
PAGES = (
    *(path for endpoint, path in public_pages("ko").items() if endpoint not in FULL_OF_NAMES),
    "/ko/small/recommendations/post/",
    "/ko/small/search?q=직위",
    "/ko/small/bodies/senate/",
)
ENGLISH = re.compile(r"[A-Za-z]{3,}")
NAMES = {
    *(
        "Uptake",
        "API",
        "English",
        "JSON",
        "OpenAPI",
        "WCAG",
        "UTC",
        "Atom",
        "BibTeX",
        "RIS",
        "CSL",
        "SVG",
        "PNG",
        "HTML",
        "CSV",
        "XLSX",
        "ZIP",
    ),
    *("cem", "import"),
}
"""Words that are the same in Korean, and who said so, as recorded."""
FACTS = set(ENGLISH.findall(json.dumps(REGISTER) + " ".join(FILES.values())))
"""Words of the register itself: its ids, and its facts where they have no translation."""


def test_every_text_has_korean_words() -> None:
    assert message_catalogue.untranslated("ko") == []


def test_no_words_are_kept_for_texts_that_are_gone() -> None:
    assert message_catalogue.superfluous("ko") == []


@pytest.mark.parametrize("path", PAGES)
def test_english_on_a_korean_page_is_marked(browser: Browser, path: str) -> None:
    page = browser.get(path)
    assert page.root.get("lang") == "ko"
    words = {w for text in _unmarked(page.root.find("body")) for w in ENGLISH.findall(text)}
    assert words - NAMES - FACTS == set()


def _unmarked(element: Element | None) -> list[str]:
    """The texts of an element that are said to be Korean; addresses and ids in code are no words."""
    assert element is not None
    if (
        not isinstance(element.tag, str)
        or element.tag in ("option", "textarea")
        or element.get("lang") not in (None, "ko")
        or element.get("class") in ("mono", "small mono")
    ):
        return []
    words = [element.text or ""]
    for child in element:
        words += [*_unmarked(child), child.tail or ""]
    return words


def test_every_column_of_a_download_is_explained_in_korean(browser: Browser) -> None:
    for row in browser.get("/ko/small/download/").table("모든 표의 모든 열")[1:]:
        assert re.search("[가-힣]", row[-1]), row


NO_PAGES = ("/static/", "/api/", "/favicon.ico", "/apple-touch-icon.png", "/manifest.webmanifest")


def test_links_stay_in_the_language_of_the_page(browser: Browser) -> None:
    page = browser.get("/ko/small/")
    pages = [link for link in page.links() if not link.startswith(NO_PAGES)]
    switches = {f"{url_prefix(language)}/small/" for language in LANGUAGES if language != "ko"}
    assert {link for link in pages if not link.startswith("/ko/")} == switches
    assert "/ko/small/?as_of=2024-12-01" in browser.get("/small/?as_of=2024-12-01").links()


def test_an_original_without_translation_is_marked(browser: Browser) -> None:
    html = browser.get("/ko/small/").html
    assert '<span class="orig" lang="en">Renew the law</span>' in html
    assert "직위를 채울 것" in html


def test_the_history_repeats_a_text_in_its_translation(services: Services, small_bundle: Path) -> None:
    change(small_bundle, "assessments.csv", "Left office.,,", "Left office.,물러났다.,")
    change(small_bundle, "developments.csv", "The envoy travelled.,,", "The envoy travelled.,특사가 순방했다.,")
    browser = Browser(create_app(import_and_open(services, small_bundle)).test_client())
    history = browser.get("/ko/small/recommendations/post/").text.split("이력", 1)[1]
    for text in ("등재: “직위를 채울 것”", "동향 기록: 특사가 순방했다.", "물러났다.", "Sworn in."):
        assert text in history
    for text in ("Fill the post", "The envoy travelled.", "Left office."):
        assert text not in history


def test_errors_speak_korean(browser: Browser) -> None:
    page = browser.get("/ko/small/?as_of=2024-02-30&known_at=soon", status=400)
    assert "달력에 “2024-02-30”이라는 날은 없습니다." in page.text
    assert "2024-05-20과 같은 날짜도, 시각도 아닙니다: “soon”." in page.text
    assert page.root.get("lang") == "ko"
    assert "페이지를 찾을 수 없습니다" in browser.get("/ko/nowhere/at/all/", status=404).text


def test_dates_and_counts_are_written_the_korean_way(browser: Browser) -> None:
    page = browser.get("/ko/small/", as_of="2024-12-01")
    assert "2024년 12월 1일" in page.text
    assert page.heading.startswith("권고 3건 중 이행 1건, 진행 중 1건")


def test_the_name_of_a_recorded_search_is_marked_as_an_original(browser: Browser) -> None:
    """It is a text of the register, not the title of a source."""
    html = browser.get("/ko/small/recommendations/law/").html
    assert '<span class="orig" lang="en">Recorded search</span>' in html
    assert '<span class="orig" lang="en">This register</span>' in html


def test_a_page_that_was_first_opened_in_english_has_no_english_labels(small: Services) -> None:
    """A label of a constant in a template is looked up on each page."""
    freeze_review(small, "small", "ten", by="ana")
    browser = Browser(create_app(small).test_client())
    assert browser.get("/small/reviews/").table("Frozen reviews")[0][2:5] == ["Done", "Under way", "Not done"]
    assert browser.get("/ko/small/reviews/").table("동결된 점검")[0][2:5] == ["이행", "진행 중", "미이행"]
