"""A forgotten password: from the sign-in page to Home with a new one, by a message from a worker that really runs."""

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.support.demo_site import DemoSite, assert_accessible, set_up_administrator
from tests.support.keystrokes import Recorder
from tests.support.mailbox import Mailbox, running, words
from tests.support.waiting import wait_until

MAX_CLICKS = 10
NEW = "a green kettle under bridges"


@pytest.fixture
def world(start_site: Callable[..., DemoSite]) -> Iterator[tuple[DemoSite, Mailbox]]:
    with running() as mailbox:
        settings = {"UPTAKE_SMTP_URL": mailbox.url, "UPTAKE_SMTP_FROM": "Uptake <uptake@example.org>"}
        yield start_site(**settings), mailbox


def _phone(chromium: Browser) -> Page:
    options = {"viewport": {"width": 390, "height": 844}, "color_scheme": "dark", "locale": "ko-KR"}
    return chromium.new_context(**options).new_page()  # type: ignore[arg-type]


def _link_in(mailbox: Mailbox) -> str:
    (letter,) = wait_until(lambda: mailbox.to("ada"))
    found = re.search(r"http://\S+/staff/password/\S+", words(letter))
    assert found
    return found.group()


def _choose(who: Recorder, password: str) -> None:
    for field in ("#f-password", "#f-again"):
        who.click(field)
        who.type(password)
    who.click("main button.btn")


def test_a_forgotten_password_costs_few_clicks(chromium: Browser, world: tuple[DemoSite, Mailbox]) -> None:
    site, mailbox = world
    at_the_office = chromium.new_context().new_page()
    set_up_administrator(at_the_office, site)
    page = chromium.new_context().new_page()
    who = Recorder(page)
    page.goto(f"{site.address}/staff/")
    who.click("text=Forgotten your password?")
    assert_accessible(page, "forgotten-password")
    who.click("#f-email")
    who.type("ada@example.org")
    who.click("text=Send me a link")
    expect(page.locator(".banner")).to_contain_text("Look at your e-mail")
    assert_accessible(page, "forgotten-password-sent")
    page.goto(_link_in(mailbox))
    assert_accessible(page, "choose-password")
    _choose(who, "password1234")
    expect(page.locator(".summary")).to_contain_text("easy to guess")
    assert_accessible(page, "choose-password-refused")
    _choose(who, NEW)
    page.wait_for_url("**/staff/sign-in")
    expect(page.locator(".banner")).to_contain_text("Your password is changed")
    page.fill("input[name=email]", "ada@example.org")
    page.fill("input[name=password]", NEW)
    who.click("main button.btn")
    page.wait_for_url("**/staff/")
    assert who.clicks <= MAX_CLICKS, who.summary
    at_the_office.goto(f"{site.address}/staff/account/")
    assert at_the_office.url.startswith(f"{site.address}/staff/sign-in"), "signed out on the other device"
    wait_until(lambda: len(mailbox.to("ada")) == 2)
    assert mailbox.to("ada")[1]["Subject"] == "Your password was changed"


def test_on_a_phone_in_korean_a_used_link_says_so(chromium: Browser, world: tuple[DemoSite, Mailbox]) -> None:
    site, mailbox = world
    set_up_administrator(chromium.new_context().new_page(), site)
    page = _phone(chromium)
    page.goto(f"{site.address}/staff/forgotten-password/")
    assert_accessible(page, "forgotten-password-ko")
    page.fill("#f-email", "ada@example.org")
    page.click("main button.btn")
    link = _link_in(mailbox)
    page.goto(link)
    assert_accessible(page, "choose-password-ko")
    for field in ("#f-password", "#f-again"):
        page.fill(field, NEW)
    page.click("main button.btn")
    page.wait_for_url("**/staff/sign-in")
    page.goto(link)
    expect(page.locator("h1")).to_have_text("쓸 수 없는 링크입니다")
    expect(page.locator("main")).to_contain_text("이미 쓴 링크입니다.")
    assert_accessible(page, "used-link-ko")
    page.click("main a.btn-2")
    page.wait_for_url("**/staff/forgotten-password/")
