"""Every page of staff for every role and without an account: the permission table decides."""

import re
from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from flask import Flask

from app.entrypoints.http.guard import ANYONE, SIGNED_IN, permission_of
from app.presentation.i18n.localize import refusal_text, set_title_finder
from app.presentation.i18n.translation import set_language
from app.services.accounts import people
from app.services.accounts.permissions import ALL_REGISTERS, PERMISSIONS, NotAllowed, StaffRole, allows
from app.services.container import Services
from domain import commands as c
from domain.values import RegisterSettings
from tests.support.sample_files import PDF_BYTES
from tests.support.staff_client import PROPOSAL_FIELDS, PROPOSE_PATH, ROLES, Member
from tests.support.staff_pages import staff_routes

PEOPLE = "/staff/small/people/"
NO_CHANGE = {"rationale": "It is still so.", "effective_on": "2025-06", "evidence": ["story"], "action": "send"}
SOURCE = {"src_title": "New", "src_publisher": "P", "src_class": "official", "src_summary": "S"}
WITHDRAWAL = {"reason": "Entered twice.", "confirmed": "yes"}


def test_every_page_of_staff_says_what_it_asks_for(staff_app: Flask) -> None:
    with staff_app.app_context():
        silent = {e for _, _, e in staff_routes(staff_app) if permission_of(e) is None}
    assert not {e for e in silent if e.startswith("staff.")}
    client = staff_app.test_client()
    for method, path, endpoint in staff_routes(staff_app):
        if endpoint in silent:
            assert client.open(path, method=method).status_code in (400, 404), path


def test_every_page_needs_a_sign_in(staff_app: Flask) -> None:
    client = staff_app.test_client()
    with staff_app.app_context():
        closed = [(m, p) for m, p, e in staff_routes(staff_app) if permission_of(e) not in (ANYONE, None)]
    assert len(closed) > 15
    for method, path in closed:
        answer = client.open(path, method=method)
        assert answer.status_code in (302, 400), path
        if answer.status_code == 302:
            assert "/staff/sign-in" in answer.location, path


@pytest.mark.parametrize("name", ROLES)
def test_a_role_opens_what_the_table_says_and_nothing_else(
    staff_app: Flask, member: Callable[[str], Member], name: str
) -> None:
    who = member(name)
    with staff_app.app_context():
        pages = [(m, p, permission_of(e)) for m, p, e in staff_routes(staff_app)]
    for method, path, permission in pages:
        if permission in (ANYONE, SIGNED_IN, None) or method != "GET":
            continue
        status = who.client.get(path).status_code
        may = allows(ROLES[name], permission) and "/small/" in path  # no role is one for all registers
        assert (status != 403) is may, f"{path} as {name}: {status}"


@pytest.mark.parametrize("name", ROLES)
def test_a_form_sent_without_the_right_changes_nothing(
    staff_app: Flask, member: Callable[[str], Member], name: str
) -> None:
    who = member(name)
    with staff_app.app_context():
        pages = [(p, permission_of(e)) for m, p, e in staff_routes(staff_app) if m == "POST"]
    for path, permission in pages:
        if permission in PERMISSIONS and not (allows(ROLES[name], permission) and "/small/" in path):
            answer = who.post(path)
            assert answer.status_code == 403, path
            assert "you need the role" in answer.text


@pytest.mark.parametrize(
    ("endpoint", "path", "fields"),
    [
        ("staff.propose", PROPOSE_PATH, PROPOSAL_FIELDS | {"action": "send"}),
        ("staff.withdraw_recommendation", "/staff/small/recommendations/law/withdraw/", WITHDRAWAL),
        ("staff.unchanged", "/staff/small/unchanged/", {"pick": ["law"]} | NO_CHANGE),
        ("staff.upload_copy", "/staff/small/evidence/oath/files/", {}),
        ("staff.new_source", "/staff/small/new-source/", SOURCE),
        ("staff.add", "/staff/small/setup/bodies/", {"name": "Another", "action": "one"}),
        ("staff.amend", "/staff/small/facts/bodies/state/", {"name": "Another"}),
    ],
)
def test_a_command_is_refused_even_where_its_page_is_open(
    staff_app: Flask,
    member: Callable[[str], Member],
    monkeypatch: pytest.MonkeyPatch,
    endpoint: str,
    path: str,
    fields: dict[str, Any],
) -> None:
    rita, log = member("rita"), staff_app.extensions["uptake"].log
    monkeypatch.setattr(staff_app.view_functions[endpoint], "permission", "read")
    if endpoint == "staff.upload_copy":
        fields = {"file": (BytesIO(PDF_BYTES), "copy.pdf")}
    if endpoint == "staff.amend":
        page = rita.get(path)
        fields = {e.get("name", ""): e.get("value", "") for e in page.root.iter("input")} | fields
    before = log.last()
    answer = rita.post(path, **fields)
    assert answer.status_code == 403, answer.text
    assert "you need the role" in answer.text
    assert log.last() == before


def test_a_role_in_one_register_opens_no_other(member: Callable[[str], Member]) -> None:
    answer = member("ada").client.get("/staff/other/history/")
    assert answer.status_code == 403


def test_a_refusal_names_a_register_only_to_those_who_may_read_it(
    services: Services, member: Callable[[str], Member]
) -> None:
    services.execute(c.EstablishRegister("hidden", settings=RegisterSettings(id="hidden", title="Secret")), by="zoe")
    page = member("ada").get("/staff/hidden/people/", status=403)
    assert "To invite people and give roles in “hidden”, you need the role administrator." in page.text
    assert "Secret" not in page.text
    assert "in “A small register”, you need the role administrator." in member("ben").get(PEOPLE, status=403).text


@pytest.mark.parametrize("register", ["small", ALL_REGISTERS])
@pytest.mark.parametrize("permission", PERMISSIONS)
def test_a_refusal_is_in_the_language_of_its_reader(permission: str, register: str) -> None:
    set_title_finder(None)
    set_language("ko")
    try:
        sentence = refusal_text(NotAllowed(permission, register).refusal)
    finally:
        set_language("en")
    assert not re.search("[a-z]", sentence.replace("small", "")), sentence


def test_roles_are_explained_where_they_are_given(services: Services, member: Callable[[str], Member]) -> None:
    with services.accounts.work() as db:
        people.find_user(db, "ada@example.org").language = "ko"
    ada = member("ada")
    korean = ada.get(PEOPLE).text
    assert "게시할 수는 없으며 제안마다 편집자가 결정합니다." in korean
    assert not [role for role in StaffRole if re.search(rf"\b{role}\b", korean, re.IGNORECASE)]
    with services.accounts.work() as db:
        people.find_user(db, "ada@example.org").language = "en"
    assert (
        "Analyst Does what a reader does, proposes statuses, adds sources and writes success criteria. Cannot publish"
        in ada.get(PEOPLE).text
    )


def test_roles_build_on_each_other() -> None:
    for permission in PERMISSIONS:
        assert [allows(role, permission) for role in StaffRole] == sorted(
            allows(role, permission) for role in StaffRole
        )
        assert not allows(None, permission)
