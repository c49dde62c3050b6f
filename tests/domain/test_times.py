"""Dates as written, instants in UTC, and anniversaries."""

from datetime import UTC, date, datetime

import pytest

from domain.errors import Refused
from domain.times import anniversary, day_in, days_after, end_of_day, first_day, full_day, instant, written


@pytest.mark.parametrize(
    ("text", "day"), [("2023", date(2023, 1, 1)), ("2023-10", date(2023, 10, 1)), ("2024-02-29", date(2024, 2, 29))]
)
def test_a_shorter_form_counts_as_its_first_day(text: str, day: date) -> None:
    assert first_day(text) == day


@pytest.mark.parametrize(
    "text", ["", "20", "2023-1", "2023-13", "2023-02-29", "0000", "99999", "2023-10-01T00", "２０２３", "2023-10-1"]
)
def test_what_is_no_date_is_refused_in_a_sentence(text: str) -> None:
    with pytest.raises(Refused, match=r"Enter a date|is not a date|There is no day"):
        first_day(text)


def test_a_full_day_is_asked_for_where_one_is_needed() -> None:
    with pytest.raises(Refused, match="“2023-10” is not a full date. Write it as 2024-05-20."):
        full_day("2023-10")


def test_instants_are_kept_in_utc_with_six_decimals() -> None:
    assert written(instant("2024-05-20T09:00:00+09:00")) == "2024-05-20T00:00:00.000000Z"
    assert written(instant("2024-05-20t00:00:00.5z")) == "2024-05-20T00:00:00.500000Z"


@pytest.mark.parametrize(
    "text", ["2024-05-20", "2024-05-20T00:00:00", "2024-05-20T25:00:00Z", "2024-05-20T00:00:00.1234567Z", "now"]
)
def test_an_instant_without_offset_or_out_of_the_clock_is_refused(text: str) -> None:
    with pytest.raises(Refused):
        instant(text)


def test_a_leap_days_anniversary_is_the_day_before_in_other_years() -> None:
    assert anniversary(date(2024, 2, 29), 1) == date(2025, 2, 28)
    assert anniversary(date(2024, 2, 29), 4) == date(2028, 2, 29)


def test_days_are_reckoned_in_a_registers_time_zone() -> None:
    at = datetime(2026, 11, 22, 23, 30, tzinfo=UTC)
    assert day_in("Asia/Seoul", at) == date(2026, 11, 23)
    assert day_in("America/New_York", at) == date(2026, 11, 22)


def test_the_calendar_has_an_end() -> None:
    assert days_after(date(9999, 12, 30), 365) == date.max
    assert end_of_day(date(2024, 1, 1)).microsecond == 999999
