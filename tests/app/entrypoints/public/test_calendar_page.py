"""The page with the deadlines of a register says the same as the item pages and the API, for its dates."""

import pytest
from flask.testing import FlaskClient

from app.bootstrap.flask_app import create_app
from app.services.container import Services
from tests.support.pages import Browser


@pytest.mark.parametrize("query", ["", "as_of=2024-05-01", "as_of=2025-06-01&known_at=2026-03-02T12:00:00Z"])
def test_each_deadline_in_force_is_listed_once(small: Services, query: str) -> None:
    client: FlaskClient = create_app(small).test_client()
    page = Browser(client).get(f"/small/calendar/?{query}")
    answer = client.get(f"/api/v1/registers/small/scorecard?{query}").json
    dues = [item["due"] for r in answer["recommendations"] for item in (r, *r["elements"]) if item["due"]]
    rows = [tr for body in page.root.iter("tbody") for tr in body]
    assert len(rows) == len(dues)
    days = [time.get("datetime") for row in rows for time in row.iter("time")]
    assert sorted(days) == sorted(due["due_on"] for due in dues)


def test_the_page_leads_to_the_calendar_file_and_is_found_from_the_register(browser: Browser) -> None:
    assert "/small/due.ics" in browser.get("/small/calendar/").links()
    assert "/small/calendar/" in browser.get("/small/").links()
    browser.get("/small/calendar/?page=2", status=400)
