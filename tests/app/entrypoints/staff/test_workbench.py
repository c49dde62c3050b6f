"""The workbench of a recommendation: what it shows, to whom, and how many queries that takes."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import Engine, event

from app.services.accounts.assignments import open_assignments
from app.services.container import Services
from app.services.locker.models import LinkCheck, StoredFile
from domain import commands as c
from domain.codes import Kind
from domain.values import RecommendationFacts
from tests.support.staff_client import Member, form_version, send_proposal

LAW = "/staff/small/recommendations/law/"
POST = "/staff/small/recommendations/post/"
MAX_QUERIES = 78

Members = Callable[[str], Member]


def test_the_parts_are_in_order_and_say_what_waits(member: Members) -> None:
    ana, ben = member("ana"), member("ben")
    path = send_proposal(ana).location
    ben.post(path, action="publish", version=form_version(ben, path), publish_at="2026-04-01T09:00")
    page = ben.get(LAW)
    headings = ["Now public", "Open proposals: 1", "What was asked", "Success criteria", "Deadlines", "Responses"]
    headings += ["Sources: 2", "Comments: 0", "Actions", "Assignment", "History"]
    shown = ["".join(h.itertext()).strip() for h in page.root.iter("h2")]
    assert [next(h for h in headings if s.startswith(h)) for s in shown if s.startswith(tuple(headings))] == headings
    assert "Approved by Ben. It will be published at " in page.text
    assert "Announced since 1 March 2024" in page.text
    assert "Status history of the recommendation" in page.text
    assert "Korean text missing" in page.text
    assert "Approved: version 1." in page.text
    assert "Home A small register Renew the law Recommendations" in page.text


def test_parts_with_statuses_and_criteria_of_their_own(member: Members) -> None:
    page = member("ana").get(POST)
    assert "Write success criteria: " in page.text or "Write a new version: " in page.text
    assert page.text.count("Core part.") >= 2


@pytest.mark.parametrize(
    ("name", "offered", "refused"),
    [
        ("rita", ["Comment c"], ["Propose a status", "Deadlines of", "Assign to me", "Withdraw the whole"]),
        ("ana", ["Propose a status p", "Assign to me", "Add a source s"], ["Withdraw the whole", "Change the text"]),
        ("ben", ["Withdraw the whole recommendation", "State or withdraw a deadline d"], ["Change the text"]),
        ("ada", ["Change the text", "Change the addressees", "Add a development to the timeline"], []),
    ],
)
def test_everyone_is_offered_what_their_role_allows(
    member: Members, name: str, offered: list[str], refused: list[str]
) -> None:
    person = member(name)
    page = person.get(LAW)
    assert [text for text in offered if text not in page.text] == []
    assert [text for text in refused if text in page.text] == []
    for link in {link.split("#")[0] for link in page.links() if link.startswith("/staff/")}:
        assert person.client.get(link, follow_redirects=True).status_code == 200, link


def test_sources_in_force_come_first_with_the_state_of_link_and_copy(services: Services, member: Members) -> None:
    now = services.clock().replace(tzinfo=None)
    with services.accounts.work() as db:
        db.add(LinkCheck(register="small", evidence="oath", result="dead", checked_at=now, due_at=now))
        copy = {"sha256": "0" * 64, "original": "0" * 64, "kind": "pdf", "size": 9}
        db.add(StoredFile(register="small", evidence="oath", captured_at=now, captured_by="person-ana", **copy))
    text = member("rita").get(POST).text
    assert "1 link is gone" in text
    assert "Link is gone, checked" in text
    assert "Copy of 1 Mar 2026" in text or "Copy of 3 Mar 2026" in text
    assert text.index("Cited by the status now public") < len(text)


def test_assigning_answers_on_the_workbench_and_can_be_undone(services: Services, member: Members) -> None:
    ana = member("ana")
    assert ana.post(f"{LAW}assign/", person="person-ben").location == LAW
    page = ana.get(LAW)
    assert "The recommendation is assigned to Ben." in page.text
    assert "Assigned to Ben" in page.text
    assert ana.post(f"{LAW}assign/", person="").location == LAW
    assert "The recommendation is assigned to no one." in ana.get(LAW).text
    with services.accounts.work() as db, services.views.connect() as views:
        assert open_assignments(db, views, "small") == []
    assert ana.post(f"{LAW}assign/", person="person-rita").status_code == 400


def test_one_recommendation_is_confirmed_without_change(member: Members) -> None:
    page = member("ana").get("/staff/small/unchanged/", pick="law")
    assert "Renew the law" in page.text
    assert any(e.get("name") == "pick" and e.get("value") == "law" for e in page.root.iter("input"))
    member("ana").get("/staff/small/unchanged/", pick="none", status=404)


def test_a_comment_of_the_workbench_leads_back_to_it(member: Members) -> None:
    answer = member("rita").post(LAW + "comments/", text="Why?", assessment="", page="workbench")
    assert answer.location == LAW


def test_the_history_of_one_recommendation_is_paged(member: Members) -> None:
    page = member("rita").get(LAW + "history/")
    assert "Assessed as “Announced” from 1 March 2024" in page.text
    assert "post" not in page.text.lower().split("history of")[1].split("nothing on this page")[0]


def test_no_part_grows_with_the_register(services: Services, member: Members) -> None:
    ben = member("ben")
    ben.get(LAW)
    with counted_queries() as before:
        ben.get(LAW)
    for n in range(40):
        facts = RecommendationFacts(
            id=f"other-{n}",
            publication="report",
            theme="laws",
            title=f"Other {n}",
            summary="Do it.",
            recommended_on="2023-09",
            kind=Kind.ONE_OFF,
            addressees=("senate",),
        )
        services.execute(c.RegisterRecommendation("small", facts=facts), by="ana")
    services.clock.go_on(seconds=1)  # type: ignore[attr-defined]
    ben.get(LAW)
    with counted_queries() as after:
        ben.get(LAW)
    assert len(after) == len(before)
    assert len(after) <= MAX_QUERIES


@contextmanager
def counted_queries() -> Iterator[list[str]]:
    """The statements that both databases receive meanwhile."""
    statements: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        statements.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        event.remove(Engine, "before_cursor_execute", note)
