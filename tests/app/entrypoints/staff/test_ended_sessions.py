"""A session that ended anywhere keeps what is typed, for the same person only, and says why it ended."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import text

from app.services.accounts import people
from app.services.accounts.models import User
from app.services.container import Services
from tests.support.clock import Clock
from tests.support.staff_client import PASSWORD, PROPOSE_PATH, Member, Members

TYPED: dict[str, Any] = {
    "status": "in_progress",
    "reason": "world_changed",
    "year": "2025",
    "month": "3",
    "rationale": "A sentence that took an hour.",
    "evidence": ["story", "leak"],
}
SENTENCE = TYPED["rationale"]
NEW = "another long passphrase"


def _end_elsewhere(services: Services, there: Member) -> None:
    there.post("/staff/account/sessions/", seat=_other_seat(services, there))


def _other_seat(services: Services, there: Member) -> str:
    with services.accounts.work() as db:
        return str(db.execute(text("SELECT min(id) FROM seats WHERE ended_at IS NULL")).scalar())


def _change_password(_services: Services, there: Member) -> None:
    changed = there.post("/staff/account/password", password=PASSWORD, new_password=NEW, new_password_confirm=NEW)
    assert changed.status_code == 302


def _lock(services: Services, _there: Member) -> None:
    with services.accounts.work() as db:
        people.disable_user(db, people.find_user(db, "ana@example.org"))


def _run_out(services: Services, _there: Member) -> None:
    services.clock.go_on(hours=13)  # type: ignore[attr-defined]


def _unlock(services: Services) -> None:
    with services.accounts.work() as db:
        db.get_one(User, people.find_user(db, "ana@example.org").id).active = True


WAYS: dict[str, tuple[Callable[[Services, Member], None], str, str]] = {
    "ran out": (_run_out, "after 12 hours", PASSWORD),
    "ended elsewhere": (_end_elsewhere, "This session was ended on another device.", PASSWORD),
    "password changed": (_change_password, "The password of this account was changed.", NEW),
    "account locked": (_lock, "Your account was disabled.", PASSWORD),
}


def _shown(page: Any) -> None:
    assert SENTENCE in page.html
    assert "Not sent yet." in page.text
    chosen = {e.get("value") for e in page.root.iter("input") if e.get("checked") is not None}
    assert {"in_progress", "story", "leak"} <= chosen


@pytest.mark.parametrize("way", WAYS)
def test_the_form_comes_back_after_the_sign_in(services: Services, member: Members, way: str) -> None:
    end, reason, password = WAYS[way]
    here, there = member("ana"), member("ana")
    token = here.token()
    end(services, there)
    answer = here.client.post(PROPOSE_PATH, data=TYPED | {"csrf_token": token, "action": "send"})
    assert PROPOSE_PATH in answer.location.replace("%2F", "/")
    page = here.get(answer.location)
    assert reason in page.text
    assert "What you typed is kept." in page.text
    assert SENTENCE not in page.html
    _unlock(services)
    assert here.sign_in(password).status_code == 302
    _shown(here.get(PROPOSE_PATH))


def test_another_person_in_the_same_browser_never_sees_it(services: Services, member: Members) -> None:
    here, there = member("ana"), member("ana")
    token = here.token()
    _end_elsewhere(services, there)
    here.client.post(PROPOSE_PATH, data=TYPED | {"csrf_token": token, "action": "send"})
    here.name = "ben"
    here.sign_in()
    assert SENTENCE not in here.get(PROPOSE_PATH).html
    assert SENTENCE not in there.get("/staff/").html
    with services.accounts.work() as db:
        assert db.execute(text("SELECT count(*) FROM kept_forms")).scalar() == 0


def test_a_stolen_session_puts_nothing_into_the_forms_of_its_person(services: Services, member: Members) -> None:
    here, stolen = member("ana"), member("ana")
    token = stolen.token()
    here.post(PROPOSE_PATH, action="save_draft", **TYPED)
    here.post("/staff/account/sessions/")
    stolen.client.post(PROPOSE_PATH, data=TYPED | {"csrf_token": token, "rationale": "Words put in her mouth."})
    here.sign_in()
    _shown(here.get(PROPOSE_PATH))


def test_a_later_draft_of_another_device_stays(services: Services, member: Members, clock: Clock) -> None:
    here, there = member("ana"), member("ana")
    token = here.token()
    _end_elsewhere(services, there)
    here.client.post(PROPOSE_PATH, data=TYPED | {"csrf_token": token, "rationale": "An older sentence."})
    clock.go_on(minutes=1)
    there.post(PROPOSE_PATH, action="save_draft", **TYPED)
    here.sign_in()
    _shown(here.get(PROPOSE_PATH))


def test_what_a_script_sends_of_a_part_replaces_nothing(services: Services, member: Members) -> None:
    here, there = member("ana"), member("ana")
    token = here.token()
    _end_elsewhere(services, there)
    here.client.post(PROPOSE_PATH, data=TYPED | {"csrf_token": token, "action": "send"})
    part = {"csrf_token": token, "action": "beside", "status": "announced"}
    assert here.client.post(PROPOSE_PATH, data=part).status_code == 302, "the script sees that the session ended"
    here.sign_in()
    _shown(here.get(PROPOSE_PATH))


def test_an_emptied_field_comes_back_empty(services: Services, member: Members) -> None:
    ada, there = member("ada"), member("ada")
    token = ada.token()
    there.post("/staff/account/sessions/", seat=_other_seat(services, there))
    path = "/staff/account/"
    ada.client.post(path, data={"csrf_token": token, "name": "", "language": "en"})
    ada.sign_in()
    page = ada.get(path)
    assert next(e.get("value") for e in page.root.iter("input") if e.get("id") == "f-name") == ""


def test_who_loses_the_role_keeps_what_was_typed(services: Services, member: Members) -> None:
    ana = member("ana")
    with services.accounts.work() as db:
        people.give_role(db, people.find_user(db, "ana@example.org"), "small", None)
    refused = ana.post(PROPOSE_PATH, action="send", **TYPED)
    assert refused.status_code == 403
    assert "What you typed is kept as a draft." in refused.text
    with services.accounts.work() as db:
        from app.services.accounts.permissions import StaffRole

        people.give_role(db, people.find_user(db, "ana@example.org"), "small", StaffRole.ANALYST)
    _shown(ana.get(PROPOSE_PATH))


def test_a_stranger_learns_nothing(services: Services, staff_app: Flask, member: Members) -> None:
    member("ana")
    _lock(services, Member(staff_app, "ana"))
    stranger = Member(staff_app, "ana")
    assert "Sign in to open this page." in stranger.get(stranger.client.get(PROPOSE_PATH).location).text
    assert "disabled" not in stranger.get("/staff/sign-in").text
    assert "disabled" not in stranger.sign_in().text
    assert stranger.client.post(PROPOSE_PATH, data=TYPED).status_code == 400


def test_a_new_password_ends_the_other_sessions_in_the_list(member: Members) -> None:
    here, there = member("ana"), member("ana")
    _change_password(here.client.application.extensions["uptake"], there)
    page = there.get("/staff/account/")
    assert "Your password is changed" in page.text
    assert page.text.count("End this session") == 1


def test_who_signed_out_is_not_told_that_a_session_ended(member: Members) -> None:
    ana = member("ana")
    ana.post("/staff/sign-out")
    page = ana.get("/staff/sign-in").text
    assert "session" not in page
    assert "Sign in to open this page." in ana.get(ana.client.get("/staff/").location).text
