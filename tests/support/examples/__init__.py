"""Plain cases for every example and edge of the methodology page, as data: run them against whatever answers."""

from tests.support.examples import (
    any_order,
    computed,
    counting,
    directions,
    freshness,
    history_rule,
    in_force,
    learned,
    presence,
    rolling_up,
    spans,
    ties,
)
from tests.support.examples.shapes import CompareExample, ScorecardExample, TotalsExample

SCORECARD_EXAMPLES: list[ScorecardExample] = [
    *in_force.EXAMPLES,
    *ties.EXAMPLES,
    *presence.EXAMPLES,
    *spans.EXAMPLES,
    *freshness.EXAMPLES,
    *rolling_up.EXAMPLES,
    *history_rule.EXAMPLES,
    *computed.EXAMPLES,
]
TOTALS_EXAMPLES: list[TotalsExample] = counting.EXAMPLES
COMPARE_EXAMPLES: list[CompareExample] = [*directions.EXAMPLES, *learned.EXAMPLES, *any_order.EXAMPLES]

__all__ = [
    "COMPARE_EXAMPLES",
    "SCORECARD_EXAMPLES",
    "TOTALS_EXAMPLES",
    "CompareExample",
    "ScorecardExample",
    "TotalsExample",
]
