"""Which assessments tell where an item is now."""

from datetime import date

import pytest

from app.presentation.narrative.statement import PresentStatement
from domain.codes import Status
from projections.scorecards.present_runs import DatedAssessment, present_run
from tests.support.story import assessment

ANNOUNCED, PROGRESS, DONE = 3, 4, 6


def dated(ident: str, status: int, year: int, order: int = 0) -> DatedAssessment:
    return DatedAssessment(ident, status, date(year, 1, 1), (order, order))


@pytest.mark.parametrize(
    ("histories", "since", "run"),
    [
        ([[dated("a", ANNOUNCED, 2020)]], 2020, ("a",)),
        # a later one that only confirms belongs to the run that another one began
        ([[dated("a", ANNOUNCED, 2020), dated("b", PROGRESS, 2021), dated("c", PROGRESS, 2022)]], 2021, ("b", "c")),
        # of several about one day, the last published is in force
        ([[dated("a", ANNOUNCED, 2020, 1), dated("b", ANNOUNCED, 2020, 2)]], 2020, ("b",)),
        # the part that changed on the day on which the computed status began
        ([[dated("a", DONE, 2019)], [dated("b", ANNOUNCED, 2020), dated("c", PROGRESS, 2021)]], 2021, ("c",)),
        # both changed that day: the one published last
        ([[dated("a", DONE, 2020, 1)], [dated("b", ANNOUNCED, 2020, 2)]], 2020, ("b",)),
        # a part that changed again afterwards still explains that day, and keeps its later assessments
        ([[dated("a", ANNOUNCED, 2020), dated("b", PROGRESS, 2021), dated("c", DONE, 2022)]], 2021, ("b", "c")),
        # nothing changed on that day: the part that changed last
        ([[dated("a", ANNOUNCED, 2018)], [dated("b", ANNOUNCED, 2019), dated("c", ANNOUNCED, 2020)]], 2021, ("b", "c")),
        ([[]], 2020, ()),
        ([], 2020, ()),
    ],
)
def test_the_item_that_decides_and_its_assessments_since(
    histories: list[list[DatedAssessment]], since: int, run: tuple[str, ...]
) -> None:
    assert present_run(histories, date(since, 1, 1)) == run


def test_a_statement_goes_before_the_rationale_of_the_change() -> None:
    began = assessment(id="a", rationale="The act was passed.")
    stated = assessment(id="b", status=Status.ANNOUNCED, rationale="Looked again.", statement="In force since May.")
    confirmed = assessment(id="c", rationale="Looked once more.")
    assert PresentStatement([began, confirmed]).original == "The act was passed."
    assert PresentStatement([began, stated, confirmed]).original == "In force since May."
    newer = assessment(id="d", rationale="Again.", statement="In force since May 2020.")
    assert PresentStatement([began, stated, newer]).original == "In force since May 2020."
