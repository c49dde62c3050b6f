"""Everything that is stale, confirmed by one person and published by another, with the clicks of both counted."""

import re

from playwright.sync_api import Browser, Page, expect

from tests.support.demo_site import (
    DemoSite,
    accept_invitation,
    assert_accessible,
    invite,
    set_up_administrator,
)
from tests.support.keystrokes import Recorder

MAX_CLICKS = 14
"""Of both together, for the 31 recommendations of the demonstration register."""
RATIONALE = "We looked at each source again and found no change."


def test_all_recommendations_are_reviewed_in_a_few_clicks(chromium: Browser, site: DemoSite) -> None:
    ada, ana = chromium.new_page(), chromium.new_context().new_page()
    set_up_administrator(ada, site)
    accept_invitation(ana, invite(ada, site, "ana@example.org", "analyst"), name="Ana")
    ana.goto(f"{site.address}/staff/")
    analyst = Recorder(ana)
    analyst.click("#h-dprk-enablers a")
    _look_at(ana, "overview")
    analyst.click("text=Select all on this page")
    expect(ana.get_by_text("31 of 31 selected")).to_be_visible()
    analyst.click(ana.get_by_role("button", name="Reviewed, no change"))
    analyst.click("#f-rationale")
    analyst.type(RATIONALE)
    analyst.click("text=Add a search that found nothing")
    analyst.click("#f-search_where")
    for text in ("The gazette", "enablers", "2026-01", "2026-08"):
        analyst.type(text)
        analyst.press("Tab")
    analyst.click(ana.get_by_role("button", name="Add this search"))
    expect(ana.get_by_text("Search for “enablers”").first).to_be_visible()
    analyst.click(ana.get_by_role("button", name="Send all to a second person"))
    _look_at(ana, "unchanged")
    leave_out = ana.get_by_role("button", name=re.compile("^Leave "))
    if leave_out.count():
        analyst.click(leave_out)
    expect(ana.locator(".banner")).to_contain_text("are sent together")
    sent = int(ana.locator(".banner strong").inner_text().split()[0])

    ada.goto(f"{site.address}/staff/")
    editor = Recorder(ada)
    editor.click(ada.get_by_role("link", name=f"{sent} proposals sent together").first)
    expect(ada.locator("input[name=pick]:checked")).to_have_count(sent)
    _look_at(ada, "publish-together")
    editor.click(ada.get_by_role("button", name="Continue with the selected rows"))
    editor.click(ada.get_by_role("button", name=f"Publish {sent} proposals"))
    expect(ada.locator(".banner")).to_contain_text(f"{sent} proposals are published")
    print(f"analyst: {analyst.summary}\neditor: {editor.summary}\n{analyst.steps}\n{editor.steps}")
    assert sent >= 31
    assert analyst.clicks + editor.clicks <= MAX_CLICKS


def _look_at(page: Page, name: str) -> None:
    assert_accessible(page, f"many-{name}")
    page.set_viewport_size({"width": 390, "height": 844})
    assert_accessible(page, f"many-{name}-390")
    page.set_viewport_size({"width": 1280, "height": 800})
