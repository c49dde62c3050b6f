"""Every example of the methodology, asked of the real projections."""

from pathlib import Path

import pytest

from projections.engine.views import Views
from tests.support import answers
from tests.support.examples import COMPARE_EXAMPLES, SCORECARD_EXAMPLES, TOTALS_EXAMPLES
from tests.support.examples.shapes import CompareExample, ScorecardExample, TotalsExample
from tests.support.logs import Writer, views_of
from tests.support.model import Fact

LOADED = max(f.at for e in (*SCORECARD_EXAMPLES, *TOTALS_EXAMPLES, *COMPARE_EXAMPLES) for f in e.facts)


def views_over(facts: tuple[Fact, ...], folder: Path) -> list[Views]:
    """The views over the facts brought in as a record of elsewhere and, where they came in order, stamped."""
    ways = [True, False] if [f.at for f in facts] == sorted(f.at for f in facts) else [True]
    all_views = []
    for imported in ways:
        writer = Writer(imported=imported)
        writer.write(facts, LOADED)
        all_views.append(views_of(writer.log, folder / str(imported)))
    return all_views


@pytest.mark.parametrize("example", SCORECARD_EXAMPLES, ids=lambda e: e.name)
def test_a_scorecard_example(example: ScorecardExample, tmp_path: Path) -> None:
    for views in views_over(example.facts, tmp_path):
        with views.connect() as db:
            assert example.answered(answers.scorecard(db, example.as_of, example.known_at)) == example.expected


@pytest.mark.parametrize("example", TOTALS_EXAMPLES, ids=lambda e: e.name)
def test_a_totals_example(example: TotalsExample, tmp_path: Path) -> None:
    for views in views_over(example.facts, tmp_path):
        with views.connect() as db:
            assert example.answered(answers.totals(db, example.as_of, example.known_at)) == example.expected


@pytest.mark.parametrize("example", COMPARE_EXAMPLES, ids=lambda e: e.name)
def test_a_compare_example(example: CompareExample, tmp_path: Path) -> None:
    for views in views_over(example.facts, tmp_path):
        with views.connect() as db:
            rows = answers.compare(db, *example.first, *example.second)
            assert example.answered(rows) == example.expected
