"""Pages with several buttons: what is typed for one of them is not lost when another is pressed."""

from typing import Any

import pytest

from app.services.comments.conversation import comments_on
from app.services.container import Services
from tests.support.pages import Page, checked_page
from tests.support.staff_client import Member, Members, form_version, send_proposal
from tests.support.staff_pages import PAGES_OF_LINKS, STAFF_PAGES

TYPED = {"text", "search", "email", "url", "file", "datetime-local"}
REVIEW = "/staff/small/proposals/law-2025-03/"
TALK = "/staff/small/recommendations/law/comments/"
SOURCE = "/staff/small/evidence/oath/"


def _forms(page: Page) -> list[Any]:
    """The forms of the main part that are sent with POST."""
    main = next(e for e in page.root.iter("main"))
    return [f for f in main.iter("form") if (f.get("method") or "").lower() == "post"]


def _has_typed_fields(form: Any) -> bool:
    inputs = [e for e in form.iter("input") if e.get("type", "text") in TYPED]
    return bool(inputs or list(form.iter("textarea")))


def test_a_page_with_typed_fields_has_one_form_for_all_its_buttons(member: Members) -> None:
    ana, ada = member("ana"), member("ada")
    path = send_proposal(ana).location
    ana.post(TALK, text="A remark.")
    ada.post(f"{SOURCE}notes/", note="A note.", language="en")
    ada.post("/staff/account/tokens/", name="script", scope=["read"], days="9")
    ada.post("/staff/small/people/", email="eve@example.org", name="Eve", role="reader")
    torn = set()
    pages = {**STAFF_PAGES, "staff.proposal": path, "staff.comments": TALK}
    for endpoint, address in pages.items():
        answer = None if endpoint in PAGES_OF_LINKS else ada.client.get(address)
        if answer is None or answer.status_code != 200 or "staff" not in endpoint:
            continue
        forms = _forms(checked_page(address, 200, answer.text))
        if len(forms) > 1 and any(map(_has_typed_fields, forms)):
            torn.add(endpoint)
    assert torn == set()


def _page_fields(page: Page) -> dict[str, Any]:
    """What a browser sends with any button of a page, before a person types something."""
    form = next(f for f in page.root.iter("form") if any(e.get("name") == "on_page" for e in f.iter("input")))
    fields: dict[str, Any] = {}
    own = [*form.iter(), *(e for e in page.root.iter() if e.get("form") == form.get("id", "-"))]
    for e in own:
        if e.tag == "input" and (e.get("type") not in ("checkbox", "radio") or e.get("checked") is not None):
            fields.setdefault(e.get("name", ""), e.get("value", ""))
    fields |= {e.get("name", ""): "".join(e.itertext()) for e in form.iter("textarea")}
    for e in (e for e in own if e.tag == "select"):
        options = list(e.iter("option"))
        chosen = next((o for o in options if o.get("selected") is not None), options[0])
        fields[e.get("name", "")] = chosen.get("value", "")
    return {n: v for n, v in fields.items() if n and n != "csrf_token"}


def _drafts(who: Member) -> bool:
    return "1 draft" in who.get("/staff/").text


def _press(who: Member, path: str, button: str, **typed: Any) -> Any:
    return who.post(button, **_page_fields(who.get(path)) | typed)


def test_a_comment_typed_beside_a_decision_is_added_with_it(services: Services, member: Members) -> None:
    send_proposal(member("ana"))
    ben = member("ben")
    answer = _press(
        ben, REVIEW, REVIEW, action="return", note="Check it.", text="Which chamber?", edit_rationale="Two."
    )
    assert answer.status_code == 302
    page = ben.get(answer.location).text
    assert "Returned to its author." in page
    assert "Your comment is added." in page
    with services.accounts.work() as db:
        stored = [(c.text, c.suggestion) for c in comments_on(db, "small", "law")]
    assert stored == [("Which chamber?", "Two.")]
    assert not _drafts(ben)


def test_a_note_that_publishing_does_not_send_becomes_a_comment(services: Services, member: Members) -> None:
    send_proposal(member("ana"))
    ben = member("ben")
    assert _press(ben, REVIEW, REVIEW, action="publish", note="A fair proposal.").status_code == 302
    assert "A fair proposal." in member("ana").get(TALK).text


def test_a_refused_decision_stores_no_comment_and_keeps_all_that_was_typed(member: Members) -> None:
    send_proposal(member("ana"))
    ben = member("ben")
    refused = _press(ben, REVIEW, REVIEW, action="decline", note="", text="Which chamber?")
    assert refused.status_code == 400
    assert ">Which chamber?</textarea>" in refused.text
    assert "Which chamber?" not in ben.get(TALK).text
    timed = _press(ben, REVIEW, REVIEW, action="return", note="Check it.", publish_at="2026-12-01 09:00")
    assert "Clear this time to return or decline the proposal, or publish it then." in timed.text


