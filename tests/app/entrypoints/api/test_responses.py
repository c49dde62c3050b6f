"""Responses through the API."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from app.services.accounts.permissions import StaffRole

LIST = "/api/v1/registers/small/recommendations/law/responses"
BODY = {
    "body": "senate",
    "position": "disputes",
    "given_on": "2024-05-02",
    "summary": "The bill is being considered.",
    "evidence": ["story"],
    "assessment": "law-1",
}
ONE = "/api/v1/registers/small/responses/law-senate-2024-05-02"


@pytest.fixture
def get(app: Flask) -> Callable[..., Any]:
    client = app.test_client()
    return lambda path, **query: client.get(f"/api/v1/registers{path}", query_string=query).json


def test_a_response_is_proposed_published_and_withdrawn(
    app: Flask, token: Any, post: Any, get: Callable[..., Any]
) -> None:
    ana, ben = token("ana", StaffRole.ANALYST, "propose"), token("ben", StaffRole.EDITOR, "publish", "withdraw")
    made = post(LIST, ana, BODY)
    assert (made.status_code, made.json["response"]) == (201, "law-senate-2024-05-02")
    assert post(LIST, ana, BODY).json == made.json
    client = app.test_client()
    assert client.get(LIST).json["responses"] == []
    assert post(f"{ONE}/publish", ben, {}, key="p").status_code == 200
    (response,) = client.get(LIST).json["responses"]
    assert {k: v for k, v in response.items() if k != "published_at"} == BODY | {
        "id": "law-senate-2024-05-02",
        "in_force": True,
    }
    card = get("/small/scorecard", position="disputes")
    assert [r["id"] for r in card["recommendations"]] == ["law"]
    assert card["recommendations"][0]["responses"] == [response]
    assert card["responses"]["disputes"] == 1
    assert get("/small/scorecard", position="accepts")["recommendations"] == []
    assert get("/small/scorecard", as_of="2024-05-01")["responses"]["disputes"] == 0
    whole = get("/small/recommendations/law")
    assert whole["responses"] == [response]
    assert next(a for a in whole["assessments"] if a["id"] == "law-1")["replies"] == [response["id"]]
    assert get("/small/changes")["changes"][0]["stance"] == "disputes"
    assert post(f"{ONE}/withdraw", ben, {"reason": "It was a draft."}, key="w").status_code == 200
    assert client.get(LIST).json["responses"] == []


def test_a_response_is_declined(token: Any, post: Any) -> None:
    ana, ben = token("ana", StaffRole.ANALYST, "propose"), token("ben", StaffRole.EDITOR, "publish")
    post(LIST, ana, BODY)
    assert "Enter why you decline" in post(f"{ONE}/decline", ben, {"why": ""}, key="d").json["detail"]
    assert post(f"{ONE}/decline", ben, {"why": "A draft."}, key="d2").status_code == 200


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        (BODY | {"position": "agrees"}, "Invalid enum value 'agrees'"),
        (BODY | {"body": "ministry"}, "was never addressed to “ministry”"),
        (BODY | {"evidence": []}, "Cite at least one source"),
    ],
)
def test_what_is_no_response_is_refused(token: Any, post: Any, body: Any, sentence: str) -> None:
    answer = post(LIST, token("ana", StaffRole.ANALYST, "propose"), body)
    assert answer.status_code == 400
    assert sentence in answer.json["detail"]


def test_a_response_that_does_not_exist(token: Any, post: Any) -> None:
    ben = token("ben", StaffRole.EDITOR, "publish")
    answer = post("/api/v1/registers/small/responses/none/publish", ben, {})
    assert (answer.status_code, answer.json["detail"]) == (404, "There is no response “none” in “small”.")
