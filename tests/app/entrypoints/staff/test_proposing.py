"""From a proposal to the public page and back, for a researcher, a second person and the public."""

from collections.abc import Callable
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from flask import Flask

from app.entrypoints.worker.scheduled_publication import publish_due
from app.services.container import Services
from projections.worklist.queries import open_proposals
from tests.support.staff_client import PROPOSAL_FIELDS, PROPOSE_PATH, Member, form_version, send_form, send_proposal


def test_a_proposal_waits_for_a_second_person_and_becomes_public(
    member: Callable[[str], Member], staff_app: Flask
) -> None:
    ana, ben = member("ana"), member("ben")
    public = staff_app.test_client()
    assert send_proposal(ana).location.endswith("/staff/small/proposals/law-2025-03/")
    assert "The bill passed one chamber." not in public.get("/small/recommendations/law/").text
    assert "1 proposal to review" in ben.get("/staff/").heading
    page = ben.get("/staff/small/proposals/law-2025-03/")
    assert "Announced" in page.text
    assert "In progress" in page.text
    answer = ben.post(
        "/staff/small/proposals/law-2025-03/",
        action="publish",
        version=form_version(ben, "/staff/small/proposals/law-2025-03/"),
    )
    assert answer.location == "/staff/"
    assert "/small/recommendations/law/#a-law-2025-03" in ben.get("/staff/").links()
    assert "The bill passed one chamber." in public.get("/small/recommendations/law/").text
    assert "Renew the law: Announced to In progress from March 2025" in public.get("/small/changes.json").text
    assert ben.get("/staff/").heading == "2 recommendations are stale or due for review"
    assert "Published by Ben" in ben.get("/staff/small/proposals/law-2025-03/").text


def test_every_error_is_shown_next_to_its_field_and_no_input_is_lost(member: Callable[[str], Member]) -> None:
    ana = member("ana")
    answer = send_proposal(
        ana, status="", effective_on="", rationale="", rationale_ko="법안", reason="first_assessment"
    )
    assert answer.status_code == 400
    for sentence in (
        "Choose a status.",
        "Enter the day from which this applies. The year is enough.",
        "Give the reasons in two or three sentences",
    ):
        assert answer.text.count(sentence) >= 2
    assert "법안" in answer.text
    answer = send_proposal(ana, status="reversed", rationale="Kept text.")
    assert answer.status_code == 400
    assert "cause" in answer.text
    assert "Kept text." in answer.text
    assert "checked" in answer.text


def test_the_rules_are_checked_before_anything_is_sent(services: Services, member: Callable[[str], Member]) -> None:
    answer = send_proposal(member("ana"), action="check", status="reversed")
    assert "Checks" in answer.text
    assert "“Reversed” needs a cause, one of: repealed, expired," in answer.text
    assert "Another person will publish it." in answer.text
    with services.views.connect() as db:
        assert open_proposals(db, "small") == []


def test_the_rules_use_the_language_of_the_reader(member: Callable[[str], Member]) -> None:
    ana = member("ana")
    ana.post("/staff/account/", name="Ana", language="ko")
    refused = send_proposal(ana, status="in_effect", cause="repealed", confidence="high")
    for sentence in (
        "원인은 “이행 후 되돌림”에만 붙입니다.",
        "“시행 중”은 “일회성” 종류의 항목에 맞지 않습니다. “이행 완료”를 쓰십시오.",
        "이 근거 자료가 뒷받침하는 신뢰도: “낮음”. 제안에 적은 신뢰도: “높음”.",
    ):
        assert refused.text.count(sentence) == 3
    assert '<html lang="ko">' in refused.text
    checked = send_proposal(ana, status="reversed", action="check")
    assert "“이행 후 되돌림”에는 다음 중 하나의 원인이 필요합니다: 폐지" in checked.text


