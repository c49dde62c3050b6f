"""Section 7: totals, buckets, ever done against still done."""

from domain.codes import Bucket, Kind, Status
from tests.support.examples.shapes import TotalsExample
from tests.support.examples.telling import (
    LATE,
    add_element,
    at,
    day,
    judge,
    log,
    publish,
    register,
    withdraw_recommendation,
)

S = Status

register_of_six = log(
    register("done"),
    register("kept", Kind.CONTINUING),
    register("lost", Kind.CONTINUING),
    register("begun"),
    register("aside"),
    register("open"),
    publish("a1", S.IMPLEMENTED, "2023-10-01", "2023-10-02", of="done"),
    publish("a2", S.IN_EFFECT, "2023-10-01", "2023-10-02", of="kept", legacy=True),
    publish("a3", S.IN_EFFECT, "2023-10-01", "2023-10-02", of="lost"),
    publish("a4", S.IN_PROGRESS, "2023-10-01", "2023-10-02", of="begun"),
    publish("a5", S.SUPERSEDED, "2023-10-01", "2023-10-02", of="aside"),
    publish("a6", S.REVERSED, "2024-03-01", "2024-03-02", of="lost"),
)
without_the_lost = log(*register_of_six, withdraw_recommendation("lost", "2024-05-01"))
by_elements = log(
    register(),
    add_element("x"),
    add_element("y"),
    judge("x", S.IMPLEMENTED, "2023-10-01"),
    judge("y", S.IMPLEMENTED, "2023-11-01"),
    judge("y", S.REVERSED, "2024-01-01"),
)

EXAMPLES: list[TotalsExample] = [
    TotalsExample(
        "each status, each bucket, and what was done at some time against what still is",
        register_of_six,
        day("2024-03-15"),
        LATE,
        {
            "totals": {
                S.IMPLEMENTED: 1,
                S.IN_EFFECT: 1,
                S.REVERSED: 1,
                S.IN_PROGRESS: 1,
                S.SUPERSEDED: 1,
                S.NOT_ASSESSED: 1,
            },
            "buckets": {Bucket.DONE: 2, Bucket.NOT_DONE: 1, Bucket.UNDER_WAY: 1, Bucket.NOT_RATED: 2},
            "rated": 4,
            "ever_done": 3,
            "still_done": 2,
            "stale": 0,
            "legacy": 1,
        },
    ),
    TotalsExample(
        "what was reviewed too long ago is counted beside its status",
        register_of_six,
        day("2024-05-01"),
        LATE,
        {"buckets": {Bucket.DONE: 2, Bucket.NOT_DONE: 1, Bucket.UNDER_WAY: 1, Bucket.NOT_RATED: 2}, "stale": 1},
    ),
    TotalsExample(
        "a withdrawn recommendation counts nowhere, not even as done at some time",
        without_the_lost,
        day("2024-03-15"),
        LATE,
        {"buckets": {Bucket.DONE: 2, Bucket.UNDER_WAY: 1, Bucket.NOT_RATED: 2}, "rated": 3, "ever_done": 2},
    ),
    TotalsExample(
        "before anything was published nothing is rated",
        register_of_six,
        day("2024-03-15"),
        at("2023-10-01"),
        {"totals": {S.NOT_ASSESSED: 6}, "buckets": {Bucket.NOT_RATED: 6}, "rated": 0, "ever_done": 0},
    ),
    TotalsExample(
        "a recommendation with elements counts once, by its computed status and peak",
        by_elements,
        day("2024-02-01"),
        LATE,
        {"totals": {S.REVERSED: 1}, "rated": 1, "ever_done": 1, "still_done": 0},
    ),
    TotalsExample(
        "an empty scorecard is all zeros",
        register_of_six,
        day("2023-09-13"),
        LATE,
        {"totals": {}, "buckets": {}, "rated": 0, "ever_done": 0, "still_done": 0, "stale": 0, "legacy": 0},
    ),
]
