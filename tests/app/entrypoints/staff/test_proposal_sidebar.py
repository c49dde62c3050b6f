"""The sidebar of a proposal and the page of its review: rule checks, and before and after."""

from collections.abc import Callable
from typing import Any
from xml.etree.ElementTree import Element, tostring

import html5lib
from flask import Flask

from app.services.container import Services
from tests.support.staff_client import PROPOSAL_FIELDS, PROPOSE_PATH, Member, form_version, send_proposal

PARTS = "/staff/small/recommendations/post/propose/"


def _find(answer: Any, ident: str) -> Element:
    root = html5lib.parse(answer.text, namespaceHTMLElements=False)
    return next(e for e in root.iter() if e.get("id") == ident)


def _beside(answer: Any) -> str:
    return tostring(_find(answer, "beside"), encoding="unicode").strip()


def test_the_part_that_is_sent_alone_is_that_of_the_page(member: Callable[[str], Member]) -> None:
    ana = member("ana")
    for form_fields in (
        {"status": "reversed"},
        {"status": "in_progress"},
        {"status": "", "effective_on": ""},
        {"effective_on": "2025-13"},
    ):
        alone = send_proposal(ana, action="beside", **form_fields)
        whole = send_proposal(ana, action="check", **form_fields)
        assert alone.status_code == 200
        assert "<html" not in alone.text
        assert "csrf" not in alone.text
        assert _beside(alone) == _beside(whole)
        assert _find(alone, "beside").get("data-verdict") == "".join(_find(whole, "verdict").itertext())


def test_the_rules_are_shown_before_the_form_is_complete(member: Callable[[str], Member]) -> None:
    ana = member("ana")
    empty = send_proposal(ana, action="beside", status="", effective_on="", rationale="")
    assert "Choose a status." in empty.text
    assert "2 answers are still needed." in empty.text
    assert "problem" not in _beside(empty)
    wrong = send_proposal(ana, action="beside", status="", effective_on="2025-13", rationale="")
    assert "There is 1 problem" in wrong.text
    half = send_proposal(ana, action="beside", rationale="")
    assert "Enter a rationale" in half.text
    assert "The evidence supports it." in half.text
    assert "There is 1 problem" in half.text
    assert "Its headline" in half.text
    whole = send_proposal(ana, action="beside")
    assert "There are no problems." in whole.text
    assert "Renew the law: Announced to In progress from March 2025" in whole.text


def test_only_who_may_propose_is_answered(member: Callable[[str], Member], staff_app: Flask) -> None:
    assert member("rita").post(PROPOSE_PATH, action="beside", **PROPOSAL_FIELDS).status_code == 403
    assert staff_app.test_client().post(PROPOSE_PATH, data={"action": "beside"}).status_code in (302, 400)


def test_a_part_offers_what_it_can_hold(member: Callable[[str], Member]) -> None:
    ana = member("ana")
    for part, impossible in (("appointed", "in_effect"), ("kept", "implemented")):
        answer = send_proposal(
            ana, PARTS, action="part", element=part, status="", effective_on="", rationale="Kept text."
        )
        assert answer.status_code == 200
        assert "Kept text." in answer.text
        for status in ("in_effect", "implemented", "partly"):
            pick = _find(answer, f"s-{status}")
            assert (pick.get("disabled") is not None) == (status == impossible)
    assert "Continuing" in "".join(_find(answer, "kind-said").itertext())
    first = ana.get(PARTS)
    assert "disabled" in first.html.split('id="s-in_effect"')[1].split(">")[0], "the first part is chosen at first"
    assert 'value="world_changed" selected' in first.html
    assert 'value="first_assessment" selected' in ana.get(f"{PARTS}?element=funded").html


def test_sources_are_found_by_words_and_ticked_ones_stay(member: Callable[[str], Member]) -> None:
    ana = member("ana")
    answer = send_proposal(ana, action="find", find="oath MINISTRY", evidence=["leak"], effective_on="", status="")
    assert answer.status_code == 200
    listed = "".join(_find(answer, "found").itertext())
    assert "The oath" in listed
    assert "Another story" not in listed
    assert 'value="leak" checked' in answer.text
    nothing = send_proposal(ana, action="find", find="unheard of")
    assert "No source matches these words." in nothing.text
    bulk = ana.post(
        "/staff/small/unchanged/", action="find", find="oath", pick=["law"], rationale="Kept text.", effective_on="2025"
    )
    assert "Kept text." in bulk.text


