"""A site with the demo register that runs as processes of its own, and what people do on it in a browser."""

import os
import re
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

from playwright.sync_api import Browser, Page

from tests.support.chromium import axe_violations
from tests.support.processes import free_port, stop, wait_until_ready
from tests.support.repository import ROOT
from tests.support.staff_client import PASSWORD

SCREENSHOTS = ROOT / "tests" / "artifacts"
OVERFLOW_PIXELS = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


class DemoSite:
    """A site over a copy of a prepared data folder; it has no accounts when it starts."""

    def __init__(self, folder: Path, prepared_data: Path, host: str = "127.0.0.1", **settings: str) -> None:
        port = free_port()
        self.address = f"http://{host}:{port}"
        self.data_dir = shutil.copytree(prepared_data, folder / "data")
        environment = {
            "UPTAKE_DATA_DIR": str(self.data_dir),
            "UPTAKE_BASE_URL": self.address,
            "UPTAKE_PUBLISH_HOLD_SECONDS": "0",
        }
        self.output = (folder / "output.txt").open("w+")
        self.process = subprocess.Popen(
            [sys.executable, "-m", "app.bootstrap", "up", "--port", str(port)],
            env=os.environ | environment | settings,
            stdout=self.output,
            text=True,
        )
        wait_until_ready(self.address, self.process)

    def set_up_link(self) -> str:
        """The link for the first administrator, as the site printed it."""
        self.output.seek(0)
        link = re.search(r"http://\S+/staff/welcome/\S+", self.output.read())
        assert link
        return link.group().replace("http://127.0.0.1:", self.address.rsplit(":", 1)[0] + ":")

    def end_sessions(self) -> None:
        """Make every session older than a session may be."""
        accounts = sqlite3.connect(self.data_dir / "accounts.sqlite", timeout=60)
        with accounts:
            accounts.execute("UPDATE seats SET seen_at = datetime(seen_at, '-13 hours')")
        accounts.close()

    def close(self) -> None:
        stop(self.process)
        self.output.close()


def accept_invitation(page: Page, link: str, **fields: str) -> None:
    """Follow an invitation, choose a password, and land on Home, signed in."""
    page.goto(link)
    for name, value in ({"password": PASSWORD, "again": PASSWORD} | fields).items():
        page.fill(f"#f-{name}", value)
    page.click("button.btn")
    page.wait_for_url("**/staff/")


def sign_in(page: Page, email: str) -> None:
    page.fill("input[name=email]", email)
    page.fill("input[name=password]", PASSWORD)
    page.click("main button.btn")


def set_up_administrator(page: Page, site: DemoSite) -> None:
    """Make Ada the first administrator and sign her in."""
    accept_invitation(page, site.set_up_link(), email="ada@example.org", name="Ada")


def send_invitation(page: Page, site: DemoSite, email: str, role: str) -> None:
    """Invite a person as a signed-in administrator."""
    page.goto(f"{site.address}/staff/dprk-enablers/people/")
    page.fill("#f-email", email)
    page.check(f"#r-{role}")
    page.click("button:not(.vh):text-is('Invite')")


def invite(page: Page, site: DemoSite, email: str, role: str) -> str:
    """Invite a person where no mail server is set up; return the link that the page shows."""
    send_invitation(page, site, email, role)
    link = re.search(r"http://\S+/staff/welcome/[^\s<]+", page.inner_text("main"))
    assert link
    return link.group()


def phone_in_dark_mode(chromium: Browser) -> Page:
    """A new page for another person."""
    return chromium.new_context(viewport={"width": 390, "height": 844}, color_scheme="dark").new_page()


def assert_accessible(page: Page, name: str) -> None:
    """Take a screenshot; the page has no axe violation and does not scroll sideways."""
    page.screenshot(path=SCREENSHOTS / f"staff-{name}.png", full_page=True)
    assert axe_violations(page) == [], name
    assert page.evaluate(OVERFLOW_PIXELS) <= 0, name