def test_a_source_is_added_in_place_and_picked(member: Callable[[str], Member], staff_app: Flask) -> None:
    ana = member("ana")
    refused = send_proposal(ana, action="add_source", src_title="", src_class="")
    assert "Give the title of the source." in refused.text
    assert "Choose what kind of source it is." in refused.text
    answer = send_proposal(
        ana, action="add_source", src_title="Minutes of the House", src_publisher="House", src_class="official",
        src_summary="The vote.", src_url="https://example.org/minutes", evidence=["story"],
    )  # fmt: skip
    assert answer.status_code == 200
    assert 'value="minutes-of-the-house" checked' in answer.text
    assert 'value="story" checked' in answer.text
    assert "Minutes of the House" not in staff_app.test_client().get("/small/download/evidence.csv").text
    bad = send_proposal(
        ana,
        action="add_source",
        src_title="x",
        src_publisher="x",
        src_class="news",
        src_summary="x",
        src_url="javascript:x",
    )
    assert "Enter an address that starts with http:// or https:// and has no spaces." in bad.text


def test_no_one_publishes_their_own_high_stakes_proposal(member: Callable[[str], Member]) -> None:
    ben = member("ben")
    made = send_proposal(ben, status="implemented", evidence=["oath", "story"])
    path = made.location.removeprefix("http://localhost")
    page = ben.post(path, action="publish", version=form_version(ben, path))
    assert page.status_code == 400
    assert "must be published by someone other than its proposer." in page.text


def test_a_returned_proposal_comes_back_to_its_author_who_revises_it(member: Callable[[str], Member]) -> None:
    ana, ben = member("ana"), member("ben")
    path = send_proposal(ana).location
    empty = ben.post(path, action="return", version=form_version(ben, path), note="")
    assert "Enter what the author must change." in empty.text
    ben.post(path, action="return", version=form_version(ben, path), note="Which chamber?")
    assert "Returned to you" in ana.get("/staff/").text
    assert "Which chamber?" in ana.get("/staff/").text
    revise = f"{PROPOSE_PATH}?revise=law-2025-03"
    assert "The bill passed one chamber." in ana.get(revise).html
    send_proposal(ana, revise, rationale="The bill passed the lower chamber.", revise="law-2025-03")
    assert "The bill passed the lower chamber." in ben.get(path).text
    assert ben.post(path, action="publish", version=form_version(ben, path)).status_code == 302


def test_a_form_opened_before_another_change_is_sent_again_with_both_shown(
    member: Callable[[str], Member],
) -> None:
    ana, ben = member("ana"), member("ben")
    stale = form_version(ana, PROPOSE_PATH)
    path = send_proposal(ben, rationale="Ben was faster.").location
    ada = member("ada")
    ada.post(path, action="publish", version=form_version(ada, path))
    answer = ana.post(PROPOSE_PATH, version=stale, **({"action": "send"} | PROPOSAL_FIELDS | {"rationale": "Mine."}))
    assert answer.status_code == 400
    assert "Another person changed this recommendation after you opened it." in answer.text
    assert "Mine." in answer.text
    assert "In progress" in answer.text


def test_a_decision_on_an_old_page_is_refused(member: Callable[[str], Member]) -> None:
    ana, ben = member("ana"), member("ben")
    path = send_proposal(ana).location
    old = form_version(ben, path)
    send_proposal(ana, f"{PROPOSE_PATH}?revise=law-2025-03", rationale="Changed since.", revise="law-2025-03")
    answer = ben.post(path, action="publish", version=old)
    assert answer.status_code == 400
    assert "Another person changed this recommendation after you opened it. Look at it again." in answer.text


