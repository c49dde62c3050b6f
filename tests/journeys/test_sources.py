"""A source in a real browser: an address is pasted, its page fills the rest, and the source is picked; or carried there."""

from urllib.parse import unquote

import pytest
from msgspec.structs import replace
from playwright.sync_api import Browser, Page, expect

from app.services.container import Services
from tests.support.chromium import axe_violations
from tests.support.demo_site import OVERFLOW_PIXELS, sign_in
from tests.support.keystrokes import Recorder
from tests.support.sites import reach, site

PROPOSE = "/staff/small/recommendations/law/propose/"
ARTICLE = b"""<!doctype html><html lang="en-GB"><head><title>Bill passes - Daily</title>
<meta property="og:title" content="Bill passes"><meta property="og:site_name" content="The Daily">
<meta property="article:published_time" content="2025-03-04T10:00:00Z"></head><body></body></html>"""
MAX_CLICKS, MAX_KEYS = 4, 40


@pytest.fixture
def page(chromium: Browser, address: str) -> Page:
    """Ana, who is signed in."""
    context = chromium.new_context(base_url=address, permissions=["clipboard-read", "clipboard-write"])
    page = context.new_page()
    page.goto("/staff/sign-in")
    sign_in(page, "ana@example.org")
    return page


def test_a_pasted_address_becomes_a_picked_source(services: Services, page: Page) -> None:
    with site("127.0.0.2") as outside:
        outside.show("/bill", ARTICLE, Content_Type="text/html; charset=utf-8")
        services.settings = replace(services.settings, capture=True)
        services.fetcher = reach({"daily.example": ["127.0.0.2"]}, outside)
        page.goto(PROPOSE)
        url = f"http://daily.example:{outside.port}/bill"
        page.evaluate("text => navigator.clipboard.writeText(text)", url)
        person = Recorder(page)
        person.click("summary:text-is('Add a source')")
        person.click("#f-src_url")
        person.press("Control+v")
        person.wait(lambda: expect(page.locator("#f-src_title")).to_have_value("Bill passes"))
    assert page.input_value("#f-src_publisher") == "The Daily"
    assert page.input_value("#f-src_published_on") == "2025-03-04"
    assert page.input_value("#f-src_language") == "en"
    assert page.input_value("#f-src_class") == ""
    assert page.input_value("#f-src_url") == url
    expect(page.locator("#src-address")).to_contain_text("Filled in from the page. Check it.")
    assert list(axe_violations(page)) == []
    person.tab_to("#f-src_class")
    while page.input_value("#f-src_class") != "news":
        person.press("ArrowDown")
    person.click("#f-src_summary")
    person.type("It passed one chamber.")
    person.click("button:not(.vh)[value=add_source]")
    expect(page.locator("#picked")).to_contain_text("Picked: 1: 1 × Independent, news")
    assert person.clicks <= MAX_CLICKS, person.summary
    assert person.keys <= MAX_KEYS, person.summary

    page.locator("#picked button").click()
    expect(page.locator("#picked p")).to_have_text("No source is picked yet.")
    assert not page.is_checked("#src-bill-passes")
    page.set_viewport_size({"width": 390, "height": 800})
    assert page.evaluate(OVERFLOW_PIXELS) <= 0


def test_the_bookmark_carries_a_page_without_a_fetch(page: Page, address: str, services: Services) -> None:
    services.settings = replace(services.settings, base_url=address)
    page.goto("/staff/browser-button/")
    script = page.locator("a[href^='javascript:']").get_attribute("href") or ""
    with site("127.0.0.2") as outside:
        outside.show("/bill", ARTICLE, Content_Type="text/html; charset=utf-8")
        page.goto(f"http://127.0.0.2:{outside.port}/bill")
        with page.expect_popup() as opened:
            page.evaluate(unquote(script.removeprefix("javascript:")))
        form = opened.value
        form.wait_for_url("**/new-source/**")
    assert form.input_value("#f-src_title") == "Bill passes"
    assert form.input_value("#f-src_publisher") == "The Daily"
    assert form.input_value("#f-src_published_on") == "2025-03-04"
    assert form.input_value("#f-src_url").endswith("/bill")
