"""A guessed mapping is complete: what an office has is imported with it, and every recommendation is stored."""

import pytest

from app.adapters.spreadsheets.cells import Workbook
from app.services.accounts.actors import Operator
from app.services.bundles.importing import export_register
from app.services.container import Services
from app.services.mapping.guessing import guess_mapping
from app.services.mapping.importing import SheetOptions, import_sheet
from app.services.mapping.toml_files import read_mapping, write_mapping
from tests.support.sheets import audit_follow_up, book, plain_tracker

NO_DATES = book(
    ["Ref", "Text", "State of play"],
    ["1", "Publish the list of all contracts every year", "Done"],
    ["2", "Appoint an envoy for the north of the country", "Delayed"],
    name="our tracker.csv",
)
KOREAN = book(
    ["연번", "권고 사항", "소관부처", "2023년 이행 상황", "비고"],
    ["1", "북한 인권 특사를 임명할 것", "외교부, 통일부", "이행", "메모"],
    ["2", "북한 인권 기록을 보존할 것", "통일부", "일부 이행", ""],
    name="권고.xlsx",
)


@pytest.mark.parametrize("workbook", [plain_tracker(), NO_DATES, KOREAN], ids=["plain", "no dates", "korean"])
def test_every_recommendation_of_a_guessed_sheet_is_stored(either: Services, workbook: Workbook) -> None:
    guess = guess_mapping(workbook)
    mapping = read_mapping(write_mapping(guess))
    result = import_sheet(either, Operator("ana"), workbook, mapping, SheetOptions(register="tracker", create=True))
    assert [str(group.cause) for group in result.problems] == []
    assert (result.stored, result.left_out) == (guess.items, 0)
    bundle = export_register(either, "tracker")
    assert len(bundle.recommendations) == guess.items


def test_a_date_that_cannot_be_read_is_the_only_problem_of_the_audit_office(either: Services) -> None:
    workbook = audit_follow_up()
    mapping = read_mapping(write_mapping(guess_mapping(workbook)))
    options = SheetOptions(register="tracker", create=True, valid_rows=True)
    result = import_sheet(either, Operator("ana"), workbook, mapping, options)
    assert [(group.rows, group.values) for group in result.problems] == [((10,), ("end of FY",))]
    assert (result.stored, result.left_out) == (3, 1)


def test_names_that_are_the_same_are_one_body(either: Services) -> None:
    workbook = plain_tracker()
    mapping = guess_mapping(workbook).mapping
    import_sheet(either, Operator("ana"), workbook, mapping, SheetOptions(register="tracker", create=True))
    bundle = export_register(either, "tracker")
    assert [(row.fact.id, row.fact.name) for row in bundle.bodies] == [
        ("ministry-of-justice", "Ministry of Justice"),
        ("office-of-the-ombudsman", "Office of the Ombudsman"),
    ]
    assert [row.fact.publisher for row in bundle.publications] == ["Not stated"]


def test_next_year_knows_the_stored_names(either: Services) -> None:
    workbook = plain_tracker()
    first = guess_mapping(workbook).mapping
    import_sheet(either, Operator("ana"), workbook, first, SheetOptions(register="tracker", create=True))
    guess = guess_mapping(workbook, stored=export_register(either, "tracker"))
    assert guess.mapping.register is None
    assert {name: choice.id for name, choice in guess.mapping.bodies.items()} == {
        "Ministry of Justice": "ministry-of-justice",
        "Office of the Ombudsman": "office-of-the-ombudsman",
        "Minstry of Justice": "ministry-of-justice",
    }
    assert guess.mapping.publication is not None
    assert guess.mapping.publication.title == "Our 2023 report: who did what"
