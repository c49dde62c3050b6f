"""Several recommendations at once: reviewed without a change, and what is refused."""

import re
from collections.abc import Callable
from typing import Any

from flask import Flask
from msgspec.structs import replace

from app.services.container import Services
from domain.codes import PeerReview
from domain.commands import AmendRegister
from projections.catalogue.queries import register
from projections.worklist.queries import open_proposals
from tests.support.staff_client import Member
from tests.support.staff_forms import BULK_REVIEW_PATH, bulk_review_versions

ASSIGN = "/staff/small/assign/"
SAID = {
    "effective_on": "2025-06",
    "day": "",
    "rationale": "Looked again, nothing new.",
    "evidence": ["story", "leak"],
}


def _send(member: Member, *picks: str, **fields: Any) -> Any:
    return member.post(
        BULK_REVIEW_PATH,
        **({"action": "send", "pick": list(picks)} | SAID | bulk_review_versions(member, *picks) | fields),
    )


def test_several_are_proposed_again_with_the_status_they_hold(
    services: Services, member: Callable[[str], Member], staff_app: Flask
) -> None:
    ana = member("ana")
    begun = ana.post(BULK_REVIEW_PATH, pick=["law", "post"])
    assert "2 recommendations" in begun.text
    assert _send(ana, "law", "post", evidence=["oath", "story", "leak"]).status_code == 302
    with services.views.connect() as db:
        made = {p.assessment.id: p.assessment for p in open_proposals(db, "small")}
    assert set(made) == {"law-2025-06", "post-appointed-2025-06", "post-kept-2025-06"}
    assert {a.reason.value for a in made.values()} == {"reviewed_no_change"}
    assert made["law-2025-06"].status.value == "announced"
    assert made["post-kept-2025-06"].cause == "office_vacant"
    assert {a.rationale for a in made.values()} == {"Looked again, nothing new."}
    assert "Looked again, nothing new." not in staff_app.test_client().get("/small/recommendations/law/").text


def test_one_refused_item_stops_all_and_each_is_named_next_to_its_field(
    services: Services, member: Callable[[str], Member]
) -> None:
    answer = _send(member("ana"), "law", "talks", "post", evidence=["search"], rationale_ko="다시 보았다.")
    assert answer.status_code == 400
    assert "Nothing was published about it by this day, so there is nothing to confirm." in answer.text
    assert 'id="e-pick-talks"' in answer.text
    assert 'id="e-pick-post"' in answer.text
    assert "Looked again, nothing new." in answer.text
    assert "다시 보았다." in answer.text
    assert 'value="search" checked' in answer.text
    with services.views.connect() as db:
        assert open_proposals(db, "small") == []


def test_what_is_missing_is_asked_for_before_anything_is_judged(member: Callable[[str], Member]) -> None:
    ana = member("ana")
    answer = _send(ana, "law", rationale="", effective_on="20x5")
    assert answer.status_code == 400
    assert "Give the reasons in two or three sentences that a reader can check." in answer.text
    assert 'value="20x5"' in answer.text
    assert "Select at least one recommendation on the register" in _send(ana).text
    assert ana.post(BULK_REVIEW_PATH, pick=["nothing"]).status_code == 404
    assert ana.client.get(BULK_REVIEW_PATH).location == "/staff/small/"


def test_a_list_opened_before_another_change_is_refused_and_sent_twice_it_is_one(
    services: Services, member: Callable[[str], Member]
) -> None:
    ana = member("ana")
    old = bulk_review_versions(ana, "law")
    assert _send(ana, "law", **old).status_code == 302
    again = _send(ana, "law", **old)
    assert again.status_code == 400
    assert "You changed this recommendation after you opened this page. Look at it again." in again.text
    with services.views.connect() as db:
        assert len(open_proposals(db, "small")) == 1


def test_no_one_publishes_what_they_proposed_in_bulk(member: Callable[[str], Member]) -> None:
    ben = member("ben")
    assert _send(ben, "post", evidence=["oath", "story", "leak"]).status_code == 302
    path = "/staff/small/proposals/post-appointed-2025-06/"
    version = re.search(r'name="version" value="(\d+)"', ben.get(path).html)
    assert version
    refused = ben.post(path, action="publish", version=version.group(1))
    assert refused.status_code == 400
    assert "must be published by someone other than its proposer." in refused.text
    assert member("ada").post(path, action="publish", version=version.group(1)).status_code == 302


def test_a_source_is_added_from_the_list(member: Callable[[str], Member]) -> None:
    answer = _send(
        member("ana"), "law", action="add_source", src_title="Minutes", src_publisher="House", src_class="official",
        src_summary="The vote.",
    )  # fmt: skip
    assert 'value="minutes" checked' in answer.text
    assert 'value="law" checked' in answer.text
    assert "Looked again, nothing new." in answer.text