def test_a_conflict_shows_what_is_public_now_in_full(member: Callable[[str], Member]) -> None:
    ana, ben, ada = member("ana"), member("ben"), member("ada")
    stale = form_version(ana, PROPOSE_PATH)
    path = send_proposal(ben, rationale="Ben was faster.").location
    ada.post(path, action="publish", version=form_version(ada, path))
    answer = ana.post(PROPOSE_PATH, version=stale, **({"action": "send"} | PROPOSAL_FIELDS | {"rationale": "Mine."}))
    assert "Another person changed this recommendation" in answer.text
    assert "Ben was faster." in _beside(answer)
    assert "Mine." in answer.text


def test_before_and_after_have_the_same_lines_and_changes_are_marked(member: Callable[[str], Member]) -> None:
    ana, ben = member("ana"), member("ben")
    page = ben.get(send_proposal(ana, motion="advancing", evidence=["oath", "story"]).location)
    before, after = page.html.split('id="h-before"')[1].split('id="h-after"')
    after = after.split("</section>")[0]

    def lines(half: str) -> list[str]:
        return [piece.split("</dt>")[0] for piece in half.split("<dt>")[1:]]

    assert lines(before) == lines(after)
    assert lines(after) == [
        "In force from",
        "Reason",
        "Motion",
        "Confidence",
        "Rationale",
        "Evidence",
        "Review by",
    ]
    assert "<ins>" not in before
    for changed in ("advancing", "high", "The bill passed one chamber.", "The oath"):
        assert f"<ins>{changed}</ins>" in after
    assert ">A story</dd>" in after
    assert ">the world changed</dd>" in after
    assert "What will change in public" in page.text
    assert "Renew the law: Announced to In progress from March 2025" in page.text
    assert "Proposed by Ana" in page.text


def test_a_first_assessment_has_nothing_before_it(member: Callable[[str], Member]) -> None:
    ana, ben = member("ana"), member("ben")
    made = send_proposal(
        ana, "/staff/small/recommendations/talks/propose/", status="announced", reason="first_assessment"
    )
    page = ben.get(made.location)
    assert "Nothing is published for that day." in page.text
    assert "<ins>" not in page.html.split('id="h-after"')[1].split("</section>")[0]


def test_a_decision_on_a_revised_proposal_shows_both_and_keeps_the_note(member: Callable[[str], Member]) -> None:
    ana, ben = member("ana"), member("ben")
    path = send_proposal(ana).location
    old = form_version(ben, path)
    assert "Revised after you opened it" not in ben.get(path).text
    send_proposal(ana, f"{PROPOSE_PATH}?revise=law-2025-03", rationale="Changed since.", revise="law-2025-03")
    answer = ben.post(path, action="decline", version=old, note="A note of some length.")
    assert answer.status_code == 400
    assert "Revised after you opened it" in answer.text
    assert "The bill passed one chamber." in answer.text
    assert "<ins>Changed since.</ins>" in answer.text
    assert "A note of some length." in answer.text


def test_who_decides_second_learns_what_the_first_did_and_keeps_the_note(
    services: Services, member: Callable[[str], Member]
) -> None:
    ana, ben, ada = member("ana"), member("ben"), member("ada")
    path = send_proposal(ana).location
    version = form_version(ben, path)
    assert ada.post(path, action="decline", version=version, note="Not yet.").status_code == 302
    before = services.log.last()
    answer = ben.post(path, action="return", version=version, note="Look at page two.")
    assert answer.status_code == 409
    assert "This proposal has already been decided" in answer.text
    assert "Declined by Ada" in answer.text
    assert "Look at page two." in answer.text
    assert services.log.last() == before
    assert ben.post("/staff/small/proposals/never-1/", action="publish").status_code == 404
