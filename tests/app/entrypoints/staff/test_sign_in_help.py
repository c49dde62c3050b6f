"""An administrator helps a person who cannot sign in: a link for a new password, the reset of a second factor."""

import logging
import re
from collections.abc import Callable

import pytest
from flask import Flask
from msgspec.structs import replace

from app.services.accounts import people
from app.services.accounts.permissions import ALL_REGISTERS, StaffRole
from app.services.container import Services
from domain import commands as c
from domain.values import RegisterSettings
from tests.support.authenticator_app import SECOND_FACTOR, set_up_second_factor
from tests.support.clock import Clock
from tests.support.mailbox import Mailbox, words
from tests.support.pages import checked_page
from tests.support.staff_client import PASSWORD, Member, Members, find_user

pytestmark = pytest.mark.filterwarnings("ignore:Passing SelectField choices")
HELP = "/staff/small/people/person-ana/sign-in/"
NEW = "another long phrase of mine"
LINK, FACTOR = {"action": "link"}, {"action": "second_factor"}
Worker = Callable[[], None]


def _link_in(text: str) -> str:
    found = re.search(r"http://127\.0\.0\.1:8000(/staff/password/[^<\s]+)", text)
    return found[1] if found else ""


def _make_old(member: Member) -> None:
    """The person signed in an hour ago."""
    with member.client.session_transaction(path="/staff") as session:
        session["fs_paa"] = session["fs_paa"] - 3600
        session.pop("fs_gexp", None)


