"""Passkeys and second factors in a real browser, with an authenticator that the browser pretends to have."""

import re
import sqlite3
from collections.abc import Callable
from contextlib import closing

import pytest
from passlib.totp import TOTP
from playwright.sync_api import Browser, Page, expect

from tests.support.chromium import axe_violations
from tests.support.demo_site import DemoSite, assert_accessible, set_up_administrator, sign_in
from tests.support.staff_client import PASSWORD


@pytest.fixture
def site(start_site: Callable[..., DemoSite]) -> DemoSite:
    return start_site(host="localhost")


def _with_authenticator(chromium: Browser, transport: str) -> Page:
    page = chromium.new_context().new_page()
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2", "transport": transport, "hasResidentKey": True, "hasUserVerification": True,
        "isUserVerified": True, "automaticPresenceSimulation": True,
    }  # fmt: skip
    session.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    return page


@pytest.mark.parametrize("transport", ["internal", "usb"])
def test_a_passkey_is_added_and_signs_in(chromium: Browser, site: DemoSite, transport: str) -> None:
    page = _with_authenticator(chromium, transport)
    set_up_administrator(page, site)
    page.goto(f"{site.address}/staff/account/passkeys")
    assert axe_violations(page) == []
    page.fill("input[name=name]", "Desk")
    page.click("text=Add a passkey")
    expect(page.locator(".banner")).to_contain_text("The passkey “Desk” is added")
    assert "Desk" in page.inner_text("main li")
    with closing(sqlite3.connect(site.data_dir / "accounts.sqlite")) as accounts:
        assert accounts.execute("SELECT kind FROM account_messages").fetchall() == [("passkey_added",)]
    assert axe_violations(page) == []
    page.context.clear_cookies()
    page.goto(f"{site.address}/staff/passkey")
    page.click("main button.btn")
    page.wait_for_url("**/staff/")
    assert "Ada" in page.inner_text("header")


def test_a_browser_without_passkeys_is_told_so(chromium: Browser, site: DemoSite) -> None:
    page = chromium.new_context().new_page()
    page.add_init_script("delete window.PublicKeyCredential")
    page.goto(f"{site.address}/staff/passkey")
    expect(page.locator("#passkey-unsupported")).to_be_visible()
    expect(page.locator("main button")).to_be_hidden()
    without_script = chromium.new_context(java_script_enabled=False).new_page()
    without_script.goto(f"{site.address}/staff/passkey")
    expect(without_script.locator("noscript p")).to_be_visible()
    expect(without_script.locator("main button")).to_be_hidden()


def test_a_second_factor_is_set_up_by_keyboard_after_a_mistyped_code(chromium: Browser, site: DemoSite) -> None:
    """On a phone in Korean and without a pointer; then a recovery code works once."""
    page = chromium.new_context(viewport={"width": 390, "height": 844}).new_page()
    set_up_administrator(page, site)
    page.goto(f"{site.address}/staff/account/")
    page.select_option("#f-language", "ko")
    page.locator("#f-language").press("Enter")
    page.locator("section:has(#f-language) button.btn").first.press("Enter")
    page.goto(f"{site.address}/staff/account/second-factor/")
    assert_accessible(page, "second-factor-off-ko")
    page.locator("main button:not(.vh)[value=begin]").press("Enter")
    key = re.sub(r"[^A-Z2-7]", "", page.inner_text("main p.mono"))
    page.locator("#f-code").press_sequentially("000000")
    page.keyboard.press("Enter")
    expect(page.locator(".summary")).to_be_visible()
    assert page.title().startswith("오류")
    assert re.sub(r"[^A-Z2-7]", "", page.inner_text("main p.mono")) == key
    assert_accessible(page, "second-factor-mistyped-ko")
    page.locator("#f-code").press_sequentially(TOTP(key).generate().token)
    page.keyboard.press("Enter")
    page.wait_for_url("**/account/recovery-codes/")
    expect(page.locator(".banner")).to_be_focused()
    assert_accessible(page, "recovery-codes-ko")
    code = page.locator("main li.mono").first.inner_text()
    page.goto(f"{site.address}/staff/account/second-factor/")
    assert_accessible(page, "second-factor-on-ko")
    page.context.clear_cookies()
    page.goto(f"{site.address}/staff/")
    sign_in(page, "ada@example.org")
    page.fill("input[name=code]", TOTP(key).generate().token)
    page.click("main button.btn")
    expect(page.locator(".summary")).to_be_visible()  # the code of the set-up does not work again
    page.click("main a[href*=recovery]")
    page.fill("input[name=code]", code)
    page.click("main button.btn")
    expect(page.locator(".banner")).to_be_visible()
    assert "Ada" in page.inner_text("header")
    assert PASSWORD not in page.content()
