"""Writing through the API: with a token, an ETag, and an idempotency key."""

from typing import Any

import pytest
from flask import Flask
from werkzeug.test import Client

from app.entrypoints.http.front_cache import FrontCache
from app.services.accounts import api_tokens, people
from app.services.accounts.permissions import StaffRole
from app.services.container import Services
from tests.support.full_disk import SENTENCE, full_disk

LIST = "/api/v1/registers/small/recommendations/law/assessments"
PROPOSAL = {
    "status": "in_progress",
    "effective_on": "2025-03",
    "reason": "world_changed",
    "rationale": "The bill passed one chamber.",
    "evidence": ["story"],
}


def test_a_proposal_is_made_and_published_by_two_tokens(app: Flask, token: Any, post: Any) -> None:
    ana, ben = token("ana", StaffRole.ANALYST, "propose"), token("ben", StaffRole.EDITOR, "publish", "withdraw")
    proposal = post(LIST, ana, PROPOSAL)
    assert (proposal.status_code, proposal.json["assessment"]) == (201, "law-2025-03")
    client = app.test_client()
    assert "The bill passed one chamber." not in client.get(LIST).text
    one = "/api/v1/registers/small/assessments/law-2025-03"
    assert post(f"{one}/publish", ben, {}, key="p").status_code == 200
    assert client.get(LIST).json["assessments"][-1]["status"] == "in_progress"
    withdrawn = post(f"{one}/withdraw", ben, {"reason": "It was another bill."}, key="w")
    assert withdrawn.status_code == 200
    assert client.get(LIST).json["assessments"][-1]["withdrawn"] is True
    assert "It was another bill." in client.get("/small/corrections/").text


def test_a_proposal_can_be_declined(token: Any, post: Any) -> None:
    ana, ben = token("ana", StaffRole.ANALYST, "propose"), token("ben", StaffRole.EDITOR, "publish")
    post(LIST, ana, PROPOSAL)
    answer = post("/api/v1/registers/small/assessments/law-2025-03/decline", ben, {"why": ""}, key="d")
    assert "Enter why you decline the proposal" in answer.json["detail"]
    answer = post("/api/v1/registers/small/assessments/law-2025-03/decline", ben, {"why": "Too early."}, key="d2")
    assert answer.status_code == 200


def test_the_same_key_is_carried_out_once(token: Any, post: Any) -> None:
    ana = token("ana", StaffRole.ANALYST, "propose")
    first, again = post(LIST, ana, PROPOSAL), post(LIST, ana, PROPOSAL)
    assert first.json == again.json
    assert post(LIST, ana, PROPOSAL, key="other").json["assessment"] == "law-2025-03-2"


def test_rule_9_holds_for_tokens(token: Any, post: Any) -> None:
    ben = token("ben", StaffRole.EDITOR, "propose", "publish")
    post(LIST, ben, PROPOSAL | {"status": "implemented", "evidence": ["oath", "story"]})
    answer = post("/api/v1/registers/small/assessments/law-2025-03/publish", ben, {}, key="p")
    assert answer.status_code == 400
    assert "by someone other than its proposer (rule 9)" in answer.json["detail"]


@pytest.mark.parametrize(("body", "sentence"), [
    (PROPOSAL | {"status": "done"}, "The request body is invalid: Invalid enum value 'done' - at `$.status`."),
    (PROPOSAL | {"colour": "red"}, "Object contains unknown field `colour`"),
    ({}, "Object missing required field `status`"),
    ([], "Expected `object`, got `array`"),
    (PROPOSAL | {"status": "reversed"}, "needs a cause"),
])  # fmt: skip
def test_a_body_that_does_not_fit_is_refused_with_its_place(token: Any, post: Any, body: Any, sentence: str) -> None:
    answer = post(LIST, token("ana", StaffRole.ANALYST, "propose"), body)
    assert answer.status_code == 400
    assert sentence in answer.json["detail"]


