"""The second factor: set-up, codes that work once, recovery codes, and turning it off."""

import re
from typing import Any

import pytest
from flask import Flask
from msgspec.structs import replace

from app.services.container import Services
from tests.support.authenticator_app import (
    SECOND_FACTOR,
    SET_UP,
    scan_key,
    set_up_second_factor,
    shown_key,
)
from tests.support.clock import Clock
from tests.support.pages import Page, checked_page
from tests.support.staff_client import PASSWORD, Member, Members, find_user

pytestmark = pytest.mark.filterwarnings("ignore:Passing SelectField choices")
CODES = "/staff/account/recovery-codes/"
USED = "This code is wrong or was used already."


def _send_code(member: Member, path: str, code: str) -> Any:
    """Send a code from the page that asks for it, within the same second."""
    token = re.findall(r'name="csrf_token"[^>]*value="([^"]+)"', member.client.get(path).text)[0]
    return member.client.post(path, data={"code": code, "csrf_token": token})


def _with_password(app: Flask, name: str = "ana") -> Member:
    """A browser that sent the right password and is asked for the code."""
    person = Member(app, name)
    assert person.sign_in().location.startswith("/staff/second-factor")
    return person


def _make_old(member: Member) -> None:
    """The person signed in an hour ago."""
    with member.client.session_transaction(path="/staff") as session:
        session["fs_paa"] = session["fs_paa"] - 3600
        session.pop("fs_gexp", None)


def test_a_mistyped_code_keeps_the_key_and_says_what_is_wrong(member: Members, clock: Clock) -> None:
    ana = member("ana")
    phone = scan_key(ana)
    key = shown_key(ana)
    wrong = ana.post(SET_UP, code="000000")
    assert wrong.status_code == 400
    assert USED in wrong.text
    assert "<title>Error: " in wrong.text
    assert 'href="#f-code"' in wrong.text
    assert key in wrong.text
    assert shown_key(ana) == key, "a reload shows the same key"
    assert ana.post(SET_UP, code=phone.code(clock())).status_code == 302


def test_the_set_up_leads_to_recovery_codes_and_every_page_says_that_it_is_on(member: Members, clock: Clock) -> None:
    ana = member("ana")
    assert "Off." in ana.get(SECOND_FACTOR).text
    assert ana.client.get(SET_UP).location == SECOND_FACTOR
    set_up_second_factor(ana, clock())
    page = ana.get(CODES)
    assert "Your second factor is on" in page.text
    assert len(_codes(page)) == 5
    assert "5 codes are left." in page.text
    assert _codes(ana.get(CODES)) == [], "a reload does not show them again"
    assert _codes(checked_page(CODES, 200, ana.post(CODES, action="show").text)) == _codes(page)
    assert ana.post(CODES, action="make", confirmed="no").location == CODES
    made = checked_page(CODES, 200, ana.confirm(CODES, action="make").text)
    assert set(_codes(made)).isdisjoint(_codes(page))
    assert "You have new recovery codes" in made.text
    assert "On." in ana.get(SECOND_FACTOR).text
    assert "5 codes are left." in ana.get(SECOND_FACTOR).text


def _codes(page: Page) -> list[str]:
    return re.findall(r'<li class="mono">([^<]+)</li>', page.html)


def test_a_code_works_once_on_every_road(staff_app: Flask, member: Members, clock: Clock) -> None:
    ana = member("ana")
    phone = set_up_second_factor(ana, clock())
    first, second = _with_password(staff_app), _with_password(staff_app)
    after_set_up = _send_code(first, "/staff/second-factor", phone.code(clock()))
    assert after_set_up.status_code == 200, "the code of the set-up does not sign in"
    assert USED in after_set_up.text
    clock.go_on(seconds=30)
    now = clock()
    code = phone.code(now)
    assert _send_code(first, "/staff/second-factor", code).status_code == 302
    replay = _send_code(second, "/staff/second-factor", code)
    assert clock() == now, "within the same 30 seconds"
    assert replay.status_code == 200
    assert USED in replay.text
    assert _send_code(second, "/staff/second-factor", phone.code(now, -1)).status_code == 200, "an earlier one neither"
    again = scan_key(first)
    clock.now = now
    assert _send_code(first, SET_UP, again.code(now)).status_code == 400, "a new key takes no time step that was used"
    clock.go_on(seconds=30)
    assert _send_code(first, SET_UP, again.code(clock())).status_code == 302


