"""People leave, or are removed, with the name erased or kept; the record keeps an id."""

from collections.abc import Callable

import pytest
from sqlalchemy import inspect, select

from app.services.accounts import api_tokens, login_sessions, people
from app.services.accounts.models import FormerName, User
from app.services.accounts.permissions import ALL_REGISTERS, StaffRole
from app.services.comments.conversation import add_comment
from app.services.comments.models import Comment
from app.services.container import Services
from app.services.drafts import drafts
from app.services.opinions import requests
from app.services.opinions.models import Opinion
from domain.errors import NotFound, Refused
from tests.support.staff_client import Member, find_user

LEAVE = "/staff/account/leave/"
REMOVE = "/staff/accounts/person-ben/remove/"
ERASE = "/staff/accounts/person-ben/erase/"


@pytest.fixture
def ada(services: Services, member: Callable[[str], Member]) -> Member:
    """An administrator of the installation, signed in."""
    signed_in = member("ada")
    with services.accounts.work() as db:
        people.give_role(db, people.find_user(db, "person-ada"), ALL_REGISTERS, StaffRole.ADMINISTRATOR)
    return signed_in


def _erased(services: Services) -> tuple[list[str], list[str]]:
    """Who is still shown by name after leaving, and whose comments there are."""
    with services.accounts.work() as db:
        return list(db.scalars(select(FormerName.name))), list(db.scalars(select(Comment.author)))


def _speak(who: Member) -> None:
    who.post("/staff/account/", name="Ben Kim", shows_name="yes", language="en")
    who.post("/staff/small/recommendations/law/comments/", text="I would wait.")


@pytest.mark.parametrize("erase", ["", "yes"])
def test_a_person_leaves_by_themselves(services: Services, member: Callable[[str], Member], erase: str) -> None:
    ben, other = member("ben"), member("ben")
    _speak(ben)
    page = ben.get("/staff/account/")
    assert LEAVE in page.links()
    assert "The public pages keep showing the name “Ben Kim”" in ben.get(LEAVE).text
    refused = ben.post(LEAVE, email="ana@example.org", erase=erase)
    assert refused.status_code == 400
    assert refused.text.count("Type ben@example.org to confirm.") == 2
    assert 'value="ana@example.org"' in refused.text
    gone = ben.post(LEAVE, email="Ben@example.org ", erase=erase)
    assert gone.location == "/staff/sign-in"
    page = ben.get("/staff/sign-in")
    assert 'role="status"' in page.html
    assert "Your account has been removed" in page.text
    assert ("keep showing the name “Ben Kim”" in page.text) is not bool(erase)
    for browser in (ben, other):
        assert "/staff/sign-in" in browser.client.get("/staff/").location
    assert ben.sign_in().status_code == 200, "nobody is signed in"
    assert _erased(services) == (([], []) if erase else (["Ben Kim"], ["person-ben"]))


def test_an_administrator_removes_an_account_and_erases_the_name_later(
    services: Services, member: Callable[[str], Member], ada: Member
) -> None:
    ben = member("ben")
    _speak(ben)
    assert REMOVE in ada.get("/staff/accounts/").links()
    assert "Remove the account of Ben Kim" in ada.get(REMOVE).heading
    assert ada.post(REMOVE, email="ben@example.org").location == "/staff/accounts/"
    assert "/staff/sign-in" in ben.client.get("/staff/").location
    listed = ada.get("/staff/accounts/").text
    assert "The account of Ben Kim has been removed" in listed
    assert "Ben Kim gets no message about it." in listed
    ada.get(REMOVE, status=404)
    asked = ada.post(ERASE).text
    assert "Erase the name “Ben Kim” and the comments?" in asked
    assert "You cannot undo this." in asked
    assert ada.post(ERASE, confirmed="no").location == "/staff/accounts/"
    assert _erased(services) == (["Ben Kim"], ["person-ben"]), "asking and going back change nothing"
    assert ada.post(ERASE, confirmed="yes").status_code == 302
    assert "The name “Ben Kim” and the comments are erased" in ada.get("/staff/accounts/").text
    assert _erased(services) == ([], [])
    again = ada.post(ERASE)
    assert (again.status_code, "There is nothing stored about “person-ben” to erase." in again.text) == (404, True)
    kept = ada.post("/staff/accounts/person-ana/erase/")
    assert "“person-ana” has an account. Remove the account and erase the name with it." in kept.text


