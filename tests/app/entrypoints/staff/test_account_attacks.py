"""Attacks on accounts: each of these was possible once."""

from collections.abc import Callable

import pytest
from flask import Flask

from app.services.accounts import api_tokens, one_time_links, people
from app.services.accounts.actors import OPERATOR
from app.services.accounts.one_time_links import LinkKind
from app.services.accounts.permissions import ALL_REGISTERS, StaffRole
from app.services.container import Services
from domain.errors import Refused
from tests.support.clock import Clock
from tests.support.staff_client import PASSWORD, Member, form_version, send_proposal

Members = Callable[[str], Member]
NEW = "another long phrase of mine"


def _guess(app: Flask, name: str, times: int) -> list[int]:
    return [Member(app, name).sign_in(f"wrong-{n}").status_code for n in range(times)]


def test_another_person_cannot_clear_the_count_of_wrong_passwords(staff_app: Flask, member: Members) -> None:
    rita = member("rita")
    for expected in ([200] * 6, [200] * 4 + [429] * 2):
        assert _guess(staff_app, "ada", 6) == expected
        rita.post("/staff/sign-in", email="ada@example.org", password="x")
        assert rita.get("/staff/account/")


def test_guesses_of_strangers_do_not_stop_a_person_from_confirming(staff_app: Flask, member: Members) -> None:
    ben = member("ben")
    _guess(staff_app, "ben", 10)
    assert ben.post("/staff/confirm", password=PASSWORD).status_code == 302
    wrong = [ben.post("/staff/confirm", password="wrong").status_code for _ in range(11)]
    assert wrong == [200] * 10 + [429]


def test_an_invited_person_does_not_count_as_the_last_administrator(services: Services, member: Members) -> None:
    member("ada")
    with services.accounts.work() as db:
        ada, zoe = people.find_user(db, "ada@example.org"), people.add_user(db, "zoe@example.org")
        for user in (ada, zoe):
            people.give_role(db, user, ALL_REGISTERS, StaffRole.ADMINISTRATOR)
        for role in (None, StaffRole.EDITOR):
            with pytest.raises(Refused, match="last administrator"):
                people.give_role(db, ada, ALL_REGISTERS, role)
        with pytest.raises(Refused, match="last administrator"):
            people.remove_user(db, ada, erase=False)


def test_a_new_password_by_link_ends_the_tokens(staff_app: Flask, services: Services, clock: Clock) -> None:
    with services.accounts.work() as db:
        ben = people.find_user(db, "ben@example.org")
        token = api_tokens.create_token(db, ben, "old", ["read"], 90, clock())
        secret = one_time_links.create_link(db, ben, clock(), by=OPERATOR, kind=LinkKind.RECOVERY)
    assert Member(staff_app, "x").post(f"/staff/password/{secret}/", password=NEW, again=NEW).status_code == 302
    with services.accounts.work() as db:
        assert api_tokens.find_holder(db, token, clock()) is None


@pytest.mark.parametrize("path", ["/small/report-error/", "/staff/sign-in", "/staff/forgotten-password/"])
def test_strangers_cannot_send_large_forms(staff_app: Flask, path: str) -> None:
    answer = staff_app.test_client().post(path, data={"text": '"' * 200_000, "email": "x"})
    assert answer.status_code == 413
    assert len(answer.data) < 20_000


def test_a_decision_without_a_version_is_refused(member: Members) -> None:
    assert send_proposal(member("ana")).status_code == 302
    ben, path = member("ben"), "/staff/small/proposals/law-2025-03/"
    assert ben.post(path, action="publish").status_code == 400
    assert ben.post(path, action="publish", version=form_version(ben, path)).status_code == 302
