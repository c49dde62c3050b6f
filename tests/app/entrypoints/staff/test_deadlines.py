"""Deadlines in the browser of staff: stated, moved, withdrawn, pasted; and refused with what was typed."""

from pathlib import Path

from app.bootstrap.flask_app import create_app
from app.entrypoints.http.security import hash_new_password
from app.services.accounts import people
from app.services.accounts.permissions import StaffRole
from app.services.bundles.importing import ImportOptions, import_bundle
from app.services.container import Services
from projections.catalogue import queries as catalogue
from projections.engine.batches import END_OF_TIME
from tests.support.staff_client import PASSWORD, Member, Members, send_form
from tests.support.staff_forms import text_in_field

PAGE = "/staff/small/recommendations/law/deadlines/"
FIELDS = {"due_on": "2026-12", "stated_on": "2023-09-14", "stated_by": "ministry", "evidence": "story"}


def stated(services: Services) -> list[tuple[str, str]]:
    with services.views.connect() as db:
        return [(d.deadline.id, d.withdrawn_reason) for d in catalogue.deadlines(db, "small", END_OF_TIME)]


def test_an_editor_states_and_withdraws_a_deadline(small: Services, member: Members) -> None:
    ben = member("ben")
    assert PAGE in ben.get("/staff/small/recommendations/law/").links()
    assert ben.confirm(PAGE, **FIELDS).status_code == 302
    assert stated(small) == [("law-due-2026-12", "")]
    page = ben.get(PAGE)
    assert "Due December 2026" in page.text
    withdraw = f"{PAGE}law-due-2026-12/withdraw/"
    assert withdraw in page.links()
    assert "Enter why it is withdrawn." in send_form(ben, withdraw, reason=" ").text
    asked = send_form(ben, withdraw, reason="Another law.")
    assert "Withdraw the deadline of December 2026?" in asked.text
    assert stated(small) == [("law-due-2026-12", "")], "asking changes nothing"
    assert "Another law." in send_form(ben, withdraw, reason="Another law.", confirmed="no").text
    assert send_form(ben, withdraw, reason="Another law.", confirmed="yes").status_code == 302
    assert "The deadline is withdrawn." in ben.get(PAGE).text
    assert "The deadline is withdrawn." not in ben.get(PAGE).text, "a banner appears once"
    assert stated(small) == [("law-due-2026-12", "Another law.")]
    assert "Withdrawn: Another law." in ben.get(PAGE).text
    assert "already withdrawn" in send_form(ben, withdraw, reason="Again.").text


def test_who_stated_it_is_found_by_name(small: Services, member: Members) -> None:
    ben = member("ben")
    found = ben.post(PAGE, **FIELDS | {"action": "find_stated_by", "stated_by": "minis", "note": "By decree."})
    assert found.status_code == 200
    assert 'name="stated_by_is" value="body/ministry"' in found.text
    assert "By decree." in found.text
    none = ben.post(PAGE, **FIELDS | {"action": "find_stated_by", "stated_by": "A shipowner"})
    assert "No body or publication has these words." in none.text
    asked = ben.post(PAGE, **FIELDS | {"action": "state", "stated_by": "minis"})
    assert asked.status_code == 400
    assert "Choose who is meant by “minis”, or that it is another." in asked.text
    assert 'name="stated_by_is" value="text"' in asked.text
    chosen = FIELDS | {"action": "state", "stated_by": "minis", "stated_by_is": "body/ministry"}
    assert ben.confirm(PAGE, **chosen).status_code == 302
    other = FIELDS | {"action": "state", "due_on": "2027", "stated_by": "minis", "stated_by_is": "text"}
    assert ben.confirm(PAGE, **other).status_code == 302
    named = FIELDS | {"action": "state", "due_on": "2028", "stated_by": "MINISTRY"}
    assert ben.confirm(PAGE, **named).status_code == 302
    with small.views.connect() as db:
        who = [d.deadline.stated_by for d in catalogue.deadlines(db, "small", END_OF_TIME)]
    assert who == ["ministry", "minis", "ministry"]


