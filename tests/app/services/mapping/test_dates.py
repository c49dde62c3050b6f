"""Dates as people and spreadsheets write them."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.services.mapping.dates import is_ambiguous, order_of, read_date, read_serial


@pytest.mark.parametrize(
    "text",
    [
        *(
            "2023-09-14",
            "2023-9-14",
            "2023/9/14",
            "2023.9.14.",
            "2023. 9. 14.",
            "2023-09-14 15:30",
            "2023-09-14T15:30:00",
        ),
        *("09/14/2023", "14/09/2023", "14.09.2023", "14.9.23", "14-09-2023", "2023년 9월 14일"),
        *("14 September 2023", "September 14, 2023", "14th Sept 2023", "14-Sep-2023", "14. September 2023"),
        *("14 septembre 2023", "14 de septiembre de 2023"),
    ],
)
def test_a_day_is_read(text: str) -> None:
    assert read_date(text) == "2023-09-14"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        *(
            ("Sept 2023", "2023-09"),
            ("2023년 9월", "2023-09"),
            ("09/2023", "2023-09"),
            ("2023", "2023"),
            ("2023년", "2023"),
        ),
        *(("31/02/2023", ""), ("end of FY", ""), ("3", ""), ("", ""), ("45183", ""), ("Q3 2024", ""), ("May", "")),
        *(("The report of 14 May 2023", ""), ("12.1", ""), ("2023-13-01", ""), ("1/2/3/2024", "")),
    ],
)
def test_other_texts(text: str, expected: str) -> None:
    assert read_date(text) == expected


def test_an_ambiguous_date_needs_an_order() -> None:
    assert is_ambiguous("03/04/2024")
    assert read_date("03/04/2024") == ""
    assert read_date("03/04/2024", "dmy") == "2024-04-03"
    assert read_date("03/04/2024", "mdy") == "2024-03-04"


def test_the_same_day_and_month_is_not_ambiguous() -> None:
    assert not is_ambiguous("04/04/2024")
    assert read_date("04/04/2024") == "2024-04-04"


def test_an_order_is_seen_in_dates_that_allow_only_one() -> None:
    assert [order_of(t) for t in ("14/09/2023", "09/14/2023", "03/04/2024", "2023-09-14")] == ["dmy", "mdy", "", ""]


def test_a_day_number_of_a_spreadsheet() -> None:
    assert read_serial("45183") == "2023-09-14"
    assert read_serial("12.1") == ""


@given(st.dates(min_value=date(1970, 1, 1), max_value=date(2069, 12, 31)))
def test_every_day_is_read_in_both_orders(day: date) -> None:
    assert read_date(f"{day.day:02}/{day.month:02}/{day.year}", "dmy") == day.isoformat()
    assert read_date(f"{day.month:02}/{day.day:02}/{day.year}", "mdy") == day.isoformat()
    assert read_date(f"{day.day}.{day.month}.{day.year % 100:02}", "dmy") == day.isoformat()


@given(st.text(max_size=40))
def test_any_text_gives_a_date_or_nothing(text: str) -> None:
    assert read_date(text, "dmy") == "" or len(read_date(text, "dmy")) in (4, 7, 10)
