"""Passkeys and second factors in a real browser, with an authenticator that the browser pretends to have."""

import re
from collections.abc import Callable

import pytest
from passlib.totp import TOTP
from playwright.sync_api import Browser, Page

from tests.support.chromium import axe_violations
from tests.support.demo_site import DemoSite, set_up_administrator, sign_in
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
    page.wait_for_url("**/staff/account/")
    page.goto(f"{site.address}/staff/account/passkeys")
    assert "Desk" in page.inner_text("main")
    page.context.clear_cookies()
    page.goto(f"{site.address}/staff/passkey")
    page.click("main button.btn")
    page.wait_for_url("**/staff/")
    assert "Ada" in page.inner_text("header")


def test_a_code_from_an_app_is_asked_for_and_a_recovery_code_works_once(chromium: Browser, site: DemoSite) -> None:
    page = chromium.new_page()
    set_up_administrator(page, site)
    page.goto(f"{site.address}/staff/account/second-factor")
    page.click("text=Set it up")
    key = re.sub(r"[^A-Z2-7]", "", page.inner_text("main p.mono"))
    assert axe_violations(page) == []
    page.fill("input[name=code]", TOTP(key).generate().token)
    page.click("text=Finish")
    page.goto(f"{site.address}/staff/account/recovery-codes")
    page.click("text=Make new codes")
    code = page.locator("main li.mono").first.inner_text()
    page.context.clear_cookies()
    page.goto(f"{site.address}/staff/")
    sign_in(page, "ada@example.org")
    page.fill("input[name=code]", "000000")
    page.click("main button.btn")
    assert page.locator("header >> text=Ada").count() == 0
    page.click("text=Use a recovery code instead")
    page.fill("input[name=code]", code)
    page.click("main button.btn")
    page.wait_for_url("**/staff/**")
    page.goto(f"{site.address}/staff/")
    assert "Ada" in page.inner_text("header")
    assert PASSWORD not in page.content()
