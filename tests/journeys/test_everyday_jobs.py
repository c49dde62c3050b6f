"""Jobs of staff around a recommendation, each in a real browser from its page, with its clicks and keys counted."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.support.demo_site import DemoSite, assert_accessible, set_up_administrator
from tests.support.keystrokes import Recorder

ITEM = "/staff/dprk-enablers/recommendations/hold-enablers-accountable/"
Job = Callable[[Recorder], None]


def _comment(who: Recorder) -> None:
    who.click("#f-text")
    who.type("Is this still so?")
    who.click("text=Add the comment")
    expect(who.page.get_by_text("Is this still so?").first).to_be_visible()


def _assign_to_me(who: Recorder) -> None:
    who.click("text=Assign to me")
    expect(who.page.get_by_text("Assigned to Ada").first).to_be_visible()


def _state_a_deadline(who: Recorder) -> None:
    who.click("text=State or withdraw a deadline")
    for field, text in (("due_on", "2027"), ("stated_on", "2026-11"), ("stated_by", "A minister")):
        who.click(f"#f-{field}")
        who.type(text)
    who.click(who.page.get_by_role("button", name="State the deadline"))
    expect(who.page.get_by_text("Everyone can read the deadline at once")).to_be_visible()
    who.click(who.page.get_by_role("button", name="State the deadline"))
    expect(who.page.get_by_text("The deadline is stated.")).to_be_visible()


def _withdraw_an_assessment(who: Recorder) -> None:
    who.click("text=Correct or withdraw an assessment")
    who.click(who.page.get_by_role("link", name="Withdraw").first)
    who.click("#f-why")
    who.type("It named the wrong law.")
    who.press("Tab")
    who.click(who.page.get_by_role("button", name="Continue", exact=True))
    expect(who.page.get_by_text("Nothing replaces it.")).to_be_visible()
    who.click(who.page.get_by_role("button", name="Withdraw it", exact=True))
    expect(who.page.get_by_text("The assessment is withdrawn.")).to_be_visible()


def _reword(who: Recorder) -> None:
    who.click("text=Change the text")
    who.click("#f-why")
    who.type("A spelling mistake.")
    who.click("#f-title")
    who.press("End")
    who.type(" now")
    who.click(who.page.get_by_role("button", name="Change it", exact=True))
    expect(who.page.get_by_text("Everyone sees the new version at once")).to_be_visible()
    who.click(who.page.get_by_role("button", name="Change it in public"))
    expect(who.page.get_by_text("Your change is saved.")).to_be_visible()


def _write_criteria(who: Recorder) -> None:
    who.click("text=Write a new version")
    who.click("#f-counts")
    who.type("A listing over rights.")
    who.click("#f-does_not_count")
    who.type("A statement.")
    who.click("text=Save the draft")


def _add_a_source(who: Recorder) -> None:
    who.click("text=Add a source >> nth=0")
    for field, text in (("url", "https://example.org/act"), ("title", "The act"), ("publisher", "Gazette")):
        who.click(f"#f-src_{field}")
        who.type(text)
    who.page.select_option("#f-src_class", "official")
    who.clicks += 2
    who.click("#f-src_summary")
    who.type("It was enacted.")
    who.click(who.page.get_by_role("button", name="Add this source"))
    expect(who.page.get_by_text("Added as a source.")).to_be_visible()


JOBS: dict[str, tuple[Job, int, int]] = {
    "comment": (_comment, 2, 30),
    "assign to me": (_assign_to_me, 1, 0),
    "state a deadline": (_state_a_deadline, 6, 40),
    "reword": (_reword, 5, 40),
    "write criteria": (_write_criteria, 4, 50),
    "add a source": (_add_a_source, 8, 80),
    "withdraw an assessment": (_withdraw_an_assessment, 5, 40),
}
"""Each with the most clicks and keys it may take from the page of the recommendation."""


@pytest.fixture
def ada(chromium: Browser, site: DemoSite) -> Page:
    page = chromium.new_page()
    set_up_administrator(page, site)
    return page


def test_each_job_takes_few_clicks_and_says_what_it_did(ada: Page, site: DemoSite) -> None:
    too_many = []
    for name, (job, clicks, keys) in JOBS.items():
        ada.goto(f"{site.address}{ITEM}")
        who = Recorder(ada)
        job(who)
        expect(ada.locator(".banner").first).to_be_visible()
        assert_accessible(ada, f"job-{name.replace(' ', '-')}")
        print(f"{name}: {who.summary}")
        if who.clicks > clicks or who.keys > keys:
            too_many.append(f"{name}: {who.clicks} clicks, {who.keys} keys")
    assert not too_many, "\n".join(too_many)
