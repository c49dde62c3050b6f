"""Notices in the workspace: each once, to those who may read, without what is hidden."""

from collections.abc import Callable
from datetime import timedelta

from flask import Flask

from app.services.accounts import people
from app.services.accounts.permissions import ALL_REGISTERS, StaffRole
from app.services.container import Services
from app.services.notices.models import Notice
from app.services.notices.notices import NOTICES_PER_PAGE, store_notices
from tests.support.staff_client import Member, find_user, form_version, send_proposal
from tests.support.staff_forms import role_fields

Members = Callable[[str], Member]
PAGE = "/staff/account/notices/"
TALK = "/staff/small/recommendations/law/comments/"


def _publish(services: Services, editor: Member, path: str) -> None:
    editor.post(path, action="publish", version=form_version(editor, path))
    services.clock.go_on(minutes=2)  # type: ignore[attr-defined]


def test_each_person_is_told_once(member: Members, services: Services) -> None:
    ana, ben = member("ana"), member("ben")
    send_proposal(ana)
    ana.post(TALK, text="@Ben, look.", assessment="")
    assert store_notices(services) > 0
    assert store_notices(services) == 0, "also by a worker that starts again"
    text = ben.get(PAGE).text
    assert text.count("Ana sent something about Renew the law to review.") == 1
    assert text.count("Ana mentioned you in a comment on Renew the law.") == 1
    assert "Notices (2 new)" in text
    assert ben.get(PAGE).heading == "Notices: 2 new"
    assert "look." not in text, "a notice quotes nothing"
    assert "There are none yet." in ana.get(PAGE).text


def test_a_notice_is_read_when_it_is_opened_and_all_at_once(member: Members, services: Services) -> None:
    ana, ben = member("ana"), member("ben")
    path = send_proposal(ana).location
    ana.post(TALK, text="@Ben, look.", assessment="")
    store_notices(services)
    (first,) = [e.get("href") for e in ben.get(PAGE).root.iter("a") if (e.get("href") or "").startswith(f"{PAGE}1/")]
    assert ben.client.get(first).location in (path, f"{TALK}#comment-1")
    assert ben.get(PAGE).heading == "Notices: 1 new"
    ana.client.get(first)
    assert ana.client.get(first).status_code == 404, "a notice of another person"
    ben.post(f"{PAGE}read/")
    assert ben.get(PAGE).heading == "Notices"
    assert "New." not in ben.get("/staff/").text


def test_authors_learn_what_became_of_their_proposals(member: Members, services: Services) -> None:
    ana, ben = member("ana"), member("ben")
    path = send_proposal(ana).location
    ben.post(path, action="decline", version=form_version(ben, path), note="Too early.")
    store_notices(services)
    assert "Ben declined your proposal about Renew the law." in ana.get(PAGE).text
    assert "Too early." not in ana.get(PAGE).text
    ben.post("/staff/small/assign/", pick=["law"], person="person-ana", action="assign")
    store_notices(services)
    assert "Ben assigned Renew the law to you." in ana.get(PAGE).text


def test_notices_say_nothing_about_hidden_proposals(member: Members, services: Services) -> None:
    ana, ben, ada = member("ana"), member("ben"), member("ada")
    send_proposal(ben)
    store_notices(services)
    assert "Ben sent something" in ada.get(PAGE).text
    asked = ben.post("/staff/small/opinions/", item="law/", persons=["person-ana", "person-ada"]).location
    ben.post(TALK, text="@ada, I say.", assessment="law-2025-03")
    store_notices(services)
    text = ada.get(PAGE).text
    assert "Ben sent something" not in text
    assert "mentioned you" not in text
    assert "Ben asks for your independent opinion on Renew the law." in text
    for who in (ana, ada):
        who.post(asked, status="partly", effective_on="2025", rationale="So it is.")
    store_notices(services)
    assert "Ben sent something" in ada.get(PAGE).text
    assert "mentioned you" in ada.get(PAGE).text


def test_a_new_role_is_told(member: Members, services: Services) -> None:
    ada, ana = member("ada"), member("ana")
    ada.confirm("/staff/small/people/person-ana/", **role_fields("person-ana", "editor", "analyst"))
    store_notices(services)
    assert ana.get(PAGE).text.count("Ada changed your role in") == 1
    ada.confirm("/staff/small/people/person-ana/", **role_fields("person-ana", "none", "editor"))
    assert "Ada changed your role in" not in ana.get(PAGE).text, "a register that she may not read any more"


def test_notices_are_paged_and_go_after_ninety_days(member: Members, services: Services, staff_app: Flask) -> None:
    ana = member("ana")
    with services.accounts.work() as db:
        user, now = find_user(services, "ana"), services.clock().replace(tzinfo=None)
        for n in range(NOTICES_PER_PAGE + 1):
            at = now - timedelta(minutes=n)
            db.add(
                Notice(user_id=user.id, slot=f"s{n}", kind="review", register="small", path="/staff/", by="x", at=at)
            )
    assert ana.get(PAGE).html.count('<p class="by">') == NOTICES_PER_PAGE
    assert ana.get(PAGE, page="2").html.count('<p class="by">') == 1
    services.clock.now += timedelta(days=91)  # type: ignore[attr-defined]
    store_notices(services)
    ana.sign_in()
    assert "There are none yet." in ana.get(PAGE).text


def test_notices_leave_with_the_account(member: Members, services: Services) -> None:
    send_proposal(member("ana"))
    store_notices(services)
    with services.accounts.work() as db:
        people.give_role(db, people.find_user(db, "ada@example.org"), ALL_REGISTERS, StaffRole.ADMINISTRATOR)
        people.remove_user(db, people.find_user(db, "ben@example.org"), erase=True)
        assert {n.user_id for n in db.query(Notice)} == {people.find_user(db, "ada@example.org").id}


def test_a_notice_about_a_part_names_it(member: Members, services: Services) -> None:
    ana, ben = member("ana"), member("ben")
    fields = {"element": "kept", "status": "in_progress", "effective_on": "2025-03", "evidence": "story"}
    send_proposal(ana, "/staff/small/recommendations/post/propose/", **fields)
    store_notices(services)
    assert "Ana sent something about Fill the post, part “Kept filled” to review." in ben.get(PAGE).text
