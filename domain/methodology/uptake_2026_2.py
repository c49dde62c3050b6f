"""The second version of the methodology: no review day for what was done once, and registers kept by one person."""

from msgspec.structs import replace

from domain.codes import Bucket, Kind, Status
from domain.methodology.methodology import Rule, StatusMeaning
from domain.methodology.uptake_2026_1 import UPTAKE_2026_1

_STATUSES = (
    StatusMeaning(Status.NOT_ASSESSED, Bucket.NOT_RATED, None, "It has not been assessed yet."),
    StatusMeaning(
        Status.NO_ACTION,
        Bucket.NOT_DONE,
        0,
        "No step was found by those who were asked and can act. This rests on a recorded search that found nothing, or "
        "on a primary source.",
    ),
    StatusMeaning(
        Status.CONTRARY,
        Bucket.NOT_DONE,
        0,
        "It was formally refused, or the opposite was done, and it was never reached before.",
    ),
    StatusMeaning(
        Status.ANNOUNCED,
        Bucket.UNDER_WAY,
        1,
        "It was publicly promised or proposed; nothing binds or operates yet.",
    ),
    StatusMeaning(
        Status.IN_PROGRESS,
        Bucket.UNDER_WAY,
        2,
        "A step that binds or operates exists; no core part is complete.",
    ),
    StatusMeaning(
        Status.PARTLY,
        Bucket.UNDER_WAY,
        3,
        "At least one core part is in force and at least one is not, or it was done in a clearly narrower form.",
    ),
    StatusMeaning(
        Status.IMPLEMENTED,
        Bucket.DONE,
        4,
        "Every core part is in force on the day asked about. For things that are done once, and for outcomes.",
    ),
    StatusMeaning(
        Status.IN_EFFECT,
        Bucket.DONE,
        4,
        "It was kept throughout the stated window. For things that must continue, and for restraint.",
    ),
    StatusMeaning(
        Status.REVERSED,
        Bucket.NOT_DONE,
        0,
        "It was partly implemented or better, and the core of it is no longer in force.",
    ),
    StatusMeaning(
        Status.SUPERSEDED,
        Bucket.NOT_RATED,
        None,
        "The question no longer applies, or was replaced by another.",
    ),
    StatusMeaning(
        Status.UNVERIFIABLE,
        Bucket.NOT_RATED,
        None,
        "What can be known does not allow an assessment.",
    ),
)
_CHANGED_RULES = {
    1: "“Implemented” is only for things that are done once and for outcomes; “in effect” is only for things that must "
    "continue and for restraint.",
    3: "“Reversed” names a cause, and follows an earlier published “partly implemented”, “implemented” or “in effect”. "
    "No other status has a cause.",
    4: "What was partly implemented, implemented or in effect does not go back to “no action found”, “announced” or "
    "“rejected or contrary”: that is “reversed”, unless an error or the method is corrected.",
    6: "After “reversed” comes “reversed” again, “in progress”, “partly implemented”, “implemented”, “in effect” or "
    "“no longer applicable”, unless an error or the method is corrected.",
    7: "An assessment dated before the item's latest one rests on new evidence, or corrects an error or the method. "
    "None is dated after the day on which it is published.",
    8: "Sources decide the confidence: high with one primary and one independent source, medium with one primary or "
    "two independent sources of different publishers, otherwise low. “Implemented”, “in effect” and “reversed” need at "
    "least medium; “no action found” needs a recorded search or a primary source.",
    9: "Two people: “implemented”, “in effect”, “reversed” and every withdrawal are published by someone other than "
    "their proposer. A register that one person keeps is exempt, and its pages say so.",
    10: "The success criteria are approved before the first assessment is published, by someone other than their "
    "author. In a register that one person keeps, the author may approve them.",
}

UPTAKE_2026_2 = replace(
    UPTAKE_2026_1,
    version="uptake-2026.2",
    statuses=_STATUSES,
    rules=tuple(Rule(r.number, _CHANGED_RULES.get(r.number, r.sentence)) for r in UPTAKE_2026_1.rules),
    without_review={Status.IMPLEMENTED: (Kind.ONE_OFF,)},
    author_may_approve=True,
)