def test_a_refusal_says_why(services: Services, app: Flask, token: Any, post: Any) -> None:
    reader = token("rita", StaffRole.READER, "propose")
    assert "you need the role analyst" in post(LIST, reader, PROPOSAL).json["detail"]
    narrow = token("ben", StaffRole.EDITOR, "publish")
    answer = post(LIST, narrow, PROPOSAL)
    assert (answer.status_code, answer.json["detail"]) == (
        403,
        "This token lacks the scope “propose”; its scopes are: publish.",
    )
    assert post(LIST, "uptake_wrong", PROPOSAL).status_code == 401
    answer = app.test_client().post(LIST, json=PROPOSAL)
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"] == "Bearer"


def test_a_token_runs_out_and_can_be_taken_back(services: Services, token: Any, post: Any) -> None:
    short, long = token("ana", StaffRole.ANALYST, "propose", days=1), token("eve", StaffRole.ANALYST, "propose")
    with services.accounts.work() as db:
        eve = people.find_user(db, "eve@example.org")
        api_tokens.revoke_token(api_tokens.find_token(db, eve, "script"), services.clock())
    assert post(LIST, long, PROPOSAL).status_code == 401
    services.clock.go_on(days=1)  # type: ignore[attr-defined]
    assert post(LIST, short, PROPOSAL).status_code == 401


def test_what_was_not_seen_is_not_changed(token: Any, post: Any) -> None:
    ana = token("ana", StaffRole.ANALYST, "propose")
    assert post(LIST, ana, PROPOSAL, tag='"old"').status_code == 412
    assert post(LIST, ana, PROPOSAL, **{"If-Match": ""}).status_code == 428
    answer = post(LIST, ana, PROPOSAL, **{"Idempotency-Key": ""})
    assert "Send an “Idempotency-Key”" in answer.json["detail"]


def test_what_is_not_there_is_named(token: Any, post: Any) -> None:
    ben = token("ben", StaffRole.EDITOR, "publish")
    answer = post("/api/v1/registers/small/assessments/none/publish", ben, {})
    assert answer.status_code == 404
    assert "There is no assessment “none”" in answer.json["detail"]


def test_a_token_is_kept_as_a_digest_only(services: Services, token: Any) -> None:
    secret = token("ana", StaffRole.ANALYST, "propose")
    assert secret.startswith("uptake_")
    assert secret.encode() not in (services.settings.data_dir / "accounts.sqlite").read_bytes()


@pytest.mark.parametrize(("scopes", "days", "sentence"), [
    (["fly"], 30, "There is no scope “fly”; there are: read, propose"),
    ([], 30, "Choose what the token may do"),
    (["propose"], 900, "A token must last from 1 to 366 days, not 900."),
])  # fmt: skip
def test_a_token_that_cannot_be_made_is_refused(
    services: Services, scopes: list[str], days: int, sentence: str
) -> None:
    with pytest.raises(Exception, match=sentence.split("“")[0]), services.accounts.work() as db:
        api_tokens.create_token(db, people.add_user(db, "a@example.org"), "x", scopes, days, services.clock())


def test_the_tag_that_a_site_gives_out_is_the_one_that_it_takes(app: Flask, services: Services, token: Any) -> None:
    """As programs meet it: behind the cache in front, asked with HEAD or GET, compressed or not."""
    site = Client(FrontCache(app, lambda: services.public_state()))
    ana, tags = {"Authorization": f"Bearer {token('ana', StaffRole.ANALYST, 'propose')}"}, []
    for ask, encoding in ((site.head, ""), (site.get, ""), (site.head, ""), (site.get, "gzip"), (site.get, "br")):
        tags.append(ask(LIST, headers={"Accept-Encoding": encoding}).headers["ETag"])
    assert tags[0] == tags[1] == tags[2]
    assert len(set(tags)) == 3
    for n, tag in enumerate(tags):
        body = PROPOSAL | {"effective_on": f"2025-0{n + 3}"}
        answer = site.post(LIST, json=body, headers=ana | {"If-Match": tag, "Idempotency-Key": str(n)})
        assert answer.status_code == 201, answer.text
    again = site.get(LIST, headers={"If-None-Match": tags[1]})
    assert again.status_code == 304
    old = site.post(LIST, json=PROPOSAL, headers=ana | {"If-Match": '"0-1"', "Idempotency-Key": "old"})
    assert old.status_code == 412


