"""The overview of a register: filters, saved views, the selection, and what is due."""

import re
from collections.abc import Callable
from urllib.parse import urlencode

from app.services.container import Services
from domain.codes import Kind
from domain.commands import RegisterRecommendation
from domain.values import RecommendationFacts
from tests.support.staff_client import Member, send_proposal

DESK = "/staff/small/"
ASSIGN = "/staff/small/assign/"


def listed(member: Member, **query: str) -> list[str]:
    """The ids of the rows of the list."""
    return re.findall(r'name="pick" value="([^"]+)"', member.get(f"{DESK}?{urlencode(query)}").html)


def test_each_filter_finds_what_it_names(member: Callable[[str], Member]) -> None:
    ana, ben = member("ana"), member("ben")
    everything = listed(ana)
    assert len(everything) > 2
    assert listed(ana, q="renew the law") == ["law"]
    assert listed(ana, q="law") == ["law"]
    assert listed(ana, q="nothing of the kind") == []
    assert listed(ana, missing="assessment") == ["talks"]
    assert listed(ana, status="not_assessed") == ["talks"]
    assert "law" in listed(ana, status="announced")
    assert send_proposal(ana).status_code == 302
    assert listed(ben, proposal="open") == ["law"]
    assert "law" not in listed(ben, proposal="none")
    ben.post(ASSIGN, pick=["law"], person="person-ana", action="assign")
    assert listed(ben, assigned="none") == [ident for ident in everything if ident != "law"]
    assert listed(ben, assigned="person-ana") == ["law"]


def test_what_cannot_be_is_refused_and_an_unknown_word_finds_nothing(member: Callable[[str], Member]) -> None:
    ana = member("ana")
    assert "There is no due “soon” here." in ana.get(DESK, 400, due="soon").text
    assert listed(ana, theme="no such theme") == []
    assert listed(ana, body="no such body") == []


def test_a_view_is_saved_under_a_name_for_its_owner_only(member: Callable[[str], Member]) -> None:
    ana, ben = member("ana"), member("ben")
    answer = ana.post("/staff/small/views/", name="Without status", list="missing=assessment")
    assert answer.location == "/staff/small/?missing=assessment"
    page = ana.get(DESK, missing="assessment")
    assert "“Without status” is saved." in page.text
    assert "Without status 1" in ana.get(DESK).text
    assert "Without status" not in ben.get(DESK).text
    ana.post("/staff/small/views/delete/", view="Without status", list="")
    assert "“Without status” is deleted." in ana.get(DESK).text
    assert "Without status" not in ana.get(DESK).text


def test_a_view_needs_a_name_and_there_are_at_most_ten(member: Callable[[str], Member]) -> None:
    ana = member("ana")
    ana.post("/staff/small/views/", name=" ", list="q=law")
    assert "Enter a name for this view." in ana.get(DESK).text
    for number in range(11):
        ana.post("/staff/small/views/", name=f"View {number}", list="q=law")
    assert "You have 10 views here. Delete one first." in ana.get(DESK).text


def test_showing_the_selection_changes_nothing(services: Services, member: Callable[[str], Member]) -> None:
    ana = member("ana")
    before = services.log.last()
    page = ana.post("/staff/small/selection/", list="q=law", pick=["law"])
    assert "1 of 1 selected" in page.text
    assert 'value="law" checked' in page.text
    assert services.log.last() == before
    main_form = page.text.index('action="/staff/small/selection/"')
    first_button = page.text.index("<button", main_form)
    assert "Show the selection" in page.text[first_button : first_button + 200]


def test_all_that_match_are_selected_by_the_filter_itself(member: Callable[[str], Member]) -> None:
    page = member("ana").post("/staff/small/unchanged/", list="status=announced", everything="yes")
    assert 'value="law" checked' in page.text
    assert 'value="talks"' not in page.text


