"""A password that is easy to guess is refused wherever one is chosen, with what helps."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from app.services.accounts import one_time_links, people
from app.services.accounts.actors import OPERATOR
from app.services.accounts.one_time_links import LinkKind
from app.services.container import Services
from tests.support.pages import checked_page
from tests.support.staff_client import PASSWORD, Member, find_user

pytestmark = pytest.mark.filterwarnings("ignore:Passing SelectField choices")
REASONS = {
    "password1234": "This password is easy to guess: it is, or is close to, a common password.",
    "abcdefghijkl": "This password is easy to guess: it repeats a pattern, such as “abcabc” or “12345”.",
    "ana@example.org": "This password is made of your name or your e-mail address.",
}


def _link(services: Services, person: str, kind: LinkKind) -> str:
    with services.accounts.work() as db:
        user = people.find_user(db, person)
        return one_time_links.create_link(db, user, services.clock(), by=OPERATOR, kind=kind)


def _as_invited(services: Services, app: Flask, password: str) -> Any:
    path = f"/staff/welcome/{_link(services, 'person-ana', LinkKind.WELCOME)}/"
    return Member(app, "ana").post(path, name="Ana Kim", password=password, again=password)


def _as_forgotten(services: Services, app: Flask, password: str) -> Any:
    path = f"/staff/password/{_link(services, 'person-ana', LinkKind.RECOVERY)}/"
    return Member(app, "ana").post(path, password=password, again=password)


def _as_changed(services: Services, app: Flask, password: str) -> Any:
    ana = Member(app, "ana")
    ana.sign_in()
    new = {"new_password": password, "new_password_confirm": password}
    return ana.post("/staff/account/password", password=PASSWORD, **new)


def test_a_long_password_signs_in_whole(services: Services, staff_app: Flask) -> None:
    long = "a green kettle sings under nine bridges of the river " * 2
    assert len(long) > 100
    assert _as_invited(services, staff_app, long.strip()).status_code == 302
    ana = Member(staff_app, "ana")
    assert ana.sign_in(long.strip()[:72]).status_code == 200
    assert ana.sign_in(long.strip()).status_code == 302


@pytest.mark.parametrize("choose", [_as_invited, _as_forgotten, _as_changed])
@pytest.mark.parametrize("password", REASONS)
def test_it_is_refused_wherever_one_is_chosen(
    services: Services, staff_app: Flask, choose: Callable[[Services, Flask, str], Any], password: str
) -> None:
    before = find_user(services, "ana").password
    answer = choose(services, staff_app, password)
    page = checked_page("/staff/", answer.status_code, answer.text)
    assert page.text.count(REASONS[password]) == 2, "in the summary and beside the field"
    assert "Use several words" in page.text
    assert password not in re.sub("You sign in with [^ ]*", "", page.text)
    assert find_user(services, "ana").password == before
    assert choose(services, staff_app, "a green kettle under bridges").status_code == 302
    assert find_user(services, "ana").password != before


def test_the_reason_is_in_the_language_of_the_person(services: Services, staff_app: Flask) -> None:
    with services.accounts.work() as db:
        people.find_user(db, "person-ana").language = "ko"
    assert "쉽게 추측할 수 있는 비밀번호입니다" in _as_changed(services, staff_app, "password1234").text


def test_who_has_an_easy_password_still_signs_in(services: Services, staff_app: Flask) -> None:
    """The rule is about new passwords."""
    from flask_security import hash_password

    with staff_app.app_context(), services.accounts.work() as db:
        people.find_user(db, "person-ana").password = hash_password("password1234")
    assert Member(staff_app, "ana").sign_in("password1234").status_code == 302
