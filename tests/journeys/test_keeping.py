"""Two people keep a register in a real browser: one proposes a reversal and is refused, mends it; another publishes."""

import os
import re
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.journeys.test_reading import SHOTS
from tests.support.chromium import browser as running_browser
from tests.support.chromium import violations
from tests.support.served import free_port, wait_for

PASSWORD = "correct horse battery staple"


class Office:
    """A site whose store was empty of people when it began, and what it printed."""

    def __init__(self, folder: Path, host: str = "127.0.0.1", **settings: str) -> None:
        port = free_port()
        self.address = f"http://{host}:{port}"
        self.env = os.environ | {"UPTAKE_DATA_DIR": str(folder / "data"), "UPTAKE_BASE_URL": self.address} | settings
        self.said = (folder / "said.txt").open("w+")
        self.process = subprocess.Popen(
            [sys.executable, "-m", "app.bootstrap", "up", "--demo", "--port", str(port)],
            env=self.env,
            stdout=self.said,
            text=True,
        )
        wait_for(f"{self.address}/readyz", self.process)

    def welcome(self) -> str:
        """The set-up link that was printed."""
        self.said.seek(0)
        found = re.search(r"http://\S+/staff/welcome/\S+", self.said.read())
        assert found
        return found.group().replace("http://127.0.0.1:", self.address.rsplit(":", 1)[0] + ":")

    def close(self) -> None:
        self.process.send_signal(signal.SIGINT)
        self.process.wait(timeout=30)
        self.said.close()


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    made = Office(tmp_path)
    yield made
    made.close()


def _settle(page: Page, link: str, **fields: str) -> None:
    page.goto(link)
    for name, value in ({"password": PASSWORD, "again": PASSWORD} | fields).items():
        page.fill(f"#f-{name}", value)
    page.click("button.btn")


def _sign_in(page: Page, email: str) -> None:
    page.fill("input[name=email]", email)
    page.fill("input[name=password]", PASSWORD)
    page.click("main button.btn")


def _looked_at(page: Page, name: str) -> None:
    page.screenshot(path=SHOTS / f"staff-{name}.png", full_page=True)
    assert violations(page) == [], name
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0, name


def test_a_reversal_is_proposed_refused_mended_published_and_withdrawn(office: Office) -> None:
    SHOTS.mkdir(exist_ok=True)
    with running_browser() as chromium:
        first = chromium.new_page()
        _settle(first, office.welcome(), email="ada@example.org", name="Ada")
        _sign_in(first, "ada@example.org")
        first.goto(f"{office.address}/staff/dprk-enablers/people/")
        first.fill("#f-email", "ana@example.org")
        first.select_option("#f-role", "analyst")
        first.click("text=Invite >> nth=-1")
        link = re.search(r"http://\S+/staff/welcome/[^\s<]+", first.inner_text("main"))
        assert link
        _looked_at(first, "people")

        author = _stranger(chromium, 390, "dark")
        _settle(author, link.group(), name="Ana")
        _sign_in(author, "ana@example.org")
        _looked_at(author, "home-phone-dark")
        author.goto(f"{office.address}/staff/dprk-enablers/")
        _looked_at(author, "desk-phone-dark")
        author.click("text=Propose a status >> nth=0")
        where = author.url
        author.check("#s-reversed")
        author.fill("#f-year", "2026")
        author.fill("#f-rationale", "A test of the form; the office was closed.")
        author.select_option("#f-reason", "world_changed")
        author.click("text=Send to a second person")
        assert "cause" in author.inner_text(".summary").lower()
        assert author.input_value("#f-rationale") == "A test of the form; the office was closed."
        _looked_at(author, "refused-phone-dark")
        author.check("#s-no_action", force=True)
        author.check("#s-in_progress")
        author.locator(".evpick input").first.check()
        author.click("text=Send to a second person")
        author.wait_for_url("**/proposals/**")
        _looked_at(author, "proposed-phone-dark")
        assert author.locator("text=Publish now").count() == 0

        public = chromium.new_page()
        recommendation = where.split("/recommendations/")[1].split("/")[0]
        page_of_it = f"{office.address}/dprk-enablers/recommendations/{recommendation}/"
        public.goto(page_of_it)
        assert "A test of the form" not in public.content()
        first.goto(f"{office.address}/staff/")
        first.click("[id^=q-review] + .queue a >> nth=0")
        _looked_at(first, "review")
        first.click("text=Publish now")
        first.wait_for_url("**/dprk-enablers/recommendations/**")
        public.goto(page_of_it)
        assert "A test of the form" in public.content()

        ident = first.url.split("#a-")[1]
        author.goto(f"{office.address}/staff/dprk-enablers/assessments/{ident}/withdraw/")
        assert "you need the role editor" in author.inner_text("main")
        first.goto(f"{office.address}/staff/dprk-enablers/assessments/{ident}/withdraw/")
        first.click("text=Say what is right instead")
        _looked_at(first, "withdraw")
        first.fill("#f-why", "It was a test of the form.")
        first.click("text=Withdraw it")
        public.goto(f"{office.address}/dprk-enablers/corrections/")
        assert "It was a test of the form." in public.inner_text("main")
        assert public.context.cookies() == []


