"""Section 5: which of several assessments of one day holds, and dates shorter than a day."""

from domain.codes import Reason, Status
from tests.support.examples.shapes import ScorecardExample
from tests.support.examples.telling import (
    at,
    just_before,
    log,
    publish,
    reads,
    register,
)

S = Status

same_day_twice = log(
    register(),
    publish("a2", S.PARTLY, "2023-10-01", "2023-10-05"),
    publish("a1", S.ANNOUNCED, "2023-10-01", "2023-10-09", Reason.OUR_CORRECTION),
)
same_instant_twice = log(
    register(),
    publish("a2", S.PARTLY, "2023-10-01", "2023-10-05"),
    publish("a1", S.ANNOUNCED, "2023-10-01", "2023-10-05", Reason.OUR_CORRECTION),
)
later_instant_earlier_row = log(
    register(),
    publish("a1", S.ANNOUNCED, "2023-10-01", "2023-10-09", Reason.OUR_CORRECTION),
    publish("a2", S.PARTLY, "2023-10-01", "2023-10-05"),
)
month_over_its_first_day = log(
    register(),
    publish("a1", S.ANNOUNCED, "2023-10-01", "2023-11-05"),
    publish("a2", S.PARTLY, "2023-10", "2023-11-09", Reason.OUR_CORRECTION),
)
day_over_its_year = log(
    register(),
    publish("a1", S.ANNOUNCED, "2024", "2024-01-05"),
    publish("a2", S.PARTLY, "2024-01-01", "2024-01-05", Reason.OUR_CORRECTION),
)
ahead_of_its_day = log(
    register(),
    publish("a1", S.ANNOUNCED, "2023-10-01", "2023-10-05"),
    publish("a2", S.PARTLY, "2024-03-01", "2023-12-01", legacy=True),
)

EXAMPLES: list[ScorecardExample] = [
    reads(
        "on one effective day the later publication holds",
        same_day_twice,
        "2023-10-10",
        status=S.ANNOUNCED,
        assessment="a1",
        peak=(S.ANNOUNCED, at("2023-10-01").date()),
    ),
    reads(
        "on one effective day the earlier publication held until the later one came",
        same_day_twice,
        "2023-10-01",
        just_before("2023-10-09"),
        status=S.PARTLY,
        assessment="a2",
    ),
    reads(
        "published at one instant, the later position in the log holds",
        same_instant_twice,
        "2023-10-10",
        status=S.ANNOUNCED,
        assessment="a1",
    ),
    reads(
        "the instant of publication goes before the position in the log",
        later_instant_earlier_row,
        "2023-10-10",
        status=S.ANNOUNCED,
        assessment="a1",
    ),
    reads(
        "a month counts as its first day, and is shown as written",
        month_over_its_first_day,
        "2023-10-01",
        status=S.PARTLY,
        since="2023-10",
        assessment="a2",
    ),
    reads(
        "a month says nothing about the day before it",
        month_over_its_first_day,
        "2023-09-30",
        status=S.NOT_ASSESSED,
        since=None,
    ),
    reads(
        "a year counts as its first day, and ties with it",
        day_over_its_year,
        "2024-06-01",
        status=S.PARTLY,
        since="2024-01-01",
        assessment="a2",
    ),
    reads(
        "a day ahead of its publication waits for its day",
        ahead_of_its_day,
        "2024-02-29",
        status=S.ANNOUNCED,
        assessment="a1",
        legacy=False,
    ),
    reads(
        "a day ahead of its publication comes",
        ahead_of_its_day,
        "2024-03-01",
        status=S.PARTLY,
        assessment="a2",
        legacy=True,
    ),
]
