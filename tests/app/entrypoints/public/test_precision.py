"""No date on a page is more precise than the record: a month stays a month, and no first day is invented."""

import re
from datetime import UTC, date, datetime

import pytest

from app.bootstrap.flask_app import create_app
from app.presentation.narrative.status_dates import period_lines
from app.services.bundles.importing import ImportOptions, import_bundle
from app.services.container import Services
from domain import commands as c
from domain.codes import Status
from domain.methodology.uptake_2026_1 import UPTAKE_2026_1
from projections.scorecards.status_history import StatusPeriod
from tests.support.pages import Browser
from tests.support.repository import ROOT
from tests.support.story import Story

REGISTER = ROOT / "registers" / "dprk-enablers"
WRITTEN_OUT = re.compile(r"\b(\d{1,2} (?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]* \d{4})\b")
ISO = re.compile(r"\b\d{4}-\d{2}-\d{2}\b")
OWN_DATES = {"2026-11-27", "2026-11-28", "2026-11-29"}
"""The days on which the record was kept before, and on which the test reads the register."""
REVIEWS = {"2023-09-14", "2024-02-17", "2024-09-14", "2025-09-14", "2026-09-14", "2027-09-14"}
AXIS_START = "2023-07-31"
"""The first day of the chart of the whole register, which its title names."""


def period(status: Status, start: str, end: str, since: str = "", since_on: str = "") -> StatusPeriod:
    began = date.fromisoformat(since) if since else None
    first, last = date.fromisoformat(start), date.fromisoformat(end)
    return StatusPeriod(status, first, last, UPTAKE_2026_1.bucket(status), UPTAKE_2026_1.rank(status), began, since_on)


def days_in(text: str) -> set[str]:
    """The full days that a page prints, as ISO dates."""
    long = {parsed for words in WRITTEN_OUT.findall(text) for parsed in _parsed(words)}
    return long | set(ISO.findall(text))


def _parsed(words: str) -> list[str]:
    day, month, year = words.split()
    return [datetime.strptime(f"{day} {month[:3]} {year}", "%d %b %Y").replace(tzinfo=UTC).date().isoformat()]


def test_no_page_of_the_demo_register_prints_a_day_that_is_not_in_the_record(services: Services) -> None:
    services.clock.now = datetime(2026, 11, 28, tzinfo=UTC)  # type: ignore[attr-defined]
    import_bundle(services, REGISTER, ImportOptions(approve_cards="cem"))
    services.execute(c.OpenRegister("dprk-enablers", origin="x"), by="ana")
    client = create_app(services).test_client()
    recorded = {day for file in REGISTER.iterdir() for day in days_in(file.read_text("utf-8"))} | OWN_DATES
    rows = client.get("/api/v1/registers/dprk-enablers/scorecard").json["recommendations"]
    paths = [f"/dprk-enablers/recommendations/{row['id']}/" for row in rows] + [
        "/dprk-enablers/",
        "/dprk-enablers/embed/",
    ]
    for path in paths:
        html = client.get(path).text
        shown = html.split('<section class="sec" aria-labelledby="h-history">')[0]
        text = re.sub(r'href="[^"]*"|value="[^"]*"|max="[^"]*"|content="[^"]*"', "", shown)
        invented = days_in(text) - recorded - REVIEWS - ({AXIS_START} if path == "/dprk-enablers/" else set())
        assert invented == set(), path
    assert len(paths) > 30


def test_a_status_older_than_the_recommendation_was_there_already() -> None:
    history = (
        period(Status.IN_PROGRESS, "2023-09-01", "2023-10-01", "2014-03-28", "2014-03-28"),
        period(Status.PARTLY, "2023-10-01", "2024-05-02", "2023-10-01", "2023-10"),
        period(Status.REVERSED, "2024-05-02", "2025-01-01", "2024-05-02", "2024-05-02"),
    )
    assert period_lines(history, "2023-09", date(2024, 9, 30)) == [
        ("in_progress", "already when recommended (September 2023), to October 2023"),
        ("partly", "from October 2023 to 2 May 2024"),
        ("reversed", "since 2 May 2024; searched to 30 September 2024"),
    ]


@pytest.mark.parametrize(
    ("since_on", "recommended_on", "words"),
    [
        ("2023-08", "2023-09", "already when recommended (September 2023)"),
        ("2023-08-31", "2023-09-01", "already when recommended (1 September 2023)"),
        ("2023", "2023-09-14", "since 2023"),
        ("2023-09", "2023-09-14", "since September 2023"),
    ],
)
def test_what_may_have_begun_with_the_recommendation_is_not_called_older(
    since_on: str, recommended_on: str, words: str
) -> None:
    first = recommended_on if len(recommended_on) == 10 else f"{recommended_on}-01"
    since = (since_on + "-01-01")[:10]
    history = (period(Status.PARTLY, first, "2025-01-01", since, since_on),)
    assert period_lines(history, recommended_on, None) == [("partly", words)]


def test_a_month_that_an_element_was_assessed_with_stays_a_month_of_the_whole(services: Services) -> None:
    story = Story(services)
    story.evidence("official").recommendation("post").element("filled").criteria("filled")
    story.published("post", element="filled", effective_on="2024-05", status=Status.ANNOUNCED)
    story.do(c.OpenRegister("r", origin="x"))
    page = Browser(create_app(services).test_client()).get("/r/recommendations/post/")
    assert "Announced since May 2024" in page.text
    assert "1 May 2024" not in page.text