@pytest.mark.parametrize("steps", [-3, 3])
def test_a_phone_whose_clock_is_off_still_works(staff_app: Flask, member: Members, clock: Clock, steps: int) -> None:
    phone = set_up_second_factor(member("ana"), clock())
    clock.go_on(minutes=5)
    assert _send_code(_with_password(staff_app), "/staff/second-factor", phone.code(clock(), steps)).status_code == 302


def test_each_recovery_code_works_once_and_the_rest_are_counted(
    staff_app: Flask, member: Members, clock: Clock
) -> None:
    ana = member("ana")
    set_up_second_factor(ana, clock())
    code = _codes(ana.get(CODES))[0]
    lost, thief = _with_password(staff_app), _with_password(staff_app)
    wrong = _send_code(lost, "/staff/recovery", "0000-0000-0000")
    assert "This recovery code is wrong or was used already." in wrong.text
    assert _send_code(lost, "/staff/recovery", code.replace("-", " ").upper()).status_code == 302
    assert "You signed in with a recovery code" in lost.get("/staff/").text
    assert "4 codes are left." in lost.get(SECOND_FACTOR).text
    assert _send_code(thief, "/staff/recovery", code).status_code == 200


def test_it_is_turned_off_after_a_recent_sign_in(services: Services, member: Members, clock: Clock) -> None:
    ana = member("ana")
    set_up_second_factor(ana, clock())
    _make_old(ana)
    assert ana.post(SECOND_FACTOR, action="off").location.startswith("/staff/confirm?next=")
    assert "Not sent yet." not in ana.get(SECOND_FACTOR).text, "a button leaves no draft"
    ana.post("/staff/confirm", password=PASSWORD)
    assert ana.confirm(SECOND_FACTOR, action="off").status_code == 302
    page = ana.get(SECOND_FACTOR)
    assert "Your second factor is off" in page.text
    assert "Off." in page.text
    user = find_user(services, "ana")
    assert (user.tf_primary_method, user.tf_totp_secret, user.mf_recovery_codes) == (None, None, [])
    assert Member(ana.client.application, "ana").sign_in().location.endswith("/staff/")


def test_another_phone_takes_over_only_when_its_code_was_typed(staff_app: Flask, member: Members, clock: Clock) -> None:
    ana = member("ana")
    old = set_up_second_factor(ana, clock())
    clock.go_on(seconds=60)
    scan_key(ana)
    clock.go_on(seconds=60)
    assert _send_code(_with_password(staff_app), "/staff/second-factor", old.code(clock())).status_code == 302


def test_a_person_who_is_signed_in_is_not_signed_out_by_the_page_of_the_code(member: Members) -> None:
    ana = member("ana")
    for path in ("/staff/second-factor", "/staff/recovery", "/staff/second-factor/which"):
        assert ana.client.get(path).location == "/staff/"
    ana.get("/staff/")


def test_the_pages_of_the_library_are_closed(member: Members) -> None:
    ana = member("ana")
    for path in ("/staff/tf-setup", "/staff/tf-rescue", "/staff/mf-recovery-codes"):
        ana.get(path, status=404)


def test_where_it_is_required_nothing_else_opens_before_it_is_on(
    services: Services, staff_app: Flask, member: Members, clock: Clock
) -> None:
    ana = member("ana")
    ana.post("/staff/account/", name="Ana", language="en")
    services.settings = replace(services.settings, require_second_factor=True)
    for page in ("/staff/", "/staff/small/", "/staff/account/", "/staff/account/tokens/", "/staff/account/passkeys"):
        assert ana.client.get(page).location == SECOND_FACTOR, page
    sent = ana.post("/staff/small/recommendations/law/comments/", text="A remark.", assessment="")
    assert sent.location == SECOND_FACTOR
    assert "Set it up to go on." in ana.get(SECOND_FACTOR).text
    set_up_second_factor(ana, clock())
    assert ana.client.get("/staff/small/").status_code == 200
    assert 'value="off"' not in ana.get(SECOND_FACTOR).html
    ana.post(SECOND_FACTOR, action="off", confirmed="yes")
    assert ana.client.get("/staff/small/").status_code == 200, "it cannot be turned off"