def test_a_note_typed_beside_a_comment_stays(member: Members) -> None:
    send_proposal(member("ana"))
    ben = member("ben")
    added = _press(ben, REVIEW, TALK, text="Which chamber?", note="Check it.", read=["story"])
    page = ben.get(added.location)
    assert added.location == REVIEW
    assert ">Check it.</textarea>" in page.html
    assert "1 of 1 read" in page.text
    assert ">Which chamber?</textarea>" not in page.html
    assert _drafts(ben)
    answer = ben.post(REVIEW, **_page_fields(page) | {"action": "return"})
    assert answer.status_code == 302
    assert not _drafts(ben)


def test_a_comment_alone_leaves_no_draft(member: Members) -> None:
    send_proposal(member("ana"))
    ben = member("ben")
    assert _press(ben, REVIEW, TALK, text="Which chamber?").status_code == 302
    assert not _drafts(ben)


def test_a_refused_comment_on_another_page_keeps_the_note(member: Members) -> None:
    send_proposal(member("ana"))
    ben = member("ben")
    assert _press(ben, REVIEW, TALK, text="x" * 6000, note="Check it.").status_code == 400
    assert ">Check it.</textarea>" in ben.get(REVIEW).html


def test_a_decision_that_comes_too_late_shows_what_was_typed(member: Members) -> None:
    send_proposal(member("ana"))
    ben = member("ben")
    fields = _page_fields(ben.get(REVIEW))
    assert member("ada").post(REVIEW, action="publish", version=form_version(ben, REVIEW)).status_code == 302
    late = ben.post(REVIEW, **fields | {"action": "return", "note": "Check it.", "text": "Which chamber?"})
    assert late.status_code == 409
    assert ">Check it.</textarea>" in late.text
    assert ">Which chamber?</textarea>" in late.text


ADD = "/staff/small/setup/themes/"
WORKBENCH = "/staff/small/recommendations/law/"
PEOPLE = "/staff/small/people/"
CARD = f"{WORKBENCH}card/"
PAGE_BUTTONS = [
    (WORKBENCH, f"{WORKBENCH}assign/", {"to_me": "yes"}, {"text": "A remark."}),
    (SOURCE, f"{SOURCE}notes/", {"note": "Read it."}, {"rights": "Public domain."}),
    (SOURCE, f"{SOURCE}notes/1/", {"action": "hide"}, {"note": "Read it."}),
    (ADD, ADD, {"action": "paste", "pasted": "id\ttitle\nwater\tWater"}, {"title": "Air"}),
    (ADD, ADD, {"action": "one", "id": "water", "title": "Water"}, {"pasted": "id\ttitle\nair\tAir"}),
    (PEOPLE, f"{PEOPLE}person-ana/", {"role.person-ana": "analyst"}, {"email": "eve@example.org"}),
    ("/staff/account/", "/staff/account/shortcuts/", {"uses_shortcuts": ""}, {"name": "Ada K."}),
    ("/staff/account/tokens/", "/staff/account/tokens/revoke/", {"revoke": "script"}, {"name": "Second"}),
    (CARD, CARD, {}, {}),
    ("/staff/small/", "/staff/small/views/delete/", {"view": "Mine"}, {"name": "Other"}),
]


@pytest.mark.parametrize(("path", "button", "pressed", "typed"), PAGE_BUTTONS)
def test_what_is_typed_for_another_button_stays_on_the_page(
    member: Members, path: str, button: str, pressed: dict[str, str], typed: dict[str, str]
) -> None:
    ada = member("ada")
    ada.post(f"{SOURCE}notes/", note="A note.", language="en")
    ada.post("/staff/account/tokens/", name="script", scope=["read"], days="9")
    more = {"confirmed": "yes"}
    bare = ada.post(button, **_page_fields(ada.get(path)) | more) if path == CARD else None
    answer = _press(ada, path, button, **pressed, **typed, **more)
    assert (bare or answer).status_code in (302, 400), answer.text
    shown = ada.get(path).html
    assert all(value in shown for value in typed.values())
    assert ("Not sent yet." in shown) == bool(typed)


def test_a_summary_that_is_not_saved_is_not_signed(member: Members) -> None:
    ada, path = member("ada"), STAFF_PAGES["staff.stocktaking"]
    refused = _press(ada, path, path, action="sign", summary="All is well.")
    assert refused.status_code == 400
    assert "You changed the summary and did not save it. Save the draft first." in refused.text
    assert ">All is well.</textarea>" in refused.text
    assert _press(ada, path, path, action="draft", summary="All is well.").status_code == 302
    assert _press(ada, path, path, action="sign").status_code == 302
    assert not _drafts(ada)