def test_an_action_leads_back_to_the_same_list_and_can_be_undone(member: Callable[[str], Member]) -> None:
    ana, ben = member("ana"), member("ben")
    fields = {"list": "sort=title&page=1", "pick": ["law"], "person": "person-ana", "action": "assign"}
    assert ben.post(ASSIGN, **fields).location == "/staff/small/?sort=title&page=1"
    page = ben.get(DESK, sort="title")
    assert "1 recommendation is assigned to Ana." in page.text
    undo = dict(re.findall(r'name="(list|at|before)" value="([^"]*)"', page.html)[:3])
    assert listed(ben, assigned="person-ana") == ["law"]
    assert ben.post("/staff/small/assign/undo/", **undo).status_code == 302
    assert listed(ben, assigned="person-ana") == []
    assert ana.get("/staff/").heading == "2 recommendations are stale or due for review"


def test_an_undone_assignment_goes_back_to_who_had_it(member: Callable[[str], Member]) -> None:
    ben = member("ben")
    ben.post(ASSIGN, pick=["law"], person="person-ana", action="assign")
    ben.get(DESK)
    ben.post(ASSIGN, pick=["law"], person="person-ben", action="assign")
    page = ben.get(DESK).html
    undo = dict(re.findall(r'name="(list|at|before)" value="([^"]*)"', page)[:3])
    ben.post("/staff/small/assign/undo/", **undo)
    assert listed(ben, assigned="person-ana") == ["law"]


def test_what_is_due_is_listed_by_month(member: Callable[[str], Member]) -> None:
    page = member("ana").get("/staff/small/due/")
    assert "deadline" in page.text
    assert "review of the register" in page.text


def test_readers_see_the_list_without_actions(member: Callable[[str], Member]) -> None:
    page = member("rita").get(DESK)
    assert "Renew the law" in page.text
    assert 'name="pick"' not in page.html
    assert "Propose a status" not in page.text


def test_a_long_list_has_pages_and_is_selected_as_a_whole(services: Services, member: Callable[[str], Member]) -> None:
    for number in range(60):
        facts = RecommendationFacts(
            id=f"new-{number}", title=f"Publish report {number}", summary="Publish it.", kind=Kind.ONE_OFF, theme="offices",
            addressees=("ministry",), publication="report", recommended_on="2023-09", number=str(number),
        )  # fmt: skip
        services.execute(RegisterRecommendation("small", facts=facts), by="person-ada")
    ana = member("ana")
    assert len(listed(ana, q="publish report")) == 50
    page = ana.get(f"{DESK}?q=publish+report&page=2")
    assert "51 to 60 of 60" in page.text
    assert 'href="/staff/small/?q=publish+report"' in page.html
    assert listed(ana, q="publish report", page="9") == listed(ana, q="publish report", page="2")
    everything = ana.get(f"{DESK}?q=publish+report&select=matching")
    assert "All 60 selected" in everything.text
    assert everything.html.count(" checked") == 50
    sent = ana.post(ASSIGN, list="q=publish+report", everything="yes", person="person-ana", action="assign")
    assert sent.location == "/staff/small/?q=publish+report"
    assert "60 recommendations are assigned to Ana." in ana.get(DESK).text
    few = ana.get("/staff/small/bulk/statuses/?q=publish+report")
    assert few.html.count('name="row"') == 50
    assert "skip=50" in few.html


def test_tables_of_what_waits_are_filtered(member: Callable[[str], Member]) -> None:
    ana, ben = member("ana"), member("ben")
    assert send_proposal(ana).status_code == 302
    publish = "/staff/small/bulk/publish/"
    assert ben.get(publish, q="law").html.count('name="row"') == 1
    assert ben.get(publish, q="envoy").html.count('name="row"') == 0
    assert ben.get(publish, theme="no such theme").html.count('name="row"') == 0
    assert "Words or a number" in ben.get("/staff/small/bulk/approvals/", q="law").text


def test_the_page_is_in_korean(member: Callable[[str], Member]) -> None:
    ana = member("ana")
    ana.post("/staff/account/", name="Ana", language="ko")
    page = ana.get(DESK)
    assert page.heading == "등록부 전체 보기"
    assert "재검토 지연 또는 임박" in page.text
