"""Somebody who was invited signs in at a provider, in a real browser, and confirms there that it is still they."""

import re
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.journeys.test_keeping import Office, _looked_at, _settle, _sign_in
from tests.support.chromium import browser as running_browser
from tests.support.issuer import CLIENT, SECRET, Issuer, running


@pytest.fixture
def issuer() -> Iterator[Issuer]:
    with running() as issuer:
        yield issuer


@pytest.fixture
def office(tmp_path: Path, issuer: Issuer) -> Iterator[Office]:
    names = {"ISSUER": issuer.address, "CLIENT_ID": CLIENT, "CLIENT_SECRET": SECRET, "LABEL": "Staff Login"}
    made = Office(tmp_path, **{f"UPTAKE_OIDC_{name}": value for name, value in names.items()})
    yield made
    made.close()


def _invitation(page: Page, office: Office) -> str:
    _settle(page, office.welcome(), email="ada@example.org", name="Ada")
    _sign_in(page, "ada@example.org")
    page.goto(f"{office.address}/staff/dprk-enablers/people/")
    page.fill("#f-email", "ana@example.org")
    page.select_option("#f-role", "analyst")
    page.click("text=Invite >> nth=-1")
    link = re.search(r"http://\S+/staff/welcome/[^\s<]+", page.inner_text("main"))
    assert link
    return link.group()


def test_an_invited_person_signs_in_at_the_provider_and_confirms_there(office: Office, issuer: Issuer) -> None:
    with running_browser() as chromium:
        link = _invitation(chromium.new_page(), office)
        page = chromium.new_context().new_page()
        blocked: list[str] = []
        page.on("console", lambda said: blocked.append(said.text) if "Content Security Policy" in said.text else None)
        page.goto(link)
        _looked_at(page, "welcome-at-provider")
        issuer.signed_in_at = time.time() - 3600
        page.click("text=Sign in at Staff Login instead")
        page.wait_for_url("**/staff/")
        assert "Ana Kim" in page.inner_text("header")
        page.goto(f"{office.address}/staff/account/tokens/")
        page.fill("#f-name", "A script")
        page.check("input[value=propose]")
        page.click("main form.form button.btn")
        page.wait_for_url("**/staff/confirm?**")
        assert page.locator("input[type=password]").count() == 0
        _looked_at(page, "confirm-at-provider")
        page.click("text=Confirm at Staff Login")
        page.wait_for_url("**/staff/account/tokens/")
        assert page.input_value("#f-name") == "A script"
        page.click("main form.form button.btn")
        assert "uptake_" in page.inner_text("main")
        page.click("text=Sign out")
        page.goto(f"{office.address}/staff/dprk-enablers/")
        _looked_at(page, "sign-in-at-provider")
        issuer.error = "access_denied"
        page.click("text=Sign in at Staff Login")
        assert "The sign-in at Staff Login was broken off." in page.inner_text("main")
        issuer.error = ""
        page.goto(f"{office.address}/staff/dprk-enablers/")
        page.click("text=Sign in at Staff Login")
        page.wait_for_url("**/staff/dprk-enablers/")
        assert blocked == []