def test_the_accounts_and_the_former_names_have_pages(services: Services, ada: Member) -> None:
    with services.accounts.work() as db:
        for n in range(60):
            people.add_user(db, f"many{n:02}@example.org")
            db.add(FormerName(person=f"former{n:02}", name=f"Former {n:02}"))
    first = ada.get("/staff/accounts/")
    assert "many00@example.org" in first.text
    assert "many59@example.org" not in first.text
    assert ("Former 00" in first.text, "Former 59" in first.text) == (True, False)
    assert "many59@example.org" in ada.get("/staff/accounts/", page="2").text
    assert "Former 59" in ada.get("/staff/accounts/", former="2").text
    found = ada.get("/staff/accounts/", q="MANY59").text
    assert ("many59@example.org" in found, "many00@example.org" in found) == (True, False)
    assert "There are none with this name or address." in ada.get("/staff/accounts/", q="nobody").text


def test_an_administrator_of_one_register_removes_no_account(member: Callable[[str], Member]) -> None:
    answer = member("ada").post(REMOVE, email="ben@example.org")
    assert (answer.status_code, "you need the role administrator" in answer.text) == (403, True)


def test_the_last_administrator_stays(services: Services, ada: Member) -> None:
    assert ada.client.get("/staff/accounts/person-ada/remove/").location == LEAVE
    refused = ada.post(LEAVE, email="ada@example.org")
    assert (refused.status_code, "This is the last administrator" in refused.text) == (400, True)
    assert find_user(services, "ada").active


@pytest.mark.parametrize("path", [LEAVE, REMOVE, ERASE])
def test_an_old_sign_in_is_confirmed_first(ada: Member, path: str) -> None:
    with ada.client.session_transaction(path="/staff") as session:
        session["fs_paa"] = session["fs_paa"] - 3600
        session.pop("fs_gexp", None)
    assert ada.post(path, email="ada@example.org").location.startswith("/staff/confirm?next=")


def test_everything_that_belongs_to_an_account_goes_with_it(either: Services) -> None:
    now = either.clock()
    with either.accounts.work() as db:
        for name in ("ana", "ben", "cho"):
            people.give_role(db, people.add_user(db, f"{name}@example.org", person=name), "small", StaffRole.ANALYST)
        ana = people.find_user(db, "ana")
        login_sessions.start_session(db, ana, "", now)
        api_tokens.create_token(db, ana, "script", ["propose"], 30, now)
        drafts.save_draft(db, ana.id, "/staff/x/", {"a": ["typed"]}, now)
        for author, text in (("ana", "Seen, @ben."), ("ben", "Thanks, @ana.")):
            form_fields = Comment(register="small", recommendation="law", assessment="", text=text)
            add_comment(db, people.find_user(db, author), form_fields, now)
        for item, pair in (("law", ["ana", "ben"]), ("post", ["ben", "cho"]), ("talks", ["ana", "cho"])):
            requests.ask_question(db, "small", item, "", pair, by="ben", now=now)
        talks = next(q for q in requests.questions_in(db, "small") if q.recommendation == "talks")
        requests.record_opinion(db, talks, "ana", "partly", "2025", "Half of it.", now)
    with either.accounts.work() as db:
        people.remove_user(db, people.find_user(db, "ana"), erase=False)
    with either.accounts.work() as db:
        assert {q.recommendation for q in requests.questions_in(db, "small")} == {"post", "talks"}
        assert db.scalars(select(Opinion.rationale).where(Opinion.person == "ana")).all() == ["Half of it."]
        assert db.scalars(select(Comment.author).order_by(Comment.id)).all() == ["ana", "ben"]
        people.erase_person(db, "ana")
        assert db.scalars(select(Comment.author)).all() == ["ben"]
        assert db.scalars(select(Opinion.rationale).where(Opinion.person == "ana")).all() == [""]
        with pytest.raises(NotFound, match="There is nothing stored about “ana”"):
            people.erase_person(db, "ana")
        with pytest.raises(Refused, match="“ben” has an account"):
            people.erase_person(db, "ben")


def test_no_table_holds_on_to_an_account(either: Services) -> None:
    either.accounts.upgrade()
    tables = inspect(either.accounts.engine)
    pointing = [
        (table, key["options"].get("ondelete"))
        for table in tables.get_table_names()
        for key in tables.get_foreign_keys(table)
        if key["referred_table"] == User.__tablename__
    ]
    assert len(pointing) > 8
    assert {table for table, how in pointing if how != "CASCADE"} <= {"roles_users"}, "which nobody ever writes"
