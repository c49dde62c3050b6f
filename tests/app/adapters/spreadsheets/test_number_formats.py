"""Numbers are shown as a spreadsheet program shows them; dates are read as ISO."""

import pytest

from app.adapters.spreadsheets.number_formats import NumberFormat


@pytest.mark.parametrize(
    ("code", "value", "displayed"),
    [
        ("General", 60.1, "60.1"),
        ("General", 1 / 3, "0.333333333"),
        ("General", 0.1 + 0.2, "0.3"),
        ("General", 123456.789012, "123456.789"),
        ("0.00", 60.1, "60.10"),
        ("0", 0.5, "1"),
        ("0.0", 2.25, "2.3"),
        ("0%", 0.5, "50%"),
        ("0.0%", 0.125, "12.5%"),
        ("#,##0", 1234567, "1,234,567"),
        ("#,##0.00", -1234.5, "-1,234.50"),
        ("#,##0,", 1234567, "1,235"),
        ("000", 7, "007"),
        ("000-0000", 5551234, "555-1234"),
        ("#.##", 0.5, ".5"),
        ("0.0#", 2.5, "2.5"),
        ("0.00E+00", 12345.6, "1.23E+04"),
        ("# ?/?", 1.5, "1 1/2"),
        ('"No. "0', 5, "No. 5"),
        ("[$€-407] #,##0.00", 3.5, "€ 3.50"),
        ('_("$"* #,##0.00_);_("$"* (#,##0.00)', -5.5, "$(5.50)"),
        ('_(* #,##0_);_(* (#,##0);_(* "-"_);_(@_)', 0, "-"),
        ("[Red]0;[Blue]-0", -4, "-4"),
        ('[>=100]"big";"small"', 150, "big"),
        ('[>=100]"big";"small"', 50, "small"),
        ("@", 45, "45"),
    ],
)
def test_a_number_is_read_as_it_is_displayed(code: str, value: float, displayed: str) -> None:
    shown = NumberFormat(code).show(float(value))
    assert (shown.displayed, shown.read) == (displayed, displayed)


def test_a_number_too_large_for_its_format_is_read() -> None:
    assert float(NumberFormat("0.00").show(1e300).read) == 1e300


@pytest.mark.parametrize(
    ("code", "days", "displayed", "read", "differs"),
    [
        ("yyyy-mm-dd", 45365, "2024-03-14", "2024-03-14", False),
        ("dd/mm/yyyy", 45365, "14/03/2024", "2024-03-14", False),
        ("d-mmm", 45365, "14-Mar", "2024-03-14", True),
        ("mmm-yy", 45352, "Mar-24", "2024-03", False),
        ("mmm-yy", 45365, "Mar-24", "2024-03", True),
        ('yyyy"년" m"월"', 45352, "2024년 3월", "2024-03", False),
        ("yyyy", 45365, "2024", "2024", True),
        ("yyyy", 45292, "2024", "2024", False),
        ("m/d/yy h:mm", 45365, "3/14/24 0:00", "2024-03-14", False),
        ("m/d/yy h:mm", 45365.64583333, "3/14/24 15:30", "2024-03-14T15:30:00", False),
        ("yyyy-mm-dd", 45365.64583333, "2024-03-14", "2024-03-14", False),
        ("h:mm AM/PM", 0.75, "6:00 PM", "6:00 PM", False),
        ("[h]:mm", 1.25, "30:00", "30:00", False),
        ("yyyy-mm-dd", -4, "####", "", True),
        ("dddd d mmmm yyyy", 45365, "Thursday 14 March 2024", "2024-03-14", False),
    ],
)
def test_a_date_is_read_as_iso(code: str, days: float, displayed: str, read: str, differs: bool) -> None:
    shown = NumberFormat(code).show(float(days))
    assert (shown.displayed, shown.read, shown.differs) == (displayed, read, differs)


def test_a_workbook_may_count_days_from_1904() -> None:
    assert NumberFormat("yyyy-mm-dd", is_1904=True).show(43903.0).read == "2024-03-14"


@pytest.mark.parametrize("day", [1, 59, 61])
def test_the_first_days_of_1900_are_those_that_excel_shows(day: int) -> None:
    expected = {1: "1900-01-01", 59: "1900-02-28", 61: "1900-03-01"}
    assert NumberFormat("yyyy-mm-dd").show(float(day)).read == expected[day]


@pytest.mark.parametrize(
    ("code", "value", "differs"),
    [
        ("0.00", 60.1, True),
        ("0", 0.5, True),
        ("0%", 0.5, True),
        ("000", 7, True),
        ("General", 60.1, False),
        ("#,##0", 1234567, False),
        ('"€" #,##0.00', 3.25, False),
        ("0.0", 2.5, False),
    ],
)
def test_it_is_said_where_display_and_value_differ_in_meaning(code: str, value: float, differs: bool) -> None:
    assert NumberFormat(code).show(float(value)).differs is differs


def test_a_long_number_is_read_in_full_and_said_to_differ() -> None:
    shown = NumberFormat("General").show(1234567890123.0)
    assert (shown.displayed, shown.read, shown.differs) == ("1.23457E+12", "1234567890123", True)


def test_a_hidden_value_is_read() -> None:
    assert NumberFormat(";;;").show(5.0).read == "5"
    assert NumberFormat(";;;").show_text("secret").read == "secret"
    assert NumberFormat(";;;").show(5.0).differs


def test_words_of_a_text_format_are_displayed() -> None:
    assert NumberFormat('0;0;0;"No. "@').show_text("5a").read == "No. 5a"


@pytest.mark.parametrize(
    "code", ["", ";", ";;;;;;", '"', "\\", "[", "[>", "0" * 5000, "E+", "0E", "/", "?/0", "# ??/0", "*", "_"]
)
def test_no_format_raises(code: str) -> None:
    for value in (0.0, 1.5, -2.25, 1e308, 5e-324):
        NumberFormat(code).show(value)
    NumberFormat(code).show_text("x")
