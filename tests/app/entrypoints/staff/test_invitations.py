"""Invitations: what a link may open, how it reaches its person, and how it is sent again or withdrawn."""

import re
from collections.abc import Callable, Iterator

import pytest
from click.testing import CliRunner
from flask import Flask
from msgspec.structs import replace

from app.bootstrap.command_line import main
from app.entrypoints.worker.schedule import mail
from app.services.accounts import people
from app.services.accounts.models import OneTimeLink
from app.services.accounts.one_time_links import LINK_TTL
from app.services.accounts.permissions import ALL_REGISTERS, StaffRole
from app.services.container import Services
from domain import commands as c
from domain.values import RegisterSettings
from tests.support.mailbox import Mailbox, running, words
from tests.support.pages import checked_page
from tests.support.staff_client import PASSWORD, Member, find_user
from tests.support.staff_forms import role_fields

Members = Callable[[str], Member]
Worker = Callable[[], None]
HERE, OTHER = "/staff/small/people/", "/staff/other/people/"
EVE = {"email": "eve@example.org", "name": "Eve"}
ACCEPTED = {"name": "Eve", "password": PASSWORD, "again": PASSWORD}


@pytest.fixture
def two_registers(services: Services, member: Members) -> Members:
    """Ada is the administrator of one register, Ben of another; each of that one alone."""
    settings = RegisterSettings(id="other", title="The other one")
    services.execute(c.EstablishRegister("other", settings=settings), by="person-ada")
    with services.accounts.work() as db:
        people.give_role(db, people.find_user(db, "ben@example.org"), "other", StaffRole.ADMINISTRATOR)
    return member


@pytest.fixture
def mailbox(small: Services) -> Iterator[Mailbox]:
    with running() as mailbox:
        small.settings = replace(small.settings, smtp_url=mailbox.url, smtp_from="uptake@example.org")
        yield mailbox


@pytest.fixture
def worker(small: Services) -> Worker:
    return lambda: mail(small)


def link_in(text: str) -> str:
    address = re.search(r"http://[^/]+(/staff/welcome/[^<\s]+)", text)
    return address.group(1) if address else ""


def _eve(services: Services) -> str:
    return f"{HERE}{find_user(services, 'eve').person}/invitation/"


def _give_on_page(services: Services, members: Members) -> None:
    services.settings = replace(services.settings, smtp_url="smtp+plain://127.0.0.1:9", smtp_from="u@example.org")
    assert members("ben").post(OTHER, **EVE, role="editor").status_code == 302


def _give_by_changed_role(services: Services, members: Members) -> None:
    with services.accounts.work() as db:
        people.give_role(db, people.find_user(db, "eve@example.org"), "other", StaffRole.READER)
    person = find_user(services, "eve").person
    fields = role_fields(person, "administrator", "reader") | {"confirmed": "yes"}
    assert members("ben").post(f"{OTHER}{person}/", **fields).status_code == 302


def _give_by_command(services: Services, members: Members) -> None:
    done = CliRunner().invoke(main, ["user", "role", "eve@example.org", "other", "administrator"])
    assert done.exit_code == 0, done.output


def _give_everywhere(services: Services, members: Members) -> None:
    done = CliRunner().invoke(main, ["user", "role", "eve@example.org", "*", "administrator"])
    assert done.exit_code == 0, done.output


@pytest.mark.parametrize("give", [_give_on_page, _give_by_changed_role, _give_by_command, _give_everywhere])
def test_a_kept_link_gives_no_more_than_its_maker_could(
    services: Services,
    two_registers: Members,
    monkeypatch: pytest.MonkeyPatch,
    give: Callable[[Services, Members], None],
) -> None:
    monkeypatch.setenv("UPTAKE_DATA_DIR", str(services.settings.data_dir))
    ada = two_registers("ada")
    page = ada.post(HERE, **EVE, role="reader").text
    assert "Earlier links for this person have ended." in page
    kept = link_in(page)
    assert kept
    give(services, two_registers)
    assert ada.get(kept, status=404).heading == "This link does not work"
    ada.post(kept, **ACCEPTED)
    assert find_user(services, "eve").is_invited
    assert "The link works until" not in ada.get(HERE).text


