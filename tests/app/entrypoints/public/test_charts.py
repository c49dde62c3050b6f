"""Charts say the same as the numbers: of the API, of the tables, and of each other."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from flask.testing import FlaskClient

from app.bootstrap.flask_app import create_app
from app.presentation.charts.axis import Axis, build_axis
from app.presentation.charts.flow import STATUS_ORDER, build_flow, build_table
from app.presentation.charts.strips import build_strip
from app.presentation.charts.text_width import text_width
from app.presentation.charts.ticks import review_marks, year_ticks
from app.presentation.narrative.review_days import ReviewDay, next_review, review_days
from app.services.container import Services
from domain.codes import Status
from domain.methodology.uptake_2026_1 import UPTAKE_2026_1
from domain.values import ReviewSchedule
from projections.scorecards.queries import counts, standings
from projections.scorecards.results import TimePair
from projections.scorecards.status_history import StatusPeriod, status_histories, status_on
from projections.scorecards.tally import tally
from tests.support.pages import Browser

DAYS = [date(2023, 1, 1), date(2023, 9, 14), date(2023, 10, 13), date(2024, 6, 1), date(2024, 12, 1), date(2025, 6, 1)]


def period(status: Status, start: date, end: date) -> StatusPeriod:
    return StatusPeriod(status, start, end, UPTAKE_2026_1.bucket(status), UPTAKE_2026_1.rank(status))


@pytest.fixture
def client(small: Services) -> FlaskClient:
    return create_app(small).test_client()


@pytest.mark.parametrize("day", DAYS)
def test_a_life_gives_each_day_the_status_of_its_scorecard(small: Services, day: date) -> None:
    known = small.clock()
    with small.views.connect() as db:
        whole = status_histories(db, "small", known, date(2025, 12, 1))
        statuses = {s.id: s.status for s in standings(db, "small", TimePair(day, known)).values()}
        one = status_histories(db, "small", known, date(2025, 12, 1), ["post"])
    assert {r: s for r, history in whole.items() if (s := status_on(history, day))} == statuses
    assert one == {"post": whole["post"]}


@pytest.mark.parametrize("day", DAYS)
def test_some_standings_are_counted_as_the_tables_count_them_all(small: Services, day: date) -> None:
    pair = TimePair(day, small.clock())
    with small.views.connect() as db:
        assert tally(standings(db, "small", pair).values()) == counts(db, "small", pair)


def test_the_table_under_the_chart_gives_the_numbers_of_the_api(client: FlaskClient) -> None:
    page = Browser(client).get("/small/", as_of="2025-06-01")
    head, *rows = page.table("Recommendations in each status")
    days = {
        "14 Sep 2023": "2023-09-14",
        "17 Feb 2024": "2024-02-17",
        "14 Sep 2024": "2024-09-14",
        "1 Jun 2025": "2025-06-01",
    }
    for column, label in enumerate(head[1:], 1):
        totals = client.get(f"/api/v1/registers/small/scorecard?as_of={days[label]}").json["totals"]
        assert [int(row[column]) for row in rows[:-1]] == [totals[s.value] for s in STATUS_ORDER], label
        assert int(rows[-1][column]) == sum(totals.values())
    assert len(head) > 2


def test_areas_stack_without_gap_from_the_base_to_the_top() -> None:
    whole = (
        period(Status.IN_PROGRESS, date(2024, 1, 1), date(2024, 6, 1)),
        period(Status.IN_EFFECT, date(2024, 6, 1), date(2025, 1, 1)),
    )
    late = (period(Status.ANNOUNCED, date(2024, 3, 1), date(2025, 1, 1)),)
    chart = build_flow([whole, late], Axis(date(2024, 1, 1), date(2024, 12, 31)), date(2024, 10, 1))
    for x in (1.0, 30.0, 80.0):
        column = sorted((a for a in chart.areas if a.x <= x < a.x + a.width), key=lambda a: -a.y)
        y = chart.base
        for area in column:
            assert area.y + area.height == y
            y = area.y
    assert chart.reach == pytest.approx(100 * 275 / 366, abs=0.01)
    assert [a.status for a in chart.areas if a.x == 0] == ["in_progress"]
    numbers = build_table([whole, late], [date(2024, 1, 1), date(2024, 12, 31)])
    assert numbers.totals == (1, 2)
    assert dict(numbers.rows)[Status.IN_EFFECT] == (0, 1)


def test_a_long_record_is_drawn_in_columns_of_equal_width() -> None:
    histories = [
        (period(Status.ANNOUNCED, date(2000, 1, 1) + timedelta(days=n), date(2026, 1, 1)),) for n in range(400)
    ]
    chart = build_flow(histories, Axis(date(2000, 1, 1), date(2025, 12, 31)), None)
    assert len(chart.areas) <= 160
    assert chart.base < 300


def test_a_strip_is_thinner_after_the_evidence_ends() -> None:
    axis = Axis(date(2024, 1, 1), date(2024, 12, 31))
    history = (
        period(Status.PARTLY, date(2023, 5, 1), date(2024, 7, 1)),
        period(Status.REVERSED, date(2024, 7, 1), date(2025, 1, 1)),
    )
    chart = build_strip(history, axis, date(2024, 9, 30), "2023-05")
    assert [(s.status, s.carried) for s in chart.segments] == [
        ("partly", False),
        ("reversed", False),
        ("reversed", True),
    ]
    assert chart.segments[0].x == 0
    assert chart.begins is None
    assert sum(s.width for s in chart.segments) == pytest.approx(100, abs=0.05)
    assert chart.words == (
        "Partly implemented: from May 2023 to 1 July 2024; Reversed: since 1 July 2024; searched to 30 September 2024."
    )


def test_the_axis_begins_shortly_before_the_day_that_reviews_count_from() -> None:
    reviews = [
        ReviewDay("report", date(2023, 9, 14), "Report", 0),
        ReviewDay("un", date(2024, 2, 17), "Ten years", None),
    ]
    axis = build_axis([date(2014, 3, 1)], reviews, date(2025, 9, 14))
    assert axis.start == date(2023, 7, 31)
    assert axis.at(axis.start) == 0
    assert [(m.label, m.second) for m in review_marks(axis, reviews)] == [("Report’s day", False), ("Ten years", True)]
    assert build_axis([], [], date(2025, 1, 1)).start == date(2024, 11, 17)


def test_reviews_fall_due_on_their_days() -> None:
    yearly = ReviewSchedule(id="report", title="Report", anniversary_of="2024-02-29", every_years=1)
    single = ReviewSchedule(id="un", title="Ten years", as_of="2025-06-01")
    assert [(d.on.isoformat(), d.label) for d in review_days([yearly, single], date(2026, 3, 1))] == [
        ("2024-02-29", "Report’s day"),
        ("2025-02-28", "1 year on"),
        ("2025-06-01", "Ten years"),
        ("2026-02-28", "2 years on"),
    ]
    coming = next_review([yearly, single], date(2026, 3, 1))
    assert coming and coming.on == date(2027, 2, 28)
    assert next_review([single], date(2026, 3, 1)) is None


@pytest.mark.parametrize("width", [286, 300, 842])
@pytest.mark.parametrize("years", [1, 3, 12, 40])
def test_no_name_of_a_review_touches_another_in_a_drawing(years: int, width: int) -> None:
    """On paper and in drawings, which cannot be wider."""
    last = date(1980 + years, 3, 1)
    schedules = [
        ReviewSchedule(id="yearly", title="Yearly", anniversary_of="1980-02-01", every_years=1),
        ReviewSchedule(id="once", title="Ten years after the inquiry", as_of=f"{1980 + years // 2}-06-01"),
        ReviewSchedule(id="twice", title="A second look", as_of=f"{1980 + years // 2}-07-01"),
    ]
    reviews = review_days(schedules, last)
    axis = build_axis([], reviews, last)
    marks = review_marks(axis, reviews, width, width)
    assert len(marks) == len(reviews)
    rows = [[m for m in marks if m.second is second and m.label] for second in (False, True)]
    for row in (*rows, [t for t in year_ticks(axis, width, width) if t.label]):
        boxes = sorted(
            (x - 3 - text_width(t.label), x - 3) if t.ends else (x + 3, x + 3 + text_width(t.label))
            for t in row
            for x in [t.x * width / 100]
        )
        assert all(start >= 0 and end <= width for start, end in boxes)
        assert all(left[1] < right[0] for left, right in pairwise(boxes)), row
    assert rows[0]
