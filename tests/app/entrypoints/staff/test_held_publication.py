"""Publishing one proposal is held for a minute, in which it can be undone and nothing of it is public."""

import re

import pytest
from flask import Flask
from msgspec.structs import replace

from app.entrypoints.worker.scheduled_publication import publish_due
from app.services.container import Services
from tests.support.staff_client import Member, Members, form_version, send_proposal

PAGE = "/staff/small/proposals/law-2025-03/"
PUBLIC = ("/small/recommendations/law/", "/small/changes.atom", "/api/v1/registers/small/assessments")


@pytest.fixture
def held(services: Services, small: Services) -> Services:
    services.settings = replace(services.settings, publish_hold_seconds=60)
    return services


def _press_publish(ben: Member, **fields: str) -> str:
    """Publish with the page's version; returns the banner of the page that follows."""
    answer = ben.post(PAGE, action="publish", version=form_version(ben, PAGE), **fields)
    assert answer.status_code == 302, answer.text
    return ben.get(answer.location).html


def _undo(ben: Member, page: str) -> str:
    """Press the button of the banner, or of the page of the proposal; returns the page that follows."""
    form = re.search(r'action="([^"]+/undo/)">(.*?)</', page, re.DOTALL)
    assert form, page
    fields = dict(re.findall(r'name="(note|read|approved_version)" value="([^"]*)"', form[2]))
    if shown := re.search(r'name="version" value="(\d+)"', page):
        fields = {"version": shown[1], **fields}
    answer = ben.post(form[1], **fields)
    return str(ben.get(answer.location).html if answer.status_code == 302 else answer.text)


def _is_public(app: Flask) -> bool:
    return any("The bill passed one chamber." in app.test_client().get(path).text for path in PUBLIC)


def test_nothing_is_public_for_a_minute_and_then_it_is(held: Services, member: Members, staff_app: Flask) -> None:
    send_proposal(member("ana"))
    ben = member("ben")
    page = _press_publish(ben)
    assert "“In progress” goes out at " in page
    assert "Seoul time" in page
    assert "Ana is told when it is." in page
    held.clock.go_on(seconds=55)  # type: ignore[attr-defined]
    assert publish_due(held) == 0
    assert not _is_public(staff_app)
    held.clock.go_on(seconds=10)  # type: ignore[attr-defined]
    assert publish_due(held) == 1
    assert _is_public(staff_app)


def test_undo_brings_the_proposal_back_with_note_and_ticks(held: Services, member: Members, staff_app: Flask) -> None:
    send_proposal(member("ana"))
    ben = member("ben")
    page = _undo(ben, _press_publish(ben, note="A fair proposal.", read="story"))
    assert "Not published." in page
    assert "A fair proposal." in page
    assert re.search('name="read" value="story"[^>]* checked', page)
    held.clock.go_on(hours=1)  # type: ignore[attr-defined]
    assert publish_due(held) == 0
    assert not _is_public(staff_app)
    assert "“In progress” goes out at" in _press_publish(ben), "it can be published again"


def test_undo_brings_a_note_back_without_ticks(held: Services, member: Members) -> None:
    send_proposal(member("ana"))
    ben = member("ben")
    assert ">A fair proposal.</textarea>" in _undo(ben, _press_publish(ben, note="A fair proposal."))


def test_undo_after_it_went_out_says_so_and_offers_to_withdraw(held: Services, member: Members) -> None:
    send_proposal(member("ana"))
    ben = member("ben")
    page = _press_publish(ben)
    held.clock.go_on(seconds=61)  # type: ignore[attr-defined]
    assert publish_due(held) == 1
    late = _undo(ben, page)
    assert "This proposal has already been decided" in late
    assert "/staff/small/assessments/law-2025-03/withdraw/" in late


def test_what_is_refused_is_refused_at_the_press(held: Services, member: Members) -> None:
    ben = member("ben")
    send_proposal(ben, status="implemented", evidence=["oath", "story"])
    answer = ben.post(PAGE, action="publish", version=form_version(ben, PAGE))
    assert answer.status_code == 400
    assert "must be published by someone other than its proposer" in answer.text


def test_a_proposal_revised_during_the_hold_does_not_go_out(held: Services, member: Members, staff_app: Flask) -> None:
    ana, ben = member("ana"), member("ben")
    send_proposal(ana)
    _press_publish(ben)
    assert send_proposal(ana, revise="law-2025-03", rationale="Both chambers passed it.").status_code == 302
    held.clock.go_on(minutes=5)  # type: ignore[attr-defined]
    assert publish_due(held) == 0
    assert "Both chambers passed it." not in staff_app.test_client().get(PUBLIC[0]).text


def test_another_editor_can_call_it_off_and_the_page_says_how(held: Services, member: Members) -> None:
    send_proposal(member("ana"))
    _press_publish(member("ben"))
    ada = member("ada")
    page = ada.get(PAGE)
    assert "Until then nothing is public." in page.text
    assert "Not published." in _undo(ada, page.html)


def test_a_typed_time_is_never_ignored(held: Services, member: Members) -> None:
    send_proposal(member("ana"))
    ben = member("ben")
    assert "goes out at 1 December 2026, 09:00 Seoul time." in _press_publish(ben, publish_at="2026-12-01 09:00")
    _undo(ben, ben.get(PAGE).html)
    wrong = ben.post(PAGE, action="publish", version=form_version(ben, PAGE), publish_at="tomorrow")
    assert wrong.status_code == 400
    assert "Write the day and time like 2026-12-01 09:00." in wrong.text
    assert 'value="tomorrow"' in wrong.text


def test_the_next_proposal_opens(held: Services, member: Members) -> None:
    ana, ben = member("ana"), member("ben")
    send_proposal(ana)
    send_proposal(ana, effective_on="2025-04")
    assert "To review, 1 of 2" in ben.get(PAGE).text
    answer = ben.post(PAGE, action="publish", next="yes", version=form_version(ben, PAGE))
    assert answer.location == "/staff/small/proposals/law-2025-04/"
    assert "1 proposal is left to review." in ben.get(answer.location).text
    last = ben.post(answer.location, action="publish", version=form_version(ben, answer.location))
    assert "Nothing is left to review." in ben.get(last.location).text


def test_enter_keeps_note_and_ticks_and_decides_nothing(held: Services, member: Members) -> None:
    send_proposal(member("ana"))
    ben = member("ben")
    page = ben.get(PAGE).html
    decision = page.split("<main")[1]
    assert re.search(r'<button[^>]*type="submit"[^>]*value="(\w+)"', decision)[1] == "save_now"  # type: ignore[index]
    ben.post(PAGE, action="save_now", note="Later.", read="story", version=form_version(ben, PAGE))
    kept = ben.get(PAGE)
    assert "Later." in kept.html
    assert "1 of 1 read" in kept.text
