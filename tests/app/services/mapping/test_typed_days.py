"""Days in columns of dates, as people and spreadsheets write them: as precise as they are known, or a question."""

import pytest

from app.services.accounts.actors import Operator
from app.services.container import Services
from app.services.mapping.importing import SheetOptions, preview_sheet
from tests.app.services.mapping.sheets import mapping_of, sheet_of

OPTIONS = SheetOptions(register="days", create=True)


@pytest.mark.parametrize(
    ("text", "order", "day"),
    [
        ("09/14/2023", "", "2023-09-14"),
        ("14/09/2023", "", "2023-09-14"),
        ("03/04/2023", "mdy", "2023-03-04"),
        ("03/04/2023", "dmy", "2023-04-03"),
        ("45183", "", "2023-09-14"),
        ("2023/9/14", "", "2023-09-14"),
        ("2023. 9. 14.", "", "2023-09-14"),
        ("Sept 2023", "", "2023-09"),
        ("2023년 9월", "", "2023-09"),
        ("2023-09-14 15:30", "", "2023-09-14"),
        ("2023", "", "2023"),
    ],
)
def test_a_day_is_read_as_precisely_as_it_is_written(services: Services, text: str, order: str, day: str) -> None:
    book = sheet_of(("Title", "On"), ("Publish", text))
    mapping = mapping_of("title", "recommended_on", date_order=order)
    preview = preview_sheet(services, Operator("ana"), book, mapping, OPTIONS)
    assert [r.fact.recommended_on for r in preview.plan.bundle.recommendations] == [day]


@pytest.mark.parametrize(
    ("text", "cause"),
    [
        ("03/04/2023", "“03/04/2023” can be read as two different days."),
        ("soon", "“soon” cannot be read as a date."),
        ("2023-02-30", "“2023-02-30” cannot be read as a date."),
    ],
)
def test_what_cannot_be_read_is_a_problem_with_its_cause(services: Services, text: str, cause: str) -> None:
    book = sheet_of(("Title", "On"), ("Publish", text))
    preview = preview_sheet(services, Operator("ana"), book, mapping_of("title", "recommended_on"), OPTIONS)
    assert [(g.cause, g.rows, g.column, g.values) for g in preview.result.problems] == [(cause, (2,), "B", (text,))]
