"""A reader with a real browser, over the site as `uptake up --demo` serves it."""

import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.support.chromium import axe_violations
from tests.support.demo_site import SCREENSHOTS

PAGES = {
    "registers": "/",
    "scorecard": "/dprk-enablers/",
    "scorecard-past": "/dprk-enablers/?as_of=2024-02-17&scale=gao",
    "recommendation": "/dprk-enablers/recommendations/special-envoy-post/",
    "compare": "/dprk-enablers/compare/?from=2023-09-14&to=2026-02-26",
    "changes": "/dprk-enablers/changes/",
    "corrections": "/dprk-enablers/corrections/",
    "methodology": "/dprk-enablers/methodology/",
    "search": "/dprk-enablers/search?q=envoy",
    "about": "/about/",
    "theme": "/dprk-enablers/themes/envoys/",
    "body": "/dprk-enablers/bodies/us-state/",
    "download": "/dprk-enablers/download/",
    "embed": "/dprk-enablers/embed/",
    "reviews": "/dprk-enablers/reviews/",
    "series": "/dprk-enablers/series/",
    "press": "/dprk-enablers/press/",
    "calendar": "/dprk-enablers/calendar/",
    "verify": "/verify/",
    "not-there": "/dprk-enablers/recommendations/nothing/",
}


@pytest.mark.parametrize("look", ["light", "dark", "phone", "korean"])
def test_no_page_has_a_barrier_or_a_complaint(public_site: str, chromium: Browser, look: str) -> None:
    width = {"phone": 320, "korean": 390}.get(look, 1280)
    context = chromium.new_context(
        viewport={"width": width, "height": 900}, color_scheme="dark" if look == "dark" else "light"
    )
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("request", lambda r: complaints.append(f"asks {r.url}") if not r.url.startswith(public_site) else None)
    for name, path in PAGES.items():
        page.goto(public_site + ("/ko" if look == "korean" else "") + path)
        page.screenshot(path=SCREENSHOTS / f"{name}-{look}.png", full_page=True)
        assert axe_violations(page) == [], name
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 0, f"{name} scrolls sideways by {wide} px at {width}"
    expected = [c for c in complaints if "404" not in c]
    assert expected == []
    context.close()


def test_a_reader_with_a_keyboard_alone_goes_back_to_an_anniversary(public_site: str, chromium: Browser) -> None:
    page = chromium.new_page()
    page.goto(f"{public_site}/dprk-enablers/")
    page.keyboard.press("Tab")
    assert _focused(page) == "Skip to main content"
    for _ in range(60):
        page.keyboard.press("Tab")
        if _focused(page).endswith("Change dates"):
            break
    assert _focused(page).endswith("Change dates")
    page.keyboard.press("Enter")
    for _ in range(8):  # the days of review come first
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.name") == "as_of":
            break
    assert page.evaluate("document.activeElement.name") == "as_of"
    page.keyboard.type("02172024")
    page.keyboard.press("Enter")
    page.wait_for_url("**/?as_of=2024-02-17**")
    assert "0 were done" in page.inner_text("h1")
    page.close()


def test_a_reader_follows_a_comparison_to_its_evidence(public_site: str, chromium: Browser) -> None:
    page = chromium.new_page(java_script_enabled=False)
    page.goto(f"{public_site}/dprk-enablers/compare/?from=2023-09-14&to=2026-02-26")
    page.click("text=Fill and keep the US envoy post on North Korean human rights")
    assert "Reversed" in page.inner_text(".standing")
    page.click("ol.timeline p.meta a[href^='#ev-'] >> nth=0")
    assert "#ev-" in page.url
    page.close()


def test_a_page_prints_with_its_numbers(public_site: str, chromium: Browser) -> None:
    page = chromium.new_page()
    page.goto(f"{public_site}/dprk-enablers/?as_of=2026-02-26")
    pdf = page.pdf(path=SCREENSHOTS / "scorecard-print.pdf", format="A4")
    assert len(pdf) > 20_000
    page.close()


IN_PRINT = """() => {
    const isPrinted = (e) => e.checkVisibility() && e.getClientRects().length > 0;
    const isFull = (e) => isPrinted(e) && (e.innerText.trim() || e.querySelector("svg, img, input"));
    const empty = [...document.querySelectorAll("section > h2")].filter(
        (h) => isPrinted(h) && ![...h.parentElement.children].some((e) => e !== h && isFull(e)));
    const rows = [...document.querySelectorAll(".linkrow a, nav a, h2 small a, button, .skip, .to-page")].filter(isPrinted);
    return [...empty, ...rows].map((e) => e.innerText);
}"""


def test_paper_has_no_heading_without_text_and_no_link_words(public_site: str, chromium: Browser) -> None:
    page = chromium.new_page()
    page.emulate_media(media="print")
    for name, path in PAGES.items():
        page.goto(public_site + path)
        assert page.evaluate(IN_PRINT) == [], name
    page.close()


def test_a_frame_is_shown_inside_a_foreign_page_and_a_page_is_not(
    public_site: str, chromium: Browser, tmp_path: Path
) -> None:
    own = public_site.replace("127.0.0.1", "localhost")  # another site than the foreign page's
    (tmp_path / "index.html").write_text(
        f'<!doctype html><title>Foreign</title><iframe id="in" src="{own}/ko/dprk-enablers/embed/" title="x"></iframe>'
        f'<iframe id="out" src="{own}/dprk-enablers/" title="y"></iframe>'
    )
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(SimpleHTTPRequestHandler, directory=str(tmp_path))) as foreign:
        threading.Thread(target=foreign.serve_forever, daemon=True).start()
        page = chromium.new_page()
        page.goto(f"http://127.0.0.1:{foreign.server_port}/")
        assert "권고 31건 중" in page.frame_locator("#in").locator("h1").inner_text()
        assert "31" not in page.frame_locator("#out").locator("body").inner_text()
        assert page.context.cookies() == []
        page.close()
        foreign.shutdown()


def test_a_reader_narrows_a_list_and_follows_a_feed_without_script(public_site: str, chromium: Browser) -> None:
    page = chromium.new_page(java_script_enabled=False)
    page.goto(f"{public_site}/dprk-enablers/")
    page.click("text=Filter and order")
    page.select_option("#f-kind", "continuing")
    page.select_option("#f-sort", "changed")
    page.click("form.filters button")
    assert "kind=continuing" in page.url
    assert "sort=changed" in page.url
    assert page.locator("li.row").count() < 31
    page.click("li.row h4 a >> nth=0")
    page.click("text=Atom feed")
    assert page.url.endswith("changes.atom")
    page.close()


def test_a_korean_reader_finds_the_envoy_by_a_word_of_two_syllables(public_site: str, chromium: Browser) -> None:
    page = chromium.new_page(viewport={"width": 390, "height": 844})
    page.goto(f"{public_site}/ko/dprk-enablers/")
    page.click("nav.tabs >> text=검색")
    page.fill("#q", "특사")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search?q=**")
    assert "특사" in page.inner_text("h1")
    page.click("ol.log h3 a >> nth=0")
    assert "/ko/dprk-enablers/recommendations/" in page.url
    page.close()


def _focused(page: Page) -> str:
    return str(page.evaluate("document.activeElement.innerText")).strip()
