"""A forgotten password: ask for a link, choose another password, and what a link says that no longer works."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from msgspec.structs import replace

from app.services.accounts import one_time_links, people
from app.services.accounts.actors import OPERATOR
from app.services.accounts.models import OneTimeLink
from app.services.accounts.one_time_links import LinkEnd, LinkKind
from app.services.accounts.permissions import ALL_REGISTERS, StaffRole
from app.services.container import Services
from tests.support.authenticator_app import set_up_second_factor
from tests.support.clock import Clock
from tests.support.mailbox import Mailbox, running, words
from tests.support.pages import checked_page
from tests.support.staff_client import PASSWORD, Member, Members, find_user

pytestmark = pytest.mark.filterwarnings("ignore:Passing SelectField choices")
ASK = "/staff/forgotten-password/"
NEW = "another long phrase of mine"
Worker = Callable[[], None]


def _ask(app: Flask, email: str) -> Any:
    return Member(app, "stranger").post(ASK, email=email)


def _link_in(mailbox: Mailbox, name: str) -> str:
    found = re.search(r"http://127\.0\.0\.1:8000(/staff/password/\S+)", words(mailbox.to(name)[-1]))
    assert found, words(mailbox.to(name)[-1])
    return found[1]


def _choose(app: Flask, path: str, password: str = NEW) -> Any:
    return Member(app, "stranger").post(path, password=password, again=password)


def test_a_forgotten_password_is_replaced_by_another(
    mailbox: Mailbox, worker: Worker, staff_app: Flask, member: Members
) -> None:
    at_the_office = member("ana")
    ana = Member(staff_app, "ana")
    assert 'href="/staff/forgotten-password/"' in ana.get("/staff/sign-in").html
    assert ana.post(ASK, email=" Ana@Example.org ").location == "/staff/sign-in"
    page = ana.get("/staff/sign-in").text
    assert "If “Ana@Example.org” has an account, a message with a link is on its way." in page
    assert "The link is valid for 1 hour." in page
    worker()
    worker()
    assert mailbox.receivers() == ["ana"]
    letter = mailbox.letters[0]
    assert letter["Subject"] == "Choose a new password for Uptake"
    assert letter["List-Unsubscribe"] is None
    assert "Stop these e-mails" not in words(letter)
    path = _link_in(mailbox, "ana")
    assert "You sign in with ana@example.org." in ana.get(path).text
    ana.get(path)  # opening it, as mail scanners do, uses nothing up
    differ = ana.post(path, password=NEW, again="x")
    assert differ.status_code == 400
    assert "The passwords do not match." in differ.text
    assert "at least 12 characters" in ana.post(path, password="short", again="short").text
    assert at_the_office.client.get("/staff/").status_code == 200, "nothing has changed yet"
    assert ana.post(path, password=NEW, again=NEW).location == "/staff/sign-in"
    assert "Your password is changed Sign in with the new one." in ana.get("/staff/sign-in").text
    assert at_the_office.client.get("/staff/").status_code == 302
    assert "The password of this account was changed." in at_the_office.get("/staff/sign-in").text
    assert ana.sign_in().status_code == 200, "the old password"
    assert ana.sign_in(NEW).status_code == 302
    worker()
    assert [m["Subject"] for m in mailbox.to("ana")[1:]] == ["Your password was changed"]


def test_a_second_factor_is_asked_for_as_before(
    mailbox: Mailbox, worker: Worker, staff_app: Flask, member: Members, clock: Clock
) -> None:
    set_up_second_factor(member("ana"), clock())
    _ask(staff_app, "ana@example.org")
    worker()
    assert _choose(staff_app, _link_in(mailbox, "ana")).status_code == 302
    ana = Member(staff_app, "ana")
    assert ana.sign_in(NEW).location.startswith("/staff/second-factor")
    assert ana.client.get("/staff/").status_code == 302


def test_no_answer_tells_whether_an_address_has_an_account(
    small: Services, mailbox: Mailbox, worker: Worker, staff_app: Flask
) -> None:
    with small.accounts.work() as db:
        people.add_user(db, "guest@example.org")
        people.disable_user(db, people.find_user(db, "ben@example.org"))
    seen = set()
    for name in ("ana", "guest", "ben", "nobody"):
        stranger = Member(staff_app, "stranger")
        answer = stranger.post(ASK, email=f"{name}@example.org")
        page = stranger.get("/staff/sign-in").html.replace(f"{name}@example.org", "")
        seen.add((answer.status_code, answer.location, re.sub(r"csrf_token[^>]*", "", page)))
    assert len(seen) == 1
    worker()
    assert mailbox.receivers() == ["ana", "ben", "guest"]
    assert "/staff/password/" in words(mailbox.to("ana")[0])
    assert "This account is disabled." in words(mailbox.to("ben")[0])
    assert "Open the link of your invitation" in words(mailbox.to("guest")[0])
    assert "/staff/password/" not in words(mailbox.to("ben")[0]) + words(mailbox.to("guest")[0])


def test_who_signs_in_at_a_provider_gets_no_link(
    small: Services, mailbox: Mailbox, worker: Worker, staff_app: Flask
) -> None:
    with small.accounts.work() as db:
        user = people.find_user(db, "ana@example.org")
        user.password, user.confirmed_at = None, small.clock().replace(tzinfo=None)
    small.settings = replace(small.settings, oidc_issuer="https://login.example.org")
    _ask(staff_app, "ana@example.org")
    worker()
    text = words(mailbox.to("ana")[0])
    assert "you sign in with single sign-on" in text
    assert "/staff/password/" not in text


def test_asking_is_limited_for_each_address_whether_or_not_it_has_an_account(
    small: Services, mailbox: Mailbox, staff_app: Flask
) -> None:
    for email in ("ana@example.org", "nobody@example.org"):
        assert [_ask(staff_app, email).status_code for _ in range(4)] == [302, 302, 302, 429]
        answer = _ask(staff_app, email.upper())
        page = checked_page(ASK, 429, answer.text)
        assert "There were too many requests. Look at your e-mail, or wait 15 minutes." in page.text
        assert f'value="{email.upper()}"' in page.html, "what was typed is kept"
    assert _ask(staff_app, "ben@example.org").status_code == 302
    small.clock.go_on(minutes=16)  # type: ignore[attr-defined]
    assert _ask(staff_app, "ana@example.org").status_code == 302
    assert Member(staff_app, "ana").sign_in().status_code == 302, "asking counts as no failed sign-in"


def test_asking_from_one_place_for_many_addresses_is_limited(mailbox: Mailbox, staff_app: Flask) -> None:
    assert {_ask(staff_app, f"a{n}@example.org").status_code for n in range(30)} == {302}
    assert _ask(staff_app, "ana@example.org").status_code == 429


@pytest.mark.parametrize("typed", ["", "ana", "a@b@c"])
def test_an_address_that_is_none_is_refused(mailbox: Mailbox, staff_app: Flask, typed: str) -> None:
    answer = _ask(staff_app, typed)
    assert answer.status_code == 400
    assert "Type a whole e-mail address, such as name@example.org." in answer.text


def test_without_a_mail_server_the_page_says_whom_to_ask(small: Services, staff_app: Flask) -> None:
    with small.accounts.work() as db:
        for name, shows in (("Olga", True), ("Otto", False)):
            user = people.add_user(db, f"{name}@example.org", name)
            user.shows_name = shows
            people.give_role(db, user, ALL_REGISTERS, StaffRole.ADMINISTRATOR)
    for page in (Member(staff_app, "ana").get(ASK), checked_page(ASK, 200, _ask(staff_app, "ana@example.org").text)):
        assert "Ask an administrator of your register for a new link." in page.text
        assert "Administrators of this site: Olga." in page.text
        assert "@" not in page.text
        assert "Otto" not in page.text


def test_a_newer_link_ends_the_older_ones(mailbox: Mailbox, worker: Worker, staff_app: Flask) -> None:
    paths = []
    for _ in range(2):
        _ask(staff_app, "ana@example.org")
        worker()
        paths.append(_link_in(mailbox, "ana"))
    stranger = Member(staff_app, "stranger")
    assert "a newer link or a new password replaced it" in stranger.get(paths[0], 404).text
    assert _choose(staff_app, paths[0]).status_code == 404
    assert _choose(staff_app, paths[1]).status_code == 302


def test_a_password_that_is_changed_in_the_account_ends_the_links_and_is_told(
    mailbox: Mailbox, worker: Worker, staff_app: Flask, member: Members
) -> None:
    ana = member("ana")
    _ask(staff_app, "ana@example.org")
    worker()
    path = _link_in(mailbox, "ana")
    fields = {"password": PASSWORD, "new_password": NEW, "new_password_confirm": NEW}
    assert ana.post("/staff/account/password", **fields).status_code == 302
    assert _choose(staff_app, path, "yet another long phrase").status_code == 404
    worker()
    assert mailbox.letters[-1]["Subject"] == "Your password was changed"


def test_a_new_password_opens_an_account_that_was_locked_by_guesses(
    mailbox: Mailbox, worker: Worker, staff_app: Flask
) -> None:
    for _ in range(10):
        Member(staff_app, "ana").sign_in("wrong")
    assert Member(staff_app, "ana").sign_in().status_code == 429
    _ask(staff_app, "ana@example.org")
    worker()
    _choose(staff_app, _link_in(mailbox, "ana"))
    assert Member(staff_app, "ana").sign_in(NEW).status_code == 302


def test_no_secret_of_a_link_is_stored(small: Services, mailbox: Mailbox, worker: Worker, staff_app: Flask) -> None:
    _ask(staff_app, "ana@example.org")
    worker()
    secret = _link_in(mailbox, "ana").split("/")[-2]
    for name in ("accounts.sqlite", "jobs.sqlite"):
        assert secret.encode() not in (small.settings.data_dir / name).read_bytes()


def test_a_message_for_a_server_that_is_down_is_sent_within_a_day(
    small: Services, worker: Worker, staff_app: Flask
) -> None:
    with running() as closed:
        small.settings = replace(small.settings, smtp_url=closed.url, smtp_from="uptake@example.org")
    _ask(staff_app, "ana@example.org")
    worker()
    _ask(staff_app, "ben@example.org")
    small.clock.go_on(hours=23)  # type: ignore[attr-defined]
    with running() as mailbox:
        small.settings = replace(small.settings, smtp_url=mailbox.url)
        worker()
        assert mailbox.receivers() == ["ana", "ben"]
        assert Member(staff_app, "x").get(_link_in(mailbox, "ana")), "valid for an hour after it was sent"
    _ask(staff_app, "ana@example.org")
    small.clock.go_on(hours=25)  # type: ignore[attr-defined]
    with running() as mailbox:
        small.settings = replace(small.settings, smtp_url=mailbox.url)
        worker()
        assert mailbox.letters == []


def _withdraw(services: Services) -> None:
    with services.accounts.work() as db:
        link = db.query(OneTimeLink).one()
        link.used_at, link.end_reason = services.clock().replace(tzinfo=None), LinkEnd.WITHDRAWN.value


def _expire(services: Services) -> None:
    services.clock.now += one_time_links.LINK_TTL  # type: ignore[attr-defined]
    services.clock.go_on(seconds=1)  # type: ignore[attr-defined]


def _disable(services: Services) -> None:
    with services.accounts.work() as db:
        people.disable_user(db, people.find_user(db, "ana@example.org"))


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (_withdraw, "This link was withdrawn. Ask an administrator of your register."),
        (_expire, "This link has expired."),
        (_disable, "This account is disabled. Ask an administrator of your register."),
    ],
)
@pytest.mark.parametrize(("kind", "place"), [(LinkKind.WELCOME, "welcome"), (LinkKind.RECOVERY, "password")])
def test_a_link_says_why_it_does_not_work_and_how_to_go_on(
    small: Services, staff_app: Flask, kind: LinkKind, place: str, change: Callable[[Services], None], sentence: str
) -> None:
    with small.accounts.work() as db:
        secret = one_time_links.create_link(
            db, people.find_user(db, "ana@example.org"), small.clock(), by=OPERATOR, kind=kind
        )
    change(small)
    path = f"/staff/{place}/{secret}/"
    page = Member(staff_app, "ana").get(path, 404)
    assert page.heading == "This link does not work"
    assert sentence in page.text
    assert 'href="/staff/sign-in"' in page.html
    assert ('href="/staff/forgotten-password/"' in page.html) == (kind is LinkKind.RECOVERY)
    assert _choose(staff_app, path).status_code == 404
    assert find_user(small, "ana").password
    assert Member(staff_app, "ana").sign_in(NEW).status_code == 200


@pytest.mark.parametrize("place", ["welcome", "password"])
def test_a_link_that_is_not_complete_says_so(staff_app: Flask, small: Services, place: str) -> None:
    page = Member(staff_app, "ana").get(f"/staff/{place}/half-of-it/", 404)
    assert "Copy all of it from the message." in page.text
    with small.accounts.work() as db:
        user = people.find_user(db, "ana@example.org")
        links = {
            "password": one_time_links.create_link(db, user, small.clock(), by=OPERATOR),
            "welcome": one_time_links.create_link(db, user, small.clock(), by=OPERATOR, kind=LinkKind.RECOVERY),
        }
    page = Member(staff_app, "ana").get(f"/staff/{place}/{links[place]}/", 404)
    assert "Copy all of it from the message." in page.text, "a link of the other kind opens nothing here"


def test_the_set_up_of_the_first_administrator_says_that_it_is_done(small: Services, staff_app: Flask) -> None:
    with small.accounts.work() as db:
        secret = one_time_links.create_link(db, None, small.clock(), by=OPERATOR)
    page = Member(staff_app, "ana").get(f"/staff/welcome/{secret}/", 404)
    assert "The first administrator is set up already." in page.text


def test_a_link_says_so_in_the_language_of_the_browser(staff_app: Flask) -> None:
    answer = staff_app.test_client().get("/staff/password/x/", headers={"Accept-Language": "ko"})
    main = answer.text.partition("<h1")[2].partition("</main>")[0].partition(">")[2]
    assert not re.search(r"[A-Za-z]{4,}", re.sub(r"<[^>]*>", "", main)), main
