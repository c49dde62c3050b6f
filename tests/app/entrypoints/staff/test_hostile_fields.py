"""Hostile values in each field of every form of staff: an error message, never a server error."""

from itertools import product

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from app.services.accounts import people
from app.services.accounts.permissions import ALL_REGISTERS, StaffRole
from app.services.container import Services
from tests.support.private_content import fill_with_private_content
from tests.support.staff_client import Member, Members
from tests.support.staff_pages import PAGES_OF_LINKS, STAFF_PAGES

TYPED = {
    "a number that is none": "²",
    "a number without end": "9" * 5000,
    "a zero byte": "x\0y",
    "the beginning of time": "0001-01-01T00:00",
    "the end of time": "9999-12-31T23:59",
    "an address that runs": " JavaScript:alert(1)",
    "a letter's head": "a@example.org\r\nBcc: b@example.org",
    "a book": "x" * 300_000,
}
ENDS = {"/staff/sign-out", "/staff/account/sessions/", "/staff/account/leave/", "/staff/spreadsheet/1/discard/"}
"""What is sent there ends the walk."""
ROWS = ("webhooks/{}/", "webhooks/{}/switch/", "opinions/{}/", "opinions/{}/call-off/", "comments/{}/remove/",
        "evidence/oath/notes/{}/")  # fmt: skip


@pytest.fixture
def ada(services: Services, member: Members, staff_app: Flask) -> Member:
    staff_app.config["PROPAGATE_EXCEPTIONS"] = False
    fill_with_private_content(services, member)
    with services.accounts.work() as db:
        people.give_role(db, people.find_user(db, "ada@example.org"), ALL_REGISTERS, StaffRole.ADMINISTRATOR)
    return member("ada")


def test_no_field_brings_a_form_down(ada: Member) -> None:
    answers = []
    for endpoint, path in STAFF_PAGES.items():
        if endpoint in PAGES_OF_LINKS or endpoint.startswith("security."):
            continue
        at = ada.client.get(path).headers.get("Location", path)
        for form in ada.get(at).root.iter("form"):
            to = form.get("action") or at
            if form.get("method") != "post" or to in ENDS:
                continue
            fields = {e.get("name"): e for e in form.iter() if e.tag in ("input", "textarea", "select")}
            kept = {n: e.get("value") for n, e in fields.items() if e.get("type") == "hidden"}
            buttons = [e.get("value") for e in form.iter("button") if e.get("name") == "action"] or [""]
            for action, (name, typed) in product(buttons, TYPED.items()):
                form_data = dict.fromkeys(filter(None, fields), typed) | kept | {"action": action}
                answers.append((to, action, name, ada.client.post(to, data=form_data).status_code))
    assert len(answers) > 500
    assert [a for a in answers if a[3] >= 500] == []
    assert ada.get("/staff/").heading, "she is still signed in"


def test_a_zero_byte_is_refused_in_a_sentence(ada: Member) -> None:
    for path in ("/staff/account/", "/staff/small/recommendations/law/comments/", "/staff/sign-in"):
        answer = ada.post(path, name="a\0b", text="a\0b", email="a\0b")
        assert answer.status_code == 400
        assert "The text contains an invalid character. Retype it." in answer.text


def test_a_statement_that_fails_tells_no_log_what_was_in_it(either: Services) -> None:
    place = either.views.store
    for engine in (either.accounts.engine, *(place.engine(n, writing=True) for n in place.names())):
        with engine.connect() as db, pytest.raises(SQLAlchemyError) as failed:
            db.execute(text("SELECT * FROM nothing WHERE a = :a"), {"a": "zebra"})
        assert "nothing" in str(failed.value)
        assert "zebra" not in str(failed.value)


def test_no_number_in_an_address_is_longer_than_a_row_has(ada: Member) -> None:
    for path in ROWS:
        answer = ada.post(f"/staff/small/{path.format('9' * 25)}")
        assert answer.status_code == 404
        assert "There is no page at this address." in answer.text


def test_no_link_leads_to_an_address_that_runs_as_a_script(ada: Member) -> None:
    path = "/staff/small/facts/publications/report/"
    seen = next(e.get("value") for e in ada.get(path).root.iter("input") if e.get("name") == "seen")
    form_fields = {
        "title": "The report",
        "publisher": "A think tank",
        "published_on": "2023",
        "why": "It moved.",
        "seen": seen,
    }
    for url in ("javascript:alert(1)", "JaVaScRiPt:alert(1)", "\x01javascript:alert(1)", "data:text/html,x", "vbscript:x",
                "java\nscript:alert(1)", "&#106;avascript:alert(1)", "//evil.example/", "https:/\\x y"):  # fmt: skip
        answer = ada.post(path, url=url, **form_fields)
        assert answer.status_code == 400, url
        assert ("Enter an address that starts with http:// or https:// and has no spaces." in answer.text) is (
            "\x01" not in url
        )
        assert 'href="java' not in answer.text.lower()
