"""The methodology worked out slowly from a plain list of facts, to test the real projections against."""

from tests.support.model.comparing import Change, compare
from tests.support.model.counting import Totals, totals
from tests.support.model.facts import (
    ElementAdded,
    Fact,
    Published,
    RecommendationWithdrawn,
    Registered,
    Withdrawn,
)
from tests.support.model.scorecard import ElementStanding, Scorecard, Standing, scorecard

__all__ = [
    "Change",
    "ElementAdded",
    "ElementStanding",
    "Fact",
    "Published",
    "RecommendationWithdrawn",
    "Registered",
    "Scorecard",
    "Standing",
    "Totals",
    "Withdrawn",
    "compare",
    "scorecard",
    "totals",
]
