"""Signing in and out: sessions, limits, invitations and password rules."""

import logging
import re
import stat
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest
from flask import Flask
from msgspec.structs import replace

from app.bootstrap.flask_app import create_app
from app.services.accounts import login_sessions, one_time_links, people
from app.services.accounts.actors import OPERATOR
from app.services.accounts.models import WebAuthn
from app.services.accounts.permissions import ALL_REGISTERS, StaffRole
from app.services.container import Services
from tests.support import passwords
from tests.support.pages import Browser
from tests.support.staff_client import PASSWORD, Member, find_user


def test_a_person_signs_in_and_out(staff_app: Flask) -> None:
    ana = Member(staff_app, "ana")
    assert "/staff/sign-in" in ana.client.get("/staff/").location
    assert ana.sign_in().location.endswith("/staff/")
    assert "Ana" in ana.get("/staff/").text
    assert ana.post("/staff/sign-out").headers["Clear-Site-Data"] == '"cache", "storage"'
    assert ana.client.get("/staff/").status_code == 302


def test_what_concerns_security_is_logged_without_addresses_and_secrets(
    staff_app: Flask, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "uptake.security")
    rita = Member(staff_app, "rita")
    assert rita.sign_in("a wrong password").status_code == 200
    rita.sign_in()
    assert rita.client.get("/staff/small/people/").status_code == 403
    assert rita.client.post("/staff/account/", data={"name": "Eve"}).status_code == 400
    rita.post("/staff/sign-out")
    headers = {"Authorization": "Bearer uptake_guessed", "Idempotency-Key": "k"}
    api = staff_app.test_client().post("/api/v1/registers/small/assessments/x/publish", json={}, headers=headers)
    assert api.status_code == 401
    said = [record.getMessage() for record in caplog.records if record.name == "uptake.security"]
    assert said == [
        "an attempt failed at security.login",
        "person-rita signed in with password",
        "person-rita was refused at staff.people",
        "a form without the token of its page is refused at staff.account",
        "person-rita signed out",
        "a request is refused with 401 at api.publish",
    ]


def test_a_stored_hash_of_another_cost_is_renewed_at_sign_in(services: Services, staff_app: Flask) -> None:
    before = find_user(services, "ana").password
    passwords.set_hashing_cost(passwords.REAL_COST)
    assert Member(staff_app, "ana").sign_in().status_code == 302
    assert find_user(services, "ana").password != before


def test_a_wrong_password_does_not_say_whether_the_account_exists(staff_app: Flask) -> None:
    known = Member(staff_app, "ana").sign_in("not the password")
    unknown = Member(staff_app, "nobody").sign_in("not the password")
    words = [re.sub(r'value="[^"]*"|[a-z]+@example.org', "", a.text) for a in (known, unknown)]
    assert known.status_code == unknown.status_code == 200
    assert words[0] == words[1]
    assert "Sign in" in words[0]


def test_guessing_is_stopped_for_a_quarter_of_an_hour_across_processes(services: Services, staff_app: Flask) -> None:
    for _ in range(5):
        Member(staff_app, "ana").sign_in("wrong")
    other_process = create_app(services)
    for _ in range(5):
        Member(other_process, "ana").sign_in("wrong")
    for app in (staff_app, other_process):
        answer = Member(app, "ana").sign_in()
        assert answer.status_code == 429
        assert "There were too many failed attempts to sign in. Wait 15 minutes" in answer.text
    assert Member(staff_app, "ben").sign_in().status_code == 302
    services.clock.go_on(minutes=16)  # type: ignore[attr-defined]
    assert Member(staff_app, "ana").sign_in().status_code == 302


def test_a_request_without_its_token_does_not_make_failures_forgotten(staff_app: Flask) -> None:
    for n in range(10):
        Member(staff_app, "ana").sign_in("wrong")
        if n == 8:
            staff_app.test_client().post("/staff/sign-in", data={"email": "ana@example.org", "password": "x"})
    assert Member(staff_app, "ana").sign_in().status_code == 429


