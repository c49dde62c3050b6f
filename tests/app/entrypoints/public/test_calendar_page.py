"""The page with the deadlines of a register says the same as the item pages and the API, for its dates."""

import re
from datetime import UTC, datetime

import pytest
from flask.testing import FlaskClient

from app.adapters.resources import data_dir
from app.bootstrap.flask_app import create_app
from app.services.bundles.importing import ImportOptions, import_bundle
from app.services.container import Services
from domain import commands as c
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


def test_the_page_of_reviews_lists_the_days_that_the_calendar_names(services: Services) -> None:
    services.clock.now = datetime(2026, 11, 23, 12, tzinfo=UTC)  # type: ignore[attr-defined]
    import_bundle(services, data_dir("registers") / "dprk-enablers", ImportOptions())
    services.execute(c.OpenRegister("dprk-enablers", origin="x"), by="ana")
    browser = Browser(create_app(services).test_client())
    coming = browser.get("/dprk-enablers/calendar/").text.split("Next days of review")[1].split("In your own")[0]
    days = re.findall(r"\d+ \w+ \d{4}", coming)
    assert days == ["14 September 2027", "14 September 2028"]
    reviews = browser.get("/dprk-enablers/reviews/").text
    assert all(day in reviews for day in days)
