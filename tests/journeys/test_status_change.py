"""A sourced status change with one new source and both languages, in under two minutes of a practised person."""

from playwright.sync_api import Browser, expect

from tests.support.demo_site import DemoSite, assert_accessible, set_up_administrator
from tests.support.keystrokes import SKILLED, Recorder
from tests.support.status_change import WORKBENCH, propose_with_new_source

MARK_SECONDS = 120
MAX_CLICKS, MAX_KEYS = 8, 270


def test_a_sourced_status_change_takes_less_than_two_minutes(chromium: Browser, site: DemoSite) -> None:
    page = chromium.new_page()
    set_up_administrator(page, site)
    recorder = Recorder(page)
    propose_with_new_source(recorder, site.address)
    assert page.url == site.address + WORKBENCH, "back where the person was"
    assert recorder.clicks <= MAX_CLICKS, recorder.summary
    assert recorder.keys <= MAX_KEYS, recorder.summary
    assert recorder.seconds(SKILLED) - recorder.waited < MARK_SECONDS, recorder.summary
    expect(page.locator("main")).to_contain_text("You can change it until one of them decides.")
    page.click("text=Take it back")
    page.wait_for_url("**/propose/?revise=**")
    assert page.input_value("#f-rationale_ko") == "위원회가 2026년 2월 2일 보고서에 관한 공청회를 열었다."
    assert_accessible(page, "propose-taken-back")


def test_what_is_typed_saves_itself_and_the_page_reads_the_day(chromium: Browser, site: DemoSite) -> None:
    page = chromium.new_page()
    set_up_administrator(page, site)
    page.goto(f"{site.address}{WORKBENCH}propose/")
    page.fill("#f-effective_on", "24 jan 25")
    expect(page.locator("#r-effective_on")).to_have_text("Read as 24 January 2025, a Friday")
    page.fill("#f-rationale", "A sentence that took an hour.")
    page.press("#f-effective_on", "Enter")
    expect(page.locator(".kept [data-state]")).to_contain_text("Saved ")
    page.fill("#f-rationale", "Typed after that.")
    page.goto(f"{site.address}/staff/")
    page.goto(f"{site.address}{WORKBENCH}propose/")
    assert page.input_value("#f-rationale") == "Typed after that."
    site.end_sessions()
    page.fill("#f-rationale", "Typed when the session had ended.")
    page.press("#f-effective_on", "Enter")
    expect(page.locator(".kept [data-ended]")).to_be_visible()
    page.click("text=Sign in and go on")
    page.wait_for_url("**/sign-in**")
    page.fill("input[name=email]", "ada@example.org")
    page.fill("input[name=password]", "correct horse battery staple")
    page.click("main button.btn")
    page.wait_for_url("**/propose/")
    assert page.input_value("#f-rationale") == "Typed when the session had ended."
