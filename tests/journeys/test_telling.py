"""Two people and a program are told: a comment by e-mail, a publication by webhook, from a worker that really runs."""

import re
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.journeys.test_keeping import Office, _looked_at, _settle, _sign_in, _stranger
from tests.journeys.test_reading import SHOTS
from tests.support.chromium import browser as running_browser
from tests.support.mailbox import Mailbox, running, words
from tests.support.receiver import Receiver, receiving

TALK = "/staff/dprk-enablers/recommendations/special-envoy-post/comments/"


@pytest.fixture
def world(tmp_path: Path) -> Iterator[tuple[Office, Mailbox, Receiver]]:
    with running() as mailbox, receiving() as receiver:
        settings = {"UPTAKE_SMTP_URL": mailbox.url, "UPTAKE_SMTP_FROM": "Uptake <uptake@example.org>"}
        office = Office(tmp_path, **settings, UPTAKE_PRIVATE_WEBHOOKS="yes")
        yield office, mailbox, receiver
        office.close()


def _wait(until: Callable[[], object], seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not until():
        assert time.monotonic() < end
        time.sleep(0.1)


def test_what_is_said_and_published_is_told(world: tuple[Office, Mailbox, Receiver]) -> None:
    office, mailbox, receiver = world
    SHOTS.mkdir(exist_ok=True)
    with running_browser() as chromium:
        ada = chromium.new_page()
        _settle(ada, office.welcome(), email="ada@example.org", name="Ada")
        _sign_in(ada, "ada@example.org")
        ada.goto(f"{office.address}/staff/dprk-enablers/webhooks/")
        ada.fill("#f-url", f"{receiver.address}/uptake")
        ada.click("text=Set it up")
        assert "whsec_" in ada.inner_text(".note")
        _looked_at(ada, "webhooks")

        ada.goto(f"{office.address}/staff/dprk-enablers/people/")
        ada.fill("#f-email", "ben@example.org")
        ada.select_option("#f-role", "editor")
        ada.click("text=Invite >> nth=-1")
        link = re.search(r"http://\S+/staff/welcome/[^\s<]+", ada.inner_text("main"))
        assert link
        ben = _stranger(chromium, 390, "dark")
        _settle(ben, link.group(), name="Ben")
        _sign_in(ben, "ben@example.org")
        ben.goto(office.address + TALK)
        ben.fill("#f-text", "@ada, is the post still empty?")
        ben.click("text=Comment >> nth=-1")
        ben.wait_for_url("**/comments/#comments")
        _looked_at(ben, "comments-phone-dark")
        ben.goto(f"{office.address}/staff/account/")
        _looked_at(ben, "account-phone-dark")

        _wait(lambda: mailbox.to("ada"))
        letter = words(mailbox.to("ada")[0])
        assert "is the post still empty?" in letter
        ada.goto(f"{office.address}/staff/")
        _looked_at(ada, "home-named")
        ada.goto(next(line for line in letter.splitlines() if line.startswith(office.address)))
        assert "is the post still empty?" in ada.inner_text("main")
        ada.goto(f"{office.address}/staff/")
        assert "You were named" not in ada.inner_text("main")
        stop = str(mailbox.to("ada")[0]["List-Unsubscribe"]).strip("<>")
        ben.goto(stop)
        _looked_at(ben, "stop-mail-phone-dark")

        ada.goto(f"{office.address}/staff/dprk-enablers/setup/bodies/")
        ada.fill("#f-id", "a-new-body")
        ada.fill("#f-name", "A new body")
        ada.click("text=Add it")
        ada.wait_for_url("**/setup/")
        _wait(lambda: receiver.requests)
        assert receiver.requests[0].json["data"]["event"]["body"]["name"] == "A new body"
        ada.goto(f"{office.address}/staff/dprk-enablers/webhooks/1/")
        _wait(lambda: ada.reload() and "answered 204" in ada.inner_text("main"))
        _looked_at(ada, "webhook")
