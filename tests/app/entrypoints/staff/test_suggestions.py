"""Comments on a field of a proposal, and texts that colleagues suggest for it."""

import re

from app.services.container import Services
from tests.support.staff_client import PROPOSAL_FIELDS, PROPOSE_PATH, Member, Members, form_version, send_proposal

TALK = "/staff/small/recommendations/law/comments/"
PAGE = "/staff/small/proposals/law-2025-03/"
REVISE = f"{PROPOSE_PATH}?revise=law-2025-03"


def _comment(person: Member, **fields: str) -> str:
    fields = {"text": "", "assessment": "law-2025-03", "version": form_version(person, PAGE)} | fields
    answer = person.post(TALK, **fields)
    assert answer.status_code == 302, answer.text
    return person.get(answer.location).html


def _revision(person: Member, **fields: str) -> str:
    """The form that the author gets after pressing the button of the suggestion."""
    form = PROPOSAL_FIELDS | {"revise": "law-2025-03", "version": form_version(person, REVISE)}
    return str(person.post(REVISE, **(form | fields)).text)


def test_a_comment_names_the_field_that_it_is_about(member: Members) -> None:
    send_proposal(member("ana"))
    page = _comment(member("ben"), text="Is it not April?", field="effective_on")
    assert "About: In force from" in page
    assert "Is it not April?" in member("ana").get(TALK).text


def test_a_suggested_text_is_taken_over_with_one_button(member: Members) -> None:
    ana, ben = member("ana"), member("ben")
    send_proposal(ana)
    page = _comment(ben, text="Shorter.", edit_rationale="One chamber passed the bill.")
    assert "Suggested text: Rationale" in page
    assert page.count("One chamber passed the bill.") >= 1
    form = ana.get(REVISE).html
    assert "Suggested texts" in form
    number = re.search('name="take" value="([0-9]+)"', form)
    assert number
    taken = _revision(ana, take=number[1], statement="Kept as typed.")
    assert re.search('name="rationale"[^>]*>One chamber passed the bill.<', taken)
    assert "Kept as typed." in taken
    assert "Taken over: Rationale." in taken
    assert "Suggested texts" not in taken, "the form follows it already"
    assert "The bill passed one chamber." in ben.get(PAGE).html, "nothing is sent yet"
    send_proposal(ana, REVISE, revise="law-2025-03", rationale="One chamber passed the bill.")
    assert "One chamber passed the bill." in ben.get(PAGE).html


def test_an_unchanged_text_is_no_suggestion_and_an_empty_comment_is_refused(member: Members) -> None:
    send_proposal(member("ana"))
    ben = member("ben")
    fields = {"assessment": "law-2025-03", "version": form_version(ben, PAGE)}
    answer = ben.post(TALK, text="", edit_rationale="The bill passed one chamber.", **fields)
    assert answer.status_code == 400
    assert "Enter a comment." in answer.text
    emptied = ben.post(TALK, text="Delete it.", edit_rationale="", **fields)
    assert emptied.status_code == 400
    assert "Enter the text that you suggest, or leave the present one." in emptied.text
    assert "Delete it." in emptied.text


def test_a_suggestion_for_an_earlier_version_compares_with_what_was_seen(member: Members) -> None:
    ana, ben = member("ana"), member("ben")
    send_proposal(ana)
    seen = form_version(ben, PAGE)
    send_proposal(ana, REVISE, revise="law-2025-03", rationale="Both chambers passed it.")
    page = _comment(ben, text="Good.", version=seen, edit_rationale="The bill passed one chamber.")
    assert "Good." in page
    assert "Suggested text" not in page


def test_a_suggestion_sent_twice_is_kept_once_and_texts_together_are_kept_apart(
    services: Services, member: Members
) -> None:
    ana, ben = member("ana"), member("ben")
    send_proposal(ana, statement="It waits.")
    version = form_version(ben, PAGE)
    for _ in range(2):
        page = _comment(
            ben, text="Two edits.", version=version, edit_rationale="One chamber passed it.", edit_statement="It hangs."
        )
    assert page.count("Suggested text: ") == 2
    assert page.count("Two edits.</p>") == 1


def test_who_gives_an_independent_opinion_is_not_shown_texts_or_suggestions(member: Members) -> None:
    ana, ben, ada = member("ana"), member("ben"), member("ada")
    send_proposal(ana)
    _comment(ben, edit_rationale="One chamber passed the bill.")
    version = form_version(ada, PAGE)
    assert ada.post("/staff/small/opinions/", item="law/", persons=["person-ben", "person-ada"]).status_code == 302
    refused = ada.post(TALK, text="", assessment="law-2025-03", version=version, edit_rationale="")
    assert refused.status_code == 400
    form = PROPOSAL_FIELDS | {"revise": "law-2025-03", "version": version, "rationale": "x", "take": "1"}
    for text in (refused.text, ada.post(PROPOSE_PATH, **form).text):
        assert "One chamber passed the bill." not in text
        assert "The bill passed one chamber." not in text


def test_the_author_reads_the_note_and_the_comments_above_the_form_that_changes_the_proposal(member: Members) -> None:
    ana, ben = member("ana"), member("ben")
    send_proposal(ana)
    _comment(ben, text="Is it not April?", field="effective_on")
    ben.post(PAGE, action="return", version=form_version(ben, PAGE), note="Name the chamber.")
    for page in (ana.get(REVISE).html, _revision(ana, action="check")):
        assert "Returned by Ben." in page
        assert page.index("Name the chamber.") < page.index("Is it not April?") < page.index("New status")
        assert "About: In force from" in page
