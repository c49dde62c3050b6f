"""Section 6: what else a computed standing shows: since, peak, freshness, confidence, mark, and elements as known."""

from domain.codes import Confidence, Freshness, Kind, Reason, Status
from tests.support.examples.shapes import ScorecardExample
from tests.support.examples.telling import (
    add_element,
    at,
    day,
    judge,
    just_before,
    log,
    publish,
    reads,
    register,
    withdraw,
)

S = Status

x_and_y = (register(), add_element("x"), add_element("y"), add_element("z", core=False))

passed_on = log(
    *x_and_y,
    judge("x", S.PARTLY, "2023-10-01"),
    judge("y", S.IMPLEMENTED, "2023-12-01"),
    judge("x", S.NO_ACTION, "2024-02-01"),
)
in_a_month = log(
    *x_and_y,
    publish("a1", S.IN_PROGRESS, "2023-10", "2023-11-05", element="x"),
    publish("a2", S.IN_PROGRESS, "2024", "2024-01-05", element="y"),
)
done_then_reversed = log(
    *x_and_y,
    judge("x", S.IMPLEMENTED, "2023-10-01"),
    publish("y1", S.IMPLEMENTED, "2023-11-01", "2023-11-02", element="y"),
    judge("x", S.REVERSED, "2024-02-01"),
    withdraw("y1", "2024-03-01"),
    publish("y2", S.IMPLEMENTED, "2024-02-15", "2024-03-02", element="y"),
)
all_done_found_later = log(
    *x_and_y,
    judge("x", S.IMPLEMENTED, "2023-10-01"),
    judge("x", S.REVERSED, "2024-02-01"),
    judge("y", S.IMPLEMENTED, "2024-03-01"),
    publish("y2", S.IMPLEMENTED, "2023-12", "2024-05-01", Reason.NEW_EVIDENCE, element="y"),
)
already_done = log(
    *x_and_y,
    publish("a1", S.IMPLEMENTED, "2020-01-01", "2023-09-20", element="x"),
    publish("a2", S.IMPLEMENTED, "2021-01-01", "2023-09-20", element="y"),
    judge("y", S.REVERSED, "2023-10-01"),
)
companions = log(
    *x_and_y,
    publish(
        "x1", S.PARTLY, "2023-10-01", "2023-10-02", element="x", confidence=Confidence.HIGH, review_by="2024-06-30"
    ),
    publish("y1", S.PARTLY, "2023-10-01", "2023-10-02", element="y", review_by="2024-12-31"),
    publish(
        "z1",
        S.PARTLY,
        "2023-10-01",
        "2023-10-02",
        element="z",
        confidence=Confidence.LOW,
        review_by="2023-12-31",
        legacy=True,
    ),
)
companion_set_aside = log(
    *companions,
    publish(
        "y2",
        S.UNVERIFIABLE,
        "2024-02-01",
        "2024-02-02",
        element="y",
        confidence=Confidence.LOW,
        review_by="2024-02-28",
        legacy=True,
    ),
)
all_set_aside = log(
    *companion_set_aside,
    publish("x2", S.SUPERSEDED, "2024-04-01", "2024-04-02", element="x", confidence=Confidence.HIGH),
)
marked = log(*companions, publish("y2", S.ANNOUNCED, "2024-02-01", "2024-02-02", element="y", legacy=True))
half_assessed = log(
    *x_and_y,
    publish(
        "x1", S.ANNOUNCED, "2023-10-01", "2023-10-02", element="x", confidence=Confidence.HIGH, review_by="2024-06-30"
    ),
)
y_added_later = log(
    register(), add_element("x"), judge("x", S.IMPLEMENTED, "2023-10-01"), add_element("y", on="2024-02-01")
)
elements_added_later = log(
    register(kind=Kind.CONTINUING),
    add_element("x", on="2024-02-01"),
    judge("x", S.IMPLEMENTED, "2023-10-01", "2024-02-02"),
)