def test_a_link_is_made_shown_once_recorded_and_told(
    staff_app: Flask, member: Members, mailbox: Mailbox, worker: Worker, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    ada = member("ada")
    assert f'href="{HELP}"' in ada.get("/staff/small/people/").html
    asked = checked_page(HELP, 200, ada.post(HELP, **LINK).text)
    assert asked.heading == "Make a new sign-in link for Ana?"
    assert "Anyone who has the link can choose a new password for this account." in asked.text
    assert ada.post(HELP, **LINK, confirmed="no").location == HELP
    page = ada.post(HELP, **LINK, confirmed="yes").text
    path = _link_in(page)
    assert path
    assert "The link for Ana is ready" in page
    assert "Ana gets an e-mail about it." in page
    assert not _link_in(ada.get(HELP).html), "it is shown once"
    with ada.client.session_transaction(path="/staff") as session:
        assert path.split("/")[-2] not in str(dict(session)), "no browser stores it"
    assert "person-ada made a sign-in link for person-ana" in caplog.text
    worker()
    (letter,) = mailbox.to("ana")
    assert letter["Subject"] == "A link to choose a new password was made for you"
    assert "Ada made a link with which you choose a new password for Uptake" in words(letter)
    assert not _link_in(words(letter))
    assert Member(staff_app, "ana").sign_in().status_code == 302, "the old password works until then"
    ana = Member(staff_app, "ana")
    assert ana.post(path, password=NEW, again=NEW).status_code == 302
    assert ana.sign_in(NEW).status_code == 302


def test_a_link_lasts_a_day_and_as_long_as_its_maker_may_make_it(
    services: Services, staff_app: Flask, member: Members
) -> None:
    stranger = Member(staff_app, "stranger")
    path = _link_in(member("ada").confirm(HELP, **LINK).text)
    services.clock.go_on(hours=23)  # type: ignore[attr-defined]
    stranger.get(path)
    services.clock.go_on(hours=1)  # type: ignore[attr-defined]
    assert "This link has expired." in stranger.get(path, 404).text
    path = _link_in(member("ada").confirm(HELP, **LINK).text)
    with services.accounts.work() as db:
        people.give_role(db, people.find_user(db, "person-ana"), "other", StaffRole.READER)
    assert "Who made this link cannot give the roles of the account." in stranger.get(path, 404).text


def test_without_a_mail_server_a_notice_says_who_helped(staff_app: Flask, member: Members, clock: Clock) -> None:
    set_up_second_factor(member("ana"), clock())
    ada = member("ada")
    sentence = "Ana sees a notice after signing in. No mail server is set up here: tell Ana yourself too."
    assert sentence in ada.post(HELP, **LINK).text
    assert sentence in ada.confirm(HELP, **LINK).text
    ada.confirm(HELP, **FACTOR)
    page = member("ana").get("/staff/account/notices/")
    assert "Ada made a link to choose a new password for your account." in page.text
    assert "Ada turned off the second factor of your account." in page.text
    leads = [link for link in page.links() if re.fullmatch(r"/staff/account/notices/\d+/", link)]
    assert member("ana").client.get(leads[0]).location == "/staff/account/"
    assert "Notices (1 new)" in member("ana").get("/staff/").text
    assert "second factor" not in member("ben").get("/staff/account/notices/").text


def test_a_lost_second_factor_is_reset(
    staff_app: Flask,
    member: Members,
    mailbox: Mailbox,
    worker: Worker,
    clock: Clock,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.INFO)
    set_up_second_factor(member("ana"), clock())
    ada = member("ada")
    assert "Reset the second factor" in ada.get(HELP).text
    assert ada.confirm(HELP, **FACTOR).location == HELP
    page = ada.get(HELP).text
    assert "The second factor of Ana is off Ana gets an e-mail about it." in page
    assert "This account has no second factor." in page
    assert "person-ada reset the second factor of person-ana" in caplog.text
    assert Member(staff_app, "ana").sign_in().location.endswith("/staff/")
    worker()
    _, letter = mailbox.to("ana")
    assert letter["Subject"] == "Your second factor is off"
    assert "Ada turned off the second factor of your Uptake account." in words(letter)
    again = ada.post(HELP, **FACTOR, confirmed="yes")
    assert again.status_code == 400
    assert "The second factor of this account is off already." in again.text


def test_who_turns_off_the_own_second_factor_is_told_too(
    member: Members, mailbox: Mailbox, worker: Worker, clock: Clock
) -> None:
    ana = member("ana")
    set_up_second_factor(ana, clock())
    ana.confirm(SECOND_FACTOR, action="off")
    worker()
    on, letter = mailbox.to("ana")
    assert on["Subject"] == "Your second factor is on"
    assert "If it was not you" in words(on)
    assert "The second factor of your Uptake account was turned off." in words(letter)


def test_both_ask_who_it_is_after_half_an_hour(services: Services, member: Members) -> None:
    ada = member("ada")
    _make_old(ada)
    for action in (LINK, FACTOR):
        assert ada.post(HELP, **action, confirmed="yes").location.startswith("/staff/confirm")


@pytest.mark.parametrize(("register", "role"), [(ALL_REGISTERS, StaffRole.ADMINISTRATOR), ("other", StaffRole.READER)])
def test_who_could_not_give_all_roles_of_an_account_helps_with_nothing(
    services: Services, member: Members, clock: Clock, register: str, role: StaffRole
) -> None:
    set_up_second_factor(member("ana"), clock())
    with services.accounts.work() as db:
        people.give_role(db, people.find_user(db, "person-ana"), register, role)
    ada = member("ada")
    sentence = "This account has roles that you cannot give. Ask an administrator of all registers."
    page = ada.get(HELP)
    assert sentence in page.text
    assert 'name="action"' not in page.html
    for action in (LINK, FACTOR):
        answer = ada.post(HELP, **action, confirmed="yes")
        assert answer.status_code == 400
        assert sentence in answer.text
        assert not _link_in(answer.text)
    assert find_user(services, "ana").tf_totp_secret
    with services.accounts.work() as db:
        people.give_role(db, people.find_user(db, "person-ada"), ALL_REGISTERS, StaffRole.ADMINISTRATOR)
    assert _link_in(ada.confirm(HELP, **LINK).text)


def test_nobody_helps_a_person_of_another_register_or_oneself(services: Services, member: Members) -> None:
    services.execute(
        c.EstablishRegister("other", settings=RegisterSettings(id="other", title="Other")), by="person-ada"
    )
    with services.accounts.work() as db:
        people.give_role(db, people.add_user(db, "eve@example.org", person="person-eve"), "other", StaffRole.READER)
    ada = member("ada")
    page = ada.client.get("/staff/small/people/person-eve/sign-in/")
    assert page.status_code == 404
    assert "eve@example.org" not in page.text
    own = "/staff/small/people/person-ada/sign-in/"
    assert "This is your own account." in ada.get(own).text
    assert ada.post(own, **LINK, confirmed="yes").status_code == 400
    for name in ("rita", "ana", "ben"):
        assert member(name).client.get(HELP).status_code == 403


def _invited(services: Services) -> None:
    with services.accounts.work() as db:
        people.find_user(db, "person-ana").password = None


def _disabled(services: Services) -> None:
    with services.accounts.work() as db:
        people.disable_user(db, people.find_user(db, "person-ana"))


def _at_provider(services: Services) -> None:
    services.settings = replace(services.settings, oidc_issuer="https://login.example.org")
    with services.accounts.work() as db:
        user = people.find_user(db, "person-ana")
        user.password, user.confirmed_at = None, services.clock().replace(tzinfo=None)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (_invited, "The person has not set up the account yet. Invite the same address again."),
        (_disabled, "The account is disabled, so no link can open it."),
        (_at_provider, "The person signs in with single sign-on and has no Uptake password."),
    ],
)
def test_an_account_that_no_link_could_open_gets_none(
    services: Services, member: Members, change: Callable[[Services], None], sentence: str
) -> None:
    ada = member("ada")
    change(services)
    assert sentence in ada.get(HELP).text
    answer = ada.post(HELP, **LINK, confirmed="yes")
    assert answer.status_code == 400
    assert sentence in answer.text


def test_a_person_without_a_password_who_lost_the_provider_gets_a_link(
    services: Services, staff_app: Flask, member: Members
) -> None:
    """The installation no longer has single sign-on."""
    with services.accounts.work() as db:
        user = people.find_user(db, "person-ana")
        user.password, user.confirmed_at = None, services.clock().replace(tzinfo=None)
    path = _link_in(member("ada").confirm(HELP, **LINK).text)
    ana = Member(staff_app, "ana")
    assert ana.post(path, password=PASSWORD, again=PASSWORD).status_code == 302
    assert ana.sign_in().status_code == 302
