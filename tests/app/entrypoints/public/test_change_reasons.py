"""Words belong to the change that they explain: a later review does not replace the reason of a change."""

from typing import Any

from app.services.container import Services
from domain import commands as c
from tests.support.pages import Browser
from tests.support.story import assessment

LATER = "A year on, the office is still empty."
REVIEWED = {"reason": "reviewed_no_change", "rationale": LATER}
DAYS = {"from": "2024-12-01", "to": "2026-02-01"}


def publish(services: Services, recommendation: str, ident: str, status: str, **fields: Any) -> None:
    details = {"effective_on": "2026-01-02", "evidence": ("oath", "story"), **fields}
    proposal = assessment(id=ident, status=status, **details)
    services.execute(c.ProposeAssessment("small", recommendation=recommendation, assessment=proposal), by="ana")
    services.execute(c.PublishAssessment("small", recommendation=recommendation, assessment=ident), by="ben")
    services.clock.go_on(minutes=1)  # type: ignore[attr-defined]


def review_the_part(services: Services) -> None:
    publish(services, "post", "kept-4", "reversed", element="kept", cause="office_vacant", **REVIEWED)


def test_a_recent_change_keeps_the_reason_that_began_it(browser: Browser, small: Services) -> None:
    review_the_part(small)
    publish(small, "law", "law-9", "announced", **REVIEWED)
    text = browser.get("/small/").text.split("Recent changes")[1].split("All changes")[0]
    assert "Part “Kept filled”: Left office." in text
    assert "A bill was filed." in text
    assert LATER not in text


def test_a_comparison_keeps_the_reason_that_began_a_status(browser: Browser, small: Services) -> None:
    review_the_part(small)
    text = browser.get("/small/compare/", **DAYS).text
    assert "Part “Kept filled”: Left office." in text
    assert LATER not in text


def test_a_correction_is_explained_by_the_withdrawal_that_made_it(browser: Browser, small: Services) -> None:
    withdraw = c.WithdrawAssessment("small", recommendation="post", assessment="post-kept-3", reason="Another post.")
    small.clock.go_on(days=2)  # type: ignore[attr-defined]
    small.execute(withdraw, by="dia")
    small.clock.go_on(minutes=1)  # type: ignore[attr-defined]
    days = {"from": "2025-06-01", "to": "2025-06-01", "known_from": "2026-03-03"}
    text = browser.get("/small/compare/", **days).text
    assert "Withdrawn: Another post." in text
    assert "Left office." not in text


def test_a_standing_statement_explains_today(browser: Browser, small: Services) -> None:
    fields = {**REVIEWED, "statement": "Vacant since January 2025."}
    publish(small, "post", "kept-4", "reversed", element="kept", cause="office_vacant", **fields)
    assert "Part “Kept filled”: Vacant since January 2025." in browser.get("/small/recommendations/post/").text
    changes = browser.get("/small/").text.split("Recent changes")[1].split("All changes")[0]
    assert "Left office." in changes
    assert "Vacant since January 2025." not in changes


def test_the_words_about_a_part_name_it_where_a_page_is_shared(browser: Browser) -> None:
    named = "Part “Kept filled”: Left office."
    assert named in browser.client.get("/small/recommendations/post/embed/").text
    assert f'content="{named}' in browser.get("/small/recommendations/post/").html
