"""Section 2: current, due and stale, on the days where they meet."""

from domain.codes import Freshness, Kind, Status
from tests.support.examples.shapes import ScorecardExample
from tests.support.examples.telling import log, publish, reads, register

given = log(register(), publish("a1", Status.PARTLY, "2023-10-01", "2023-10-02", review_by="2024-03-31"))
kept = log(
    register(kind=Kind.CONTINUING), publish("a1", Status.IN_EFFECT, "2024-01-01", "2024-01-02")
)  # 180 days: 2024-06-29
other = log(register(), publish("a1", Status.NO_ACTION, "2023-10", "2023-10-02"))  # 365 days: 2024-09-30
renewed = log(
    register(),
    publish("a1", Status.PARTLY, "2023-10-01", "2023-10-02", review_by="2023-12-31"),
    publish("a2", Status.PARTLY, "2024-02-01", "2024-02-02"),
)
aside = log(register(), publish("a1", Status.SUPERSEDED, "2023-10-01", "2023-10-02", review_by="2023-12-31"))

EXAMPLES: list[ScorecardExample] = [
    reads("with 31 days left it is current", given, "2024-02-29", freshness=Freshness.CURRENT),
    reads("with 30 days left it is due", given, "2024-03-01", freshness=Freshness.DUE),
    reads("on its last day it is due", given, "2024-03-31", freshness=Freshness.DUE),
    reads(
        "the day after its last it is stale, and the status is kept",
        given,
        "2024-04-01",
        freshness=Freshness.STALE,
        status=Status.PARTLY,
    ),
    reads("in_effect is reviewed by 180 days: 31 left", kept, "2024-05-29", freshness=Freshness.CURRENT),
    reads("in_effect is reviewed by 180 days: 30 left", kept, "2024-05-30", freshness=Freshness.DUE),
    reads("in_effect is reviewed by 180 days: the last", kept, "2024-06-29", freshness=Freshness.DUE),
    reads("in_effect is reviewed by 180 days: one after", kept, "2024-06-30", freshness=Freshness.STALE),
    reads(
        "all else is reviewed by 365 days from its first day: 31 left", other, "2024-08-30", freshness=Freshness.CURRENT
    ),
    reads("all else is reviewed by 365 days from its first day: 30 left", other, "2024-08-31", freshness=Freshness.DUE),
    reads(
        "all else is reviewed by 365 days from its first day: the last", other, "2024-09-30", freshness=Freshness.DUE
    ),
    reads(
        "all else is reviewed by 365 days from its first day: one after", other, "2024-10-01", freshness=Freshness.STALE
    ),
    reads(
        "the assessment in force decides, though the run is older",
        renewed,
        "2024-02-15",
        since="2023-10-01",
        freshness=Freshness.CURRENT,
    ),
    reads("a review that came late leaves the days before stale", renewed, "2024-01-31", freshness=Freshness.STALE),
    reads("what is set aside goes stale too", aside, "2024-01-01", status=Status.SUPERSEDED, freshness=Freshness.STALE),
]