def test_a_link_to_two_registers_is_made_by_a_person_who_could_give_both(
    services: Services, two_registers: Members
) -> None:
    first = link_in(two_registers("ada").post(HERE, **EVE, role="reader").text)
    ben = two_registers("ben")
    refused = ben.post(OTHER, **EVE, role="editor")
    assert refused.status_code == 400
    assert "“eve@example.org” is also invited to another register, and a link would open both." in refused.text
    assert "other" not in {m.register for m in find_user(services, "eve").memberships}
    ben.get(first)  # the first invitation still works
    with services.accounts.work() as db:
        people.give_role(db, people.find_user(db, "rita@example.org"), ALL_REGISTERS, StaffRole.ADMINISTRATOR)
    rita = two_registers("rita")
    both = rita.get(link_in(rita.post(OTHER, **EVE, role="editor").text)).text
    assert "Your role in “A small register”: reader." in both
    assert "Your role in “The other one”: editor." in both
    rita.get(first, status=404)


def test_a_link_ends_with_the_role_of_its_maker(services: Services, two_registers: Members) -> None:
    ada = two_registers("ada")
    kept = link_in(ada.post(HERE, **EVE, role="reader").text)
    with services.accounts.work() as db:
        people.give_role(db, people.find_user(db, "ada@example.org"), "small", StaffRole.EDITOR)
    ada.get(kept, status=404)
    with services.accounts.work() as db:
        people.give_role(db, people.find_user(db, "ada@example.org"), "small", StaffRole.ADMINISTRATOR)
        people.disable_user(db, people.find_user(db, "ada@example.org"))
    two_registers("ben").get(kept, status=404)


def test_an_id_leads_to_no_address_in_another_register(services: Services, two_registers: Members) -> None:
    ben = two_registers("ben")
    for person in ("person-rita", "rita@example.org", "nobody"):
        for path in (f"{OTHER}{person}/", f"{OTHER}{person}/invitation/"):
            answer = ben.post(path, **role_fields(person, "reader", "reader"), confirmed="yes")
            assert answer.status_code in (400, 404), path
            assert "rita@example.org" not in ben.get(OTHER).text
    assert "other" not in {m.register for m in find_user(services, "rita").memberships}


def test_without_a_mail_server_the_link_is_shown_to_hand_over(services: Services, member: Members) -> None:
    ada = member("ada")
    assert "No mail server is set up here." in ada.get(HERE).text
    page = checked_page(HERE, 200, ada.post(HERE, **EVE, role="analyst").text)
    assert "Send this link to Eve privately" in page.text
    assert "Anyone who has it can accept the invitation, so give it to no one else." in page.text
    assert link_in(page.text)
    later = ada.get(HERE).text
    assert not link_in(later)
    assert "Invited by Ada. The link works until" in later


def test_an_accepted_invitation_leads_home_signed_in(services: Services, staff_app: Flask, member: Members) -> None:
    link = link_in(member("ada").post(HERE, **EVE, role="analyst").text)
    eve = Member(staff_app, "eve")
    page = eve.get(link).text
    assert "Ada invites you." in page
    assert "Your role in “A small register”: analyst." in page
    assert eve.post(link, **ACCEPTED).location == "/staff/"
    home = eve.get("/staff/").text
    assert "Welcome, Eve" in home
    assert "Your role in “A small register”: analyst. Does what a reader does" in home
    assert "Welcome, Eve" not in eve.get("/staff/").text
    eve.get("/staff/account/recovery-codes/")  # nothing asks for the password again


