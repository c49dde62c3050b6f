"""The read API: the promised shapes, times, refusals as problem documents, and answers that can be cached."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.bootstrap.flask_app import create_app
from app.entrypoints.api.description import describe
from app.services.bundles.importing import ImportOptions, import_bundle
from app.services.container import Services
from domain import commands as c
from tests.support.bundles import write_small_bundle

BASE = "/api/v1/registers"


@pytest.fixture
def app(small: Services) -> Flask:
    return create_app(small)


@pytest.fixture
def get(app: Flask) -> Callable[..., Any]:
    client: FlaskClient = app.test_client()

    def get(path: str, status: int = 200, **query: str) -> Any:
        answer = client.get(f"{BASE}{path}", query_string=query)
        assert answer.status_code == status, answer.text
        assert answer.mimetype == ("application/json" if status == 200 else "application/problem+json")
        return answer.get_json()

    return get


def test_open_registers_are_listed(get: Callable[..., Any]) -> None:
    (register,) = get("")["registers"]
    assert register["id"] == "small"
    assert register["opened_at"] == "2026-03-02T12:00:00.000000Z"
    assert get("/small") == register


def test_a_scorecard_has_the_promised_shape(get: Callable[..., Any]) -> None:
    card = get("/small/scorecard", as_of="2024-12-01")
    assert {k: v for k, v in card.items() if k not in ("totals", "recommendations")} == {
        "register": "small",
        "as_of": "2024-12-01",
        "known_at": "2026-03-02T12:00:00.000000Z",
        "log_position": 35,
        "methodology": "uptake-2026.1",
        "reconstructed": False,
        "buckets": {"done": 1, "under_way": 1, "not_done": 0, "not_rated": 1},
        "rated": 2,
        "ever_done": 1,
        "still_done": 1,
        "stale": 1,
        "legacy": 0,
        "responses": {"accepts": 0, "accepts_in_part": 0, "notes": 0, "rejects": 0, "disputes": 0},
        "due": {"with_deadline": 0, "overdue": 0, "upcoming": 0, "met": 0, "met_late": 0},
    }
    assert len(card["totals"]) == 11
    post = next(r for r in card["recommendations"] if r["id"] == "post")
    assert {k: v for k, v in post.items() if k not in ("elements", "addressees", "due")} == {
        "id": "post",
        "title": "Fill the post",
        "kind": "continuing",
        "theme": "offices",
        "status": "in_effect",
        "since": "2024-10-13",
        "motion": None,
        "confidence": "high",
        "freshness": "stale",
        "peak": {"status": "in_effect", "on": "2024-10-13"},
        "assessment": None,
        "legacy": False,
        "scale_status": None,
        "number": None,
        "position": None,
        "priority": False,
        "statement": "A year, and more.",
        "responses": [],
        "relations": [],
    }
    assert [(e["id"], e["core"], e["status"], e["since"]) for e in post["elements"]] == [
        ("appointed", True, "implemented", "2023-10-13"),
        ("kept", True, "in_effect", "2024-10-13"),
        ("funded", False, "not_assessed", None),
    ]


def test_a_day_means_its_end_and_today_what_is_known_last(get: Callable[..., Any]) -> None:
    assert get("/small/scorecard", known_at="2026-03-02")["known_at"] == "2026-03-02T23:59:59.999999Z"
    assert get("/small/scorecard", known_at="2026-03-03")["known_at"] == "2026-03-02T12:00:00.000000Z"
    early = get("/small/scorecard", known_at="2026-03-01T12:00:00+00:00")
    assert (early["known_at"], early["reconstructed"]) == ("2026-03-01T12:00:00.000000Z", True)
    assert sum(get("/small/scorecard", known_at="2026-02-28")["totals"].values()) == 0


def test_a_list_can_be_had_in_pieces(get: Callable[..., Any]) -> None:
    first = get("/small/scorecard", limit="2")
    rest = get("/small/scorecard", limit="2", cursor=first["next"])
    assert [r["id"] for r in first["recommendations"] + rest["recommendations"]] == ["law", "post", "talks"]
    assert "next" not in rest


@pytest.mark.parametrize("sort", ["", "number", "title", "status", "since", "due", "changed"])
@pytest.mark.parametrize("as_of", ["2023-09-14", "2024-12-01", "2026-03-01"])
def test_a_piece_says_what_the_whole_says(get: Callable[..., Any], sort: str, as_of: str) -> None:
    """Only the rows differ, not what is said of each, nor the totals."""
    query = {"as_of": as_of} | ({"sort": sort} if sort else {})
    whole = get("/small/scorecard", **query)
    rows, cursor = [], "0"
    while cursor:
        piece = get("/small/scorecard", limit="1", cursor=cursor, **query)
        rows += piece.pop("recommendations")
        cursor = piece.pop("next", "")
        assert piece == {name: value for name, value in whole.items() if name != "recommendations"}
    assert rows == whole["recommendations"]
    assert sorted(r["id"] for r in rows) == ["law", "post", "talks"]


def test_a_recommendation_carries_all_about_it(get: Callable[..., Any]) -> None:
    result = get("/small/recommendations/law", as_of="2024-12-01")
    assert result["facts"]["title"] == "Renew the law"
    assert result["standing"]["status"] == "announced"
    assert [a["id"] for a in result["assessments"]] == ["law-1", "law-2", "law-3"]
    assert result["assessments"][2]["withdrawn"]["replaced_by"] == "law-2"
    assert {e["id"] for e in result["evidence"]} == {"search", "story"}
    assert result["evidence"][0]["title"]
    assert get("/small/recommendations/law", as_of="2020-01-01")["standing"] is None


def test_history_and_events_are_the_stored_events(get: Callable[..., Any], small: Services) -> None:
    history = get("/small/recommendations/law/history")["events"]
    assert [e["topic"] for e in history] == [
        "recommendation.registered",
        "recommendation.card_approved",
        *["recommendation.assessment_published"] * 3,
        "recommendation.assessment_withdrawn",
    ]
    assert len(history[0]["event"]["salt"]) == 32
    everything = get("/small/events")["events"]
    assert [e["position"] for e in everything] == list(range(1, 36))
    page = get("/small/events", after="10", limit="3")
    assert ([e["position"] for e in page["events"]], page["next"]) == ([11, 12, 13], 13)


def test_proposals_are_in_no_public_answer(get: Callable[..., Any], small: Services) -> None:
    from tests.support.story import assessment

    secret = assessment(rationale="Canary bird.", reason="world_changed", evidence=("oath",), effective_on="2025-05")
    proposal = small.execute(c.ProposeAssessment("small", recommendation="law", assessment=secret), by="canary-person")
    paths = ["", "/scorecard", "/recommendations/law", "/recommendations/law/history", "/events", "/changes"]
    for text in ("anary", proposal):
        for path in paths:
            assert text not in str(get(f"/small{path}"))
    assert get("/small/search", q="canary")["hits"] == []


def test_a_comparison_has_the_promised_shape(get: Callable[..., Any]) -> None:
    result = get("/small/compare", **{"from": "2023-09-14", "to": "2025-06-01"})
    assert result["from"] == {"as_of": "2023-09-14", "known_at": "2026-03-02T12:00:00.000000Z", "reconstructed": False}
    assert result["rows"][1] == {
        "id": "post",
        "a": "not_assessed",
        "b": "not_assessed",
        "c": "reversed",
        "direction": "reversed",
        "learned": False,
        "changed": True,
        "assessments": [
            {"id": "post-appointed-1", "reason": "first_assessment"},
            {"id": "post-kept-1", "reason": "first_assessment"},
            {"id": "post-kept-2", "reason": "world_changed"},
            {"id": "post-kept-3", "reason": "world_changed"},
        ],
    }


def test_changes_come_newest_first_and_in_pieces(get: Callable[..., Any]) -> None:
    everything = get("/small/changes")["changes"]
    assert [x["kind"] for x in everything[:2]] == ["opened", "withdrawal"]
    first = get("/small/changes", limit="2")
    rest = get("/small/changes", cursor=first["next"])
    assert first["changes"] + rest["changes"] == everything


def test_the_methodology_is_data(get: Callable[..., Any]) -> None:
    method = get("/small/methodology")
    assert method["version"] == "uptake-2026.1"
    assert [s["rank"] for s in method["statuses"]] == [None, 0, 0, 1, 2, 3, 4, 4, 0, None, None]
    assert [r["number"] for r in method["rules"]] == list(range(1, 11))
    assert all(set(scale["words"]) == {s["code"] for s in method["statuses"]} for scale in method["scales"])


def test_search_and_reviews(get: Callable[..., Any]) -> None:
    assert [h["id"] for h in get("/small/search", q="보도")["hits"]] == ["story"]
    assert [r["id"] for r in get("/small/reviews")["reviews"]] == ["ten", "yearly"]


@pytest.mark.parametrize(
    ("path", "query", "status", "detail"),
    [
        ("/nowhere", {}, 404, "There is no register “nowhere” here."),
        ("/small/recommendations/nothing", {}, 404, "There is no recommendation “nothing” in this register."),
        ("/small/scorecard", {"as_of": "2024-13-01"}, 400, "There is no day “2024-13-01” in the calendar."),
        (
            "/small/scorecard",
            {"colour": "blue"},
            400,
            "There is no parameter “colour” here. Use one of: as_of, known_at",
        ),
        (
            "/small/reviews",
            {"colour": "blue"},
            400,
            "There is no parameter “colour” here. This address has no parameters.",
        ),
        ("/small/scorecard", {"scale": "stars"}, 400, "There is no scale “stars”; known are csc2, cbc, gao, unhrc."),
        ("/small/scorecard", {"limit": "0"}, 400, "“0” is no limit; give a whole number from 1 to 1000."),
        ("/small/search", {}, 400, "Say what to find, with the parameter q."),
        ("/small/search", {"q": "x" * 201}, 400, "“q” has 201 characters. Send at most 200."),
    ],
)
def test_refusals_are_problem_documents(
    get: Callable[..., Any], path: str, query: dict[str, str], status: int, detail: str
) -> None:
    problem = get(path, status, **query)
    assert problem["status"] == status
    assert problem["detail"].startswith(detail)


def test_all_problems_are_reported_at_once(get: Callable[..., Any]) -> None:
    problem = get("/small/scorecard", 400, as_of="x", known_at="y")
    assert len(problem["errors"]) == 2


def test_a_register_that_is_not_open_is_answered_like_none(services: Services, tmp_path: Path) -> None:
    import_bundle(services, write_small_bundle(tmp_path / "small"), ImportOptions())
    client = create_app(services).test_client()
    assert client.get(BASE).get_json() == {"registers": []}
    for path in ("", "/scorecard", "/events", "/changes", "/search?q=law", "/recommendations/law/history"):
        assert client.get(f"{BASE}/small{path}").status_code == 404


def test_an_answer_is_not_sent_twice(app: Flask) -> None:
    client = app.test_client()
    first = client.get(f"{BASE}/small/scorecard")
    assert first.headers["Access-Control-Allow-Origin"] == "*"
    again = client.get(f"{BASE}/small/scorecard", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


def test_writing_is_not_an_answer_of_this_api(app: Flask) -> None:
    answer = app.test_client().post(f"{BASE}/small/scorecard")
    assert answer.status_code == 405
    assert answer.mimetype == "application/problem+json"
    assert "GET" in answer.headers["Allow"]


def test_every_operation_is_described(app: Flask) -> None:
    described = {path.replace("{", "<").replace("}", ">") for path in describe()["paths"]}
    routes = {
        str(rule).replace("register:", "").replace("ident:", "").replace("day:", "")
        for rule in app.url_map.iter_rules()
        if str(rule).startswith("/api/v1")
    }
    assert described == routes


def test_an_empty_parameter_is_refused_and_not_guessed(get: Callable[..., Any]) -> None:
    sentence = "The parameter “as_of” is empty; leave it out, or give it a value."
    assert get("/small/scorecard", 400, as_of="")["detail"] == sentence
