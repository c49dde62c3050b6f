"""The people of a register: roles are changed after a question, by one person at a time, and the page says what it did."""

from collections.abc import Callable

import pytest

from app.services.accounts import people
from app.services.accounts.permissions import ALL_REGISTERS, StaffRole
from app.services.container import Services
from tests.support.pages import checked_page
from tests.support.staff_client import Member, find_user
from tests.support.staff_forms import role_fields

Members = Callable[[str], Member]
PEOPLE = "/staff/small/people/"
BEN = f"{PEOPLE}person-ben/"
ROLE = "role.person-ben"


def role_of(services: Services, name: str) -> str | None:
    return next((m.role for m in find_user(services, name).memberships if m.register == "small"), None)


def test_a_role_changes_after_a_question(services: Services, member: Members) -> None:
    ada = member("ada")
    asked = checked_page(BEN, 200, ada.post(BEN, **role_fields("person-ben", "analyst", "editor")).text)
    assert asked.heading == "Change the role of Ben from “editor” to “analyst”?"
    assert "Cannot publish: an editor decides on each proposal." in asked.text
    assert "Everything that Ben proposed, decided or scheduled stays." in asked.text
    assert role_of(services, "ben") == "editor"
    ada.post(BEN, **role_fields("person-ben", "analyst", "editor"), confirmed="no")
    assert role_of(services, "ben") == "editor"
    assert ada.post(BEN, **role_fields("person-ben", "analyst", "editor"), confirmed="yes").location == PEOPLE
    assert role_of(services, "ben") == "analyst"
    told = ada.get(PEOPLE).text
    assert "Ben has the role “analyst” now" in told
    assert "Ben gets a notice about it." in told
    assert "changed your role in" in member("ben").get("/staff/account/notices/").text


def test_a_person_is_removed_after_a_question(services: Services, member: Members) -> None:
    ada = member("ada")
    asked = checked_page(BEN, 200, ada.post(BEN, **role_fields("person-ben", "none", "editor")).text)
    assert asked.heading == "Remove Ben from “A small register”?"
    assert "Ben can no longer open this register on the staff pages" in asked.text
    assert ada.post(BEN, **role_fields("person-ben", "none", "editor"), confirmed="yes").location == PEOPLE
    assert role_of(services, "ben") is None
    page = ada.get(PEOPLE)
    assert "Ben has no role in this register now" in page.text
    assert "ben@example.org" not in page.text


def test_the_second_of_two_tabs_does_not_win_silently(services: Services, member: Members) -> None:
    first, second = member("ada"), member("ada")
    for tab, role in ((first, "reader"), (second, "administrator")):
        assert "What happens" in tab.post(BEN, **role_fields("person-ben", role, "editor")).text
    assert first.post(BEN, **role_fields("person-ben", "reader", "editor"), confirmed="yes").status_code == 302
    late = second.post(BEN, **role_fields("person-ben", "administrator", "editor"), confirmed="yes")
    assert late.status_code == 400
    assert "The role of Ben changed after you opened the page. It is now: reader." in late.text
    assert role_of(services, "ben") == "reader"
    assert second.post(BEN, **role_fields("person-ben", "administrator", "editor")).status_code == 400, (
        "nor is it asked"
    )
    assert first.post(BEN, **role_fields("person-ben", "none", "reader"), confirmed="yes").status_code == 302
    gone = second.post(BEN, **role_fields("person-ben", "editor", "reader"), confirmed="yes")
    assert "This person has no role in this register." in gone.text
    assert role_of(services, "ben") is None


@pytest.mark.parametrize("fields", [{ROLE: "king"}, {ROLE: "editor", f"was.{ROLE}": "king"}, {}, {ROLE: "editor"}])
def test_a_form_that_lacks_something_changes_nothing(
    services: Services, member: Members, fields: dict[str, str]
) -> None:
    answer = member("ada").post(BEN, **fields, confirmed="yes")
    assert (answer.status_code, "Choose a role." in answer.text) == (400, True)
    assert role_of(services, "ben") == "editor"