def test_an_approved_proposal_is_published_at_its_hour_once(
    services: Services, member: Callable[[str], Member], staff_app: Flask
) -> None:
    ana, ben = member("ana"), member("ben")
    path = send_proposal(ana).location
    wrong = ben.post(path, action="publish", version=form_version(ben, path), publish_at="soon")
    assert "Write the day and time like 2026-12-01 09:00." in wrong.text
    past = ben.post(path, action="publish", version=form_version(ben, path), publish_at="2020-01-01T09:00")
    assert "The time has already passed" in past.text
    hour = services.clock() + timedelta(hours=20)
    local = hour.astimezone(ZoneInfo("Asia/Seoul")).strftime("%Y-%m-%dT%H:%M")
    assert ben.post(path, action="publish", version=form_version(ben, path), publish_at=local).status_code == 302
    assert "Approved by Ben." in ben.get(path).text
    public = staff_app.test_client()
    assert publish_due(services) == 0
    assert "The bill passed one chamber." not in public.get("/small/recommendations/law/").text
    services.clock.go_on(hours=20, minutes=1)  # type: ignore[attr-defined]
    assert [publish_due(services), publish_due(services)] == [1, 0]
    services.clock.go_on(seconds=1)  # type: ignore[attr-defined]
    page = public.get("/small/recommendations/law/").text
    assert "The bill passed one chamber." in page
    assert "an editor" in page


def test_what_the_rules_refuse_at_its_hour_goes_back_with_the_sentence(
    services: Services, member: Callable[[str], Member]
) -> None:
    ana, ben = member("ana"), member("ben")
    path = send_proposal(ana, status="announced", reason="reviewed_no_change").location
    hour = services.clock() + timedelta(hours=20)
    local = hour.astimezone(ZoneInfo("Asia/Seoul")).strftime("%Y-%m-%dT%H:%M")
    ben.post(path, action="publish", version=form_version(ben, path), publish_at=local)
    other = send_proposal(ana, effective_on="2025-02").location
    ben.post(other, action="publish", version=form_version(ben, other))
    services.clock.go_on(hours=21)  # type: ignore[attr-defined]
    assert publish_due(services) == 0
    assert "It could not be published at its hour." in member("ana").get(path).text
    assert publish_due(services) == 0


def test_a_double_submit_makes_one_proposal(services: Services, member: Callable[[str], Member]) -> None:
    ana = member("ana")
    version = form_version(ana, PROPOSE_PATH)
    for _time in range(2):
        answer = ana.post(PROPOSE_PATH, version=version, **({"action": "send"} | PROPOSAL_FIELDS))
        assert answer.location == "/staff/small/proposals/law-2025-03/"
    with services.views.connect() as db:
        assert len(open_proposals(db, "small")) == 1


def test_a_withdrawal_is_read_by_everybody_with_its_reason(member: Callable[[str], Member], staff_app: Flask) -> None:
    ben = member("ben")
    path = "/staff/small/assessments/law-2/withdraw/"
    assert "Enter why it is withdrawn" in ben.post(path, action="withdraw", why="").text
    fields = {"action": "withdraw", "why": "The bill was another one.", "version": form_version(ben, path)}
    assert ben.confirm(path, **fields).status_code == 302
    public = staff_app.test_client()
    assert "The bill was another one." in public.get("/small/corrections/").text
    assert "The bill was another one." in public.get("/small/corrections.atom").text
    ben.get(path, status=404)


WITHDRAW = "/staff/small/assessments/law-2/withdraw/"
RIGHT = {"action": "withdraw", "then": "new", "confirmed": "yes", "status": "announced", "reason": "our_correction", "effective_on": "2024-02",
         "rationale": "Another bill was filed.", "why": "It was another bill.", "evidence": ["story"]}  # fmt: skip


def test_what_is_right_is_put_in_place_of_what_was_wrong_in_one_step(
    member: Callable[[str], Member], staff_app: Flask
) -> None:
    ben = member("ben")
    page = ben.get(WITHDRAW)
    assert "A bill was filed." in page.html
    assert ben.post(WITHDRAW, version=form_version(ben, WITHDRAW), **RIGHT).status_code == 302
    corrections = staff_app.test_client().get("/small/corrections/").text
    assert "It was another bill." in corrections
    assert "law-2024-02" in corrections
    assert "Another bill was filed." in staff_app.test_client().get("/small/recommendations/law/").text