def test_what_is_stored_is_changed_and_the_history_told(office: Office) -> None:
    SHOTS.mkdir(exist_ok=True)
    with running_browser() as chromium:
        page = _stranger(chromium, 390, "dark")
        _settle(page, office.welcome(), email="ada@example.org", name="Ada")
        _sign_in(page, "ada@example.org")
        staff = f"{office.address}/staff/dprk-enablers"
        for address, name in (
            (f"{staff}/facts/reviews/", "reviews"),
            (f"{staff}/facts/settings/dprk-enablers/", "settings"),
            (f"{staff}/translations/?show=all", "translations"),
            (f"{staff}/setup/", "setup"),
            (f"{staff}/history/", "history"),
            (f"{office.address}/staff/history/", "history-of-all"),
            (f"{office.address}/staff/account/tokens/", "tokens"),
            (f"{office.address}/staff/confirm", "confirm"),
        ):
            page.goto(address)
            _looked_at(page, f"{name}-phone-dark")
        page.goto(f"{staff}/facts/settings/dprk-enablers/")
        page.fill("#f-title", "A better title")
        page.fill("#f-why", "It says more.")
        page.click("text=Change it")
        page.goto(f"{office.address}/dprk-enablers/")
        assert "A better title" in page.inner_text("main")
        page.goto(f"{staff}/history/")
        assert "The settings of the register were changed. Reason: It says more." in page.inner_text("main")


def test_what_was_typed_outlives_the_session(office: Office) -> None:
    SHOTS.mkdir(exist_ok=True)
    with running_browser() as chromium:
        page = chromium.new_page()
        _settle(page, office.welcome(), email="ada@example.org", name="Ada")
        _sign_in(page, "ada@example.org")
        page.goto(f"{office.address}/staff/dprk-enablers/")
        page.click("text=Propose a status >> nth=0")
        page.check("#s-announced")
        page.fill("#f-year", "2026")
        page.fill("#f-rationale", "Typed for an hour.")
        page.locator(".evpick input").first.check()
        accounts = sqlite3.connect(Path(office.env["UPTAKE_DATA_DIR"]) / "accounts.sqlite")
        with accounts:
            accounts.execute("UPDATE seats SET seen_at = datetime(seen_at, '-13 hours')")
        accounts.close()
        page.click("text=Send to a second person")
        page.wait_for_url("**/sign-in**")
        _sign_in(page, "ada@example.org")
        page.wait_for_url("**/propose/")
        assert page.input_value("#f-rationale") == "Typed for an hour."
        assert page.is_checked("#s-announced")
        assert page.locator(".evpick input").first.is_checked()
        _looked_at(page, "form-filled-again")


def _stranger(chromium: Browser, width: int, scheme: str) -> Page:
    context = chromium.new_context(
        viewport={"width": width, "height": 844}, color_scheme="dark" if scheme == "dark" else "light"
    )
    return context.new_page()
