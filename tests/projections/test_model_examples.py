"""The slow model answers every example of the methodology page as the page says."""

import pytest

from tests.support.examples import (
    COMPARE_EXAMPLES,
    SCORECARD_EXAMPLES,
    TOTALS_EXAMPLES,
    CompareExample,
    ScorecardExample,
    TotalsExample,
)
from tests.support.model import compare, scorecard, totals


@pytest.mark.parametrize("example", SCORECARD_EXAMPLES, ids=lambda example: example.name)
def test_a_scorecard_reads_as_the_page_says(example: ScorecardExample) -> None:
    card = scorecard(example.facts, example.as_of, example.known_at)
    assert example.answered(card) == example.expected


@pytest.mark.parametrize("example", TOTALS_EXAMPLES, ids=lambda example: example.name)
def test_the_totals_are_those_of_the_page(example: TotalsExample) -> None:
    counted = totals(scorecard(example.facts, example.as_of, example.known_at))
    assert example.answered(counted) == example.expected


@pytest.mark.parametrize("example", COMPARE_EXAMPLES, ids=lambda example: example.name)
def test_two_scorecards_compare_as_the_page_says(example: CompareExample) -> None:
    rows = compare(example.facts, *example.first, *example.second)
    assert example.answered(rows) == example.expected


def test_every_example_has_its_own_name() -> None:
    examples: list[ScorecardExample | TotalsExample | CompareExample] = [
        *SCORECARD_EXAMPLES,
        *TOTALS_EXAMPLES,
        *COMPARE_EXAMPLES,
    ]
    names = [example.name for example in examples]
    assert len(names) == len(set(names))
