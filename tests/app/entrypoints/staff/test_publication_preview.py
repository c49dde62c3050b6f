"""A preview shows exactly what changes once the proposal is published."""

from collections.abc import Callable
from datetime import date
from typing import Any

import msgspec
import pytest
from flask import Flask

from app.entrypoints.staff.proposals.publication_preview import PublicationPreview, preview_publication
from app.entrypoints.staff.proposals.rule_check import RuleCheck
from app.services.container import Services
from domain import commands as c
from domain.codes import Status
from domain.times import day_in
from domain.values import Assessment
from projections.catalogue import queries as catalogue
from projections.engine.position import last_applied_at
from projections.scorecards.queries import counts, standings
from projections.scorecards.results import Counts, Standing, TimePair
from projections.scorecards.status_history import status_histories, status_on
from projections.scorecards.what_if import StatusDifference
from tests.support.pages import Browser
from tests.support.staff_client import Member

PLAIN = {"status": "in_progress", "effective_on": "2025-03", "reason": "world_changed", "evidence": ["story"]}
CASES: dict[str, tuple[str, dict[str, Any]]] = {
    "plain": ("law", PLAIN),
    "of a part": ("post", PLAIN | {"element": "kept", "status": "partly", "effective_on": "2025-06-01"}),
    "before a later one": (
        "law",
        PLAIN | {"effective_on": "2023-12-05", "reason": "new_evidence", "confidence": "low", "motion": "steady"},
    ),
    "the first": ("talks", PLAIN | {"status": "announced", "reason": "first_assessment", "evidence": ["oath"]}),
    "reversed": (
        "post",
        PLAIN | {"element": "appointed", "status": "reversed", "cause": "office_vacant", "evidence": ["oath", "story"]},
    ),
    "done": ("law", PLAIN | {"status": "implemented", "evidence": ["oath", "story"]}),
    "without a change": ("law", PLAIN | {"status": "announced", "reason": "reviewed_no_change"}),
}


def _assessment(given: dict[str, Any]) -> Assessment:
    return msgspec.convert({"id": "new", "rationale": "It was reported.", **given}, Assessment)


def _foreseen(staff_app: Flask, recommendation: str, assessment: Assessment, without: str = "") -> PublicationPreview:
    services: Services = staff_app.extensions["uptake"]
    with staff_app.test_request_context("/"), services.views.connect() as db:
        entry = catalogue.register(db, "small")
        assert entry is not None
        result = preview_publication(
            services, db, entry, RuleCheck(services, "small", recommendation), assessment, "person-ben", without
        )
    assert result is not None
    return result


def _now(services: Services, recommendation: str) -> tuple[Counts, Standing]:
    with services.views.connect() as db:
        pair = TimePair(day_in("Asia/Seoul", services.clock()), last_applied_at(db))
        return counts(db, "small", pair), standings(db, "small", pair)[recommendation]


@pytest.mark.parametrize(("recommendation", "given"), CASES.values(), ids=CASES)
def test_what_is_foreseen_is_what_happens(
    recommendation: str, given: dict[str, Any], services: Services, staff_app: Flask
) -> None:
    assessment = _assessment(given)
    before = _now(services, recommendation)
    message = _foreseen(staff_app, recommendation, assessment)
    assert _now(services, recommendation) == before, "nothing is stored"
    services.execute(
        c.ProposeAssessment("small", recommendation=recommendation, assessment=assessment), by="person-ana"
    )
    services.execute(c.PublishAssessment("small", recommendation=recommendation, assessment="new"), by="person-ben")
    services.clock.go_on(seconds=1)  # type: ignore[attr-defined]
    after = _now(services, recommendation)
    assert message.scorecards
    assert (message.scorecards[0].counts, message.standing.before) == before
    assert (message.scorecards[1].counts, message.standing.after) == after

    public = staff_app.test_client()
    foreseen = "".join(text for text, _ in message.scorecards[1].sentence)
    assert Browser(public).get("/small/").heading.startswith(foreseen)
    assert message.feed
    fed = public.get("/small/changes.json").json["items"][0]  # type: ignore[index]
    assert (fed["title"], fed["content_text"]) == (message.feed.title, message.feed.text)
    story = public.get(f"/small/recommendations/{recommendation}/").text
    assert f'id="{message.moment.anchor}"' in story
    entry = story.split(f'id="{message.moment.anchor}"')[1].split("</li>")[0]
    assert message.moment.text in entry
    for number, source in message.evidence:
        assert f'href="#ev-{number}"' in entry
        assert source.title in story.split(f'id="ev-{number}"')[1].split("</li>")[0]


def test_days_on_which_the_result_would_differ_are_shown(services: Services, staff_app: Flask) -> None:
    recommendation, values = CASES["before a later one"]
    message = _foreseen(staff_app, recommendation, _assessment(values))
    assert message.standing.differences == (
        StatusDifference(date(2023, 12, 5), date(2024, 3, 1), Status.NO_ACTION, Status.IN_PROGRESS),
    )
    assert message.standing.before
    assert message.standing.after
    assert message.standing.after.status is message.standing.before.status is Status.ANNOUNCED
    with services.views.connect() as db:
        life = status_histories(db, "small", last_applied_at(db), date(2024, 12, 31), ["law"])["law"]
    assert status_on(life, message.standing.differences[0].last or date.max) is Status.NO_ACTION


def test_what_replaces_a_withdrawn_one_is_judged_without_it(services: Services, staff_app: Flask) -> None:
    values = PLAIN | {"status": "no_action", "effective_on": "2024-03-01", "evidence": ["search"]}
    message = _foreseen(staff_app, "law", _assessment(values), without="law-2")
    assert message.standing.after
    assert message.standing.after.status is Status.NO_ACTION
    assert StatusDifference(date(2024, 3, 1), None, Status.ANNOUNCED, Status.NO_ACTION) in message.standing.differences


def test_a_date_that_cannot_be_read_foresees_nothing(staff_app: Flask) -> None:
    services: Services = staff_app.extensions["uptake"]
    with staff_app.test_request_context("/"), services.views.connect() as db:
        entry = catalogue.register(db, "small")
        assert entry is not None
        for wrong in ({"effective_on": "2025-13"}, {"review_by": "soon"}, {"element": "nothing"}):
            rule_check = RuleCheck(services, "small", "post" if "element" in wrong else "law")
            assert preview_publication(services, db, entry, rule_check, _assessment(PLAIN | wrong), "x") is None


def test_nothing_that_is_only_foreseen_is_public(member: Callable[[str], Member], staff_app: Flask) -> None:
    ana = member("ana")
    answer = ana.post(
        "/staff/small/recommendations/law/propose/", action="beside", effective_on="2025", reason="world_changed",
        rationale="A zebra was seen.", evidence=["story"], status="in_progress",
    )  # fmt: skip
    assert "A zebra was seen." in answer.text
    public = staff_app.test_client()
    for path in ("/small/", "/small/changes.json", "/small/recommendations/law/", "/api/v1/registers/small/events"):
        assert "zebra" not in public.get(path).text
    assert "A zebra was seen." not in ana.get("/staff/small/recommendations/law/propose/").text
