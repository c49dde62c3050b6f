"""A person who is erased is in no file and in no backup: only an id that says nothing stays."""

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner
from flask import Flask

from app.bootstrap.command_line import main
from app.services.accounts import api_tokens, login_sessions, people
from app.services.accounts.models import Identity
from app.services.accounts.permissions import StaffRole
from app.services.container import Services
from app.services.drafts.drafts import save_draft
from app.services.error_reports.models import ErrorReport, ReaderContact
from app.services.followers.models import Follow, Follower
from app.services.mail.account_messages import queue_account_message
from app.services.operations.backups.backup import write_backup
from app.services.opinions import requests
from app.services.removals.removal_list import removal_file
from tests.support.spreadsheet_steps import bring
from tests.support.staff_client import Member

Members = Callable[[str], Member]
NAME = "Quillon Vance"
EMAIL = "quillon.vance@example.org"


def files_naming(folder: Path) -> list[str]:
    files = (p for p in folder.rglob("*") if p.is_file() and b"quillon" in p.read_bytes().lower())
    return sorted(str(p.relative_to(folder)) for p in files)


@pytest.fixture
def quillon(staff_app: Flask, small: Services, member: Members) -> Member:
    """Ben, who is in every table that can hold a name, an address or a device of a person."""
    ben, ana = member("ben"), member("ana")
    ben.post("/staff/account/", name=NAME, shows_name="yes", language="en")
    with small.accounts.work() as db:
        people.give_role(db, people.find_user(db, "person-ben"), "small", StaffRole.ADMINISTRATOR)
    law = "/staff/small/recommendations/law/comments/"
    assert ben.post(law, text="I am Quillon.", assessment="").status_code == 302
    assert ana.post(law, text=f"Thanks, @{NAME}!", assessment="").status_code == 302
    assert bring(ben, b"No.;Recommendation\n1;By Quillon\n", "quillon.csv").status_code == 302
    now = small.clock()
    at = now.replace(tzinfo=None)
    with small.accounts.work() as db:
        user = people.find_user(db, "person-ben")
        user.email = EMAIL
        login_sessions.start_session(db, user, "Quillon's telephone", now)
        db.add(Identity(issuer="https://id.example", subject="quillon", user_id=user.id, bound_at=at))
        api_tokens.create_token(db, user, "quillon-script", ["propose"], 30, now)
        save_draft(db, user.id, "/staff/small/x/", {"why": ["Quillon thinks"]}, now, register="small")
        queue_account_message(db, user, "second_factor_off", now, by="person-ana")
        requests.ask_question(db, "small", "law", "", ["person-ben", "person-ana"], by="person-ana", now=now)
        (question,) = requests.questions_in(db, "small")
        requests.record_opinion(db, question, "person-ben", "partly", "2025", "Quillon saw it.", now)
        reader = Follower(key="a" * 20, email=EMAIL, language="en", next_at=at)
        report = ErrorReport(register="small", page="/small/", text="A typing error.", language="en", at=at)
        db.add_all([reader, report])
        db.flush()
        follow = Follow(key="b" * 20, follower_id=reader.id, register="small", kind="register", language="en")
        follow.asked_at = at
        db.add_all([follow, ReaderContact(report_id=report.id, email=EMAIL)])
    return ben


def test_an_erased_person_is_in_no_file(small: Services, quillon: Member, tmp_path: Path) -> None:
    folder = small.settings.data_dir
    assert files_naming(folder) == ["accounts.sqlite"]
    answer = quillon.post("/staff/account/leave/", email=EMAIL, erase="yes")
    assert answer.location == "/staff/sign-in"
    assert files_naming(folder) == []
    write_backup(small, tmp_path / "backup")
    assert files_naming(tmp_path / "backup") == []


def test_a_mention_in_a_comment_of_another_person_becomes_the_id(
    small: Services, quillon: Member, member: Members
) -> None:
    with small.accounts.work() as db:
        people.remove_user(db, people.find_user(db, "person-ben"), erase=False)
        people.erase_person(db, "person-ben")
    page = member("ana").get("/staff/small/recommendations/law/comments/").text
    assert "Thanks, @person-ben!" in page
    assert "Quillon" not in page


def test_a_backup_from_before_does_not_bring_the_person_back(
    small: Services, quillon: Member, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_backup(small, tmp_path / "backup")
    monkeypatch.setenv("UPTAKE_DATA_DIR", str(small.settings.data_dir))
    done = CliRunner().invoke(main, ["user", "remove", "person-ben", "--erase"])
    assert done.exit_code == 0, done.output
    assert files_naming(small.settings.data_dir) == []
    restored = tmp_path / "restored"
    monkeypatch.setenv("UPTAKE_DATA_DIR", str(restored))
    monkeypatch.setenv("UPTAKE_CHECKPOINT_FILE", str(small.settings.data_dir / "checkpoints.txt"))
    done = CliRunner().invoke(main, ["restore", str(tmp_path / "backup")])
    assert "1 text, person or package that was removed had" in done.output
    assert (done.exit_code, files_naming(restored)) == (0, [])
    assert b"Quillon" not in removal_file(small.settings).read_bytes()
