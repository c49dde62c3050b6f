"""Attacks on accounts, sessions and forms, each of which must fail."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from app.bootstrap.flask_app import create_app
from app.entrypoints.worker.scheduled_publication import publish_due
from app.services.accounts import api_tokens, one_time_links, people
from app.services.accounts.actors import OPERATOR
from app.services.accounts.login_attempts import MAX_FAILURES
from app.services.accounts.permissions import ALL_REGISTERS, StaffRole
from app.services.container import Services
from tests.support.authenticator_app import set_up_second_factor
from tests.support.clock import Clock
from tests.support.staff_client import PASSWORD, Member, form_version, send_proposal

Members = Callable[[str], Member]
WRITE = "/api/v1/registers/small/assessments/law-2/publish"


def _second(who: Member, **data: str) -> Any:
    """Sent from the page that asks for it; opening another page would restart the sign-in."""
    token = re.findall(r'name="csrf_token"[^>]*value="([^"]+)"', who.client.get("/staff/second-factor").text)[0]
    return who.client.post("/staff/second-factor", data=data | {"csrf_token": token})


def _sign_in(who: Member, headers: dict[str, str] | None = None, **data: Any) -> Any:
    return who.client.post("/staff/sign-in", data=data | {"csrf_token": who.token()}, headers=headers)


@pytest.mark.parametrize(
    "spelled", ["ana@example.org", " ANA@Example.org", "ana@EXAMPLE.ORG", "ana@ｅｘａｍｐｌｅ.org"]
)
@pytest.mark.parametrize("accept", ["text/html", "application/json"])
def test_no_spelling_of_an_address_and_no_kind_of_answer_gives_more_tries(
    services: Services, staff_app: Flask, spelled: str, accept: str
) -> None:
    for n in range(MAX_FAILURES["account"]):
        email = "ana@example.org" if n % 2 else spelled
        _sign_in(Member(staff_app, "ana"), {"Accept": accept}, email=email, password=f"wrong-{n}")
    assert Member(create_app(services), "ana").sign_in().status_code == 429


def test_a_password_is_taken_from_a_form_only(staff_app: Flask) -> None:
    who = Member(staff_app, "ana")
    form_data = {"email": "ana@example.org", "password": PASSWORD}
    answer = who.client.post("/staff/sign-in", json=form_data, headers={"X-CSRFToken": who.token()})
    assert answer.status_code == 400
    assert "Send this as a form." in answer.text


def test_a_stolen_session_does_not_guess_the_password(member: Members) -> None:
    ana = member("ana")
    new = {"new_password": "another long password", "new_password_confirm": "another long password"}
    for n in range(MAX_FAILURES["account"]):
        assert ana.post("/staff/account/password", password=f"wrong-{n}", **new).status_code == 200
    assert ana.post("/staff/account/password", password=PASSWORD, **new).status_code == 429


@pytest.mark.filterwarnings("ignore:Passing SelectField choices")
def test_a_second_factor_is_counted_whatever_address_comes_with_it(
    services: Services, staff_app: Flask, member: Members, clock: Clock
) -> None:
    ana = member("ana")
    phone = set_up_second_factor(ana, clock())
    clock.go_on(minutes=1)
    thief = Member(staff_app, "ana")
    assert "second-factor" in thief.sign_in().location
    for n in range(MAX_FAILURES["account"]):
        assert _second(thief, code=f"{n:06}", email=f"{n}@example.org").status_code == 200
        if n % 3 == 2:  # to begin again with the password does not help
            thief = Member(create_app(services), "ana")
            thief.sign_in()
    assert _second(thief, code=phone.code(clock())).status_code == 429


def test_tokens_are_not_guessed_for_ever(services: Services, staff_app: Flask) -> None:
    with services.accounts.work() as db:
        good = api_tokens.create_token(
            db, people.find_user(db, "ben@example.org"), "script", ["publish"], 30, services.clock()
        )
    apps = (staff_app, create_app(services))
    for n in range(MAX_FAILURES["token"]):
        headers = {"Authorization": f"Bearer uptake_{n}"}
        assert apps[n % 2].test_client().post(WRITE, headers=headers).status_code == 401
    answer = staff_app.test_client().post(WRITE, headers={"Authorization": f"Bearer {good}"})
    assert answer.status_code == 429
    assert "Wait 15 minutes." in answer.json["detail"]
    assert Member(staff_app, "ana").sign_in().status_code == 302, "signing in is another matter"


def test_who_invites_into_one_register_gets_no_role_in_another(services: Services, member: Members) -> None:
    with services.accounts.work() as db:
        guest = people.add_user(db, "guest@example.org", "Guest")
        people.give_role(db, guest, ALL_REGISTERS, StaffRole.ADMINISTRATOR)
    ada, path = member("ada"), "/staff/small/people/"
    answer = ada.post(path, email="guest@example.org", role="reader")
    assert answer.location == path
    assert "/staff/welcome/" not in answer.text + ada.get(path).text


def test_a_link_that_was_not_needed_opens_nothing_later(services: Services, staff_app: Flask) -> None:
    with services.accounts.work() as db:
        guest = people.add_user(db, "guest@example.org", "Guest")
        first, second = (one_time_links.create_link(db, guest, services.clock(), by=OPERATOR) for _ in range(2))
    who = Member(staff_app, "guest")
    form_fields = {"name": "Guest", "password": PASSWORD, "again": PASSWORD}
    assert who.post(f"/staff/welcome/{first}/", **form_fields).status_code == 404
    assert who.post(f"/staff/welcome/{second}/", **form_fields).status_code == 302
    who.get(f"/staff/welcome/{second}/", status=404)


@pytest.mark.parametrize("next_", [
    "//evil.example/", "///evil.example/", "/\\evil.example/", "https://evil.example/", "/staff/../..//evil.example",
    "\t//evil.example/", "javascript:alert(1)", "http:evil.example",
])  # fmt: skip
def test_signing_in_leads_to_no_other_site(staff_app: Flask, next_: str) -> None:
    who = Member(staff_app, "ana")
    form_data = {"email": "ana@example.org", "password": PASSWORD, "csrf_token": who.token(), "next": next_}
    for path in ("/staff/sign-in", f"/staff/sign-in?next={next_}"):
        where = staff_app.test_client().post(path, data=form_data).location or ""
        assert "evil" not in where
        assert "javascript" not in where
    member = Member(staff_app, "ana")
    member.sign_in()
    assert member.client.post(
        "/staff/drafts/throw-away/", data={"path": next_, "csrf_token": member.token()}
    ).location.startswith("/staff/")


def test_a_claimed_host_is_in_no_link(services: Services, member: Members) -> None:
    ada = member("ada")
    form_data = {"email": "guest@example.org", "role": "reader", "csrf_token": ada.token()}
    page = ada.client.post("/staff/small/people/", data=form_data, headers={"X-Forwarded-Host": "evil.example"})
    assert f"{services.settings.base_url}/staff/welcome/" in page.text
    for path in ("/small/", "/small/changes.atom", "/sitemap.xml", "/sitemap/small/register-1.xml", "/small/embed/"):
        assert "evil.example" not in ada.client.get(path, headers={"Host": "evil.example"}).text


def test_what_belongs_to_one_register_is_not_reached_through_another(
    services: Services, member: Members, staff_app: Flask
) -> None:
    ada = member("ada")
    new = {"id": "other", "title": "Another", "time_zone": "UTC", "peer_review": "never"}
    with services.accounts.work() as db:
        people.give_role(db, people.find_user(db, "ben@example.org"), ALL_REGISTERS, StaffRole.ADMINISTRATOR)
        people.give_role(db, people.find_user(db, "rita@example.org"), "other", StaffRole.ADMINISTRATOR)
    assert member("ben").post("/staff/registers/new/", **new).status_code == 302
    ada.post("/staff/small/recommendations/law/comments/", text="A word among us.")
    ada.post("/staff/small/evidence/oath/notes/", note="Another word.", language="en")
    rita, before = member("rita"), services.log.last()
    for path in (
        "evidence/oath/", "recommendations/law/propose/", "recommendations/law/card/", "recommendations/law/comments/",
        "assessments/law-2/withdraw/", "webhooks/1/", "opinions/1/", "facts/bodies/state/", "reviews/ten/2024-02-17/",
    ):  # fmt: skip
        assert rita.client.get(f"/staff/other/{path}").status_code in (400, 404), path
    for path in (
        "comments/1/remove/", "evidence/oath/notes/1/", "evidence/oath/notes/", "assessments/law-2/withdraw/",
        "recommendations/law/card/", "recommendations/law/propose/", "proposals/law-2/", "webhooks/1/switch/",
    ):  # fmt: skip
        answer = rita.post(f"/staff/other/{path}", action="remove", counts="x", does_not_count="x")
        assert answer.status_code == 404, path
    assert rita.post("/staff/other/unchanged/", action="send", pick=["law"]).status_code == 404
    assert rita.post("/staff/other/assign/", action="assign", pick=["law"], person="person-rita").status_code == 404
    assert services.log.last() == before
    assert "A word among us." in ada.get("/staff/small/recommendations/law/comments/").text
    assert "Another word." in ada.get("/staff/small/evidence/oath/").text


def test_a_lost_role_ends_access_and_keeps_earlier_decisions(
    services: Services, staff_app: Flask, member: Members
) -> None:
    ana, ben = member("ana"), member("ben")
    path = send_proposal(ana).location
    at = (services.clock() + timedelta(days=2)).strftime("%Y-%m-%dT%H:%M")
    assert ben.post(path, action="publish", version=form_version(ben, path), publish_at=at).status_code == 302
    with services.accounts.work() as db:
        user = people.find_user(db, "ben@example.org")
        token = api_tokens.create_token(db, user, "script", ["publish"], 30, services.clock())
        people.give_role(db, user, "small", None)
    assert ben.client.get("/staff/small/").status_code == 403
    headers = {"Authorization": f"Bearer {token}"}
    assert staff_app.test_client().post(WRITE, headers=headers).status_code == 403
    assert path in member("ada").get("/staff/").html, "others see what is scheduled, and can return it"
    services.clock.go_on(days=3)  # type: ignore[attr-defined]
    assert publish_due(services) == 1


@pytest.mark.parametrize("body", [
    b"[" * 200_000, b'{"why": 1e999}', b'{"why": ' + b"9" * 100_000 + b"}", rb'{"why": "\ud800"}', b'{"why": "\xff"}',
    b'{"why": "a\x00b"}', b'{"why": "' + b"x" * 200_000 + b'"}', b'{"why": {"why": "x"}}', b"null", b"",
])  # fmt: skip
def test_no_body_brings_the_api_down(services: Services, staff_app: Flask, member: Members, body: bytes) -> None:
    staff_app.config["PROPAGATE_EXCEPTIONS"] = False
    path = send_proposal(member("ana")).location
    with services.accounts.work() as db:
        token = api_tokens.create_token(
            db, people.find_user(db, "ben@example.org"), "script", ["publish"], 30, services.clock()
        )
    client, before = staff_app.test_client(), services.log.last()
    headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": "k"}
    waiting = client.get("/api/v1/registers/small/recommendations/law/proposals", headers=headers)
    headers["If-Match"] = waiting.headers["ETag"]
    to = f"/api/v1/registers/small/assessments/{path.split('/')[-2]}/decline"
    answer = client.post(to, data=body, headers=headers, content_type="application/json")
    assert answer.status_code == 400, answer.text
    assert answer.json["detail"]
    assert services.log.last() == before