def test_accepting_in_a_browser_of_another_person_signs_that_person_out(
    services: Services, staff_app: Flask, member: Members
) -> None:
    ada, elsewhere = member("ada"), member("ada")
    link = link_in(ada.post(HERE, **EVE, role="analyst").text)
    assert ada.post(link, **ACCEPTED).location == "/staff/"
    ada.get(HERE, status=403)
    assert "eve@example.org" in ada.get("/staff/account/").text
    assert elsewhere.get("/staff/account/").text.count("End this session") == 1, "the other session has ended"


def test_an_invitation_goes_by_e_mail(
    services: Services, mailbox: Mailbox, worker: Worker, staff_app: Flask, two_registers: Members
) -> None:
    ada = two_registers("ada")
    answer = ada.post(HERE, **EVE, role="analyst")
    assert answer.location == HERE
    page = ada.get(HERE).text
    assert "Eve is invited An e-mail with a link goes to eve@example.org within a minute." in page
    assert "Invited by Ada. The e-mail is on its way." in page
    worker()
    worker()
    (letter,) = mailbox.letters
    assert letter["To"] == "eve@example.org"
    assert letter["Subject"] == "Ada invites you to “A small register”"
    assert letter["List-Unsubscribe"] is None
    text = words(letter)
    assert "Your role: analyst. Does what a reader does" in text
    assert "The link works once, until" in text
    assert "<" not in text.partition("-- ")[0]
    page = ada.get(HERE).text
    assert not link_in(page)
    assert "Invited by Ada. The link works until" in page
    two_registers("ben").post(OTHER, **EVE, role="reader")  # only Eve has the link, so it may open both
    worker()
    eve = Member(staff_app, "eve")
    assert eve.post(link_in(words(mailbox.to("eve")[-1])), **ACCEPTED).location == "/staff/"
    eve.get("/staff/other/")
    eve.get(link_in(text), status=404)


def test_an_invitation_is_written_in_the_language_of_its_sender(
    services: Services, mailbox: Mailbox, worker: Worker, member: Members
) -> None:
    with services.accounts.work() as db:
        people.find_user(db, "ada@example.org").language = "ko"
    member("ada").post(HERE, **EVE, role="editor")
    worker()
    (letter,) = mailbox.letters
    assert letter["Content-Language"] == "ko"
    assert not re.search(r"[A-Za-z]{6,}", re.sub(r"http\S+|A small register|Eve|Ada|Uptake", "", words(letter)))


def test_a_new_link_replaces_the_old_one(services: Services, member: Members) -> None:
    ada = member("ada")
    first = link_in(ada.post(HERE, **EVE, role="reader").text)
    services.clock.now += LINK_TTL  # type: ignore[attr-defined]
    services.clock.go_on(minutes=1)  # type: ignore[attr-defined]
    ada = member("ada")
    assert "Invited by Ada. This link has expired. Send a new one." in ada.get(HERE).text
    second = link_in(ada.post(_eve(services), action="resend").text)
    third = link_in(ada.post(HERE, **EVE, role="reader").text)
    for dead in (first, second):
        ada.get(dead, status=404)
    ada.get(third)


def test_an_e_mail_is_not_sent_twice_within_five_minutes(
    services: Services, mailbox: Mailbox, worker: Worker, member: Members
) -> None:
    ada = member("ada")
    ada.post(HERE, **EVE, role="reader")
    assert ada.post(_eve(services), action="resend").location == HERE
    assert "An e-mail to eve@example.org is on its way already" in ada.get(HERE).text
    worker()
    services.clock.go_on(minutes=6)  # type: ignore[attr-defined]
    ada.post(_eve(services), action="resend")
    worker()
    first, second = (link_in(words(letter)) for letter in mailbox.letters)
    ada.get(first, status=404)
    ada.get(second)


def test_withdrawing_in_between_sends_no_flood(services: Services, mailbox: Mailbox, member: Members) -> None:
    ada = member("ada")
    for _ in range(3):
        assert ada.post(HERE, **EVE, role="reader").status_code == 302
        ada.confirm(_eve(services), action="withdraw")
    refused = ada.post(HERE, **EVE, role="reader")
    assert refused.status_code == 400
    assert (
        "Several invitations went to “eve@example.org” a moment ago. Send the next one in 15 minutes." in refused.text
    )
    assert 'value="eve@example.org"' in refused.text
    assert "Eve" not in ada.get(HERE).text
    services.clock.go_on(minutes=15)  # type: ignore[attr-defined]
    assert ada.post(HERE, **EVE, role="reader").status_code == 302