def test_what_needs_a_second_person_waits_while_the_wrong_one_is_gone(
    member: Callable[[str], Member], staff_app: Flask
) -> None:
    ben, ada = member("ben"), member("ada")
    wanted = RIGHT | {"status": "implemented", "rationale": "It was enacted.", "evidence": ["oath", "story"]}
    answer = ben.post(WITHDRAW, version=form_version(ben, WITHDRAW), **wanted)
    assert answer.location.endswith("/staff/small/proposals/law-2024-02/")
    public = staff_app.test_client()
    assert "It was another bill." in public.get("/small/corrections/").text
    assert "law-2024-02" not in public.get("/small/corrections/").text
    assert "It was enacted." not in public.get("/small/recommendations/law/").text
    own = ben.post(answer.location, action="publish", version=form_version(ben, answer.location))
    assert "must be published by someone other than its proposer." in own.text
    assert ada.post(answer.location, action="publish", version=form_version(ada, answer.location)).status_code == 302
    assert "It was enacted." in public.get("/small/recommendations/law/").text


def test_neither_happens_where_one_is_refused(services: Services, member: Callable[[str], Member]) -> None:
    ben = member("ben")
    before = services.log.last()
    version = form_version(ben, WITHDRAW)
    answer = ben.post(WITHDRAW, version=version, **RIGHT | {"status": "reversed", "why": "Kept reason."})
    assert answer.status_code == 400
    assert "“Reversed” needs a cause" in answer.text
    assert "Kept reason." in answer.text
    answer = ben.post(WITHDRAW, version=version, **RIGHT | {"why": "", "rationale": "", "effective_on": ""})
    for sentence in ("Enter why it is withdrawn", "Give the reasons in two or three", "Enter the day from which"):
        assert answer.text.count(sentence) == 2
    checked = ben.post(WITHDRAW, version=version, **RIGHT | {"action": "check"})
    assert "The evidence supports it." in checked.text
    assert services.log.last() == before


def test_a_card_is_written_by_one_and_approved_by_another(member: Callable[[str], Member], staff_app: Flask) -> None:
    ana, ben = member("ana"), member("ben")
    path = "/staff/small/recommendations/talks/card/"
    assert "Enter a sentence or two" in ana.post(path, element="", counts="", does_not_count="").text
    ana.post(path, element="", counts="A signed text.", does_not_count="A meeting alone.")
    assert "Another person must approve it." in ana.get(path).text
    assert "Success criteria to approve" in ben.get("/staff/").text
    assert "A signed text." not in staff_app.test_client().get("/small/recommendations/talks/").text
    approved = ben.confirm(f"{path}approve/", element="", version=form_version(ben, path))
    assert approved.location == "/staff/small/recommendations/talks/"
    assert "The success criteria are approved." in ben.get("/staff/small/recommendations/talks/").text
    assert "A signed text." in staff_app.test_client().get("/small/recommendations/talks/").text
    again = send_form(ben, f"{path}approve/", page=path, element="")
    assert "There are no draft success criteria" in again.text


def test_the_history_tells_staff_everything(member: Callable[[str], Member]) -> None:
    ana = member("ana")
    send_proposal(ana)
    text = ana.get("/staff/small/history/").text
    assert "Proposed for “Renew the law”: “In progress” from March 2025." in text
    assert "by Ana" in text
    ana.get("/staff/small/history/?before=x", status=400)


PAGES = ["/staff/", "/staff/account/", "/staff/account/password", "/staff/small/", PROPOSE_PATH, "/staff/small/history/",
         "/staff/small/recommendations/post/propose/?element=kept", "/staff/small/recommendations/post/card/?element=kept",
         "/staff/small/assessments/law-2/withdraw/", "/staff/small/people/", "/staff/confirm",
         "/staff/history/", "/staff/account/tokens/", "/staff/small/setup/", "/staff/small/translations/"]  # fmt: skip


@pytest.mark.parametrize("path", PAGES)
def test_a_page_of_staff_is_well_made(member: Callable[[str], Member], path: str) -> None:
    member("ada").get(path)


@pytest.mark.parametrize(
    "path",
    ["/staff/small/recommendations/none/propose/", f"{PROPOSE_PATH}?revise=none", "/staff/small/proposals/none/"],
)
def test_what_is_not_there_is_named(member: Callable[[str], Member], path: str) -> None:
    assert "“none”" in member("ben").get(path, status=404).text
