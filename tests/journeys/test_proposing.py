"""A person proposes a status in a real browser: checked while typing, by keyboard alone, and without scripts."""

import pytest
from playwright.sync_api import Page, expect

from tests.support.demo_site import (
    SCREENSHOTS,
    DemoSite,
    accept_invitation,
    assert_accessible,
    set_up_administrator,
    sign_in,
)
from tests.support.pages import Browser
from tests.support.staff_client import PASSWORD

PARTS = "/staff/dprk-enablers/recommendations/special-envoy-post/propose/"
WHOLE = "/staff/dprk-enablers/recommendations/congress-oversight/propose/"


@pytest.fixture
def page(chromium: Browser, site: DemoSite) -> Page:
    """Of a person who has just accepted an invitation."""
    page = chromium.new_page()
    accept_invitation(page, site.set_up_link(), email="ada@example.org", name="Ada")
    return page


def test_the_rules_are_told_while_somebody_types(page: Page, site: DemoSite) -> None:
    page.goto(site.address + PARTS)
    verdict = page.locator("#verdict")
    expect(verdict).to_have_text("2 answers are still needed.")
    assert page.is_disabled("#s-in_effect")
    page.locator("#f-element label", has_text="The post stays filled").click()
    assert page.is_enabled("#s-in_effect")
    assert page.is_disabled("#s-implemented")
    page.check("#s-in_progress")
    page.fill("#f-effective_on", "2026")
    page.focus("#f-rationale")
    page.keyboard.type("An envoy was named.", delay=5)
    expect(page.locator("#p-then")).to_be_visible()
    expect(page.locator("#beside .read")).to_have_text("An envoy was named.")
    assert page.evaluate("document.activeElement.id") == "f-rationale"
    page.keyboard.type(" She waits.")
    expect(page.locator("#beside .read")).to_have_text("An envoy was named. She waits.")
    page.locator("summary", has_text="more sources").click()
    page.fill("#f-find", "oath nothing")
    page.press("#f-find", "Enter")
    expect(page.get_by_text("No source matches these words.")).to_be_visible()
    assert page.input_value("#f-rationale") == "An envoy was named. She waits."
    page.fill("#f-find", "congress")
    page.press("#f-find", "Enter")
    page.locator("#found input").first.check()
    expect(page.locator("#picked")).to_contain_text("Picked: 1:")
    expect(verdict).to_have_text("There are no problems.")
    assert_accessible(page, "propose-told")

    page.route("**/propose/", lambda route: route.abort())
    page.fill("#f-effective_on", "March 2026")
    expect(verdict).to_contain_text("We could not check the rules just now.")
    assert page.input_value("#f-rationale") == "An envoy was named. She waits."
    page.unroute("**/propose/")
    page.fill("#f-effective_on", "2026-13")
    expect(verdict).to_have_text("There is 1 problem")

    site.end_sessions()
    page.fill("#f-effective_on", "Apr 2026")
    expect(verdict).to_contain_text("Your session has ended.")
    page.click("text=Send to a second person")
    page.wait_for_url("**/sign-in**")
    sign_in(page, "ada@example.org")
    page.wait_for_url("**/propose/")
    assert page.input_value("#f-effective_on") == "Apr 2026"
    assert page.input_value("#f-rationale") == "An envoy was named. She waits."


def test_a_status_is_proposed_with_the_keyboard_alone(page: Page, site: DemoSite) -> None:
    """From signing in to “sent”: seven things to reach, and no mouse."""
    page.context.clear_cookies()  # who accepts an invitation is signed in
    page.goto(site.address + WHOLE)
    reached = []

    def reach(selector: str, typed: str = "") -> None:
        _tab_to(page, selector)
        page.keyboard.type(typed)
        reached.append(selector)

    reach("input[name=email]", "ada@example.org")
    reach("input[name=password]", PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(site.address + WHOLE)
    reach("input[name=status]")
    while not page.is_checked("#s-in_progress"):
        page.keyboard.press("ArrowDown")
    reach("#f-effective_on", "Feb 2026")
    reach(".evpick input")
    page.keyboard.press("Space")
    reach("#f-rationale", "A hearing was held.")
    expect(page.locator("#verdict")).to_have_text("There are no problems.")
    reach("button:not(.vh)[value=send]")
    page.keyboard.press("Enter")
    page.wait_for_url("**/proposals/**")
    assert len(reached) == 7
    assert_accessible(page, "review-told")


def test_enter_in_a_field_saves_a_draft_and_sends_nothing(page: Page, site: DemoSite) -> None:
    page.goto(site.address + WHOLE)
    page.fill("#f-effective_on", "2026")
    page.press("#f-effective_on", "Enter")
    expect(page.locator(".kept [data-state]")).to_contain_text("Saved ")
    assert page.evaluate("document.activeElement.id") == "f-effective_on"
    assert page.input_value("#f-effective_on") == "2026"
    assert_accessible(page, "propose-refused")


def test_all_of_it_goes_without_script(chromium: Browser, site: DemoSite) -> None:
    page = chromium.new_context(java_script_enabled=False, viewport={"width": 390, "height": 844}).new_page()
    set_up_administrator(page, site)
    page.goto(site.address + PARTS)
    page.locator("#f-element label", has_text="The post stays filled").click()
    page.click("text=Show the statuses for this part")
    assert page.is_disabled("#s-implemented")
    page.check("#s-partly")
    page.fill("#f-effective_on", "2026")
    page.fill("#f-rationale", "An acting envoy was named.")
    page.locator("summary", has_text="more sources").click()
    page.fill("#f-find", "congress")
    page.locator("button:not(.vh)[value=find]").click()
    assert page.url.endswith("#f-evidence")
    assert page.input_value("#f-rationale") == "An acting envoy was named."
    page.locator("#found input").first.check()
    page.locator("button:not(.vh)[value=check]", has_text="Check the rules").last.click()
    expect(page.locator("#verdict")).to_have_text("There are no problems.")
    expect(page.locator("#beside .read")).to_have_text("An acting envoy was named.")
    page.click("text=Send to a second person")
    page.wait_for_url("**/proposals/**")
    page.screenshot(path=SCREENSHOTS / "staff-review-without-script.png", full_page=True)


def _tab_to(page: Page, selector: str) -> None:
    for _ in range(150):
        page.keyboard.press("Tab")
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
    raise AssertionError(f"no tab leads to {selector}")