def test_a_withdrawn_invitation_leaves_nothing(services: Services, staff_app: Flask, member: Members) -> None:
    ada = member("ada")
    link = link_in(ada.post(HERE, **EVE, role="reader").text)
    path = _eve(services)
    asked = checked_page(path, 200, ada.post(path, action="withdraw").text)
    assert asked.heading == "Withdraw the invitation of Eve?"
    assert ada.post(path, action="withdraw", confirmed="no").location == HERE
    ada.get(link)
    assert ada.post(path, action="withdraw", confirmed="yes").location == HERE
    page = ada.get(HERE).text
    assert "The invitation of Eve is withdrawn" in page
    assert "eve@example.org" not in page
    assert "This link was withdrawn. Ask an administrator of your register." in ada.get(link, status=404).text
    with services.accounts.work() as db:
        assert [link.user_id for link in db.query(OneTimeLink)] == [None]
    ada.post(HERE, **EVE, role="reader")


def test_a_withdrawn_invitation_is_not_sent(
    services: Services, mailbox: Mailbox, worker: Worker, two_registers: Members
) -> None:
    ada = two_registers("ada")
    ada.post(HERE, **EVE, role="reader")
    two_registers("ben").post(OTHER, **EVE, role="editor")
    ada.post(_eve(services), action="withdraw", confirmed="yes")
    worker()
    assert [letter["Subject"] for letter in mailbox.letters] == ["Ben invites you to “The other one”"]
    assert {m.register for m in find_user(services, "eve").memberships} == {"other"}


def test_an_invitation_that_was_accepted_meanwhile_is_not_withdrawn(
    services: Services, staff_app: Flask, member: Members
) -> None:
    ada = member("ada")
    link, path = link_in(ada.post(HERE, **EVE, role="reader").text), _eve(services)
    ada.post(path, action="withdraw")
    assert Member(staff_app, "eve").post(link, **ACCEPTED).status_code == 302
    for action in ("withdraw", "resend"):
        late = ada.post(path, action=action, confirmed="yes")
        assert late.status_code == 400
        assert "Eve has accepted the invitation. You can change or remove the role." in late.text
    assert not find_user(services, "eve").is_invited


def test_an_account_made_elsewhere_gets_no_role_without_a_question(staff_app: Flask, two_registers: Members) -> None:
    ada, ben = two_registers("ada"), two_registers("ben")
    link = link_in(ben.post(OTHER, **EVE, role="reader").text)
    assert Member(staff_app, "x").post(link, **ACCEPTED).status_code == 302
    asked = ada.post(HERE, email="eve@example.org", name="Eve", role="administrator")
    assert "Ask the person first" in asked.text
    assert "Eve" not in asked.text.partition("<form")[0], "her name is not known here"
    eve = Member(staff_app, "eve")
    eve.sign_in()
    assert eve.client.get(HERE).status_code == 403
    assert ada.confirm(HERE, email="eve@example.org", name="Eve", role="administrator").status_code == 302
    assert eve.client.get(HERE).status_code == 200


def test_to_remove_the_role_of_an_invited_person_is_to_withdraw(
    staff_app: Flask, services: Services, two_registers: Members
) -> None:
    ada = two_registers("ada")
    link = link_in(ada.post(HERE, **EVE, role="reader").text)
    person = find_user(services, "eve").person
    assert ada.post(f"{HERE}{person}/", **role_fields(person, "none", "reader"), confirmed="yes").status_code == 302
    assert staff_app.test_client().get(link).status_code == 404
    assert Member(staff_app, "x").post(link, **ACCEPTED).status_code == 404
