"""Sources are picked from what is cited, searched on the server, filled in from pages, and never added twice unseen."""

import re
from io import BytesIO
from urllib.parse import unquote

import pytest
from msgspec.structs import replace

from app.services.container import Services
from projections.catalogue.queries import deadlines
from projections.engine.position import last_applied_at
from projections.worklist.queries import open_proposals, proposed_responses
from tests.support.staff_client import PROPOSE_PATH, Members, form_version, send_proposal
from tests.support.staff_forms import BULK_REVIEW_PATH, bulk_review_versions

SOURCE = {"src_title": "A law", "src_publisher": "Gazette", "src_class": "official", "src_summary": "It was enacted."}


def test_what_is_picked_comes_first_with_a_summary(member: Members) -> None:
    page = member("ana").post(PROPOSE_PATH, action="find", evidence=["story", "oath"]).text
    assert "Picked: 2:" in page
    assert "1 × Primary, official" in " ".join(page.split())
    first = re.findall(r'name="evidence" value="([^"]+)"( checked)?', page)[:2]
    assert first == [("story", " checked"), ("oath", " checked")]


def test_others_are_searched_on_the_server_and_paged(member: Members) -> None:
    ana = member("ana")
    for number in range(30):
        fields = SOURCE | {"src_title": f"Gazette {number:02}", "src_url": f"https://gazette.example/{number}"}
        assert ana.post("/staff/small/new-source/", action="add", **fields).status_code == 302
    page = ana.post(PROPOSE_PATH, action="find", find="gazette", rationale="Typed before.")
    assert "30 more sources of this register" in page.text
    assert page.text.count('name="evidence"') < 40
    assert "Typed before." in page.text
    skip = re.findall(r'name="find_skip" value="(\d+)"', page.text)
    following = ana.post(PROPOSE_PATH, action="find_next", find="gazette", find_skip=skip[0]).text
    assert "Gazette 00" in following
    assert "Gazette 29" not in following
    assert "Gazette 07" in ana.post(PROPOSE_PATH, action="find", find="example/7").text
    listed = ana.get("/staff/small/evidence/", q="GAZETTE")
    assert "30 sources" in listed.text


def test_a_source_with_the_same_address_is_offered_before_another_is_added(member: Members) -> None:
    ana = member("ana")
    ana.post(
        "/staff/small/new-source/", action="add", **SOURCE, src_url="https://www.gazette.example/law/?utm_source=x"
    )
    again = SOURCE | {"src_title": "The law", "src_url": "http://gazette.example/law#section-2"}
    asked = ana.post(PROPOSE_PATH, action="add_source", **again)
    assert "This address is already a source of the register: “A law”." in asked.text
    assert "Use that one" in asked.text
    used = ana.post(PROPOSE_PATH, action="use_source", src_same="a-law", **again)
    assert re.search('name="evidence" value="a-law" checked', used.text)
    added = ana.post(PROPOSE_PATH, action="add_source", src_same="a-law", **again)
    assert re.search('name="evidence" value="the-law" checked', added.text)


def test_a_site_that_reads_no_pages_says_so_and_keeps_what_was_typed(member: Members, services: Services) -> None:
    ana = member("ana")
    typed = {"src_url": "https://example.org/a", "src_title": "Typed"}
    answer = ana.post("/staff/small/new-source/", action="fill_source", **typed)
    assert "This site does not read pages." in answer.text
    assert 'value="Typed"' in answer.text
    assert "Fill in from the page" not in ana.get("/staff/small/new-source/").text
    services.settings = replace(services.settings, capture=True)
    assert "Fill in from the page" in ana.get("/staff/small/new-source/").text
    private = ana.post("/staff/small/new-source/", action="fill_source", src_url="http://127.0.0.1/secret")
    assert private.status_code == 400


def test_the_browser_button_carries_a_page_and_stores_nothing(member: Members, services: Services) -> None:
    ana, before = member("ana"), services.log.last()
    script = unquote(ana.get("/staff/browser-button/").html)
    assert f"{services.settings.base_url}/staff/add-source/?" in script
    answer = ana.client.get("/staff/add-source/", query_string={"url": "https://example.org/a", "title": "<b>A</b>"})
    assert answer.location.startswith("/staff/small/new-source/?url=https%3A%2F%2Fexample.org%2Fa")
    page = ana.get(answer.location)
    assert 'value="https://example.org/a"' in page.html
    assert 'value="&lt;b&gt;A&lt;/b&gt;"' in page.html
    assert services.log.last() == before
    assert ana.client.get("/staff/add-source/", query_string={"title": "x" * 9000}).status_code == 302


@pytest.mark.parametrize("word", ["Primary, official", "Published by the body itself", "Weak, aggregator"])
def test_kinds_are_explained_where_they_are_chosen(member: Members, word: str) -> None:
    assert word in member("ana").get(PROPOSE_PATH).text


def test_a_picked_source_is_removed_with_one_button(member: Members) -> None:
    page = member("ana").post(PROPOSE_PATH, unpick="story", evidence=["story", "oath"], rationale="Typed before.").text
    assert "Picked: 1:" in page
    assert re.findall(r'name="evidence" value="([^"]+)"[^>]* checked', page) == ["oath"]
    assert "Typed before." in page


def test_a_deadline_picks_its_sources_and_keeps_what_was_typed(member: Members, services: Services) -> None:
    path = "/staff/small/recommendations/law/deadlines/"
    ben, typed = (
        member("ben"),
        {"due_on": "2026-12", "stated_on": "2023", "stated_by": "ministry", "note": "By decree."},
    )
    found = ben.post(path, action="find", find="oath", evidence=["story"], **typed)
    assert found.status_code == 200
    assert "By decree." in found.text
    assert "Picked: 1:" in found.text
    added = ben.post(path, action="add_source", evidence=["story"], **typed, **SOURCE)
    assert re.findall(r'name="evidence" value="([^"]+)"[^>]* checked', added.text) == ["story", "a-law"]
    assert ben.confirm(path, action="state", evidence=["story", "a-law"], **typed).status_code == 302
    assert "It becomes public" not in ben.get("/staff/small/evidence/a-law/").text