def test_a_refused_deadline_keeps_what_was_typed(small: Services, member: Members) -> None:
    answer = member("ben").post(PAGE, **FIELDS | {"stated_on": "2036-01-01", "note": "By decree."})
    assert answer.status_code == 400
    assert "“1 January 2036” is after " in answer.text
    assert "By decree." in answer.text
    assert stated(small) == []


def test_a_part_has_a_deadline_of_its_own(small: Services, member: Members) -> None:
    ben = member("ben")
    path = "/staff/small/recommendations/post/deadlines/"
    assert "Appointed" in ben.get(path).text
    assert ben.confirm(path, **FIELDS | {"element": "appointed"}).status_code == 302
    assert stated(small) == [("post-appointed-due-2026-12", "")]
    assert "Appointed: Due December 2026" in ben.get(path).text


def test_a_deadline_of_a_prepared_register_is_removed(
    services: Services, small_bundle: Path, hashing_cost: None
) -> None:
    import_bundle(services, small_bundle, ImportOptions(approve_cards="cem"))
    app = create_app(services)
    with app.app_context(), services.accounts.work() as db:
        user = people.add_user(db, "ada@example.org", "Ada", person="person-ada")
        user.password = hash_new_password(PASSWORD, user)
        people.give_role(db, user, "small", StaffRole.ADMINISTRATOR)
    ada = Member(app, "ada")
    ada.sign_in()
    assert ada.post(PAGE, **FIELDS).status_code == 302
    remove = "/staff/small/remove/deadlines/law-due-2026-12/?recommendation=law"
    assert remove in ada.get(PAGE).links()
    assert ada.post(remove).status_code == 302
    assert stated(services) == []
    assert ada.post(PAGE, **FIELDS).status_code == 302  # its id can be used again


def test_a_deadline_of_an_open_register_is_not_removed(member: Members) -> None:
    ada = member("ada")
    assert ada.confirm(PAGE, **FIELDS).status_code == 302
    remove = "/staff/small/remove/deadlines/law-due-2026-12/?recommendation=law"
    assert remove not in ada.get(PAGE).links()
    assert "The register is open, so nothing is removed." in ada.post(remove).text


def test_only_editors_state_deadlines(small: Services, member: Members) -> None:
    for name in ("rita", "ana"):
        assert member(name).post(PAGE, **FIELDS).status_code == 403
    assert stated(small) == []


def test_many_deadlines_are_pasted_at_once(small: Services, member: Members) -> None:
    pasted = (
        "recommendation\telement\tdue_on\tstated_on\tstated_by\n"
        "law\t\t2026-12\t2023-09\tministry\n"
        "post\tkept\t2027\t2023-09\tA minister\n"
    )
    ada = member("ada")
    shown = ada.post("/staff/small/setup/deadlines/", action="paste", pasted=pasted)
    assert stated(small) == []
    with_ids = text_in_field(shown, "pasted")
    assert ada.confirm("/staff/small/setup/deadlines/", action="paste", pasted=with_ids).status_code == 302
    assert stated(small) == [("law-due-2026-12", ""), ("post-kept-due-2027", "")]
    wrong = pasted.replace("2026-12", "2025-06").replace("A minister", "")
    answer = ada.post("/staff/small/setup/deadlines/", action="paste", pasted=wrong)
    assert answer.status_code == 400
    assert "stated_by: the cell is empty" in answer.text
    assert "row 3" in answer.text


def test_a_theme_is_added_beside_those_without_a_position(small: Services, member: Members) -> None:
    """Rows are added to files that leave out the columns a register does not use."""
    ada = member("ada")
    added = ada.confirm("/staff/small/setup/themes/", action="one", title="Money", position="2")
    assert added.status_code == 302, added.text
    with small.views.connect() as db:
        assert catalogue.themes(db, "small", END_OF_TIME)["money"].position == 2
