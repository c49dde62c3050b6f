"""Each action on My account answers with a banner that says what happened and what is next."""

import pytest
from flask import Flask
from sqlalchemy import select

from app.services.accounts import people
from app.services.accounts.models import LoginSession
from app.services.container import Services
from tests.support.staff_client import Member, Members

ACCOUNT, SESSIONS = "/staff/account/", "/staff/account/sessions/"
SHOWN = {"name": "Ana Lee", "shows_name": "yes", "language": "en"}


def _banner(who: Member, path: str = ACCOUNT) -> str:
    return who.get(path).html.partition('role="status"')[2].partition("</div>")[0]


@pytest.mark.parametrize(
    ("path", "fields", "sentences"),
    [
        (ACCOUNT, SHOWN, ("Your name and your language are saved", "show the name “Ana Lee” from now on.")),
        (ACCOUNT, SHOWN | {"name": ""}, ("The public pages show your role only.",)),
        (ACCOUNT, SHOWN | {"language": "ko"}, ("이름과 언어를 저장했습니다",)),
        ("/staff/account/mail/", {}, ("Your choice of e-mail is saved", "It applies from now on.")),
        ("/staff/account/shortcuts/", {"uses_shortcuts": "yes"}, ("Keyboard shortcuts are on", "Press ?")),
        ("/staff/account/shortcuts/", {}, ("Keyboard shortcuts are off", "You can turn them on again here.")),
        (SESSIONS, {"seat": "99"}, ("That session had ended already", "Nothing was changed.")),
    ],
)
def test_what_is_saved_is_said(member: Members, path: str, fields: dict[str, str], sentences: tuple[str, ...]) -> None:
    ana = member("ana")
    assert ana.post(path, **fields).location == ACCOUNT, "the banner is at the top"
    banner = _banner(ana)
    for sentence in sentences:
        assert sentence in banner
    assert not _banner(ana), "it is shown once"


def _seats(services: Services) -> list[str]:
    with services.accounts.work() as db:
        ana = people.find_user(db, "person-ana")
        query = select(LoginSession.id).where(LoginSession.user_id == ana.id, LoginSession.ended_at.is_(None))
        return [str(number) for number in db.scalars(query.order_by(LoginSession.id))]


def test_an_ended_session_is_said_on_this_device_and_of_another(services: Services, member: Members) -> None:
    there, here = member("ana"), member("ana")
    first, second = _seats(services)
    assert here.post(SESSIONS, seat=first).location == ACCOUNT
    assert "The session on the other device is ended" in _banner(here)
    assert "/staff/sign-in" in there.client.get(ACCOUNT).location
    assert here.post(SESSIONS, seat=second).location == "/staff/sign-in"
    page = here.get("/staff/sign-in")
    assert "You are signed out on this device" in page.text
    assert "ended on another device" not in page.text
    assert not _seats(services)


def test_all_sessions_end_together(services: Services, member: Members) -> None:
    member("ana")
    here = member("ana")
    assert here.post(SESSIONS).location == "/staff/sign-in"
    assert "You are signed out on every device" in here.get("/staff/sign-in").text
    assert not _seats(services)


@pytest.mark.parametrize(
    ("user_agent", "shown"),
    [
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:128.0) Gecko/20100101 Firefox/128.0", "Firefox on Windows"),
        ("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0 Safari/537.36 Edg/126.0",
         "Edge on Windows"),
        ("Mozilla/5.0 (Linux; Android 14; SM-S911N) AppleWebKit/537.36 Chrome/126.0 Mobile Safari/537.36",
         "Chrome on Android"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1 Version/17.5 Safari/604.1",
         "Safari on iPhone"),
        ("curl/8.5.0", "Unknown browser"),
    ],
)  # fmt: skip
def test_a_device_has_the_name_of_its_browser(staff_app: Flask, user_agent: str, shown: str) -> None:
    ana = Member(staff_app, "ana")
    ana.client.environ_base["HTTP_USER_AGENT"] = user_agent
    assert ana.sign_in().status_code == 302
    page = ana.get(ACCOUNT)
    assert f"{shown} · signed in 3 March 2026" in page.text
    assert "Mozilla" not in page.text
