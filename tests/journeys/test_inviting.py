"""An administrator invites a person, who accepts on a phone and lands on Home; then the role changes."""

import re

from playwright.sync_api import Browser, expect

from tests.support.demo_site import DemoSite, assert_accessible, phone_in_dark_mode, set_up_administrator
from tests.support.keystrokes import Recorder
from tests.support.staff_client import PASSWORD

PEOPLE = "/staff/dprk-enablers/people/"
MAX_CLICKS_TO_INVITE, MAX_CLICKS_TO_ACCEPT, MAX_CLICKS_TO_CHANGE = 3, 1, 2


def test_an_invitation_is_made_accepted_and_changed(chromium: Browser, site: DemoSite) -> None:
    ada = chromium.new_page()
    set_up_administrator(ada, site)
    expect(ada.locator(".banner")).to_contain_text("Welcome, Ada")
    ada.goto(site.address + PEOPLE)
    who = Recorder(ada)
    who.click("#f-email")
    who.type("eve@example.org")
    who.press("Tab")
    who.type("Eve")
    who.click("label[for=r-editor]")
    who.click("button:not(.vh):text-is('Invite')")
    expect(ada.locator("main")).to_contain_text("Send this link to Eve privately")
    assert who.clicks <= MAX_CLICKS_TO_INVITE, who.summary
    assert_accessible(ada, "people-invited")
    link = re.search(r"http://\S+/staff/welcome/\S+", ada.inner_text("main"))
    assert link

    eve = phone_in_dark_mode(chromium)
    eve.goto(link.group())
    expect(eve.locator("main")).to_contain_text("Ada invites you.")
    assert_accessible(eve, "welcome-phone-dark")
    accepting = Recorder(eve)
    accepting.click("#f-password")
    accepting.type(PASSWORD)
    accepting.press("Tab")
    accepting.type(PASSWORD)
    accepting.press("Enter")
    eve.wait_for_url("**/staff/")
    expect(eve.locator(".banner")).to_contain_text("Welcome, Eve")
    assert accepting.clicks <= MAX_CLICKS_TO_ACCEPT, accepting.summary
    assert_accessible(eve, "home-welcome-phone-dark")

    ada.goto(site.address + PEOPLE)
    ada.get_by_label("Role of eve@example.org").select_option("reader")
    changing = Recorder(ada)
    changing.click(ada.locator("li", has_text="eve@example.org").get_by_role("button"))
    expect(ada.locator("h1")).to_have_text("Change the role of Eve from “editor” to “reader”?")
    assert_accessible(ada, "confirm-role")
    changing.click("button:not(.vh)[name=confirmed][value=yes]")
    expect(ada.locator(".banner")).to_contain_text("Eve has the role “reader” now")
    assert changing.clicks <= MAX_CLICKS_TO_CHANGE, changing.summary
    assert_accessible(ada, "people-changed")
