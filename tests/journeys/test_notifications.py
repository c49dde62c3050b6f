"""Two people and a program are told: a comment by e-mail, a publication by webhook, from a worker that really runs."""

from collections.abc import Callable, Iterator

import pytest

from tests.support.demo_site import (
    DemoSite,
    accept_invitation,
    assert_accessible,
    phone_in_dark_mode,
    send_invitation,
    set_up_administrator,
)
from tests.support.mailbox import Mailbox, running, words
from tests.support.pages import Browser
from tests.support.receiver import Receiver, receiving
from tests.support.waiting import wait_until

TALK = "/staff/dprk-enablers/recommendations/special-envoy-post/comments/"


@pytest.fixture
def world(start_site: Callable[..., DemoSite]) -> Iterator[tuple[DemoSite, Mailbox, Receiver]]:
    with running() as mailbox, receiving() as receiver:
        settings = {"UPTAKE_SMTP_URL": mailbox.url, "UPTAKE_SMTP_FROM": "Uptake <uptake@example.org>"}
        site = start_site(**settings, UPTAKE_PRIVATE_WEBHOOKS="yes")
        yield site, mailbox, receiver


def test_what_is_said_and_published_is_told(chromium: Browser, world: tuple[DemoSite, Mailbox, Receiver]) -> None:
    site, mailbox, receiver = world
    ada = chromium.new_page()
    set_up_administrator(ada, site)
    ada.goto(f"{site.address}/staff/dprk-enablers/webhooks/")
    ada.fill("#f-url", f"{receiver.address}/uptake")
    ada.click(":not(.vh):text('Set it up')")
    assert "whsec_" in ada.inner_text(".note")
    assert_accessible(ada, "webhooks")

    send_invitation(ada, site, "ben@example.org", "editor")
    letter = words(wait_until(lambda: mailbox.to("ben"))[0])
    link = next(line for line in letter.splitlines() if "/staff/welcome/" in line)
    ben = phone_in_dark_mode(chromium)
    accept_invitation(ben, link, name="Ben")
    ben.goto(site.address + TALK)
    ben.fill("#f-text", "@ada, is the post still empty?")
    ben.click(":not(.vh):text('Add the comment')")
    ben.wait_for_selector(".banner")
    assert_accessible(ben, "comments-phone-dark")
    ben.goto(f"{site.address}/staff/account/")
    assert_accessible(ben, "account-phone-dark")

    wait_until(lambda: mailbox.to("ada"))
    letter = words(mailbox.to("ada")[0])
    assert "is the post still empty?" in letter
    ada.goto(f"{site.address}/staff/")
    assert_accessible(ada, "home-named")
    ada.goto(next(line for line in letter.splitlines() if line.startswith(site.address)))
    assert "is the post still empty?" in ada.inner_text("main")
    ada.goto(f"{site.address}/staff/")
    assert "You were mentioned" not in ada.inner_text("main")
    stop = str(mailbox.to("ada")[0]["List-Unsubscribe"]).strip("<>")
    ben.goto(stop)
    assert_accessible(ben, "stop-mail-phone-dark")

    ada.goto(f"{site.address}/staff/dprk-enablers/setup/bodies/")
    ada.fill("#f-id", "a-new-body")
    ada.fill("#f-name", "A new body")
    ada.click(":not(.vh):text('Add it')")
    ada.click("button:not(.vh):has-text('Add 1 row')")
    wait_until(lambda: receiver.requests)
    assert receiver.requests[0].json["data"]["event"]["body"]["name"] == "A new body"
    ada.goto(f"{site.address}/staff/dprk-enablers/webhooks/1/")
    wait_until(lambda: ada.reload() and "answered 204" in ada.inner_text("main"))
    assert_accessible(ada, "webhook")
