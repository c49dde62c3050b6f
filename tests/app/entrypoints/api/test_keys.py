"""An idempotency key belongs to one request of one person: another one under it is refused and changes nothing."""

from typing import Any

from flask import Flask

from app.services.accounts.permissions import StaffRole
from app.services.container import Services

LIST = "/api/v1/registers/small/recommendations/law/assessments"
ONE = "/api/v1/registers/small/assessments"
PROPOSAL = {
    "status": "in_progress",
    "effective_on": "2025-03",
    "reason": "world_changed",
    "rationale": "The bill passed one chamber.",
    "evidence": ["story"],
}
USED = "This key was used for another command, so nothing was stored. Send this command with a new key."


def test_another_command_under_a_key_is_refused(services: Services, app: Flask, token: Any, post: Any) -> None:
    ben = token("ben", StaffRole.EDITOR, "propose", "publish", "withdraw")
    assert post(LIST, ben, PROPOSAL, key="used").status_code == 201
    before = services.log.last()
    reason = {"reason": "It was another bill."}
    for path, body in (
        (f"{ONE}/law-2/withdraw", reason),
        (f"{ONE}/law-2025-03/publish", {}),
        (LIST, PROPOSAL | {"rationale": "Another reason."}),
        ("/api/v1/registers/small/recommendations/talks/assessments", PROPOSAL),
    ):
        refused = post(path, ben, body, key="used")
        assert (refused.status_code, refused.json["detail"]) == (422, USED), path
        assert services.log.last() == before
    listed = {a["id"]: a for a in app.test_client().get(LIST).json["assessments"]}
    assert "withdrawn" not in listed["law-2"]
    assert post(f"{ONE}/law-2/withdraw", ben, reason, key="new").status_code == 200


def test_the_same_request_gets_the_first_answer_whatever_changed_since(
    services: Services, app: Flask, token: Any, post: Any
) -> None:
    ben = token("ben", StaffRole.EDITOR, "publish", "withdraw")
    tag = app.test_client().get(LIST).headers["ETag"]
    first = post(f"{ONE}/law-2/withdraw", ben, {"reason": "Wrong."}, key="w", tag=tag)
    before = services.log.last()
    again = post(f"{ONE}/law-2/withdraw", ben, {"reason": "Wrong."}, key="w", tag=tag)
    assert (first.status_code, again.status_code) == (200, 200)
    assert again.json == first.json
    assert services.log.last() == before


def test_what_was_refused_uses_no_key(token: Any, post: Any) -> None:
    ben = token("ben", StaffRole.EDITOR, "withdraw")
    assert post(f"{ONE}/law-2/withdraw", ben, {"reason": ""}, key="w").status_code == 400
    assert post(f"{ONE}/law-2/withdraw", ben, {"reason": "Wrong."}, key="w").status_code == 200


def test_two_people_may_use_the_same_key(token: Any, post: Any) -> None:
    ana, eve = token("ana", StaffRole.ANALYST, "propose"), token("eve", StaffRole.ANALYST, "propose")
    assert post(LIST, ana, PROPOSAL, key="k").json["assessment"] == "law-2025-03"
    assert post(LIST, eve, PROPOSAL, key="k").json["assessment"] == "law-2025-03-2"


def test_a_star_names_no_version(services: Services, token: Any, post: Any) -> None:
    ben = token("ben", StaffRole.EDITOR, "propose", "publish", "withdraw")
    post(LIST, ben, PROPOSAL)
    before = services.log.last()
    for path, body in ((f"{ONE}/law-2025-03/publish", {}), (f"{ONE}/law-2/withdraw", {"reason": "Wrong."})):
        refused = post(path, ben, body, key=path, tag="*")
        assert refused.status_code == 400
        assert "“If-Match: *” names no version." in refused.json["detail"]
    assert services.log.last() == before


def test_the_public_state_does_not_name_a_proposal(services: Services, app: Flask, token: Any, post: Any) -> None:
    ben = token("ben", StaffRole.EDITOR, "propose", "publish")
    post(LIST, ben, PROPOSAL)
    before = services.log.last()
    tag = app.test_client().get(LIST).headers["ETag"]
    assert post(f"{ONE}/law-2025-03/publish", ben, {}, key="p", tag=tag).status_code == 412
    assert services.log.last() == before


def test_proposals_are_read_with_a_version_by_those_who_may(app: Flask, token: Any, post: Any) -> None:
    ana, ben = token("ana", StaffRole.ANALYST, "propose"), token("ben", StaffRole.EDITOR, "publish")
    post(LIST, ana, PROPOSAL)
    client, path = app.test_client(), "/api/v1/registers/small/recommendations/law/proposals"
    assert client.get(path).status_code == 401
    assert client.get(path, headers={"Authorization": f"Bearer {ana}"}).status_code == 403
    answer = client.get(path, headers={"Authorization": f"Bearer {ben}"})
    assert answer.headers["ETag"] == f'"{answer.json["tag"]}"'
    assert answer.headers["Cache-Control"] == "no-store"
    (proposal,) = answer.json["proposals"]
    assert proposal["assessment"]["rationale"] == "The bill passed one chamber."
    assert proposal["proposed_by"] == "person-ana"
    none = path.replace("/law/", "/none/")
    assert client.get(none, headers={"Authorization": f"Bearer {ben}"}).status_code == 404
