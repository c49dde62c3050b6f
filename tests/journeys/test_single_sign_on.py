"""An invited person signs in at a provider, in a real browser, and confirms the sign-in there."""

import time
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page

from tests.support.demo_site import DemoSite, assert_accessible, invite, set_up_administrator
from tests.support.issuer import CLIENT, SECRET, Issuer, running
from tests.support.pages import Browser


@pytest.fixture
def issuer() -> Iterator[Issuer]:
    with running() as issuer:
        yield issuer


@pytest.fixture
def site(start_site: Callable[..., DemoSite], issuer: Issuer) -> DemoSite:
    names = {"ISSUER": issuer.address, "CLIENT_ID": CLIENT, "CLIENT_SECRET": SECRET, "LABEL": "Staff Login"}
    return start_site(**{f"UPTAKE_OIDC_{name}": value for name, value in names.items()})


def _invitation(page: Page, site: DemoSite) -> str:
    set_up_administrator(page, site)
    return invite(page, site, "ana@example.org", "analyst")


def test_an_invited_person_signs_in_at_the_provider_and_confirms_there(
    chromium: Browser, site: DemoSite, issuer: Issuer
) -> None:
    link = _invitation(chromium.new_page(), site)
    page = chromium.new_context().new_page()
    blocked: list[str] = []
    page.on("console", lambda said: blocked.append(said.text) if "Content Security Policy" in said.text else None)
    page.goto(link)
    assert_accessible(page, "welcome-at-provider")
    issuer.signed_in_at = time.time() - 3600
    page.click("text=Sign in with Staff Login instead")
    page.wait_for_url("**/staff/")
    assert "Ana Kim" in page.inner_text("header")
    page.goto(f"{site.address}/staff/account/tokens/")
    page.fill("#f-name", "A script")
    page.check("input[value=propose]")
    page.click("main button.btn:text-is('Make the token')")
    page.wait_for_url("**/staff/confirm?**")
    assert page.locator("input[type=password]").count() == 0
    assert_accessible(page, "confirm-at-provider")
    page.click("text=Confirm with Staff Login")
    page.wait_for_url("**/staff/account/tokens/")
    assert page.input_value("#f-name") == "A script"
    page.click("main button.btn:text-is('Make the token')")
    assert "uptake_" in page.inner_text("main")
    page.click("text=Sign out")
    page.goto(f"{site.address}/staff/dprk-enablers/")
    assert_accessible(page, "sign-in-at-provider")
    issuer.error = "access_denied"
    page.click("text=Sign in with Staff Login")
    assert "The sign-in with Staff Login was cancelled." in page.inner_text("main")
    issuer.error = ""
    page.goto(f"{site.address}/staff/dprk-enablers/")
    page.click("text=Sign in with Staff Login")
    page.wait_for_url("**/staff/dprk-enablers/")
    assert blocked == []
