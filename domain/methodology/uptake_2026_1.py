"""The first version of the methodology, as data."""

from domain.codes import Bucket, Cause, Motion, Reason, SourceClass, Status
from domain.methodology.methodology import Methodology, Rule, Scale, StatusMeaning

_STATUSES = (
    StatusMeaning(Status.NOT_ASSESSED, Bucket.NOT_RATED, None, "Nobody has judged it yet."),
    StatusMeaning(
        Status.NO_ACTION,
        Bucket.NOT_DONE,
        0,
        "No step was found by anybody asked who has the power to act. Rests on a recorded search that found nothing.",
    ),
    StatusMeaning(
        Status.CONTRARY,
        Bucket.NOT_DONE,
        0,
        "Formally refused, or the opposite was done, without ever having been reached before.",
    ),
    StatusMeaning(
        Status.ANNOUNCED,
        Bucket.UNDER_WAY,
        1,
        "Publicly promised or proposed; nothing binds or operates yet.",
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
        "Every core part is in force on the day asked about. For things to be done once, and for outcomes.",
    ),
    StatusMeaning(
        Status.IN_EFFECT,
        Bucket.DONE,
        4,
        "Kept throughout the stated window. For things to be kept up, and for restraint.",
    ),
    StatusMeaning(
        Status.REVERSED,
        Bucket.NOT_DONE,
        0,
        "Was partly implemented or better, and the core of it is no longer in force.",
    ),
    StatusMeaning(
        Status.SUPERSEDED,
        Bucket.NOT_RATED,
        None,
        "The question has fallen away or was replaced by another.",
    ),
    StatusMeaning(
        Status.UNVERIFIABLE,
        Bucket.NOT_RATED,
        None,
        "What can be known does not allow a judgement.",
    ),
)

_RULES = (
    Rule(
        1,
        "“Implemented” is only for things done once and for outcomes; “in effect” only for things kept up "
        "and for restraint.",
    ),
    Rule(
        2,
        "The first assessment of an item, and only the first, gives the reason “first assessment”; "
        "“reviewed, no change” keeps the status held before.",
    ),
    Rule(
        3,
        "“Reversed” names a cause, and follows an earlier published “partly implemented”, “implemented” or "
        "“in effect”.",
    ),
    Rule(
        4,
        "What was partly implemented, implemented or in effect does not fall back to “no action found”, "
        "“announced” or “rejected or contrary”: that is “reversed”, unless an error or the method is being "
        "corrected.",
    ),
    Rule(
        5,
        "“Not assessed” is never published.",
    ),
    Rule(
        6,
        "After “reversed” comes “reversed” again, “in progress”, “partly implemented”, “implemented”, “in "
        "effect” or “no longer applicable”, unless an error or the method is being corrected.",
    ),
    Rule(
        7,
        "An assessment dated before the item's latest one rests on new evidence or corrects an error or the "
        "method; none is dated after the day it is published.",
    ),
    Rule(
        8,
        "Confidence is carried by sources: high by one primary and one independent source, medium by one primary "
        "or two independent sources of different publishers, otherwise low. “Implemented”, “in effect” and "
        "“reversed” need at least medium; “no action found” a recorded search or a primary source.",
    ),
    Rule(
        9,
        "Two people: “implemented”, “in effect”, “reversed” and every withdrawal are published by somebody other "
        "than the proposer.",
    ),
    Rule(
        10,
        "The card that says what counts is approved, by a person other than its author, before the first "
        "assessment is published.",
    ),
)

_UNRATED = {Status.NOT_ASSESSED: "Not rated", Status.SUPERSEDED: "Not rated", Status.UNVERIFIABLE: "Not rated"}


def _scale(code: str, title: str, words: dict[str, tuple[Status, ...]]) -> Scale:
    by_status = {status: word for word, statuses in words.items() for status in statuses}
    every = _UNRATED | by_status
    return Scale(code, title, (*words, *(w for w in ("Not rated",) if w in every.values())), every)


_SCALES = (
    _scale(
        "csc2",
        "Cyberspace Solarium Commission 2.0",
        {
            "Implemented": (Status.IMPLEMENTED, Status.IN_EFFECT),
            "Nearing implementation": (Status.PARTLY,),
            "On track": (Status.IN_PROGRESS,),
            "Progress limited": (Status.ANNOUNCED, Status.NO_ACTION),
            "Significant barriers": (Status.CONTRARY, Status.REVERSED),
        },
    ),
    _scale(
        "cbc",
        "CBC Beyond 94",
        {
            "Complete": (Status.IMPLEMENTED, Status.IN_EFFECT),
            "Underway": (Status.PARTLY, Status.IN_PROGRESS),
            "Proposed": (Status.ANNOUNCED,),
            "Not started": (Status.NO_ACTION, Status.CONTRARY, Status.REVERSED),
        },
    ),
    _scale(
        "gao",
        "US Government Accountability Office",
        {
            "Closed-implemented": (Status.IMPLEMENTED, Status.IN_EFFECT),
            "Closed-not implemented": (Status.SUPERSEDED, Status.CONTRARY),
            "Open": (
                Status.PARTLY,
                Status.IN_PROGRESS,
                Status.ANNOUNCED,
                Status.NO_ACTION,
                Status.REVERSED,
                Status.NOT_ASSESSED,
                Status.UNVERIFIABLE,
            ),
        },
    ),
    _scale(
        "unhrc",
        "UN Human Rights Committee, follow-up grades",
        {
            "A": (Status.IMPLEMENTED, Status.IN_EFFECT),
            "B": (Status.PARTLY, Status.IN_PROGRESS),
            "C": (Status.ANNOUNCED, Status.NO_ACTION),
            "D": (Status.UNVERIFIABLE,),
            "E": (Status.CONTRARY, Status.REVERSED),
        },
    ),
)

UPTAKE_2026_1 = Methodology(
    version="uptake-2026.1",
    statuses=_STATUSES,
    rules=_RULES,
    reasons=tuple(Reason),
    causes=tuple(Cause),
    motions=tuple(Motion),
    primary=(SourceClass.OFFICIAL, SourceClass.OFFICIAL_REPOST, SourceClass.RECORD, SourceClass.PRIMARY),
    independent=(SourceClass.NEWS, SourceClass.TRADE_PRESS, SourceClass.ANALYSIS),
    weak=(SourceClass.REPOST, SourceClass.AGGREGATOR, SourceClass.GENERAL_KNOWLEDGE),
    review_days={Status.IN_EFFECT: 180},
    default_review_days=365,
    due_days=30,
    scales=_SCALES,
)
