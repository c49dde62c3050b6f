"""Drafts: saved on request, or because the session ended while a form was open."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from app.services.container import Services
from tests.support.staff_client import PROPOSE_PATH, Member, Members, form_version, send_proposal

TYPED: dict[str, Any] = {
    "status": "in_progress",
    "reason": "world_changed",
    "effective_on": "2025-03",
    "rationale": "A sentence that took an hour.",
    "evidence": ["story", "leak"],
}


def _shown(page: Any) -> None:
    assert "A sentence that took an hour." in page.html
    assert "Not sent yet. Saved" in page.text
    chosen = {e.get("value") for e in page.root.iter("input") if e.get("checked") is not None}
    assert {"in_progress", "story", "leak"} <= chosen


def _throw_away(member: Member, path: str) -> Any:
    return member.client.post("/staff/drafts/throw-away/", data={"path": path, "csrf_token": member.token()})


def test_a_form_is_saved_and_gone_on_with_later(member: Callable[[str], Member], staff_app: Flask) -> None:
    ana, ben = member("ana"), member("ben")
    assert ana.post(PROPOSE_PATH, action="save_draft", **TYPED).location == "/staff/"
    home = ana.get("/staff/")
    assert "Your drafts" in home.text
    _shown(ana.get(PROPOSE_PATH))
    assert "A sentence that took an hour." not in ben.get(PROPOSE_PATH).html, "nobody else sees it"
    assert "Your drafts" not in ben.get("/staff/").text
    assert "A sentence that took an hour." not in staff_app.test_client().get("/small/recommendations/law/").text
    version = next(e.get("value") for e in ana.get(PROPOSE_PATH).root.iter("input") if e.get("name") == "version")
    assert ana.post(PROPOSE_PATH, action="send", version=version, **TYPED).status_code == 302
    assert "Your drafts" not in ana.get("/staff/").text, "what was sent is no draft any more"
    assert "Not sent yet." not in ana.get(PROPOSE_PATH).text


def test_save_now_and_the_script_stay_on_the_page_and_decide_nothing(
    services: Services, member: Callable[[str], Member]
) -> None:
    ana, before = member("ana"), services.log.last()[0]
    assert ana.post(PROPOSE_PATH, action="save_now", **TYPED).location == PROPOSE_PATH
    _shown(ana.get(PROPOSE_PATH))
    answer = ana.post(PROPOSE_PATH, action="autosave", **TYPED | {"rationale": "Another sentence."})
    assert answer.json == {"saved": "Saved 21:00 Seoul time"}
    page = ana.get(PROPOSE_PATH)
    assert "Another sentence." in page.html
    assert "Saved 21:00 Seoul time" in page.text
    too_long = ana.post(PROPOSE_PATH, action="autosave", **TYPED | {"rationale": "x" * 100_001})
    assert too_long.status_code == 413
    services.clock.go_on(hours=30)  # type: ignore[attr-defined]
    ana.sign_in()
    assert "Saved on 3 March 2026, 21:00 Seoul time" in ana.get(PROPOSE_PATH).text
    assert services.log.last()[0] == before


def test_no_form_acts_where_a_draft_is_too_long(services: Services, member: Callable[[str], Member]) -> None:
    ada, before = member("ada"), services.log.last()[0]
    path = "/staff/small/recommendations/law/card/"
    for action in ("save_now", "save_draft", "autosave"):
        assert ada.post(path, action=action, counts="x" * 100_001, does_not_count="y").status_code == 413
    assert services.log.last()[0] == before


def test_a_draft_remembers_the_version_that_it_was_typed_for(member: Callable[[str], Member]) -> None:
    """So a change of another person in the meantime is told, as it is where the form stayed open."""
    ana, ben = member("ana"), member("ben")
    version = form_version(ana, PROPOSE_PATH)
    ana.post(PROPOSE_PATH, action="save_now", version=version, **TYPED)
    assert send_proposal(ben, effective_on="2025-06").status_code == 302
    answer = ana.post(PROPOSE_PATH, action="send", version=form_version(ana, PROPOSE_PATH), **TYPED)
    assert answer.status_code == 400
    assert "Another person changed this recommendation after you opened it." in answer.text


def test_a_draft_is_thrown_away(member: Callable[[str], Member]) -> None:
    ana = member("ana")
    ana.post(PROPOSE_PATH, action="save_draft", **TYPED)
    assert _throw_away(ana, PROPOSE_PATH).location == PROPOSE_PATH
    assert "A sentence that took an hour." not in ana.get(PROPOSE_PATH).html
    assert _throw_away(ana, "https://elsewhere.example/").location == "/staff/"


def test_a_session_that_ends_in_the_middle_of_a_form_loses_nothing(
    services: Services, member: Callable[[str], Member]
) -> None:
    ana = member("ana")
    token = ana.token()
    services.clock.go_on(hours=13)  # type: ignore[attr-defined]
    answer = ana.client.post(PROPOSE_PATH, data=TYPED | {"csrf_token": token, "action": "send"})
    assert answer.status_code == 302
    assert answer.location.startswith("/staff/sign-in?next=")
    assert PROPOSE_PATH in answer.location.replace("%2F", "/")
    assert "A sentence that took an hour." not in ana.client.get(PROPOSE_PATH, follow_redirects=True).text
    ana.sign_in()
    _shown(ana.get(PROPOSE_PATH))


def test_it_is_kept_too_where_another_tab_noticed_first(services: Services, member: Callable[[str], Member]) -> None:
    ana = member("ana")
    token = ana.token()
    services.clock.go_on(hours=13)  # type: ignore[attr-defined]
    assert ana.client.get("/staff/").status_code == 302
    answer = ana.client.post(PROPOSE_PATH, data=TYPED | {"csrf_token": token, "action": "send"})
    assert PROPOSE_PATH in answer.location.replace("%2F", "/")
    ana.sign_in()
    _shown(ana.get(PROPOSE_PATH))
    again = ana.client.post(PROPOSE_PATH, data=TYPED | {"csrf_token": token, "action": "save_draft"})
    assert again.status_code == 302, "the tab that was open all along goes on"


def test_a_session_ended_by_another_person_saves_no_draft(member: Callable[[str], Member]) -> None:
    here, stolen = member("ana"), member("ana")
    token = stolen.token()
    here.post(PROPOSE_PATH, action="save_draft", **TYPED)
    here.post("/staff/account/sessions/")
    stolen.client.post(PROPOSE_PATH, data=TYPED | {"csrf_token": token, "rationale": "Words put in her mouth."})
    here.sign_in()
    _shown(here.get(PROPOSE_PATH))


def test_a_note_and_a_summary_are_kept_too_and_a_password_never(
    services: Services, member: Callable[[str], Member]
) -> None:
    ada = member("ada")
    token = ada.token()
    services.clock.go_on(hours=13)  # type: ignore[attr-defined]
    withdraw = "/staff/small/assessments/law-2/withdraw/"
    form_data = {"csrf_token": token, "why": "An error in the source.", "action": "withdraw"}
    assert ada.client.post(withdraw, data=form_data).status_code == 302
    ada.client.post("/staff/account/password", data={"csrf_token": token, "password": "my secret words"})
    ada.sign_in()
    assert "An error in the source." in ada.get(withdraw).html
    with services.accounts.work() as db:
        from sqlalchemy import text

        rows = db.execute(text("SELECT fields FROM drafts")).scalars().all()
    assert len(rows) == 1
    assert "secret" not in "".join(rows)


def test_a_person_without_a_session_saves_no_draft(services: Services, staff_app: Flask) -> None:
    staff_app.test_client().post(PROPOSE_PATH, data=TYPED)
    with services.accounts.work() as db:
        from sqlalchemy import text

        assert db.execute(text("SELECT count(*) FROM drafts")).scalar() == 0


@pytest.mark.parametrize(
    "page", ["/staff/x\r\nSet-Cookie: a=b", "/staff/\u2028x", "/staff/\\evil", "https://evil.example"]
)
def test_a_forged_page_of_a_form_leads_nowhere(member: Members, page: str) -> None:
    ana = member("ana")
    sent = ana.post(PROPOSE_PATH, action="save_now", on_page=page, **TYPED)
    assert (sent.status_code, sent.headers["Location"]) == (302, PROPOSE_PATH)
    _shown(ana.get(PROPOSE_PATH))
    thrown = _throw_away(ana, page)
    assert (thrown.status_code, thrown.headers["Location"]) == (302, "/staff/")
