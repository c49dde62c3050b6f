"""The methodology worked out slowly from a plain list of facts, to test the real projections against."""

from tests.support.model.comparing import Change, compare, compare_since_recommended
from tests.support.model.counting import Totals, totals
from tests.support.model.facts import (
    ElementAdded,
    ElementRefiled,
    Fact,
    Published,
    RecommendationWithdrawn,
    Refiled,
    Registered,
    Withdrawn,
)
from tests.support.model.filing import as_filed
from tests.support.model.scorecard import ElementStanding, Scorecard, Standing, scorecard

__all__ = [
    "Change",
    "ElementAdded",
    "ElementRefiled",
    "ElementStanding",
    "Fact",
    "Published",
    "RecommendationWithdrawn",
    "Refiled",
    "Registered",
    "Scorecard",
    "Standing",
    "Totals",
    "Withdrawn",
    "as_filed",
    "compare",
    "compare_since_recommended",
    "scorecard",
    "totals",
]