def test_a_session_can_be_ended_from_another_device(staff_app: Flask, member: Callable[[str], Member]) -> None:
    here, there = member("ana"), member("ana")
    assert here.get("/staff/account/").text.count("End this session") == 2
    here.post("/staff/account/sessions/")
    assert there.client.get("/staff/").status_code == 302
    assert here.client.get("/staff/").status_code == 302


def test_a_session_ends_by_itself(services: Services, member: Callable[[str], Member]) -> None:
    ana = member("ana")
    services.clock.now += login_sessions.IDLE_TIMEOUT  # type: ignore[attr-defined]
    services.clock.go_on(minutes=1)  # type: ignore[attr-defined]
    assert ana.client.get("/staff/").status_code == 302


def test_a_session_in_use_ends_after_a_week(services: Services, member: Callable[[str], Member]) -> None:
    ana, hours = member("ana"), int(login_sessions.MAX_AGE.total_seconds() // 3600)
    for _ in range(0, hours - 10, 10):
        services.clock.go_on(hours=10)  # type: ignore[attr-defined]
        assert ana.client.get("/staff/account/").status_code == 200
    services.clock.go_on(hours=10)  # type: ignore[attr-defined]
    assert ana.client.get("/staff/account/").status_code == 302


def test_a_disabled_account_is_out_at_once(services: Services, member: Callable[[str], Member]) -> None:
    ana = member("ana")
    with services.accounts.work() as db:
        people.disable_user(db, people.find_user(db, "ana@example.org"))
    assert ana.client.get("/staff/").status_code == 302
    assert ana.sign_in().status_code == 200


def test_the_cookie_is_out_of_reach_of_scripts_and_of_public_pages(staff_app: Flask) -> None:
    ana = Member(staff_app, "ana")
    cookie = ana.sign_in().headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "Path=/staff" in cookie
    assert "Set-Cookie" not in ana.client.get("/small/").headers


def test_pages_of_staff_are_never_cached(member: Callable[[str], Member]) -> None:
    assert member("ana").client.get("/staff/").headers["Cache-Control"] == "no-store"


def test_a_form_without_its_token_is_refused(member: Callable[[str], Member]) -> None:
    answer = member("ana").client.post("/staff/account/", data={"name": "X"})
    assert answer.status_code == 400


def test_an_invitation_is_used_once(services: Services, staff_app: Flask, member: Callable[[str], Member]) -> None:
    ada = member("ada")
    page = ada.post("/staff/small/people/", email="Eve@Example.org", name="Eve", role="analyst")
    link = re.search(r"http://127.0.0.1:8000(/staff/welcome/[^<\s]+)", page.text)
    assert link
    eve = Member(staff_app, "eve")
    path = link.group(1)
    assert "You sign in with eve@example.org." in eve.get(path).text
    short = eve.post(path, name="Eve", password="short", again="short")
    assert short.status_code == 400
    differ = eve.post(path, name="Eve", password=PASSWORD, again=PASSWORD + "x")
    assert "The passwords do not match. Type the same password twice." in differ.text
    assert eve.post(path, name="Eve", password=PASSWORD, again=PASSWORD).status_code == 302
    assert "This link has been used. Each link works once." in eve.get(path, status=404).text
    assert eve.sign_in().status_code == 302
    assert find_user(services, "eve").memberships[0].role == StaffRole.ANALYST


def test_an_invitation_runs_out(services: Services, staff_app: Flask) -> None:
    with services.accounts.work() as db:
        secret = one_time_links.create_link(db, people.add_user(db, "eve@example.org"), services.clock(), by=OPERATOR)
    services.clock.now += one_time_links.LINK_TTL  # type: ignore[attr-defined]
    services.clock.go_on(seconds=1)  # type: ignore[attr-defined]
    Member(staff_app, "eve").get(f"/staff/welcome/{secret}/", status=404)


def test_the_first_administrator_sets_the_installation_up_once(services: Services) -> None:
    app = create_app(services)
    with services.accounts.work() as db:
        secret = one_time_links.create_link(db, None, services.clock(), by=OPERATOR)
    first = Member(app, "first")
    assert first.get(f"/staff/welcome/{secret}/").heading == "Make yourself the first administrator"
    fields = {"email": "first@example.org", "name": "First", "password": PASSWORD, "again": PASSWORD}
    assert first.post(f"/staff/welcome/{secret}/", **fields).status_code == 302
    assert first.sign_in().status_code == 302
    assert find_user(services, "first").memberships[0].role == StaffRole.ADMINISTRATOR
    Browser(app.test_client()).get(f"/staff/welcome/{secret}/", status=404)


def test_the_last_administrator_stays_one(services: Services) -> None:
    with services.accounts.work() as db:
        user = people.add_user(db, "first@example.org")
        people.give_role(db, user, ALL_REGISTERS, StaffRole.ADMINISTRATOR)
    for act in (people.disable_user, lambda db, u: people.give_role(db, u, ALL_REGISTERS, None)):
        with pytest.raises(Exception, match="This is the last administrator"), services.accounts.work() as db:
            act(db, people.find_user(db, "first@example.org"))


def test_a_person_who_leaves_keeps_a_name_only_if_it_was_shown(services: Services) -> None:
    with services.accounts.work() as db:
        for name, shows, erase in (("ida", True, False), ("ivo", True, True), ("ina", False, False)):
            user = people.add_user(db, f"{name}@example.org", name.capitalize(), person=name)
            user.shows_name = shows
            people.remove_user(db, user, erase=erase)
    assert services.public_names() == {"ida": "Ida"}


def test_secrets_are_readable_by_their_owner_alone(services: Services, staff_app: Flask) -> None:
    folder: Path = services.settings.data_dir
    for file in (folder / "keys" / "web.json", folder / "accounts.sqlite"):
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
    stored = (folder / "accounts.sqlite").read_bytes()
    assert PASSWORD.encode() not in stored
    assert b"$argon2id$" in stored


def test_sensitive_acts_ask_again_who_it_is_and_lose_nothing(member: Callable[[str], Member]) -> None:
    ada = member("ada")
    with ada.client.session_transaction(path="/staff") as session:
        session["fs_paa"] = session["fs_paa"] - 3600
        session.pop("fs_gexp", None)
    invitation = {"email": "new@example.org", "name": "New", "role": "analyst"}
    answer = ada.post("/staff/small/people/", **invitation)
    assert answer.location.startswith("/staff/confirm?next=")
    assert "new@example.org" in ada.get("/staff/small/people/").html, "what was typed is kept"
    assert ada.post("/staff/small/open/").location.startswith("/staff/confirm")
    assert ada.post("/staff/small/people/person-rita/", role="editor").location.startswith("/staff/confirm")
    assert ada.post("/staff/confirm", password="wrong words").status_code == 200
    assert ada.post("/staff/confirm", password=PASSWORD).status_code == 302
    assert "/staff/welcome/" in ada.post("/staff/small/people/", **invitation).text


def test_under_tls_the_cookie_and_the_browser_stay_there(services: Services, staff_app: Flask) -> None:
    assert "Strict-Transport-Security" not in staff_app.test_client().get("/small/").headers
    services.settings = replace(services.settings, base_url="https://tracker.example.org")
    ana = Member(create_app(services), "ana")
    where = {"base_url": "https://tracker.example.org", "headers": {"Referer": "https://tracker.example.org/"}}
    token = re.findall(r'name="csrf_token"[^>]*value="([^"]+)"', ana.client.get("/staff/sign-in", **where).text)[0]
    form_data = {"email": "ana@example.org", "password": PASSWORD, "csrf_token": token}
    answer = ana.client.post("/staff/sign-in", data=form_data, **where)
    assert answer.status_code == 302
    cookies = answer.headers.getlist("Set-Cookie") + ana.client.get("/staff/", **where).headers.getlist("Set-Cookie")
    assert {c.partition("=")[0] for c in cookies} == {
        *("__Secure-uptake_staff", "__Secure-uptake_device"),
        "__Host-uptake_bar",
    }
    assert all("; Secure" in c and "; HttpOnly" in c and "; SameSite=Lax" in c for c in cookies)
    for path in ("/staff/", "/small/", "/nothing/", "/api/v1/registers", "/small/download/bundle.zip", "/healthz"):
        headers = ana.client.get(path, **where).headers
        assert headers["Strict-Transport-Security"] == "max-age=31536000", path
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert "default-src 'none'" in headers["Content-Security-Policy"]


def test_an_old_session_belongs_to_no_one_and_an_ended_one_stays_ended(staff_app: Flask) -> None:
    planted, ana = Member(staff_app, "ana"), Member(staff_app, "ana")
    token = planted.token()
    cookie = planted.client.get_cookie("uptake_staff", path="/staff")
    assert cookie
    ana.client.set_cookie("uptake_staff", cookie.value, path="/staff")
    form_data = {"email": "ana@example.org", "password": PASSWORD, "csrf_token": token}
    assert ana.client.post("/staff/sign-in", data=form_data).status_code == 302
    assert planted.client.get("/staff/").status_code == 302, "who knows the cookie from before is not signed in"
    current = ana.client.get_cookie("uptake_staff", path="/staff")
    assert current
    assert current.value != cookie.value
    ana.get("/staff/")
    ana.post("/staff/sign-out")
    ana.client.set_cookie("uptake_staff", current.value, path="/staff")
    assert "sign-in" in ana.client.get("/staff/").location


def test_no_answer_tells_whether_an_address_has_an_account(
    services: Services, staff_app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    hashed: list[str] = []
    monkeypatch.setattr("flask_security.forms.hash_password", hashed.append)
    with services.accounts.work() as db:
        guest = people.add_user(db, "guest@example.org", "Guest")
        one_time_links.create_link(db, guest, services.clock(), by=OPERATOR)
    for name in ("nobody", "guest"):
        assert Member(staff_app, name).sign_in("a wrong password").status_code == 200
    assert hashed == ["a wrong password"] * 2, "as much work as for one who has a password"
    _with_passkey(services, "ana@example.org")
    offered = set()
    for name in ("ana", "nobody"):
        who = Member(staff_app, name)
        page = who.post("/staff/passkey", identity=f"{name}@example.org").text
        assert "allowCredentials" in page
        offered.add(re.sub(r"challenge[^,]*|csrf_token[^>]*|/staff/passkey/[^\"?]*", "", page))
    assert len(offered) == 1


def _with_passkey(services: Services, email: str) -> None:
    with services.accounts.work() as db:
        user = people.find_user(db, email)
        user.fs_webauthn_user_handle = "a handle"
        user.webauthn.append(
            WebAuthn(
                credential_id=b"a key", public_key=b"x", sign_count=0, transports=[], backup_state=False,
                device_type="single_device", name="key", usage="first", lastuse_datetime=datetime(2026, 3, 1),
            )
        )  # fmt: skip


def test_my_account_begins_with_every_way_of_signing_in(member: Callable[[str], Member]) -> None:
    ana = member("ana")
    page = ana.get("/staff/account/").text
    assert "Password Set. Change my password" in page
    assert "Second factor Off. Your password alone opens your account." in page
    assert "Sessions Signed in on 1 device." in page
    assert page.index("How I sign in") < page.index("How I am shown")
    member("ana")
    ana.post("/staff/account/tokens/", name="nightly", scope=["read"], days="9")
    page = ana.get("/staff/account/").text
    assert "Sessions Signed in on 2 devices." in page
    assert "Tokens for scripts 1 token." in page
