"""Password guesses sent to two web processes in turn count together."""

import re
import urllib.request
from collections.abc import Callable
from http.cookiejar import CookieJar
from urllib.error import HTTPError
from urllib.parse import urlencode

import pytest
from flask import Flask
from itsdangerous import URLSafeSerializer

from app.services.accounts.known_devices import DEVICE_COOKIE, SALT, known_device, remember_device
from app.services.accounts.login_attempts import MAX_FAILURES
from app.services.container import Services
from tests.support.passwords import REAL_COST, set_hashing_cost
from tests.support.processes import served
from tests.support.staff_client import PASSWORD, Member


@pytest.fixture
def hashing_cost() -> None:
    set_hashing_cost(REAL_COST)


def _sign_in(address: str, name: str, password: str) -> tuple[int, str]:
    """What a browser that was never here before is shown in the end."""
    browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))
    with browser.open(f"{address}/staff/sign-in") as page:
        token = re.findall(r'name="csrf_token"[^>]*value="([^"]+)"', page.read().decode())[0]
    form_data = {"email": f"{name}@example.org", "password": password, "csrf_token": token}
    try:
        with browser.open(f"{address}/staff/sign-in", urlencode(form_data).encode()) as page:
            return page.status, page.read().decode()
    except HTTPError as error:
        return error.code, error.read().decode()


def test_guesses_made_elsewhere_do_not_keep_the_owner_out_of_a_known_browser(
    services: Services, staff_app: Flask, member: Callable[[str], Member]
) -> None:
    ana = member("ana")
    ana.post("/staff/sign-out")
    for n in range(MAX_FAILURES["account"]):
        assert Member(staff_app, "ana").sign_in(f"wrong-{n}").status_code == 200
    assert Member(staff_app, "ana").sign_in().status_code == 429, "elsewhere even the right password is refused"
    assert ana.sign_in("wrong").status_code == 200
    assert ana.sign_in().status_code == 302
    ana.get("/staff/")
    assert Member(staff_app, "ana").sign_in().status_code == 429, "a sign-in there gives strangers no more guesses"


def test_a_known_browser_guesses_no_more_than_others(staff_app: Flask, member: Callable[[str], Member]) -> None:
    ana = member("ana")
    ana.post("/staff/sign-out")
    for n in range(MAX_FAILURES["device"]):
        assert ana.sign_in(f"wrong-{n}").status_code == 200
    assert ana.sign_in().status_code == 429
    ben = Member(staff_app, "ben")
    ben.client = ana.client
    for n in range(MAX_FAILURES["account"]):
        assert ben.sign_in(f"wrong-{n}").status_code == 200
    assert ben.sign_in().status_code == 429, "it is known for one account only"


def test_a_cookie_that_this_site_did_not_sign_makes_no_browser_known(staff_app: Flask, services: Services) -> None:
    for n in range(MAX_FAILURES["account"]):
        stranger = Member(staff_app, "ana")
        cookie = URLSafeSerializer("guessed", salt=SALT).dumps({"ana@example.org": "x"})
        stranger.client.set_cookie(DEVICE_COOKIE, (cookie, "x.y", "")[n % 3], path="/staff")
        assert stranger.sign_in(f"wrong-{n}").status_code == 200
    stranger.client.set_cookie(DEVICE_COOKIE, cookie, path="/staff")
    assert stranger.sign_in().status_code == 429
    other = remember_device(services.settings, "", "ben@example.org")
    assert not known_device(services.settings, other, "ana@example.org")
    assert known_device(services.settings, other, "BEN@example.org")


def test_ten_guesses_at_two_processes_by_turns_are_all_there_are(services: Services, staff_app: Flask) -> None:
    at = services.settings.data_dir
    with served("serve", at, UPTAKE_WEB_PROCESSES="1") as one, served("serve", at, UPTAKE_WEB_PROCESSES="1") as two:
        for n in range(MAX_FAILURES["account"]):
            status, page = _sign_in((one, two)[n % 2], "ana", f"wrong-{n}")
            assert status == 200
            assert "Sign in" in page
        for address in (one, two):
            for password in ("wrong", PASSWORD):
                status, page = _sign_in(address, "ana", password)
                assert status == 429
                assert (
                    "There were too many failed attempts to sign in. Wait 15 minutes, or ask an administrator." in page
                )
        assert "<title>Home | Uptake</title>" in _sign_in(two, "ben", PASSWORD)[1], "nobody else is kept out"
