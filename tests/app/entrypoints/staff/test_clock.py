"""Times on pages of staff are on the clock of the register, which each page names once."""

import re
from collections.abc import Callable

import pytest

from app.services.accounts import people
from app.services.accounts.permissions import StaffRole
from app.services.container import Services
from domain import commands as c
from domain.values import RegisterSettings
from tests.support.repository import ROOT
from tests.support.staff_client import Member, send_form, send_proposal
from tests.support.staff_pages import STAFF_PAGES

HISTORY = "/staff/small/history/"
REVIEW = STAFF_PAGES["staff.stocktaking"]


def test_a_page_names_its_clock_once(member: Callable[[str], Member]) -> None:
    ana = member("ana")
    send_proposal(ana)
    for path in ("/staff/", HISTORY, "/staff/small/recommendations/law/", "/staff/small/reviews/"):
        page = ana.get(path)
        assert page.text.count("Seoul") == 1, path
        assert "UTC" not in page.text, path
        assert "Times on this page: Seoul time." in page.text
    assert "3 March 2026, 21:00" in ana.get(HISTORY).text  # 12:00 UTC


def test_a_day_of_the_history_begins_at_midnight_of_the_register(
    services: Services, member: Callable[[str], Member]
) -> None:
    ana = member("ana")
    services.clock.go_on(hours=2, minutes=59)  # type: ignore[attr-defined]
    send_proposal(ana)
    services.clock.go_on(minutes=2)  # type: ignore[attr-defined]
    send_proposal(ana, effective_on="2025-04")
    late, early = ana.get(HISTORY, day="2026-03-03").text, ana.get(HISTORY, day="2026-03-04").text
    assert "from March 2025" in late and "from April 2025" not in late
    assert "from April 2025" in early and "from March 2025" not in early


def test_registers_with_two_clocks_are_shown_in_utc(services: Services, member: Callable[[str], Member]) -> None:
    settings = RegisterSettings(id="other", title="Other", time_zone="Europe/Berlin")
    services.execute(c.EstablishRegister("other", settings=settings), by="person-ada")
    with services.accounts.work() as db:
        people.give_role(db, people.find_user(db, "ana@example.org"), "other", StaffRole.ANALYST)
    assert "Times on this page: UTC." in member("ana").get("/staff/history/").text


@pytest.mark.parametrize(
    ("typed", "shown"),
    [("2026-09-20 09:00", "20 September 2026, 09:00"), ("2026-09-20T09:00:00+02:00", "20 September 2026, 16:00")],
)
def test_a_typed_time_is_on_the_same_clock(member: Callable[[str], Member], typed: str, shown: str) -> None:
    ben = member("ben")
    send_form(ben, REVIEW, action="embargo", freeze_at=typed)
    assert f"It will be frozen at {shown}" in ben.get(REVIEW).text


def test_a_time_that_is_none_is_refused_with_an_example(member: Callable[[str], Member]) -> None:
    ben = member("ben")
    answer = send_form(ben, REVIEW, action="embargo", freeze_at="tomorrow")
    assert "Write the day and time like 2026-12-01 09:00." in answer.text
    assert 'value="tomorrow"' in answer.text


def test_no_template_of_staff_shows_a_time_on_another_clock() -> None:
    folders = ("staff", "accounts", "security", "components/staff")
    templates = [path for folder in folders for path in (ROOT / "templates" / folder).rglob("*.html")]
    assert len(templates) > 80
    assert [path.name for path in templates if re.search(r"\|\s*(?:local_)?instant\b", path.read_text("utf-8"))] == []
