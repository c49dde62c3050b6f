"""Many proposals are published together: every difference is shown, rows can be left out, rule 9 holds for each."""

import re
from collections.abc import Callable
from typing import Any

from flask import Flask

from app.services.container import Services
from domain.events import read_event
from domain.recommendation.events import AssessmentPublished
from projections.worklist.queries import open_proposals
from tests.support.staff_client import Member, send_proposal

PATH = "/staff/small/bulk/publish/"
KEPT_PATH = "/staff/small/recommendations/post/propose/"
LAW, KEPT = "law-2025-03", "post-kept-2025-04"


def _propose_two(member: Callable[[str], Member]) -> None:
    ana = member("ana")
    assert send_proposal(ana).status_code == 302
    kept: dict[str, Any] = {
        "element": "kept",
        "effective_on": "2025-04",
        "rationale": "A head was named.",
        "evidence": ["story"],
    }
    assert send_proposal(ana, KEPT_PATH, **kept).status_code == 302


def _fields(page: str) -> dict[str, Any]:
    """The fields of the form as the page shows them."""
    return {
        "row": re.findall(r'name="row" value="([^"]+)"', page),
        "pick": re.findall(r'name="pick" value="([^"]+)"[^>]* checked', page),
    } | dict(re.findall(r'name="(version\.[^"]+)" value="(\d+)"', page))


def _open(services: Services) -> set[str]:
    with services.views.connect() as db:
        return {p.assessment.id for p in open_proposals(db, "small")}


def _events(services: Services, after: int) -> list[Any]:
    return [read_event(data) for _id, _stamp, data in services.log.rows_after(after, 100)]


def test_two_proposals_are_published_in_one_commit(
    services: Services, member: Callable[[str], Member], staff_app: Flask
) -> None:
    _propose_two(member)
    ben = member("ben")
    page = ben.get(PATH)
    for text in ("The bill passed one chamber.", "A head was named.", "A story", "Now public"):
        assert text in page.text
    before = services.log.last()[0]
    first_button = re.findall(r'<button class="btn[^>]*value="(\w+)"', page.html)[0]
    assert first_button == "count"
    assert ben.post(PATH, action="count", **_fields(page.html)).status_code == 200
    assert _open(services) == {LAW, KEPT}
    asked = ben.post(PATH, action="store", **_fields(page.html))
    assert "Everyone can read them on the public pages" in asked.text
    assert "Publish 2 proposals</button>" in asked.text
    assert _open(services) == {LAW, KEPT}, "asking publishes nothing"
    published = ben.post(PATH, action="store", confirmed="yes", **_fields(page.html))
    assert published.location == PATH
    assert "2 proposals are published." in ben.get(PATH).text
    assert _open(services) == set()
    events = [e for e in _events(services, before) if isinstance(e, AssessmentPublished)]
    assert [(e.assessment.id, e.published_by) for e in events] == [(LAW, "person-ben"), (KEPT, "person-ben")]
    assert "The bill passed one chamber." in staff_app.test_client().get("/small/recommendations/law/").text


def test_a_row_is_left_out_and_the_button_says_the_new_number(
    services: Services, member: Callable[[str], Member]
) -> None:
    _propose_two(member)
    ben = member("ben")
    fields = _fields(ben.get(PATH).html) | {"pick": [LAW]}
    asked = ben.post(PATH, action="store", **fields)
    assert "Publish 1 proposal</button>" in asked.text
    back = ben.post(PATH, action="store", confirmed="no", **fields)
    assert _fields(back.text)["pick"] == [LAW], "what was selected stays selected"
    assert _open(services) == {LAW, KEPT}
    assert ben.post(PATH, action="store", confirmed="yes", **fields).status_code == 302
    assert _open(services) == {KEPT}


