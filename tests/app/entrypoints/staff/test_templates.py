"""Templates on the pages of staff: an empty one, and one of each register, in the language of the page."""

import io
from collections.abc import Callable

from openpyxl import load_workbook

from tests.support.staff_client import Member


def test_templates_are_offered_and_downloaded_in_the_language_of_the_page(member: Callable[[str], Member]) -> None:
    ada = member("ada")
    begin = ada.client.get("/staff/spreadsheet/").text
    assert "/staff/spreadsheet/template.xlsx" in begin
    assert "/staff/small/template.xlsx" in begin
    assert "/staff/small/template.xlsx" in ada.client.get("/staff/small/setup/").text
    empty = load_workbook(io.BytesIO(ada.client.get("/staff/spreadsheet/template.xlsx").data))
    assert (empty.sheetnames[0], empty.worksheets[0].max_row) == ("Recommendations", 1)
    english = load_workbook(io.BytesIO(ada.client.get("/staff/small/template.xlsx").data)).worksheets[0]
    ada.post("/staff/account/", name="Ada", language="ko")
    korean = load_workbook(io.BytesIO(ada.client.get("/staff/small/template.xlsx").data)).worksheets[0]
    assert [cell.value for cell in english["B"]] == ["Id", "post", "law", "talks"]
    assert korean["B1"].value == "식별자"


def test_only_those_who_set_up_a_register_get_its_template(member: Callable[[str], Member]) -> None:
    member("ana").get("/staff/small/template.xlsx", 403)
