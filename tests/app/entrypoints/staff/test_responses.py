"""Responses from the form to the public page."""

import re

from app.services.container import Services
from tests.support.pages import Browser
from tests.support.staff_client import Members, form_version

RESPOND = "/staff/small/recommendations/law/respond/"
SAID = {
    "action": "send",
    "body": "senate",
    "position": "rejects",
    "given_on": "2024-05-02",
    "summary": "The Senate will not renew it.",
    "evidence": ["story"],
}
HEADER = "recommendation\telement\tbody\tposition\tgiven_on\tsummary\tevidence\tassessment\n"


def test_a_response_is_proposed_published_and_withdrawn(member: Members, browser: Browser) -> None:
    ana, ben, public = member("ana"), member("ben"), "/small/recommendations/law/"
    path = ana.post(RESPOND, **SAID).location
    assert path == "/staff/small/responses/law-senate-2024-05-02/"
    assert "Renew the law: Senate, rejects, 2 May 2024" in ana.get("/staff/small/responses/").text
    assert "Responses to publish: 1" in ben.get("/staff/").text
    assert "will not renew" not in browser.get(public).text
    shown = form_version(ben, path)
    assert ben.confirm(f"{path}publish/", version=shown).location == "/staff/small/recommendations/law/"
    page = browser.get(public).text
    assert "The Senate will not renew it." in page and "rejects" in page
    assert "Response" in browser.get("/small/search", q="renew it").text
    assert "will not renew" in browser.get("/small/changes/", order="published").text
    assert "/small/bodies/senate/" in browser.get("/small/changes/", order="published").links()
    assert "“Senate”: “rejects”" in browser.client.get("/small/changes.atom").text
    assert _listed(browser, "rejects") == ["law"]
    assert _listed(browser, "accepts") == []
    assert "rejects (1)" in browser.get("/small/").text
    withdrawn = ben.confirm(f"{path}withdraw/", version=form_version(ben, path), reason="It was a minority report.")
    assert withdrawn.status_code == 302
    page = browser.get(public).text
    assert "1 earlier or withdrawn response" in page and "Withdrawn: It was a minority report." in page
    assert "It was a minority report." in browser.get("/small/corrections/").text


def test_who_decides_on_a_response_reads_each_text_that_becomes_public(member: Members) -> None:
    path = member("ana").post(RESPOND, **SAID, summary_ko="상원은 연장하지 않는다.").location
    page = member("ben").get(path).text
    assert "The Senate will not renew it." in page
    assert "상원은 연장하지 않는다." in page


def test_a_refusal_keeps_what_was_typed(member: Members) -> None:
    ana = member("ana")
    answer = ana.post(RESPOND, **SAID | {"body": "ministry", "evidence": []})
    assert answer.status_code == 400
    sentence = "“Renew the law” was never addressed to “Ministry”, so it cannot respond. Choose one of: Senate."
    assert sentence in answer.text
    assert "Cite at least one source for the response." in answer.text
    assert "The Senate will not renew it." in answer.text
    assert "Choose a position." in ana.post(RESPOND, **SAID | {"position": ""}).text


def test_an_analyst_does_not_publish_and_rule_9_holds(member: Members) -> None:
    ana, ben = member("ana"), member("ben")
    path = ana.post(RESPOND, **SAID).location
    assert ana.post(f"{path}publish/", version="1").status_code == 403
    own = ben.post(RESPOND, **SAID).location
    answer = ben.post(f"{own}publish/", version=form_version(ben, own))
    assert "Someone other than its proposer must publish this response." in answer.text


def test_a_decision_on_an_older_version_is_refused(member: Members) -> None:
    ana, ben = member("ana"), member("ben")
    path = ana.post(RESPOND, **SAID).location
    shown = form_version(ben, path)
    ben.confirm(f"{path}publish/", version=shown)
    answer = ben.post(f"{path}withdraw/", version=shown, reason="Wrong.")
    assert "You changed this response after you opened this page." in answer.text


def test_many_responses_are_pasted_or_none(member: Members, services: Services) -> None:
    ana, path = member("ana"), "/staff/small/responses/"
    good = "law\t\tsenate\tnotes\t2024-05\tIt took note.\tstory\t\n"
    bad = "post\t\tstate\taccepts\t2099\tIt accepts.\tstory;none\t\n"
    answer = ana.post(path, pasted=HEADER + good + bad)
    assert answer.status_code == 400
    assert "“none” is neither the id nor the title nor the address of a source" in answer.text
    assert '<p class="where" dir="auto">row 3</p>' in answer.text
    assert "It took note." in answer.text
    assert "No response waits for a decision." in ana.get(path).text
    assert ana.post(path, pasted=HEADER + good).status_code == 302
    assert "Renew the law: Senate, takes note, May 2024" in ana.get(path).text
    assert "position: “agrees” is not one of" in ana.post(path, pasted=HEADER + good.replace("notes", "agrees")).text
    assert "summary: the cell is empty" in ana.post(path, pasted=HEADER + good.replace("It took note.", "")).text
    assert "The first line must name each column once" in ana.post(path, pasted="body\nsenate\n").text


def _listed(browser: Browser, position: str) -> list[str]:
    """The titles' recommendations in the filtered list of the scorecard."""
    html = browser.client.get("/small/", query_string={"position": position}).text
    return re.findall(r'<h4><a href="/small/recommendations/(\w+)/', html)
