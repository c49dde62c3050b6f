"""The operator helps a person who cannot sign in."""

import re
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from click.testing import CliRunner, Result
from flask import Flask

from app.bootstrap.command_line import main
from app.services.accounts import one_time_links, people
from app.services.accounts.permissions import StaffRole
from app.services.container import Services
from tests.support.authenticator_app import set_up_second_factor
from tests.support.clock import Clock
from tests.support.mailbox import Mailbox, words
from tests.support.staff_client import PASSWORD, Member, Members, find_user

pytestmark = pytest.mark.filterwarnings("ignore:Passing SelectField choices")
Run = Callable[..., Result]


@pytest.fixture
def run(services: Services, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.setenv("UPTAKE_DATA_DIR", str(services.settings.data_dir))
    return lambda *arguments: CliRunner().invoke(main, ["user", *arguments])


def _path(done: Result) -> str:
    found = re.search(r"http://\S+?(/staff/\S+)", done.stdout)
    assert found, done.output
    return found[1]


def test_a_link_lets_a_person_choose_another_password(
    staff_app: Flask, run: Run, mailbox: Mailbox, worker: Callable[[], None]
) -> None:
    # The process of the command has its own clock; the one of the site is set to the same time.
    staff_app.extensions["uptake"].clock.now = datetime.now(UTC)
    done = run("link", "--email", "Ana@example.org")
    assert "it works once, for 24 hours" in done.stdout
    ana = Member(staff_app, "ana")
    new = "another long phrase of mine"
    assert ana.post(_path(done), password=new, again=new).status_code == 302
    assert ana.sign_in(new).status_code == 302
    worker()
    assert [m["Subject"] for m in mailbox.to("ana")] == [
        "A link to choose a new password was made for you",
        "Your password was changed",
    ]
    assert "The operator of Uptake made a link" in words(mailbox.to("ana")[0])
    notices = ana.get("/staff/account/notices/").text
    assert "The operator of Uptake made a link to choose a new password for your account." in notices


def test_an_invited_person_gets_a_link_to_set_up_the_account(services: Services, staff_app: Flask, run: Run) -> None:
    services.clock.now = datetime.now(UTC)  # type: ignore[attr-defined]
    with services.accounts.work() as db:
        people.add_user(db, "eve@example.org", person="eve")
    done = run("link", "--email", "eve@example.org")
    assert "it works once, for seven days" in done.stdout
    eve = Member(staff_app, "eve")
    assert eve.post(_path(done), name="Eve", password=PASSWORD, again=PASSWORD).status_code == 302


def test_a_role_that_ends_an_open_invitation_says_so(services: Services, member: Members, run: Run) -> None:
    services.clock.now = datetime.now(UTC)  # type: ignore[attr-defined]
    member("ada")
    with services.accounts.work() as db:
        ada = people.find_person(db, "person-ada")
        assert ada
        eve = people.add_user(db, "eve@example.org", person="eve")
        people.give_role(db, eve, "small", StaffRole.READER)
        one_time_links.create_link(db, eve, services.clock(), by=ada)
    ended = "The open link for eve@example.org no longer works: who made it cannot give all roles of the account."
    assert ended not in run("role", "eve", "small", "analyst").stdout
    done = run("role", "eve", "*", "reader")
    assert done.stdout.splitlines()[1:] == [ended, "Make a new link: uptake user link --email eve@example.org"]
    assert ended not in run("role", "eve", "*", "analyst").stdout, "said once"
    run("role", "eve", "*", "none")
    assert ended in run("role", "person-ada", "small", "editor").stdout, "the role of who made it counts too"


def test_a_link_that_would_open_nothing_is_refused(services: Services, staff_app: Flask, run: Run) -> None:
    with services.accounts.work() as db:
        people.disable_user(db, people.find_user(db, "person-ana"))
    done = run("link", "--email", "ana@example.org")
    assert (done.exit_code, done.stderr) == (1, "The account is disabled, so no link can open it.\n")
    assert "There is no account “nobody@example.org”." in run("link", "--email", "nobody@example.org").stderr


def test_a_second_factor_is_reset(services: Services, member: Members, run: Run, clock: Clock) -> None:
    set_up_second_factor(member("ana"), clock())
    done = run("reset-second-factor", "--email", "ana@example.org")
    assert done.stdout == "The second factor of ana@example.org is off: the password alone opens the account.\n"
    assert find_user(services, "ana").tf_totp_secret is None
    again = run("reset-second-factor", "--email", "ana@example.org")
    assert (again.exit_code, again.stderr) == (1, "The second factor of this account is off already.\n")
