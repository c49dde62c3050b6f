"""Every form of staff: it needs a token of this site, and a session that ends loses no input."""

import io
from collections.abc import Iterator
from itertools import count
from typing import Any
from urllib.parse import parse_qs, urlsplit
from xml.etree.ElementTree import Element

import pytest
from flask import Flask

from app.services.accounts import people
from app.services.accounts.models import Base
from app.services.accounts.permissions import ALL_REGISTERS, StaffRole
from app.services.container import Services
from tests.support.private_content import SOURCE_PATH, fill_with_private_content
from tests.support.staff_client import Member, Members
from tests.support.staff_pages import PAGES_OF_LINKS, ROUTES_WITHOUT_PAGE, STAFF_PAGES, staff_routes

EXEMPT = {"staff.stop_mail"}
"""Unsubscribes by the signature in its address; mail programs send it without opening a page."""
FILES = {"staff.sheet", "staff.upload"}
WITHOUT_SESSION = PAGES_OF_LINKS | {"staff.forgotten_password"}
"""Only a file is sent, which no browser keeps; it is chosen again."""


@pytest.fixture
def ada(services: Services, member: Members) -> Member:
    """An administrator of everything, in an office in the midst of its work."""
    fill_with_private_content(services, member)
    with services.accounts.work() as db:
        people.give_role(db, people.find_user(db, "ada@example.org"), ALL_REGISTERS, StaffRole.ADMINISTRATOR)
    return member("ada")


def _held(services: Services) -> dict[str, Any]:
    """All that a form could change."""
    with services.accounts.work() as db:
        tables = {t.name: [tuple(r) for r in db.execute(t.select())] for t in Base.metadata.sorted_tables}
    return tables | {"log": services.log.last()}


@pytest.mark.parametrize("other", [False, True])
def test_a_form_that_our_page_did_not_send_changes_nothing(
    services: Services, ada: Member, member: Members, staff_app: Flask, other: bool
) -> None:
    foreign = {"csrf_token": member("ana").token()} if other else {}
    before, forms = _held(services), [(p, e) for m, p, e in staff_routes(staff_app) if m == "POST" and e not in EXEMPT]
    assert len(forms) > 40
    for path, _endpoint in forms:
        answer = ada.client.post(path, data=foreign | {"action": "send", "text": "x", "note": "x", "email": "x"})
        assert answer.status_code == 400, path
        assert "This form was not sent from a page of this site" in answer.text, path
    assert _held(services) == before


def _forms(root: Element, path: str) -> Iterator[tuple[str, dict[str, list[str]], list[str]]]:
    """Each form that something can be typed into: where it is sent, what it holds, and its fields for texts."""
    for form in root.iter("form"):
        if form.get("method") != "post":
            continue
        current: dict[str, list[str]] = {}
        typed: list[str] = []
        for e in form.iter():
            name, kind = e.get("name") or "", e.get("type") or "text"
            if e.tag == "textarea" or (e.tag == "input" and kind in ("text", "email", "url", "number", "search")):
                typed.append(name)
            elif e.tag == "input" and (
                kind == "hidden" or (kind in ("radio", "checkbox") and e.get("checked") is not None)
            ):
                current.setdefault(name, []).append(e.get("value") or "")
        if typed:
            yield form.get("action") or path, current, typed


def test_what_was_typed_into_any_form_outlives_the_session(services: Services, ada: Member, staff_app: Flask) -> None:
    lost, number = [], count()
    for endpoint, path in STAFF_PAGES.items():
        if endpoint.startswith("security.") or endpoint in FILES | WITHOUT_SESSION:
            continue
        page = ada.client.get(path)
        at = page.headers.get("Location", path)
        for action, current, typed in _forms(ada.get(at).root, at):
            form_fields = {name: f"typed-{next(number):03}" for name in typed}
            services.clock.go_on(hours=13)  # type: ignore[attr-defined]
            answer = ada.client.post(
                action, data=current | form_fields, headers={"Referer": f"http://127.0.0.1:8000{at}"}
            )
            assert answer.status_code == 302, action
            back = parse_qs(urlsplit(answer.location).query).get("next", [""])[0]
            assert ada.sign_in().status_code == 302
            page_text = ada.client.get(back or "/staff/")
            gone = [name for name, text in form_fields.items() if text not in page_text.text]
            lost += [(action, back, page_text.status_code, gone)] if gone else []
    assert next(number) > 100
    assert lost == []


@pytest.mark.parametrize(("page", "action"), [
    ("/staff/small/sheet/", "/staff/small/sheet/"),
    ("/staff/registers/upload/", "/staff/registers/upload/"),
    (SOURCE_PATH, f"{SOURCE_PATH}files/"),
])  # fmt: skip
def test_a_file_is_not_kept_and_that_is_said(services: Services, ada: Member, page: str, action: str) -> None:
    token = ada.token()
    services.clock.go_on(hours=13)  # type: ignore[attr-defined]
    form_data = {"csrf_token": token, "rights": "Free", "file": (io.BytesIO(b"x"), "x.xlsx")}
    ada.client.post(action, data=form_data, headers={"Referer": f"http://127.0.0.1:8000{page}"})
    ada.sign_in()
    assert "Files are not saved with drafts. Choose the file again." in ada.get(page).text


def test_every_page_of_staff_is_among_those_that_are_walked(staff_app: Flask) -> None:
    assert {e for m, _, e in staff_routes(staff_app) if m == "GET"} == set(STAFF_PAGES) | ROUTES_WITHOUT_PAGE
