"""Amendments over the API: with scope, ETag and idempotency key; pages as known before stay as they were."""

from typing import Any

from flask import Flask

from app.services.accounts.permissions import StaffRole

PATH = "/api/v1/registers/small/recommendations/law"
AMENDED = {"theme": "offices", "number": "7(a)", "recommended_on": "2019", "why": "It was filed wrongly."}


def test_a_recommendation_is_filed_otherwise(app: Flask, token: Any, post: Any) -> None:
    ada = token("ada", StaffRole.ADMINISTRATOR, "settings")
    public = app.test_client()

    def as_known_before() -> dict[str, Any]:
        answer: dict[str, Any] = public.get(f"{PATH}?known_at=2026-03-01T00:00:00Z").json
        return answer | {"log_position": 0}

    before = as_known_before()
    done = post(f"{PATH}/amendments", ada, AMENDED)
    assert (done.status_code, done.json["recommendation"]) == (200, "law")
    assert post(f"{PATH}/amendments", ada, AMENDED).json == done.json
    now = public.get(PATH).json
    assert now["standing"]["theme"] == "offices"
    assert as_known_before() == before
    element = {"element": "kept", "title": "Kept filled for long", "why": "Clearer."}
    path = "/api/v1/registers/small/recommendations/post/element-amendments"
    headers = {"If-Match": public.get(path.replace("element-amendments", "assessments")).headers["ETag"]}
    assert post(path, ada, element, key="2", **headers).status_code == 200


def test_an_amendment_needs_the_scope_a_reason_and_the_tag(token: Any, post: Any) -> None:
    narrow = token("ana", StaffRole.ANALYST, "propose")
    assert post(f"{PATH}/amendments", narrow, AMENDED).status_code == 403
    ada = token("ada", StaffRole.ADMINISTRATOR, "settings")
    assert post(f"{PATH}/amendments", ada, AMENDED, tag='"old"').status_code == 412
    silent = post(f"{PATH}/amendments", ada, {"theme": "offices"}, key="3")
    assert (silent.status_code, "Enter why you changed it." in silent.json["detail"]) == (400, True)
    unknown = post(f"{PATH}/amendments", ada, AMENDED | {"publication": "none"}, key="4")
    assert "There is no publication “none” in this register." in unknown.json["detail"]
    fixed = post(f"{PATH}/amendments", ada, {"kind": "outcome", "why": "No."}, key="5")
    assert "is fixed once an assessment is published" in fixed.json["detail"]
