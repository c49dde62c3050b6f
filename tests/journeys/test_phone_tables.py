"""Tables and lists on a phone: words stay whole, and the newest is in view with the names of its rows."""

from pathlib import Path
from zipfile import ZipFile

import pytest
from playwright.sync_api import Browser, Page

from app.services.snapshots.formats import FORMAT

CUT_WORDS = """() => {
    const cut = [];
    const texts = document.createTreeWalker(document.querySelector("main"), NodeFilter.SHOW_TEXT);
    for (let text = texts.nextNode(); text; text = texts.nextNode()) {
        if (!text.parentElement.closest("table") || text.parentElement.closest(".vh")) continue;
        for (const word of text.data.matchAll(/[\\p{L}\\p{N}_]+/gu)) {
            const range = document.createRange();
            range.setStart(text, word.index);
            range.setEnd(text, word.index + word[0].length);
            if (new Set([...range.getClientRects()].map((r) => Math.round(r.top))).size > 1) cut.push(word[0]);
        }
    }
    return cut;
}"""
OUT_OF_VIEW = """() => {
    const box = document.querySelector(".scroll:has(.matrix)").getBoundingClientRect(), out = [];
    const row = document.querySelector(".matrix tr:has([scope=row])");
    for (const e of [row.firstElementChild, row.lastElementChild, document.querySelector(".matrix .theme span"),
                     document.querySelector(".matrix caption")]) {
        const r = e.getBoundingClientRect();
        if (r.left < box.left - 1 || r.right > box.right + 1) out.push(e.innerText);
    }
    return out;
}"""
DATE_GAP_PX = """() => {
    const row = document.createElement("p"), link = document.createElement("a"), words = new Text("Compare with the review of ");
    const day = document.createElement("time");
    row.className = "linkrow", day.append("14 September"), link.append(words, day), row.append(link);
    document.querySelector("main").append(row);
    const range = document.createRange();
    range.setEnd(words, words.data.trimEnd().length), range.setStart(words, 0);
    return day.getBoundingClientRect().left - range.getBoundingClientRect().right;
}"""


@pytest.fixture
def phone(chromium: Browser) -> Page:
    return chromium.new_page(viewport={"width": 390, "height": 844})


@pytest.mark.parametrize("path", ["download/", "methodology/", "series/", "reviews/report/"])
def test_no_word_of_a_table_is_cut(public_site: str, phone: Page, path: str) -> None:
    for language in ("", "/ko"):
        phone.goto(f"{public_site}{language}/dprk-enablers/{path}")
        assert phone.evaluate(CUT_WORDS) == [], language


def test_the_meaning_of_a_status_is_in_view(public_site: str, phone: Page) -> None:
    for language in ("", "/ko"):
        phone.goto(f"{public_site}{language}/dprk-enablers/methodology/")
        assert phone.evaluate("(e => e.scrollWidth - e.clientWidth)(document.querySelector('.scroll:has(.wide)'))") <= 0


@pytest.mark.parametrize("path", ["series/", "reviews/report/"])
def test_statuses_at_reviews_open_at_the_newest_and_keep_their_names(public_site: str, phone: Page, path: str) -> None:
    phone.goto(f"{public_site}/dprk-enablers/{path}")
    assert phone.evaluate(OUT_OF_VIEW) == []
    phone.evaluate("document.querySelector('.scroll:has(.matrix)').scrollBy(-1000, 0)")
    name = phone.locator(".matrix [scope=row]").first.bounding_box()
    assert name is not None
    assert name["x"] >= 0


def test_a_frozen_page_leads_to_each_of_its_languages(phone: Page, tmp_path: Path) -> None:
    """A frozen page has no menu for what a page of the site folds into one."""
    (kept,) = (Path(__file__).parents[1] / "packages" / FORMAT).glob("*.zip")
    with ZipFile(kept) as package:
        name = next(name for name in package.namelist() if name.endswith("/index.html"))
        page = Path(package.extract(name, tmp_path))
    phone.goto(page.as_uri())
    for language in ("English", "한국어"):
        assert phone.get_by_role("link", name=language, exact=True).is_visible(), language


def test_the_days_of_reviews_do_not_run_through_the_words_of_a_list(public_site: str, phone: Page) -> None:
    for path in ("", "themes/envoys/", "bodies/us-state/"):
        phone.goto(f"{public_site}/dprk-enablers/{path}")
        clips = phone.evaluate("[...document.querySelectorAll('.row .strip')].map((e) => getComputedStyle(e).clipPath)")
        assert clips, path
        assert "none" not in clips, path


def test_a_link_keeps_the_space_before_its_date(public_site: str, phone: Page) -> None:
    phone.goto(f"{public_site}/about/")
    assert phone.evaluate(DATE_GAP_PX) > 1