def test_what_is_assigned_waits_for_that_person_until_they_propose(member: Callable[[str], Member]) -> None:
    ana, ben = member("ana"), member("ben")
    assert "Choose a colleague" in ben.post(ASSIGN, pick=["law"], person="person-rita", action="assign").text
    assert ben.post(ASSIGN, pick=["law", "post"], person="person-ana", action="assign").status_code == 302
    overview = ben.get("/staff/small/")
    assert "2 recommendations are assigned to Ana" in overview.text
    assert "Assigned to Ana" in overview.text
    assert ana.get("/staff/").heading == "You have 2 recommendations assigned to you"
    assert "Assigned to you" in ana.get("/staff/").text
    assert "Ben, 3 March 2026" in ana.get("/staff/").text
    _send(ben, "law")  # another person's proposal does not end it
    assert ana.get("/staff/").heading == "You have 2 recommendations assigned to you"
    _send(ana, "law")
    assert ana.get("/staff/").heading == "You have 1 recommendation assigned to you"


def test_an_assignment_is_given_to_another_and_taken_back(member: Callable[[str], Member]) -> None:
    ana, ben = member("ana"), member("ben")
    for person in ("person-ana", "person-ben"):
        ana.post(ASSIGN, pick=["law"], person=person, action="assign")
    assert ana.get("/staff/").heading == "2 recommendations are stale or due for review"
    assert ben.get("/staff/").heading == "You have 1 recommendation assigned to you"
    assert ana.post(ASSIGN, pick=["law"], action="take_back").status_code == 302
    assert ben.get("/staff/").heading == "2 recommendations are stale or due for review"


def test_a_list_is_kept_when_the_session_ends_in_the_middle(
    services: Services, member: Callable[[str], Member]
) -> None:
    ana = member("ana")
    token = ana.token()
    services.clock.go_on(hours=13)  # type: ignore[attr-defined]
    form_data = {"action": "send", "pick": ["law"], "csrf_token": token} | SAID
    assert "/staff/sign-in" in ana.client.post(BULK_REVIEW_PATH, data=form_data).location
    ana.sign_in()
    page = ana.get(BULK_REVIEW_PATH).html
    assert "Looked again, nothing new." in page
    assert 'value="leak" checked' in page
    ana.post(ASSIGN, action="save_draft", pick=["law"], person="person-ana")
    assert 'value="person-ana" selected' in ana.get(ASSIGN).html
    assert "Assigned to you" not in ana.get("/staff/").text
    with services.views.connect() as db:
        assert open_proposals(db, "small") == []


def test_items_keep_their_own_sources_and_can_have_their_own_rationale(
    services: Services, member: Callable[[str], Member]
) -> None:
    fields = {
        "keep_sources": "yes",
        "evidence": ["search"],
        "rationale-law": "The bill waits.",
        "rationale_ko": "그대로.",
    }
    assert _send(member("ana"), "law", "post", **fields).status_code == 302
    with services.views.connect() as db:
        made = {p.recommendation: p.assessment for p in open_proposals(db, "small")}
    assert made["law"].evidence[-1] == made["post"].evidence[-1] == "search"
    assert len(made["law"].evidence) > 1
    assert made["law"].rationale == "The bill waits."
    assert made["law"].translations == {}
    assert made["post"].translations == {"ko": {"rationale": "그대로."}}


def test_refused_items_are_left_out_with_one_button_and_the_others_are_sent(
    services: Services, member: Callable[[str], Member]
) -> None:
    ana = member("ana")
    answer = _send(ana, "law", "talks", "post", keep_sources="yes")
    assert answer.status_code == 400
    assert "1 recommendation cannot be sent" in answer.text
    assert "Leave it out and send the other 2" in answer.text
    first_button = answer.text.index("<button", answer.text.index("<main"))
    assert 'value="save_now"' in answer.text[first_button : first_button + 200]
    sent = _send(ana, "law", "talks", "post", keep_sources="yes", action="leave_out", list="due=late")
    assert sent.location == "/staff/small/?due=late"
    assert "3 proposals are sent together." in ana.get("/staff/small/").text
    with services.views.connect() as db:
        assert {p.recommendation for p in open_proposals(db, "small")} == {"law", "post"}


def test_what_was_sent_together_opens_as_one_selected_page(member: Callable[[str], Member]) -> None:
    ana, ben = member("ana"), member("ben")
    _send(ana, "law", "post", keep_sources="yes")
    link = re.search(r'href="(/staff/small/bulk/publish/\?[^"]+)"', ben.get("/staff/").html)
    assert link
    page = ben.client.get(link[1].replace("&amp;", "&")).text
    assert len(re.findall(r'name="pick" value="[^"]+"[^>]* checked', page)) == 3
    assert ben.get("/staff/small/bulk/publish/", by="person-ana", at="1").heading == "Publish proposals"


def test_where_one_person_publishes_alone_the_publication_follows(
    services: Services, member: Callable[[str], Member]
) -> None:
    with services.views.connect() as db:
        entry = register(db, "small")
    assert entry
    alone = replace(entry.settings, peer_review=PeerReview.NEVER)
    services.execute(AmendRegister("small", fact=alone, why="One person keeps it."), by="person-ada")
    location = _send(member("ben"), "law", keep_sources="yes").location
    assert location.startswith("/staff/small/bulk/publish/?by=person-ben")
