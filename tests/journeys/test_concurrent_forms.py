"""Two people, or one with two windows, have the same form open at the same time."""

from playwright.sync_api import Page, expect

from tests.support.demo_site import (
    DemoSite,
    accept_invitation,
    assert_accessible,
    invite,
    set_up_administrator,
)
from tests.support.pages import Browser

PROPOSE_PAGE = "/staff/dprk-enablers/recommendations/congress-oversight/propose/"


def test_who_sends_second_sees_both_versions_and_two_presses_are_one(chromium: Browser, site: DemoSite) -> None:
    ada, ana = (chromium.new_context().new_page() for _ in range(2))
    set_up_administrator(ada, site)
    link = invite(ada, site, "ana@example.org", "analyst")
    accept_invitation(ana, link, name="Ana")

    for page, words in ((ada, "Ada says that a hearing was held."), (ana, "Ana says that two were held.")):
        _fill(page, site, words)
    ada.click("button:not(.vh)[value=send]")
    ada.wait_for_url("**/proposals/**")
    ada.get_by_role("button", name="Publish", exact=True).click()
    ada.get_by_role("link", name="See the page").wait_for()
    ana.click("button:not(.vh)[value=send]")
    expect(ana.locator(".summary")).to_contain_text("Another person changed this recommendation after you opened it.")
    expect(ana.locator("#p-now + p + p")).to_have_text("Ada says that a hearing was held.")
    assert ana.input_value("#f-rationale") == "Ana says that two were held."
    assert ana.is_checked("#s-in_progress")
    assert ana.locator(".evpick input:checked").count() == 1
    assert_accessible(ana, "both-versions")

    window = ana.context.new_page()
    _fill(window, site, "Ana says that two were held.", month="4")
    ana.fill("#f-effective_on", "2026-04")
    ana.locator("#f-reason").evaluate("field => { field.closest('details').open = true }")
    ana.select_option("#f-reason", "world_changed")
    ana.dblclick("button:not(.vh)[value=send]")
    ana.wait_for_url("**/proposals/**")
    window.click("button:not(.vh)[value=send]")
    window.wait_for_url(ana.url)
    ada.goto(f"{site.address}/staff/")
    assert ada.locator("[id^=q-review] + .queue > li").count() == 1
    ada.click("[id^=q-review] + .queue a >> nth=0")
    expect(ada.locator("main")).to_contain_text("Ana says that two were held.")


def _fill(page: Page, site: DemoSite, words: str, month: str = "3") -> None:
    page.goto(site.address + PROPOSE_PAGE)
    page.check("#s-in_progress")
    page.fill("#f-effective_on", f"2026-0{month}")
    page.fill("#f-rationale", words)
    page.locator(".evpick input").first.check()