EXAMPLES: list[ScorecardExample] = [
    reads(
        "a computed status runs on while its elements take turns",
        passed_on,
        "2024-03-01",
        status=S.PARTLY,
        since="2023-10-01",
        peak=(S.PARTLY, day("2023-10-01")),
    ),
    reads(
        "since is a full day for the whole, and as written for an element",
        in_a_month,
        "2024-02-01",
        status=S.IN_PROGRESS,
        since="2023-10-01",
        elements={"x": (S.IN_PROGRESS, "2023-10"), "y": (S.IN_PROGRESS, "2024"), "z": (S.NOT_ASSESSED, None)},
    ),
    reads(
        "the peak of the whole is of its computed status",
        done_then_reversed,
        "2024-02-20",
        just_before("2024-03-01"),
        status=S.REVERSED,
        since="2024-02-01",
        peak=(S.IMPLEMENTED, day("2023-11-01")),
    ),
    reads(
        "a day of all done that is withdrawn counts for neither rule 2 nor the peak",
        done_then_reversed,
        "2024-02-20",
        at("2024-03-02"),
        status=S.PARTLY,
        since="2024-02-15",
        peak=(S.PARTLY, day("2023-10-01")),
    ),
    reads(
        "before the day of all done was found it was partly",
        all_done_found_later,
        "2024-04-01",
        just_before("2024-05-01"),
        status=S.PARTLY,
        since="2024-03-01",
    ),
    reads(
        "a day of all done found later makes rule 2 hold since the reversal",
        all_done_found_later,
        "2024-04-01",
        at("2024-05-01"),
        status=S.REVERSED,
        since="2024-02-01",
        peak=(S.IMPLEMENTED, day("2023-12-01")),
    ),
    reads(
        "a whole done before it was recommended reached its peak on the first day",
        already_done,
        "2023-12-01",
        status=S.REVERSED,
        since="2023-10-01",
        peak=(S.IMPLEMENTED, day("2023-09-14")),
    ),
    reads(
        "worst freshness and lowest confidence of the core, current",
        companions,
        "2024-03-01",
        status=S.PARTLY,
        freshness=Freshness.CURRENT,
        confidence=Confidence.MEDIUM,
        legacy=False,
    ),
    reads("worst freshness of the core, due", companions, "2024-06-01", freshness=Freshness.DUE),
    reads("worst freshness of the core, stale", companions, "2024-07-01", freshness=Freshness.STALE),
    reads(
        "what is set aside lends neither freshness nor confidence nor mark",
        companion_set_aside,
        "2024-03-01",
        status=S.PARTLY,
        freshness=Freshness.CURRENT,
        confidence=Confidence.HIGH,
        legacy=False,
    ),
    reads(
        "with all set aside, all core elements lend theirs",
        all_set_aside,
        "2024-04-15",
        status=S.UNVERIFIABLE,
        freshness=Freshness.STALE,
        confidence=Confidence.LOW,
        legacy=True,
    ),
    reads("one marked core element marks the whole", marked, "2024-02-15", status=S.PARTLY, legacy=True),
    reads(
        "an element not assessed lends nothing",
        half_assessed,
        "2024-01-01",
        status=S.ANNOUNCED,
        freshness=Freshness.CURRENT,
        confidence=Confidence.HIGH,
    ),
    reads(
        "an element not yet added is not known, and the whole is done",
        y_added_later,
        "2024-03-01",
        just_before("2024-02-01"),
        status=S.IMPLEMENTED,
        elements={"x": (S.IMPLEMENTED, "2023-10-01")},
    ),
    reads(
        "an element added later counts for past days too",
        y_added_later,
        "2023-12-01",
        at("2024-02-01"),
        status=S.PARTLY,
        elements={"x": (S.IMPLEMENTED, "2023-10-01"), "y": (S.NOT_ASSESSED, None)},
        peak=(S.PARTLY, day("2023-10-01")),
    ),
    reads(
        "before its first element a recommendation stands by itself",
        elements_added_later,
        "2024-03-01",
        just_before("2024-02-01"),
        status=S.NOT_ASSESSED,
        elements={},
    ),
    reads(
        "with its first element a recommendation is computed",
        elements_added_later,
        "2024-03-01",
        status=S.IMPLEMENTED,
        since="2023-10-01",
        elements={"x": (S.IMPLEMENTED, "2023-10-01")},
    ),
]
