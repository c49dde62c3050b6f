"""A reader follows a recommendation by e-mail, stops on the page that confirms it, and stops again from a letter."""

import re
from collections.abc import Callable
from threading import Thread

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect

from app.services.container import Services
from tests.support.demo_site import assert_accessible
from tests.support.follower import publish
from tests.support.mailbox import Mailbox, words

READER = "reader@example.org"
Worker = Callable[[], None]


@pytest.fixture
def send(worker: Worker) -> Worker:
    """The worker runs in a thread of its own, as on a site."""

    def run() -> None:
        thread = Thread(target=worker)
        thread.start()
        thread.join()

    return run


def follow(page: Page, address: str, services: Services) -> None:
    page.goto(f"{address}/small/recommendations/law/")
    page.get_by_role("link", name="By e-mail").first.click()
    assert_accessible(page, "follow")
    services.clock.go_on(seconds=30)  # type: ignore[attr-defined]
    page.get_by_label("Your e-mail address").fill(READER)
    page.get_by_role("button", name="Send me the link").click()
    expect(page.locator("h1")).to_have_text("Look at your e-mail")
    assert_accessible(page, "follow-sent")


def confirm(page: Page, address: str, mailbox: Mailbox) -> None:
    page.goto(f"{address}{_path(mailbox, 'confirm')}")
    assert_accessible(page, "follow-confirm")
    page.get_by_role("button", name="Yes, send me e-mails").click()
    expect(page.locator("h1")).to_have_text("You follow this now")
    assert_accessible(page, "follow-confirmed")


def _path(mailbox: Mailbox, action: str) -> str:
    found = re.search(rf"(/follow/{action}/\S+)", words(mailbox.letters[-1]))
    assert found
    return found[1]


def test_a_reader_follows_and_stops(
    chromium: Browser, small: Services, staff_app: Flask, mailbox: Mailbox, address: str, send: Worker
) -> None:
    page = chromium.new_context(viewport={"width": 390, "height": 844}).new_page()
    follow(page, address, small)
    send()
    confirm(page, address, mailbox)
    page.get_by_role("button", name="Stop this").click()
    expect(page.locator("h1")).to_have_text("You get no more e-mails")
    assert_accessible(page, "follow-stopped")

    small.clock.go_on(days=2)  # type: ignore[attr-defined]
    follow(page, address, small)
    send()
    confirm(page, address, mailbox)
    publish(small)
    small.clock.go_on(days=1)  # type: ignore[attr-defined]
    send()
    letter = mailbox.letters[-1]
    assert letter["Subject"] == "Renew the law: Announced to In progress from February 2026"
    page.goto(f"{address}{_path(mailbox, 'stop')}")
    expect(page.get_by_role("link", name="Renew the law")).to_be_visible()
    assert_accessible(page, "follow-stop")
    page.get_by_role("button", name="Stop all e-mails").click()
    expect(page.locator("h1")).to_have_text("You get no more e-mails")
    assert page.context.cookies() == []