def test_a_relation_is_stated_and_withdrawn(app: Flask, token: Any, post: Any) -> None:
    ben = token("ben", StaffRole.EDITOR, "publish", "withdraw")
    path = "/api/v1/registers/small/recommendations/law/relations"
    body = {"relation": "supersedes", "to": "talks", "on": "2024-03"}
    stated = post(path, ben, body, key="s")
    assert (stated.status_code, stated.json["recommendation"]) == (201, "law")
    assert post(path, ben, body, key="s").json == stated.json
    client = app.test_client()
    (stored,) = client.get(path).json["relations"]
    assert stored == {"relation": "supersedes", "to": "talks", "direction": "outgoing", "on": "2024-03", "note": ""}
    circle = post("/api/v1/registers/small/recommendations/talks/relations", ben, body | {"to": "law"}, key="c")
    assert circle.status_code == 412, "that recommendation has another tag"
    refused = post(path, ben, body, key="again")
    assert refused.json["detail"] == "“law” already has this relation to “talks”."
    withdrawal = {"relation": "supersedes", "to": "talks", "reason": "Entered by mistake."}
    assert post(f"{path}/withdraw", ben, withdrawal, key="w").status_code == 200
    assert client.get(path).json["relations"] == []
    ana = token("ana", StaffRole.ANALYST, "propose")
    assert post(path, ana, body, key="a").status_code == 403


def test_addressees_are_amended_with_a_reason(app: Flask, token: Any, post: Any) -> None:
    ada = token("ada", StaffRole.ADMINISTRATOR, "settings")
    path = "/api/v1/registers/small/recommendations/law/addressees"
    client = app.test_client()
    row = {"role": "lead", "element": None, "from_on": None, "to_on": None}
    assert client.get(path).json["addressees"] == [{"body": "senate", **row}]
    body = {"addressees": [{"body": "senate", "to_on": "2023"}, {"body": "ministry", "from_on": "2024"}]}
    assert "Enter why you changed it." in post(path, ada, body).json["detail"]
    body["addressees"][0]["to_on"] = "2024-06"
    answer = post(path, ada, body | {"why": "An act moved it."}, key="b")
    assert answer.status_code == 200
    assert answer.json == {"recommendation": "law", "tag": client.get(path).json["tag"]}
    assert client.get(path).json["addressees"] == [
        {"body": "senate", **row, "to_on": "2024-06"},
        {"body": "ministry", **row, "from_on": "2024"},
    ]
    overlapping = {"addressees": [{"body": "senate"}, {"body": "senate", "from_on": "2024"}], "why": "So."}
    assert post(path, ada, overlapping, key="c").json["detail"] == (
        "The days of “senate” overlap. Let one period end first."
    )
    ben = token("ben", StaffRole.EDITOR, "publish")
    assert post(path, ben, body, key="d").status_code == 403


def test_a_failing_disk_is_a_problem_document_and_the_request_can_be_sent_again(token: Any, post: Any) -> None:
    ana = token("ana", StaffRole.ANALYST, "propose")
    with full_disk():
        refused = post(LIST, ana, PROPOSAL)
    assert (refused.status_code, refused.mimetype) == (503, "application/problem+json")
    assert refused.headers["Retry-After"] == "5"
    assert SENTENCE in refused.json["detail"]
    assert post(LIST, ana, PROPOSAL).status_code == 201
