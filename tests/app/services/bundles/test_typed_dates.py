"""Dates as people type them: clear forms are read, ambiguous ones are named with their readings."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.services.bundles.typed_dates import date_readings, is_ambiguous, order_of, parse_typed_date, read_date
from domain.errors import Refused

CLEAR = {
    "2023": "2023",
    "2023-09": "2023-09",
    "2023-09-14": "2023-09-14",
    "2023-9-14": "2023-09-14",
    "2023/9/14": "2023-09-14",
    "2023.9.14.": "2023-09-14",
    "2023. 9. 14.": "2023-09-14",
    "2023. 9. 14.(목)": "2023-09-14",
    "2023.9": "2023-09",
    "2023. 9.": "2023-09",
    "９/１４/２０２３": "2023-09-14",
    "20230914": "2023-09-14",
    "45183": "2023-09-14",
    "45183.6458333": "2023-09-14",
    "14/09/2023": "2023-09-14",
    "09/14/2023": "2023-09-14",
    "14.09.2023": "2023-09-14",
    "14-09-2023": "2023-09-14",
    "04/04/2024": "2024-04-04",
    "3/14/24": "2024-03-14",
    "09/2023": "2023-09",
    "9.2023": "2023-09",
    "Sept 2023": "2023-09",
    "Sept. 2023": "2023-09",
    "September, 2023": "2023-09",
    "Sep-23": "2023-09",
    "Sep ’23": "2023-09",
    "14-Sep-23": "2023-09-14",
    "14-Sep-2023": "2023-09-14",
    "14 September 2023": "2023-09-14",
    "September 14th, 2023": "2023-09-14",
    "Thursday, 14 September 2023": "2023-09-14",
    "the 1st of May 2024": "2024-05-01",
    "2023 Sep 14": "2023-09-14",
    "14. März 2024": "2024-03-14",
    "14. Sept. 2023": "2023-09-14",
    "Dezember 2023": "2023-12",
    "1er août 2023": "2023-08-01",
    "14 févr. 2024": "2024-02-14",
    "14 de septiembre de 2023": "2023-09-14",
    "1º de enero de 2024": "2024-01-01",
    "2023년": "2023",
    "2023년도": "2023",
    "14. September 2023": "2023-09-14",
    "14 septembre 2023": "2023-09-14",
    "2023-09-14 15:30:00": "2023-09-14",
    "2023년 9월": "2023-09",
    "2023년 9월 14일": "2023-09-14",
    "2023년 9월 14일 목요일": "2023-09-14",
    "2023年9月14日": "2023-09-14",
    "2023-09-14T15:30:00": "2023-09-14",
    "2023-09-14 15:30": "2023-09-14",
    "9/14/2023 3:30 PM": "2023-09-14",
}
UNREAD = [
    "", "soon", "Sep 23", "23 Sep", "2023-13", "31/31/2023", "30 Feb 2024", "00/00/2024", "14/9", "99999", "12", "Q3 2023",
    "2023년 3분기", "Spring 2023", "2023-2024", "may", "2023-09-14 and 2024", "14/September/09/2023", "2023/0", "31/02/2023",
    "end of FY", "3", "Q3 2024", "May", "The report of 14 May 2023", "12.1", "2023-13-01", "1/2/3/2024", "x" * 5000,
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), CLEAR.items(), ids=CLEAR)
def test_clear_dates_are_read_in_any_order(text: str, expected: str) -> None:
    assert [parse_typed_date(text, order) for order in ("", "dmy", "mdy", "ymd")] == [expected] * 4
    assert not is_ambiguous(text)
    assert read_date(text, numbers=True) == expected


def test_ambiguous_dates_are_read_in_the_order_given_only() -> None:
    assert is_ambiguous("03/04/2024")
    assert date_readings("03/04/2024") == {"dmy": "2024-04-03", "mdy": "2024-03-04"}
    assert parse_typed_date("03/04/2024", "dmy") == "2024-04-03"
    assert parse_typed_date("3.4.2024", "mdy") == "2024-03-04"
    assert [parse_typed_date("03-04-05", order) for order in ("dmy", "mdy", "ymd")] == [
        "2005-04-03",
        "2005-03-04",
        "2003-04-05",
    ]
    assert [read_date("03/04/2024", order) for order in ("", "dmy", "mdy")] == ["", "2024-04-03", "2024-03-04"]
    with pytest.raises(Refused) as caught:
        parse_typed_date("03/04/2024")
    assert str(caught.value.refusals[0]) == (
        "“03/04/2024” can be read as 2024-04-03 or as 2024-03-04. Write the one that is meant."
    )


def test_a_year_of_two_digits_may_come_first_or_last() -> None:
    assert date_readings("14.9.23") == {"dmy": "2023-09-14", "ymd": "2014-09-23"}
    assert [read_date("14.9.23", order) for order in ("", "dmy", "ymd")] == ["", "2023-09-14", "2014-09-23"]


def test_an_order_is_seen_in_dates_that_allow_only_one() -> None:
    texts = ("14/09/2023", "09/14/2023", "03/04/2024", "2023-09-14", "14 May 2023")
    assert [order_of(text) for text in texts] == ["dmy", "mdy", "", "", ""]


@pytest.mark.parametrize("text", ["45183", "45183.6458333", "20230914"])
def test_numbers_other_than_years_are_dates_only_in_a_column_of_dates(text: str) -> None:
    assert read_date(text) == ""
    assert read_date(text, numbers=True) == parse_typed_date(text)


@pytest.mark.parametrize("text", ["1234", "1899", "2100"])
def test_numbers_of_other_centuries_are_no_years(text: str) -> None:
    assert read_date(text, numbers=True) == ""


@pytest.mark.parametrize("text", UNREAD)
def test_other_texts_are_no_dates(text: str) -> None:
    assert date_readings(text) == {}
    assert read_date(text, numbers=True) == ""
    with pytest.raises(Refused):
        parse_typed_date(text)


def test_a_quarter_is_named_as_one() -> None:
    with pytest.raises(Refused, match="is a quarter"):
        parse_typed_date("Q3 2023")


@given(st.dates(date(1900, 1, 1), date(2099, 12, 31)))
def test_every_day_is_read_back_from_the_form_of_each_order(day: date) -> None:
    assert parse_typed_date(f"{day.day}/{day.month}/{day.year}", "dmy") == day.isoformat()
    assert parse_typed_date(f"{day.month}/{day.day}/{day.year}", "mdy") == day.isoformat()
    assert parse_typed_date(f"{day.year}.{day.month}.{day.day}.") == day.isoformat()
    assert parse_typed_date(f"{day.year}년 {day.month}월 {day.day}일") == day.isoformat()
    assert parse_typed_date(f"{day:%d %B %Y}") == day.isoformat()


@given(st.dates(date(1970, 1, 1), date(2069, 12, 31)))
def test_years_of_two_digits_are_those_from_1970_to_2069(day: date) -> None:
    assert read_date(f"{day.day}.{day.month}.{day.year % 100:02}", "dmy") == day.isoformat()


@given(st.text(max_size=30))
def test_no_text_raises_anything_but_a_refusal(text: str) -> None:
    assert len(read_date(text, "dmy")) in (0, 4, 7, 10)
    try:
        assert parse_typed_date(text)
    except Refused:
        assert not date_readings(text) or is_ambiguous(text)
