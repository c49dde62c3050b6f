"""Section 5: when a recommendation is on the scorecard."""

from domain.codes import Status
from tests.support.examples.shapes import ScorecardExample
from tests.support.examples.telling import (
    absent,
    at,
    just_before,
    log,
    publish,
    reads,
    register,
    withdraw_recommendation,
)

S = Status

not_assessed = log(register())
entered_by_mistake = log(
    register(on="2023-10-01"),
    publish("a1", S.PARTLY, "2023-10-01", "2023-10-05"),
    withdraw_recommendation("r", "2024-02-01"),
)
recommended_in_a_month = log(register(recommended="2023-10", on="2023-09-15"))

EXAMPLES: list[ScorecardExample] = [
    reads(
        "a recommendation is on the scorecard from the day it was made",
        not_assessed,
        "2023-09-14",
        status=S.NOT_ASSESSED,
    ),
    absent("a recommendation is not on the scorecard of the day before it was made", not_assessed, "2023-09-13"),
    reads(
        "a month of recommending counts as its first day", recommended_in_a_month, "2023-10-01", status=S.NOT_ASSESSED
    ),
    absent("the day before a month of recommending is too early", recommended_in_a_month, "2023-09-30"),
    reads(
        "a recommendation is known at the instant of its registration, for earlier days too",
        entered_by_mistake,
        "2023-09-20",
        at("2023-10-01"),
        status=S.NOT_ASSESSED,
    ),
    absent(
        "just before its registration a recommendation is not known",
        entered_by_mistake,
        "2023-09-20",
        just_before("2023-10-01"),
    ),
    reads(
        "just before its withdrawal a recommendation is on the scorecard",
        entered_by_mistake,
        "2024-03-01",
        just_before("2024-02-01"),
        status=S.PARTLY,
        assessment="a1",
    ),
    absent("a withdrawn recommendation leaves the scorecard", entered_by_mistake, "2024-03-01", at("2024-02-01")),
    absent(
        "a withdrawn recommendation leaves the scorecards of past days too",
        entered_by_mistake,
        "2023-10-20",
        at("2024-02-01"),
    ),
]
