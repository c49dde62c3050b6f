"""A form that a browser sends again is carried out once: a double click, a reload, a page from the history."""

import re
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from typing import Any

import pytest
from msgspec.structs import replace

from app.entrypoints.staff import sent_forms
from app.services.comments.conversation import comments_on
from app.services.container import Services
from tests.support.staff_client import PROPOSAL_FIELDS, PROPOSE_PATH, Member, Members, form_version, send_proposal
from tests.support.waiting import wait_until

SEARCH = {
    "search_where": "Official Gazette",
    "search_words": "renewal",
    "search_from": "2025-01-01",
    "search_to": "2025-06-30",
    "search_by": "Ana",
    "search_on": "2025-07-01",
}
SOURCE = {
    "src_title": "The act",
    "src_publisher": "Gazette",
    "src_class": "official",
    "src_summary": "It renews the law.",
}
LAW = "/staff/small/recommendations/law/"
REVIEW = "/staff/small/proposals/law-2025-03/"


def _form_id(who: Member, page: str) -> str:
    found = re.search(r'name="form_id" value="(\w+)"', who.client.get(page).text)
    assert found, page
    return found[1]


def _send_three_times(who: Member, page: str, address: str = "", **fields: Any) -> list[Any]:
    stamp = _form_id(who, page)
    return [who.post(address or page, form_id=stamp, **fields) for _turn in range(3)]


def _events(services: Services) -> int:
    return len(list(services.log.select_notifications(1, 10_000)))


FORMS = [
    ("ana", "/staff/small/new-search/", "", SEARCH),
    ("ana", "/staff/small/new-source/", "", SOURCE | {"src_same": ""}),
    ("ana", PROPOSE_PATH, "", {"action": "add_search"} | SEARCH),
    ("ana", f"{LAW}card/", "", {"counts": "A vote.", "does_not_count": "A speech."}),
    (
        "ada",
        f"{LAW}respond/",
        "",
        {"body": "senate", "position": "accepts", "given_on": "2025", "summary": "Yes.", "evidence": ["oath"]},
    ),
    (
        "ben",
        f"{LAW}deadlines/",
        "",
        {
            "action": "state",
            "due_on": "2026-06",
            "stated_on": "2025",
            "confirmed": "yes",
            "stated_by": "senate",
            "evidence": ["oath"],
        },
    ),
    ("ada", "/staff/small/setup/themes/", "", {"action": "one", "id": "water", "title": "Water", "confirmed": "yes"}),
    ("ben", f"{LAW}relations/", "", {"relation": "renews", "to": "talks", "confirmed": "yes"}),
]


@pytest.mark.parametrize(("name", "page", "address", "fields"), FORMS)
def test_a_form_of_the_record_is_carried_out_once(
    services: Services, member: Members, name: str, page: str, address: str, fields: dict[str, Any]
) -> None:
    who = member(name)
    before = _events(services)
    answers = _send_three_times(who, page, address, **fields)
    assert _events(services) == before + 1, answers[0].text
    assert {answer.status_code for answer in answers} <= {200, 302}
    assert len({answer.location for answer in answers}) == 1


def test_other_forms_are_carried_out_once(services: Services, member: Members) -> None:
    ana, ada = member("ana"), member("ada")
    _send_three_times(ana, LAW, f"{LAW}comments/", text="A remark.")
    ana.post(f"{LAW}comments/", text="Another one.")
    _send_three_times(
        ana, "/staff/small/evidence/oath/", "/staff/small/evidence/oath/notes/", note="Read.", language="en"
    )
    _send_three_times(ada, "/staff/small/opinions/", item="talks/", persons=["person-ana", "person-ben"])
    with services.accounts.work() as db:
        assert [c.text for c in comments_on(db, "small", "law")] == ["A remark.", "Another one."]
    assert ana.get("/staff/small/evidence/oath/").html.count('<p lang="en">Read.</p>') == 1
    assert ada.get("/staff/small/opinions/").html.count("0 of 2") == 1


@pytest.mark.parametrize(
    ("page", "fields"),
    [
        ("/staff/small/people/", {"email": "eve@example.org", "name": "Eve", "role": "reader"}),
        ("/staff/account/tokens/", {"name": "script", "scope": ["read"], "days": "9"}),
        ("/staff/small/webhooks/", {"url": "https://127.0.0.1:9/hook"}),
    ],
)
def test_what_is_shown_once_is_made_once_and_its_draft_is_gone(
    services: Services, member: Members, page: str, fields: dict[str, Any]
) -> None:
    services.settings = replace(services.settings, private_webhooks=True)
    ada = member("ada")
    assert ada.post(page, action="save_now", **fields).status_code == 302
    assert "Not sent yet." in ada.get(page).text
    first, again, _third = _send_three_times(ada, page, **fields)
    assert (first.status_code, again.status_code, again.location) == (200, 302, page)
    shown = ada.get(again.location).text
    assert "You sent this form at" in shown
    assert "What was shown once is not shown again. Make a new one if you did not copy it." in shown
    assert "Not sent yet." not in shown


def test_a_double_click_is_answered_with_the_banner_of_the_first(services: Services, member: Members) -> None:
    ana = member("ana")
    fields = {"version": form_version(ana, PROPOSE_PATH), "action": "send"} | PROPOSAL_FIELDS
    first, second, _third = _send_three_times(ana, PROPOSE_PATH, **fields)
    assert first.location == second.location
    page = ana.get(second.location).text
    assert page.count("Sent to a second person.") == 1
    assert "Take it back" in page


def test_publishing_twice_is_no_mistake(member: Members) -> None:
    send_proposal(member("ana"))
    ben = member("ben")
    answers = _send_three_times(ben, REVIEW, action="publish", version=form_version(ben, REVIEW))
    assert {answer.status_code for answer in answers} == {302}


def test_a_form_that_was_changed_or_refused_is_sent_anew(services: Services, member: Members) -> None:
    ana, page = member("ana"), "/staff/small/new-search/"
    stamp = _form_id(ana, page)
    assert ana.post(page, form_id=stamp, **SEARCH | {"search_words": ""}).status_code == 400
    before = _events(services)
    assert ana.post(page, form_id=stamp, **SEARCH).status_code == 302
    assert ana.post(page, form_id=stamp, **SEARCH | {"search_words": "extension"}).status_code == 302
    assert _events(services) == before + 2


def test_a_form_that_takes_longer_than_a_minute_is_carried_out_once(
    services: Services, member: Members, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sent_forms, "_WAITS", 2)
    ana, again, page = member("ana"), member("ana"), "/staff/small/new-search/"
    stamp = _form_id(ana, page)
    before, locks = _events(services), services.settings.data_dir / "locks"
    with (
        ThreadPoolExecutor(1) as other,
        closing(sqlite3.connect(services.settings.data_dir / "log.sqlite", isolation_level=None)) as busy,
    ):
        busy.execute("BEGIN IMMEDIATE")  # the first sending waits to write
        first = other.submit(ana.post, page, form_id=stamp, **SEARCH)
        wait_until(lambda: list(locks.glob("form-*")), waits_for="the first sending")
        services.clock.go_on(minutes=5)  # type: ignore[attr-defined]
        second = again.post(page, form_id=stamp, **SEARCH)
        assert second.location == page
        busy.execute("ROLLBACK")
        assert first.result().status_code == 302
    assert "This form is still being carried out" in again.get(page).text
    assert _events(services) == before + 1
    assert again.post(page, form_id=stamp, **SEARCH).location == first.result().location
    assert _events(services) == before + 1
    assert list(locks.glob("form-*")) == []
