"""Deadlines over the API: stated and withdrawn with scope, ETag and idempotency key, and listed as known."""

from typing import Any

from flask import Flask

from app.services.accounts.permissions import StaffRole

LIST = "/api/v1/registers/small/recommendations/law/deadlines"
DEADLINE = {"due_on": "2026-12", "stated_on": "2023-09-14", "stated_by": "ministry", "evidence": ["story"]}


def test_a_deadline_is_stated_moved_and_withdrawn(app: Flask, token: Any, post: Any) -> None:
    ben = token("ben", StaffRole.EDITOR, "publish", "withdraw")
    stated = post(LIST, ben, DEADLINE)
    assert (stated.status_code, stated.json["deadline"]) == (201, "law-due-2026-12")
    assert post(LIST, ben, DEADLINE).json["deadline"] == "law-due-2026-12"
    assert post(LIST, ben, DEADLINE | {"due_on": "2027", "stated_on": "2025"}, key="2").status_code == 201
    client = app.test_client()
    answer = client.get(LIST).json
    assert [(d["id"], d["due_on"]) for d in answer["deadlines"]] == [
        ("law-due-2026-12", "2026-12"),
        ("law-due-2027", "2027"),
    ]
    withdrawn = post(f"{LIST}/law-due-2027/withdraw", ben, {"reason": "Another law."}, key="3", tag=None)
    assert withdrawn.status_code == 200
    last = client.get(LIST).json["deadlines"][-1]
    assert (last["withdrawn_reason"], last["withdrawn_at"] is not None) == ("Another law.", True)
    due = client.get("/api/v1/registers/small/recommendations/law?as_of=2026-03-01").json["standing"]["due"]
    assert due == {
        "id": "law-due-2026-12",
        "due_on": "2026-12",
        "stated_on": "2023-09-14",
        "stated_by": "ministry",
        "state": "open",
    }


def test_stating_needs_the_scope_the_tag_and_a_key(token: Any, post: Any) -> None:
    narrow = token("ana", StaffRole.ANALYST, "propose")
    assert post(LIST, narrow, DEADLINE).status_code == 403
    ben = token("ben", StaffRole.EDITOR, "publish", "withdraw")
    assert post(LIST, ben, DEADLINE, tag='"old"').status_code == 412
    assert post(LIST, ben, DEADLINE, **{"If-Match": ""}).status_code == 428
    assert post(LIST, ben, DEADLINE, key="").status_code == 400


def test_a_refusal_says_what_to_do(token: Any, post: Any) -> None:
    ben = token("ben", StaffRole.EDITOR, "publish", "withdraw")
    late = post(LIST, ben, DEADLINE | {"stated_on": "2099"})
    assert late.status_code == 400
    assert "the day of publishing" in late.json["detail"]
    nothing = post(f"{LIST}/none/withdraw", ben, {"reason": "No."}, key="2")
    assert nothing.status_code == 404
    assert "There is no deadline “none” of “law”." in nothing.json["detail"]
