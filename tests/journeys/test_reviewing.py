"""An editor reviews and publishes in a real browser: nothing by accident, undo, the next one, on a phone, on paper."""

import pytest
from msgspec.structs import replace
from playwright.sync_api import Browser, Page, expect

from app.entrypoints.worker.scheduled_publication import publish_due
from app.services.container import Services
from projections.assessments.queries import publication
from projections.worklist.queries import open_proposals
from tests.support.chromium import axe_violations
from tests.support.demo_site import OVERFLOW_PIXELS, sign_in
from tests.support.keystrokes import Recorder
from tests.support.staff_client import Members, send_proposal

FIRST, SECOND = "/staff/small/proposals/law-2025-03/", "/staff/small/proposals/law-2025-04/"
MAX_CLICKS, MAX_KEYS = 2, 0
"""To publish the open proposal with its one source read, and to have the next one open."""


@pytest.fixture
def page(services: Services, member: Members, chromium: Browser, address: str) -> Page:
    """Ben, who is signed in, with two proposals of Ana to review."""
    services.settings = replace(services.settings, publish_hold_seconds=60)
    ana = member("ana")
    send_proposal(ana)
    send_proposal(ana, effective_on="2025-04")
    page = chromium.new_context(base_url=address, viewport={"width": 1280, "height": 900}).new_page()
    page.goto("/staff/sign-in")
    sign_in(page, "ben@example.org")
    return page


def _waiting(services: Services) -> dict[str, bool]:
    """The open proposals, and whether each is to go out."""
    with services.views.connect() as db:
        return {p.assessment.id: p.publish_at is not None for p in open_proposals(db, "small")}


def test_a_proposal_is_read_published_undone_and_published(services: Services, page: Page) -> None:
    page.goto(FIRST)
    recorder = Recorder(page)
    recorder.click("label[for=read-story]")
    recorder.click("button:not(.vh)[value=publish]")
    recorder.wait(lambda: page.wait_for_url(f"**{SECOND}"))
    assert recorder.clicks <= MAX_CLICKS, recorder.steps
    assert recorder.keys <= MAX_KEYS, recorder.steps
    banner = page.locator(".banner")
    expect(banner).to_be_focused()
    expect(banner).to_contain_text("goes out at")
    assert _waiting(services) == {"law-2025-03": True, "law-2025-04": False}
    assert axe_violations(page) == []

    banner.get_by_role("button", name="Undo").click()
    page.wait_for_url(f"**{FIRST}")
    expect(page.locator(".banner")).to_contain_text("Not published.")
    assert page.is_checked("#read-story")
    assert _waiting(services) == {"law-2025-03": False, "law-2025-04": False}
    services.clock.go_on(minutes=5)  # type: ignore[attr-defined]
    assert publish_due(services) == 0

    page.click("button:not(.vh)[value=publish]")
    page.wait_for_url(f"**{SECOND}")
    services.clock.go_on(minutes=2)  # type: ignore[attr-defined]
    assert publish_due(services) == 1
    with services.views.connect() as db:
        assert publication(db, "small", "law-2025-03")
    page.goto(FIRST)
    expect(page.locator("main")).to_contain_text("Published by Ben")


def test_enter_publishes_nothing_and_a_typed_time_schedules(services: Services, page: Page) -> None:
    for field in ("#f-publish_at", "#read-story", "#f-next"):
        page.goto(FIRST)
        page.focus(field)
        with page.expect_navigation():
            page.keyboard.press("Enter")
        assert not any(_waiting(services).values()), field
    page.goto(FIRST)
    publish = page.locator("button:not(.vh)[value=publish]")
    expect(publish).to_have_text("Publish", use_inner_text=True)
    page.fill("#f-publish_at", "2026-12-01 09:00")
    expect(publish).to_have_text("Schedule", use_inner_text=True)
    publish.click()
    page.wait_for_url(f"**{SECOND}")
    expect(page.locator(".banner")).to_contain_text("goes out at 1 December 2026, 09:00 Seoul time")


def test_a_text_is_suggested_and_taken_over(services: Services, page: Page, address: str) -> None:
    page.goto(FIRST)
    page.get_by_text("Suggest another text").click()
    page.fill("#f-edit_rationale", "One chamber passed the bill.")
    page.click("text=Add the comment")
    expect(page.locator("#comments")).to_contain_text("Suggested text: Rationale")
    assert axe_violations(page) == []
    assert page.context.browser
    ana = page.context.browser.new_context(base_url=address).new_page()
    ana.goto("/staff/sign-in")
    sign_in(ana, "ana@example.org")
    ana.goto(FIRST)
    ana.click("text=Revise it")
    ana.get_by_role("button", name="Take it over").click()
    expect(ana.locator("#f-rationale")).to_have_value("One chamber passed the bill.")
    assert axe_violations(ana) == []


@pytest.mark.parametrize("language", ["en", "ko"])
def test_a_proposal_fits_a_phone_and_paper(page: Page, language: str) -> None:
    page.goto(f"{FIRST}?lang={language}")
    page.set_viewport_size({"width": 390, "height": 844})
    assert page.evaluate(OVERFLOW_PIXELS) <= 0
    page.emulate_media(media="print")
    for hidden in ("#decide", "#f-text", "nav[aria-label]:visible", ".skip"):
        expect(page.locator(hidden).first).to_be_hidden()
    for shown in ("#h-before", "#h-after", "#h-evidence", "#h-rules"):
        expect(page.locator(shown)).to_be_visible()
    page.set_viewport_size({"width": 700, "height": 1000})
    assert page.evaluate(OVERFLOW_PIXELS) <= 0