def test_sending_a_proposal_adds_a_typed_source_and_search(member: Members, services: Services) -> None:
    search = {
        "search_where": "Gazette",
        "search_words": "repeal",
        "search_from": "2024",
        "search_to": "2025",
        "search_by": "Ana",
        "search_on": "2025-06-01",
    }
    sent = send_proposal(member("ana"), **SOURCE, **search)
    assert sent.status_code == 302
    with services.views.connect() as db:
        (proposal,) = open_proposals(db, "small")
    assert proposal.assessment.evidence == ("story", "a-law", "search-for-repeal-in-gazette")


def test_an_incomplete_source_stops_a_proposal_and_stays(member: Members, services: Services) -> None:
    ana = member("ana")
    stopped = send_proposal(ana, src_title="A law", src_file=(BytesIO(b"text"), "law.txt"))
    assert stopped.status_code == 400
    assert "You typed a source that is not added yet. Complete it, or clear its fields." in stopped.text
    assert "Enter who published it." in stopped.text
    assert 'value="A law"' in stopped.text
    assert re.search("<details[^>]* open[^>]*>[^<]*<summary>Add a source", stopped.text)
    searched = send_proposal(ana, search_words="repeal")
    assert "You typed a search that is not added yet." in searched.text
    with services.views.connect() as db:
        assert open_proposals(db, "small") == []


def test_a_deadline_rests_on_a_typed_source_once_it_is_confirmed(member: Members, services: Services) -> None:
    path, ben = "/staff/small/recommendations/law/deadlines/", member("ben")
    typed = {"action": "state", "due_on": "2026-12", "stated_on": "2023", "stated_by": "ministry"}
    assert ben.post(path, **typed, src_title="A law").status_code == 400
    asked = ben.post(path, **typed, evidence=["story"], **SOURCE)
    repeated = re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', asked.text)
    fields = {name: [v for n, v in repeated if n == name] for name, _value in repeated if name != "csrf_token"}
    assert fields["evidence"] == ["story", "a-law"]
    assert fields["src_title"] == [""]
    assert ben.post(path, **fields, confirmed="yes").status_code == 302
    with services.views.connect() as db:
        stated = deadlines(db, "small", last_applied_at(db), "law")
    assert stated[-1].deadline.evidence == ("story", "a-law")


def test_a_response_rests_on_a_typed_source(member: Members, services: Services) -> None:
    path = "/staff/small/recommendations/law/respond/"
    fields = {"action": "send", "body": "senate", "position": "rejects", "given_on": "2025", "summary": "It agrees."}
    assert member("ana").post(path, **fields, src_title="A law").status_code == 400
    assert member("ana").post(path, **fields, **SOURCE).status_code == 302
    with services.views.connect() as db:
        (response,) = proposed_responses(db, "small")
    assert response.facts.evidence == ("a-law",)


def test_reviews_of_several_rest_on_a_typed_source(member: Members, services: Services) -> None:
    ana = member("ana")
    fields = {"action": "send", "pick": ["law"], "effective_on": "2025-06", "rationale": "Looked again."}
    fields |= {"evidence": ["leak", "story"], **bulk_review_versions(ana, "law")}
    assert ana.post(BULK_REVIEW_PATH, **fields, src_title="A law").status_code == 400
    assert ana.post(BULK_REVIEW_PATH, **fields, **SOURCE).status_code == 302
    with services.views.connect() as db:
        (proposal,) = open_proposals(db, "small")
    assert "a-law" in proposal.assessment.evidence


def test_a_withdrawal_without_a_new_assessment_ignores_no_typed_source(member: Members) -> None:
    ben = member("ben")
    path = "/staff/small/assessments/law-2/withdraw/"
    version = form_version(ben, path)
    sent = ben.post(path, action="withdraw", why="Wrong law.", then="nothing", version=version, src_title="A law")
    assert sent.status_code == 400
    assert "You entered another assessment." in sent.text


def test_a_source_with_the_same_title_publisher_and_day_is_noticed(member: Members) -> None:
    ana, first = member("ana"), SOURCE | {"src_published_on": "2025-01-20", "src_url": "https://gazette.example/1"}
    ana.post("/staff/small/new-source/", action="add", **first)
    again = first | {"src_title": "a  LAW", "src_url": "https://archive.example/1"}
    asked = ana.post("/staff/small/new-source/", action="add", **again)
    assert "A source with this title, publisher and day is already in the register: “A law”." in asked.text
    assert ana.post("/staff/small/new-source/", action="use_source", src_same="a-law").location.endswith("/a-law/")
    other_day = again | {"src_published_on": "2025-01-21"}
    assert ana.post("/staff/small/new-source/", action="add", **other_day).status_code == 302


def test_what_cites_a_source_is_paged(member: Members) -> None:
    ana = member("ana")
    for number in range(25):
        assert send_proposal(ana, rationale=f"Version {number}.", evidence=["story"]).status_code == 302
    page = ana.get("/staff/small/evidence/story/")
    assert page.text.count("not published") == 20
    assert "/staff/small/evidence/story/?skip=20#h-citing" in page.links()
    following = ana.get("/staff/small/evidence/story/", skip="20").text
    assert following.count("not published") == 5
    assert "Announced since 1 Mar 2024 Renew the law" in following
