"""Section 5: what is in force on a day as known at an instant; reversal and withdrawal."""

from domain.codes import Confidence, Freshness, Kind, Motion, Reason, Status
from tests.support.examples.shapes import ScorecardExample
from tests.support.examples.telling import (
    at,
    just_before,
    log,
    publish,
    reads,
    register,
    withdraw,
)

S = Status

not_assessed = log(register())
kept_then_reversed = log(
    register(kind=Kind.CONTINUING),
    publish(
        "a1", S.IN_EFFECT, "2023-10-13", "2023-10-20", motion=Motion.STEADY, confidence=Confidence.HIGH, legacy=True
    ),
    publish("a2", S.REVERSED, "2025-01-20", "2025-01-25", motion=Motion.REGRESSING),
)
taken_back = log(
    register(),
    publish("a1", S.ANNOUNCED, "2023-10-01", "2023-10-05"),
    publish("a2", S.PARTLY, "2023-12-01", "2023-12-05"),
    withdraw("a2", "2024-02-01"),
)
all_taken_back = log(
    register(),
    publish("a1", S.PARTLY, "2023-10-01", "2023-10-05"),
    withdraw("a1", "2024-02-01"),
)
found_later = log(
    register(),
    publish("a1", S.NO_ACTION, "2023-10-01", "2023-10-05"),
    publish("a2", S.PARTLY, "2024-03-01", "2024-03-05"),
    publish("a3", S.ANNOUNCED, "2023-12-01", "2024-06-01", Reason.NEW_EVIDENCE),
)

EXAMPLES: list[ScorecardExample] = [
    reads(
        "nothing published leaves everything empty",
        not_assessed,
        "2024-01-01",
        status=S.NOT_ASSESSED,
        since=None,
        motion=None,
        confidence=None,
        freshness=None,
        peak=None,
        assessment=None,
        legacy=False,
        elements={},
    ),
    reads(
        "the day before its effective day an assessment says nothing",
        kept_then_reversed,
        "2023-10-12",
        status=S.NOT_ASSESSED,
        since=None,
        freshness=None,
        assessment=None,
        legacy=False,
    ),
    reads(
        "an assessment holds from its effective day, companions and mark with it",
        kept_then_reversed,
        "2023-10-13",
        status=S.IN_EFFECT,
        since="2023-10-13",
        motion=Motion.STEADY,
        confidence=Confidence.HIGH,
        freshness=Freshness.CURRENT,
        assessment="a1",
        legacy=True,
    ),
    reads(
        "the day before the reversal it is still in effect",
        kept_then_reversed,
        "2025-01-19",
        status=S.IN_EFFECT,
        since="2023-10-13",
        assessment="a1",
        freshness=Freshness.STALE,
    ),
    reads(
        "a reversal replaces status and companions, and keeps the peak",
        kept_then_reversed,
        "2025-01-20",
        status=S.REVERSED,
        since="2025-01-20",
        motion=Motion.REGRESSING,
        confidence=Confidence.MEDIUM,
        assessment="a2",
        legacy=False,
        peak=(S.IN_EFFECT, at("2023-10-13").date()),
    ),
    reads(
        "a reversal not yet published is not known",
        kept_then_reversed,
        "2025-01-22",
        just_before("2025-01-25"),
        status=S.IN_EFFECT,
        assessment="a1",
    ),
    reads(
        "an assessment is known at the instant of its publication",
        kept_then_reversed,
        "2025-01-22",
        at("2025-01-25"),
        status=S.REVERSED,
        assessment="a2",
    ),
    reads(
        "just before its withdrawal an assessment counts",
        taken_back,
        "2024-01-01",
        just_before("2024-02-01"),
        status=S.PARTLY,
        since="2023-12-01",
        assessment="a2",
    ),
    reads(
        "at the instant of its withdrawal an assessment is gone, for past days too",
        taken_back,
        "2024-01-01",
        at("2024-02-01"),
        status=S.ANNOUNCED,
        since="2023-10-01",
        assessment="a1",
        peak=(S.ANNOUNCED, at("2023-10-01").date()),
    ),
    reads(
        "with its only assessment withdrawn an item is not assessed",
        all_taken_back,
        "2024-03-01",
        status=S.NOT_ASSESSED,
        since=None,
        peak=None,
        assessment=None,
        freshness=None,
    ),
    reads(
        "what was found later was not known earlier",
        found_later,
        "2024-01-01",
        just_before("2024-06-01"),
        status=S.NO_ACTION,
        assessment="a1",
    ),
    reads(
        "what was found later corrects the past day",
        found_later,
        "2024-01-01",
        at("2024-06-01"),
        status=S.ANNOUNCED,
        since="2023-12-01",
        assessment="a3",
    ),
    reads(
        "what was found later about an earlier day leaves the later day alone",
        found_later,
        "2024-06-02",
        status=S.PARTLY,
        since="2024-03-01",
        assessment="a2",
    ),
]