def test_the_same_role_again_is_said_and_changes_nothing(services: Services, member: Members) -> None:
    ada = member("ada")
    assert ada.post(BEN, **role_fields("person-ben", "editor", "editor")).location == PEOPLE
    assert "Ben already has the role “editor” here" in ada.get(PEOPLE).text
    assert "changed your role" not in member("ben").get("/staff/account/notices/").text


def test_an_administrator_who_gives_up_the_role_lands_where_it_is_allowed(services: Services, member: Members) -> None:
    ada = member("ada")
    answer = ada.confirm(f"{PEOPLE}person-ada/", **role_fields("person-ada", "reader", "administrator"))
    assert answer.location == "/staff/"
    assert "Ada has the role “reader” now" in ada.get("/staff/").text
    ada.get(PEOPLE, status=403)


def test_inviting_a_known_person_asks_before_a_role_changes(services: Services, member: Members) -> None:
    ada, invited = member("ada"), {"email": "Ben@example.org", "name": "Ben", "role": "administrator"}
    asked = checked_page(PEOPLE, 200, ada.post(PEOPLE, **invited).text)
    assert asked.heading == "Ben already has the role “editor” here. Change it?"
    assert 'name="seen" value="editor"' in asked.html
    assert role_of(services, "ben") == "editor"
    assert "Ben@example.org" in ada.post(PEOPLE, **invited, seen="editor", confirmed="no").text, "typed text stays"
    with services.accounts.work() as db:
        people.give_role(db, people.find_user(db, "ben@example.org"), "small", StaffRole.READER)
    late = ada.post(PEOPLE, **invited, seen="editor", confirmed="yes")
    assert "The role of Ben changed after you opened the page. It is now: reader." in late.text
    assert "Ben@example.org" in late.text
    assert ada.post(PEOPLE, **invited, seen="reader", confirmed="yes").location == PEOPLE
    assert role_of(services, "ben") == "administrator"


def test_inviting_a_person_with_the_same_role_says_so(services: Services, member: Members) -> None:
    ada = member("ada")
    assert ada.post(PEOPLE, email="ben@example.org", role="editor").location == PEOPLE
    assert "Ben already has the role “editor” here Nothing was changed." in ada.get(PEOPLE).text
    with services.accounts.work() as db:
        olga = people.add_user(db, "olga@example.org", "Olga")
        olga.password = "x"
        people.give_role(db, olga, ALL_REGISTERS, StaffRole.ADMINISTRATOR)
    assert ada.post(PEOPLE, email="olga@example.org", role="analyst").location == PEOPLE
    assert "Olga already has the role “administrator” in every register" in ada.get(PEOPLE).text
    assert role_of(services, "olga") is None


def test_a_long_list_has_pages_and_is_searched(services: Services, member: Members) -> None:
    ada = member("ada")
    with services.accounts.work() as db:
        for n in range(60):
            person = people.add_user(db, f"n{n:02}@example.org", f"Person {n:02}")
            person.password = "x"
            people.give_role(db, person, "small", StaffRole.READER)
            guest = people.add_user(db, f"g{n:02}@example.org", f"Guest {n:02}")
            people.give_role(db, guest, "small", StaffRole.READER)
    first, second = ada.get(PEOPLE), ada.get(PEOPLE, page="2")
    assert "1 to 50 of 64" in first.text
    assert "n00@example.org" in first.text and "n00@example.org" not in second.text
    assert "n59@example.org" in second.text and "n59@example.org" not in first.text
    assert "1 to 50 of 60" in first.text, "open invitations have pages of their own"
    assert "g00@example.org" in first.text and "g59@example.org" not in first.text
    assert "g59@example.org" in ada.get(PEOPLE, open="2").text
    found = ada.get(PEOPLE, q="person 5")
    assert found.text.count("Role of") == 10
    assert "There are none with this name or address." in ada.get(PEOPLE, q="100%").text
