"""Two people, or one with two windows, have the same form open at the same time."""

import re

from playwright.sync_api import Page, expect

from tests.journeys.test_keeping import Office, _looked_at, _settle, _sign_in, office
from tests.journeys.test_proposing import WHOLE
from tests.journeys.test_reading import SHOTS
from tests.support.chromium import browser as running_browser

__all__ = ["office"]


def test_who_sends_second_sees_both_versions_and_two_presses_are_one(office: Office) -> None:
    SHOTS.mkdir(exist_ok=True)
    with running_browser() as chromium:
        ada, ana = (chromium.new_context().new_page() for _ in range(2))
        _settle(ada, office.welcome(), email="ada@example.org", name="Ada")
        _sign_in(ada, "ada@example.org")
        ada.goto(f"{office.address}/staff/dprk-enablers/people/")
        ada.fill("#f-email", "ana@example.org")
        ada.select_option("#f-role", "analyst")
        ada.click("text=Invite >> nth=-1")
        link = re.search(r"http://\S+/staff/welcome/[^\s<]+", ada.inner_text("main"))
        assert link
        _settle(ana, link.group(), name="Ana")
        _sign_in(ana, "ana@example.org")

        for page, words in ((ada, "Ada says that a hearing was held."), (ana, "Ana says that two were held.")):
            _fill(page, office, words)
        ada.click("button[value=send]")
        ada.wait_for_url("**/proposals/**")
        ada.click("text=Publish now")
        ada.wait_for_url("**/dprk-enablers/recommendations/**")
        ana.click("button[value=send]")
        expect(ana.locator(".summary")).to_contain_text(
            "Somebody changed this recommendation since you opened the form."
        )
        expect(ana.locator("#p-now + p + p")).to_have_text("Ada says that a hearing was held.")
        assert ana.input_value("#f-rationale") == "Ana says that two were held."
        assert ana.is_checked("#s-in_progress")
        assert ana.locator(".evpick input:checked").count() == 1
        _looked_at(ana, "both-versions")

        window = ana.context.new_page()
        _fill(window, office, "Ana says that two were held.", month="4")
        ana.fill("#f-month", "4")
        ana.select_option("#f-reason", "world_changed")
        ana.dblclick("button[value=send]")
        ana.wait_for_url("**/proposals/**")
        window.click("button[value=send]")
        window.wait_for_url(ana.url)
        ada.goto(f"{office.address}/staff/")
        assert ada.locator("[id^=q-review] + .queue > li").count() == 1
        ada.click("[id^=q-review] + .queue a >> nth=0")
        expect(ada.locator("main")).to_contain_text("Ana says that two were held.")


def _fill(page: Page, office: Office, words: str, month: str = "3") -> None:
    page.goto(office.address + WHOLE)
    page.check("#s-in_progress")
    page.fill("#f-year", "2026")
    page.fill("#f-month", month)
    page.fill("#f-rationale", words)
    page.locator(".evpick input").first.check()
