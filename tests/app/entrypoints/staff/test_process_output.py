"""What real processes print while an office works: no private text, no address, no secret."""

import os
import re
import sqlite3
import subprocess
import sys
from contextlib import closing
from datetime import UTC, datetime
from http.cookiejar import CookieJar
from pathlib import Path
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, Request, build_opener

import pytest
from flask import Flask

from app.entrypoints.http.front_cache import BAR_COOKIE
from app.services.accounts import api_tokens, people
from app.services.container import Services
from app.services.mail.unsubscribe import stop_link
from tests.support.passwords import REAL_COST, set_hashing_cost
from tests.support.private_content import PRIVATE_WORD, SOURCE_PATH, fill_with_private_content
from tests.support.processes import free_port, stop, wait_until_ready
from tests.support.staff_client import PASSWORD, Members
from tests.support.waiting import wait_until

TALK = "/staff/small/recommendations/law/comments/"


@pytest.fixture
def hashing_cost() -> None:
    set_hashing_cost(REAL_COST)


class Reader:
    """A browser, as far as cookies and forms go."""

    def __init__(self, address: str) -> None:
        self.address, self.jar = address, CookieJar()
        self.opener = build_opener(HTTPCookieProcessor(self.jar))

    def ask(self, path: str, form: dict[str, str] | None = None, **headers: str) -> tuple[int, str]:
        body = urlencode(form).encode() if form is not None else None
        try:
            with self.opener.open(Request(self.address + path, body, headers), timeout=120) as answer:
                return answer.status, answer.read().decode(errors="replace")
        except HTTPError as refused:
            return refused.code, refused.read().decode(errors="replace")

    def send(self, page: str, path: str = "", **form: str) -> int:
        token = re.findall(r'name="csrf_token"[^>]*value="([^"]+)"', self.ask(page)[1])[0]
        return self.ask(path or page, form | {"csrf_token": token})[0]


def test_no_process_prints_a_word_an_address_or_a_secret(
    services: Services, member: Members, staff_app: Flask, tmp_path: Path
) -> None:
    secrets = [*fill_with_private_content(services, member), PASSWORD, f"{PRIVATE_WORD}-password"]
    with services.accounts.work() as db:
        now = datetime.now(UTC)
        token = api_tokens.create_token(
            db, people.find_user(db, "ben@example.org"), "real", ["publish", "read"], 30, now
        )
    stop_token = stop_link(services.settings, "person-ana", "mention").split("/stop/")[1].rstrip("/")
    secrets += [token, stop_token]
    port, printed = free_port(), tmp_path / "printed.txt"
    address = f"http://127.0.0.1:{port}"
    env = os.environ | {
        "UPTAKE_DATA_DIR": str(services.settings.data_dir), "UPTAKE_BASE_URL": address,
        "UPTAKE_SMTP_URL": "smtp+plain://zebra:zebra-password@127.0.0.1:9",
        "UPTAKE_SMTP_FROM": f"Uptake <{PRIVATE_WORD}@example.org>", "UPTAKE_PRIVATE_WEBHOOKS": "yes",
    }  # fmt: skip
    with printed.open("w") as out:
        command = [sys.executable, "-m", "app.bootstrap", "up", "--port", str(port)]
        process = subprocess.Popen(command, env=env, stdout=out, stderr=subprocess.STDOUT)
        try:
            wait_until_ready(address, process)
            reader = Reader(address)
            secrets += _busy_day(reader, token, stop_token)
            wait_until(lambda: "mail server" in printed.read_text("utf-8"), waits_for="a letter that cannot be sent")
            _break_a_page(reader, services.settings.data_dir)
        finally:
            stop(process)
    form_fields = printed.read_text("utf-8").lower()
    assert "unexpected error" in form_fields, "the broken page was written down"
    assert "mail server" in form_fields, "and so was the letter that could not be sent"
    for secret in (PRIVATE_WORD, "canary", "@example.org", *secrets):
        assert secret.lower() not in form_fields


def _busy_day(who: Reader, token: str, stop: str) -> list[str]:
    """Things that go well and things that do not. Returns the secrets that came up on the way."""
    assert (
        who.send("/staff/sign-in", email=f"{PRIVATE_WORD}-nobody@example.org", password=f"{PRIVATE_WORD}-password")
        == 200
    )
    assert who.send("/staff/sign-in", email="ben@example.org", password=PASSWORD) == 200
    secrets = [cookie.value or "" for cookie in who.jar if cookie.name != BAR_COOKIE]
    assert secrets
    for path, status in (
        ("/staff/", 200), (f"{SOURCE_PATH}?{PRIVATE_WORD}-canary", 200), (f"/staff/small/history/?before={PRIVATE_WORD}", 400),
        (f"/staff/welcome/{PRIVATE_WORD}-canary/", 404), (f"/staff/mail/stop/{stop}/", 200), ("/small/", 200),
        (f"/small/search?q={PRIVATE_WORD}", 200), (f"/small/?as_of={PRIVATE_WORD}", 400), (f"/{PRIVATE_WORD}/", 404),
        (f"/api/v1/registers/small/scorecard?as_of={PRIVATE_WORD}", 400), (f"/oembed?url=http://{PRIVATE_WORD}.example/", 400),
    ):  # fmt: skip
        assert who.ask(path)[0] == status, path
    assert (
        who.send(TALK, text=f"@{PRIVATE_WORD}-ana {PRIVATE_WORD}-word", assessment="") == 200
    )  # a letter at any hour of the day
    assert who.send(TALK, text=f"{PRIVATE_WORD}" * 2000, assessment="") == 400
    for bearer, status in ((token, 404), (f"uptake_{PRIVATE_WORD}", 401)):
        key = {"Authorization": f"Bearer {bearer}", "Idempotency-Key": f"{PRIVATE_WORD}-key"}
        assert (
            who.ask(f"/api/v1/registers/small/assessments/{PRIVATE_WORD}/publish", {PRIVATE_WORD: PRIVATE_WORD}, **key)[
                0
            ]
            == status
        )
    return secrets


def _break_a_page(who: Reader, data: Path) -> None:
    with closing(sqlite3.connect(data / "accounts.sqlite", timeout=60)) as accounts, accounts:
        accounts.execute("DROP TABLE comments")
    assert who.send("/staff/account/", TALK, text=f"{PRIVATE_WORD}-lost", assessment="") == 500
