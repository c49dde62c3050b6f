"""The home page of staff, and the page of one recommendation."""

import re
from collections.abc import Callable
from datetime import timedelta
from zoneinfo import ZoneInfo

from flask import Flask
from sqlalchemy import Engine, event

from app.entrypoints.staff.overview.home_page import HomePage
from app.services.accounts import people
from app.services.container import Services
from app.services.inbox.inbox import inboxes_of
from tests.support.staff_client import Member, form_version, send_form, send_proposal
from tests.support.staff_forms import BULK_REVIEW_PATH, bulk_review_versions

Members = Callable[[str], Member]
LAW = "/staff/small/recommendations/law/"


def test_a_proposal_waits_with_what_it_would_change(member: Members) -> None:
    ana, ben = member("ana"), member("ben")
    send_proposal(ana)
    text = ben.get("/staff/").text
    assert "To review: 1" in text
    assert "Announced to In progress" in " ".join(text.split())
    assert "Ana, 3 March 2026" in text
    assert "Any editor may publish it." in text
    send_proposal(ana, effective_on="2025-04", status="implemented", evidence=["oath", "story"])
    assert "Needs a second person." in ben.get("/staff/").text
    assert "Sent by you, not decided yet: 2" in ana.get("/staff/").text


def test_recent_activity_shows_what_others_did_and_not_one_s_own_acts(member: Members, services: Services) -> None:
    ana, ben = member("ana"), member("ben")
    send_proposal(ana)
    message = "Proposed for “Renew the law”: “In progress” from March 2025."
    assert message in ben.get("/staff/").text
    assert message not in ana.get("/staff/").text
    services.clock.go_on(days=1)  # type: ignore[attr-defined]
    ben.sign_in()
    assert message not in ben.get("/staff/").text


def test_what_is_approved_for_a_later_hour_is_no_open_task(member: Members, services: Services) -> None:
    ana, ben = member("ana"), member("ben")
    path = send_proposal(ana).location
    hour = (services.clock() + timedelta(hours=20)).astimezone(ZoneInfo("Asia/Seoul")).strftime("%Y-%m-%dT%H:%M")
    ben.post(path, action="publish", version=form_version(ben, path), publish_at=hour)
    home = ben.get("/staff/")
    assert home.heading == "2 recommendations are stale or due for review"
    assert "Nothing is under embargo." not in home.text


def test_everything_published_can_be_withdrawn_from_the_page_of_its_recommendation(member: Members) -> None:
    ben = member("ben")
    page = ben.get(f"{LAW}published/")
    assert "/staff/small/assessments/law-1/withdraw/" in page.html
    assert "/staff/small/assessments/law-2/withdraw/" in page.html
    assert re.search(r"from \d+ \w+ \d{4}", ben.get("/staff/small/assessments/law-2/withdraw/").text)
    part = ben.get("/staff/small/recommendations/post/published/")
    assert "/staff/small/assessments/post-kept-1/withdraw/" in part.html
    assert "Withdraw: " not in member("ana").get(f"{LAW}published/").text
    ben.get("/staff/small/recommendations/none/", status=404)


def test_a_recommendation_entered_by_mistake_is_withdrawn_with_a_reason(member: Members, staff_app: Flask) -> None:
    ben = member("ben")
    refused = send_form(ben, f"{LAW}withdraw/", reason="")
    assert refused.status_code == 400
    assert refused.text.count("Enter why it is withdrawn. The reason is public.") == 2
    assert send_form(ben, f"{LAW}withdraw/", confirms=True, reason="It is in another register.").status_code == 302
    public = staff_app.test_client()
    assert "It is in another register." in public.get("/small/corrections/").text
    assert "law" not in {r["id"] for r in public.get("/api/v1/registers/small/scorecard").json["recommendations"]}
    again = ben.post(f"{LAW}withdraw/", reason="Twice.")
    assert again.status_code in (400, 404)


def test_home_reads_no_more_when_more_waits(member: Members, services: Services) -> None:
    """Each list is limited, so the number of statements is the same for any number of tasks."""
    ana, ben = member("ana"), member("ben")
    send_proposal(ana)
    before = _statements(services, ben)
    for month in ("2025-04", "2025-05", "2025-06", "2025-07"):
        send_proposal(ana, effective_on=month)
    assert _statements(services, ben) <= before


def test_a_list_that_shows_a_part_says_of_how_many_and_leads_to_all(
    member: Members, services: Services, staff_app: Flask
) -> None:
    ana = member("ana")
    for month in range(1, 10):
        send_proposal(ana, effective_on=f"2025-{month:02}")
    home = ana.get("/staff/")
    assert "Sent by you, not decided yet: 8 of 9" in home.text
    assert "/staff/small/?proposal=open" in home.links()
    assert "To review: 8 of 9" in member("ben").get("/staff/").text
    with services.accounts.work() as accounts:
        person = people.person_of(people.find_user(accounts, "ana@example.org"))
    page = HomePage(list(inboxes_of(services, person, most=1)), [], {}, services.clock())
    with staff_app.test_request_context():
        assert page.count("late") == "1 of 2"
        ((_inbox, address, name),) = page.whole_lists("late")
    assert name == "All 2"
    assert len({link for link in ana.get(address).links() if re.search(r"/small/recommendations/[a-z]+/$", link)}) == 2


def _statements(services: Services, who: Member) -> int:
    seen: list[str] = []

    def count(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        seen.append(statement)

    event.listen(Engine, "before_cursor_execute", count)
    try:
        who.get("/staff/")
    finally:
        event.remove(Engine, "before_cursor_execute", count)
    return len(seen)


def test_what_was_sent_together_is_one_task(member: Members) -> None:
    ana, ben = member("ana"), member("ben")
    versions = bulk_review_versions(ana, "law", "post")
    sent = {"action": "send", "pick": ["law", "post"], "effective_on": "2025-06", "rationale": "As before."}
    assert ana.post(BULK_REVIEW_PATH, **sent, **versions, evidence=["oath", "story", "leak"]).status_code == 302
    home = ben.get("/staff/")
    (batch,) = {e.get("href") for e in home.root.iter("a") if "/bulk/publish/?by=" in (e.get("href") or "")}
    assert home.text.count("proposals sent together") == 2, "the title of the task, and its button"
    assert "Renew the law" in ben.get(batch).text
