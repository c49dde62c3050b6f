"""What a register names is read and amended over the API; pages as known before stay as they were."""

from typing import Any

import pytest
from flask import Flask

from app.services.accounts.permissions import StaffRole
from app.services.container import Services
from domain.codes import RemovalReason
from domain.commands import RemoveEvidenceText

REGISTER = "/api/v1/registers/small"


@pytest.fixture
def amend(app: Flask, token: Any, post: Any) -> Any:
    """Reads a fact, amends it with the tag that was read, and returns the answer and the fact after it."""
    secret, client = token("ada", StaffRole.ADMINISTRATOR, "settings", "publish"), app.test_client()

    def send(path: str, body: dict[str, Any], key: str = "k", operation: str = "amendments") -> tuple[Any, Any]:
        tag = client.get(f"{REGISTER}/{path}").headers["ETag"]
        done = post(f"{REGISTER}/{path}/{operation}", secret, body, key=key, tag=tag)
        return done, client.get(f"{REGISTER}/{path}").json

    return send


@pytest.mark.parametrize(
    ("path", "changes", "expected"),
    [
        ("settings", {"title": "Another title", "contact": "a@example.org"}, {"summary": "Three recommendations."}),
        (
            "settings",
            {"authors": [{"name": "A", "affiliation": "B"}], "doi": "10.5281/x", "colour": "#0b5394"},
            {"contact": "contact@keepers.example"},
        ),
        ("themes/laws", {"position": 3}, {"title": "Laws"}),
        ("publications/report", {"authors": ["A. Author"], "published_on": "2019"}, {"publisher": "A think tank"}),
        ("bodies/ministry", {"short_name": "M."}, {"parent": "state", "translations": {"ko": {"name": "부처"}}}),
        ("evidence/story", {"title": "Another", "published_on": "2019-01"}, {"publisher": "Daily"}),
        ("evidence/story", {"archived_url": "https://perma.cc/1"}, {"title": "A story", "url": ""}),
    ],
)
def test_a_fact_is_amended(amend: Any, path: str, changes: dict[str, Any], expected: dict[str, Any]) -> None:
    done, after = amend(path, {**changes, "why": "It was filed wrongly."})
    assert (done.status_code, done.json) == (200, {"id": after["id"], "tag": after["tag"]})
    assert {name: after["fact"][name] for name in changes | expected} == changes | expected
    again, same = amend(path, {**changes, "why": "It was filed wrongly."})
    assert (again.json, same) == (done.json, after), "the same key does nothing a second time"
    unchanged, _ = amend(path, {**changes, "why": "Again."}, key="2")
    assert unchanged.status_code == 400 or path.startswith("evidence")


def test_translations_that_are_left_out_stay(amend: Any) -> None:
    _, body = amend("bodies/ministry", {"translations": {"ko": {"short_name": "부"}}})
    assert body["fact"]["translations"] == {"ko": {"name": "부처", "short_name": "부"}}
    _, body = amend("bodies/ministry", {"translations": {"ko": {"name": ""}}}, key="2")
    assert body["fact"]["translations"] == {"ko": {"short_name": "부"}}
    unknown, _ = amend("bodies/ministry", {"translations": {"fr": {"name": "Ministère"}}}, key="3")
    assert "The register has no texts in “fr”" in unknown.json["detail"]


def test_a_body_is_merged(amend: Any, app: Flask) -> None:
    merge = {"into": "ministry", "on": "2024", "why": "An act joined them."}
    done, after = amend("bodies/senate", merge, operation="merge")
    assert (done.status_code, after["merged_into"]) == (200, "ministry")
    assert app.test_client().get(f"{REGISTER}/bodies/senate/scorecard").json["body"] == "ministry"
    again, _ = amend("bodies/senate", merge, key="2", operation="merge")
    assert "“senate” was merged into “ministry”" in again.json["detail"]


def test_a_reason_the_rules_and_the_tag_are_required(amend: Any, token: Any, post: Any) -> None:
    silent, _ = amend("themes/laws", {"title": "Acts"})
    assert "Enter why you changed it." in silent.json["detail"]
    zone, _ = amend("settings", {"time_zone": "UTC", "why": "No."})
    assert "The time zone of an open register cannot change" in zone.json["detail"]
    resting, _ = amend("evidence/story", {"source_class": "null_search", "why": "No."})
    assert "The confidence of published assessments rests on this source class" in resting.json["detail"]
    ada = token("eve", StaffRole.ADMINISTRATOR, "settings")
    path = f"{REGISTER}/themes/laws/amendments"
    assert post(path, ada, {"title": "Acts", "why": "Clearer."}, tag='"old"').status_code == 412
    assert post(f"{REGISTER}/themes/none/amendments", ada, {"title": "Acts"}, tag="*").status_code == 404
    assert post(f"{REGISTER}/evidence/story/amendments", ada, {"title": "A"}, tag="*").status_code == 403


def test_a_recommendation_gets_texts_in_other_languages(token: Any, post: Any, app: Flask) -> None:
    ada, path = token("ada", StaffRole.ADMINISTRATOR, "settings"), f"{REGISTER}/recommendations/law"
    changes = {"strength": "explicit", "priority": True, "translations": {"ko": {"title": "법을 갱신할 것"}}}
    assert post(f"{path}/amendments", ada, {**changes, "why": "It was left out."}).status_code == 200
    facts = app.test_client().get(path).json["facts"]
    assert (facts["strength"], facts["priority"], facts["translations"]["ko"]["title"]) == (
        "explicit",
        True,
        "법을 갱신할 것",
    )


def test_the_code_of_no_language_is_refused(amend: Any) -> None:
    refused, after = amend("settings", {"languages": ["en", "ko", "zz"], "why": "Another one."})
    assert refused.status_code == 400
    assert "“zz” is not the code of a known language." in refused.json["detail"]
    assert after["fact"]["languages"] == ["en", "ko"]


def test_refused_amendments_name_the_field(amend: Any, services: Services) -> None:
    copy, why = "https://perma.cc/1", "It moved."
    done, _ = amend("evidence/story", {"publisher": "", "why": why})
    empty = "Enter a value. This cannot be empty."
    assert (done.status_code, done.json["fields"]) == (400, {"publisher": empty})
    amend("evidence/story", {"archived_url": copy, "why": why}, key="2")
    done, _ = amend("evidence/story", {"url": copy, "why": why}, key="3")
    sentence = "This is the address of the archived copy. Enter the address of the source itself."
    assert (done.status_code, done.json["fields"]) == (400, {"url": sentence})
    done, _ = amend("evidence/story", {"url": copy, "archived_url": copy, "why": why}, key="4")
    assert list(done.json["fields"]) == ["archived_url"]
    services.execute(RemoveEvidenceText("small", evidence="story", reason=RemovalReason.REQUEST), by="ada")
    done, _ = amend("evidence/story", {"publisher": "Weekly", "why": why}, key="5")
    sentence = "The texts of this source were removed. Enter its title to change it."
    assert (done.status_code, done.json["fields"]) == (400, {"title": sentence})
