"""The home page of staff, and the page of one recommendation."""

from collections.abc import Callable
from datetime import timedelta
from zoneinfo import ZoneInfo

from flask import Flask

from app.services.container import Services
from tests.support.staff_client import Member, form_version, send_proposal

Members = Callable[[str], Member]
LAW = "/staff/small/recommendations/law/"


def test_a_proposal_waits_with_what_it_would_change(member: Members) -> None:
    ana, ben = member("ana"), member("ben")
    send_proposal(ana)
    text = ben.get("/staff/").text
    assert "To review: 1" in text
    assert "Announced to In progress" in " ".join(text.split())
    assert "by Ana" in text
    assert "Any editor may publish it." in text
    send_proposal(ana, month="4", status="implemented", evidence=["oath", "story"])
    assert "Needs a second person." in ben.get("/staff/").text
    assert "Sent by you, not decided yet: 2" in ana.get("/staff/").text


def test_recent_activity_shows_what_others_did_and_not_one_s_own_acts(member: Members, services: Services) -> None:
    ana, ben = member("ana"), member("ben")
    send_proposal(ana)
    message = "Proposed for “law”: “In progress” from March 2025."
    assert message in ben.get("/staff/").text
    assert message not in ana.get("/staff/").text
    services.clock.go_on(days=1)  # type: ignore[attr-defined]
    ben.sign_in()
    assert message not in ben.get("/staff/").text


def test_what_is_approved_for_a_later_hour_is_no_open_task(member: Members, services: Services) -> None:
    ana, ben = member("ana"), member("ben")
    path = send_proposal(ana).location
    hour = (services.clock() + timedelta(hours=20)).astimezone(ZoneInfo("Asia/Seoul")).strftime("%Y-%m-%dT%H:%M")
    ben.post(path, action="schedule", version=form_version(ben, path), publish_at=hour)
    home = ben.get("/staff/")
    assert home.heading == "You’re up to date"
    assert "Nothing is under embargo." not in home.text


def test_everything_published_can_be_withdrawn_from_the_page_of_its_recommendation(member: Members) -> None:
    ben = member("ben")
    page = ben.get(LAW)
    assert "/staff/small/assessments/law-1/withdraw/" in page.html
    assert "/staff/small/assessments/law-2/withdraw/" in page.html
    part = ben.get("/staff/small/recommendations/post/")
    assert "/staff/small/assessments/post-kept-1/withdraw/" in part.html
    assert "Withdraw: " not in member("ana").get(LAW).text
    ben.get("/staff/small/recommendations/none/", status=404)


def test_a_recommendation_entered_by_mistake_is_withdrawn_with_a_reason(member: Members, staff_app: Flask) -> None:
    ben = member("ben")
    refused = ben.post(f"{LAW}withdraw/", reason="")
    assert refused.status_code == 400
    assert refused.text.count("Enter why it is withdrawn. The reason is public.") == 2
    assert ben.post(f"{LAW}withdraw/", reason="It is in another register.").status_code == 302
    public = staff_app.test_client()
    assert "It is in another register." in public.get("/small/corrections/").text
    assert "law" not in {r["id"] for r in public.get("/api/v1/registers/small/scorecard").json["recommendations"]}
    again = ben.post(f"{LAW}withdraw/", reason="Twice.")
    assert again.status_code in (400, 404)