def test_a_proposal_that_changed_is_refused_by_name_and_the_rest_asked_again(
    services: Services, member: Callable[[str], Member]
) -> None:
    _propose_two(member)
    ana, ben = member("ana"), member("ben")
    fields = _fields(ben.get(PATH).html)
    assert send_proposal(ana, revise=LAW, rationale="Both chambers passed it.").status_code == 302
    refused = ben.post(PATH, action="store", confirmed="yes", **fields)
    assert refused.status_code == 400
    assert f'id="e-pick.{LAW}"' in refused.text
    assert "Another person changed this recommendation after you opened it." in refused.text
    assert "Both chambers passed it." in refused.text
    assert _fields(refused.text)["pick"] == [KEPT]
    assert _open(services) == {LAW, KEPT}
    assert ben.confirm(PATH, action="store", **_fields(refused.text)).status_code == 302
    assert _open(services) == {LAW}


def test_own_and_co_written_proposals_that_need_two_people_cannot_be_selected(
    services: Services, member: Callable[[str], Member]
) -> None:
    ben, ada = member("ben"), member("ada")
    done: dict[str, Any] = {"status": "implemented", "evidence": ["oath", "story"]}
    assert send_proposal(ben, **done).status_code == 302
    own = ben.get(PATH).html
    assert "“Implemented” must be published by someone other than its proposer." in own
    assert _fields(own)["pick"] == []
    assert 'value="store"' not in own
    assert send_proposal(ada, revise=LAW, rationale="The gazette has it.", **done).status_code == 302
    page = ben.get(PATH).html
    assert "You wrote an earlier version of it, so another person must publish it." in page
    forged = _fields(page) | {"pick": [LAW]}
    assert ben.post(PATH, action="store", **forged).status_code == 400
    assert ben.post(PATH, action="count", **forged).status_code == 200
    assert _open(services) == {LAW}


def test_a_batch_is_scheduled_for_a_day(services: Services, member: Callable[[str], Member]) -> None:
    _propose_two(member)
    ben = member("ben")
    fields = _fields(ben.get(PATH).html) | {"publish_at": "2026-12-01T09:00"}
    asked = ben.post(PATH, action="store", **fields)
    assert "Schedule 2 proposals</button>" in asked.text
    assert "They go out on 2026-12-01 09:00 (Asia/Seoul)." in asked.text
    assert ben.post(PATH, action="store", confirmed="yes", **fields).status_code == 302
    with services.views.connect() as db:
        assert {p.publish_at.isoformat() for p in open_proposals(db, "small") if p.publish_at} == {
            "2026-12-01T00:00:00+00:00"
        }
    assert "No proposal waits for a decision." in ben.get(PATH).text


def test_the_overview_leads_to_the_proposals_of_its_selection(
    services: Services, member: Callable[[str], Member]
) -> None:
    _propose_two(member)
    ben = member("ben")
    page = ben.post(PATH, pick=["law"])
    assert _fields(page.text)["row"] == [LAW]
    assert 'formaction="/staff/small/bulk/publish/"' in ben.get("/staff/small/").html
    gone = _fields(page.text)
    assert ben.confirm(PATH, action="store", **gone).status_code == 302
    again = ben.post(PATH, action="store", **gone)
    assert again.status_code == 400
    assert "There is no open proposal “In progress, March 2025”." in again.text
    assert _open(services) == {KEPT}


def test_a_proposal_about_which_an_opinion_is_asked_stays_hidden(
    services: Services, member: Callable[[str], Member]
) -> None:
    _propose_two(member)
    ben, ada = member("ben"), member("ada")
    fields = _fields(ben.get(PATH).html)
    asked = ada.post("/staff/small/opinions/", item="law/", persons=["person-ben", "person-ada"])
    assert asked.status_code == 302
    page = ben.get(PATH)
    assert _fields(page.html)["row"] == [KEPT]
    assert "The bill passed one chamber." not in page.text
    forged = ben.post(PATH, action="store", **fields)
    assert forged.status_code == 400
    assert "The bill passed one chamber." not in forged.text
    assert _open(services) == {LAW, KEPT}
