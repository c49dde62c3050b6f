"""Rules 1 to 8 as a table: a history, an assessment, and the words of each refusal."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.codes import Cause, Confidence, Kind, Reason, SourceClass, Status
from domain.methodology.rules import Case, Earlier, judge, with_defaults
from domain.methodology.sources import CONFIDENCE_ORDER, confidence_of
from domain.methodology.uptake_2026_1 import UPTAKE_2026_1
from domain.values import Assessment, EvidenceFacts

START = datetime(2024, 1, 1, tzinfo=UTC)
SOURCES = {
    name: EvidenceFacts(id=name, publisher=publisher, source_class=kind)
    for name, publisher, kind in (
        ("official", "State", SourceClass.OFFICIAL),
        ("record", "Court", SourceClass.RECORD),
        ("news", "Daily", SourceClass.NEWS),
        ("same-news", "DAILY", SourceClass.NEWS),
        ("trade", "Trade", SourceClass.TRADE_PRESS),
        ("blog", "Blog", SourceClass.REPOST),
        ("search", "Office", SourceClass.NULL_SEARCH),
    )
}


def new(**fields: Any) -> Assessment:
    usual = {
        "id": "a",
        "status": "announced",
        "effective_on": "2023-06-01",
        "reason": "world_changed",
        "rationale": "Because.",
        "evidence": ("official", "news"),
    }
    return msgspec.convert(usual | fields, Assessment)


def after(*statuses: tuple[str, str]) -> tuple[Earlier, ...]:
    """Earlier assessments as (status, effective day), published an hour apart."""
    return tuple(
        Earlier(f"e{n}", Status(status), date.fromisoformat(day), START + timedelta(hours=n), n, UPTAKE_2026_1.version)
        for n, (status, day) in enumerate(statuses)
    )


def sentences(assessment: Assessment, earlier: tuple[Earlier, ...] = (), kind: Kind = Kind.ONE_OFF) -> list[str]:
    return [str(r) for r in judge(assessment, Case(UPTAKE_2026_1, kind, earlier, SOURCES, date(2024, 6, 1)))]


FIRST = {"reason": "first_assessment"}
ANNOUNCED = after(("announced", "2023-01-01"))
DONE = after(("implemented", "2023-01-01"))
REVERSED = after(("implemented", "2023-01-01"), ("reversed", "2023-02-01"))

CASES: list[tuple[str, dict[str, Any], tuple[Earlier, ...], Kind, list[str]]] = [
    ("a plain first assessment", FIRST, (), Kind.ONE_OFF, []),
    (
        "1: implemented does not fit what is kept up",
        FIRST | {"status": "implemented"},
        (),
        Kind.CONTINUING,
        ["“Implemented” does not fit an item of the kind “continuing”. Use “in effect” (rule 1)."],
    ),
    (
        "1: in effect does not fit an outcome",
        FIRST | {"status": "in_effect"},
        (),
        Kind.OUTCOME,
        ["“In effect” does not fit an item of the kind “outcome”. Use “implemented” (rule 1)."],
    ),
    ("1: in effect fits restraint", FIRST | {"status": "in_effect"}, (), Kind.RESTRAINT, []),
    (
        "2: first assessment only once",
        FIRST,
        ANNOUNCED,
        Kind.ONE_OFF,
        ["This item already has a published assessment. Choose a reason other than “first assessment” (rule 2)."],
    ),
    (
        "2: the first is a first assessment",
        {},
        (),
        Kind.ONE_OFF,
        ["This is the item's first published assessment, so its reason is “first assessment” (rule 2)."],
    ),
    (
        "2: reviewed without change keeps the status",
        {"reason": "reviewed_no_change", "status": "in_progress"},
        ANNOUNCED,
        Kind.ONE_OFF,
        ["“Reviewed, no change” needs the same status as before, “announced” (rule 2)."],
    ),
    ("2: reviewed without change", {"reason": "reviewed_no_change"}, ANNOUNCED, Kind.ONE_OFF, []),
    (
        "3: reversed needs a cause",
        {"status": "reversed"},
        DONE,
        Kind.ONE_OFF,
        [f"“Reversed” needs a cause, one of: {', '.join(Cause)} (rule 3)."],
    ),
    (
        "3: reversed needs something to reverse",
        {"status": "reversed", "cause": "repealed"},
        ANNOUNCED,
        Kind.ONE_OFF,
        ["“Reversed” needs an earlier published “partly”, “implemented” or “in effect” of this item (rule 3)."],
    ),
    ("3: a reversal", {"status": "reversed", "cause": "repealed"}, DONE, Kind.ONE_OFF, []),
    (
        "3: a cause belongs only to reversed",
        {"cause": "repealed"},
        ANNOUNCED,
        Kind.ONE_OFF,
        ["A cause belongs only to “reversed” (rule 3)."],
    ),
    (
        "4: what was done does not fall back",
        {"status": "no_action"},
        DONE,
        Kind.ONE_OFF,
        [
            "An item cannot go from “implemented” to “no_action”. Use “reversed”, or say that you correct an error "
            "or the method (rule 4)."
        ],
    ),
    ("4: unless corrected", {"status": "no_action", "reason": "our_correction"}, DONE, Kind.ONE_OFF, []),
    ("4: done to in progress is no rule's business", {"status": "in_progress"}, DONE, Kind.ONE_OFF, []),
    (
        "5: not assessed is never published",
        FIRST | {"status": "not_assessed"},
        (),
        Kind.ONE_OFF,
        ["“Not assessed” is never published (rule 5)."],
    ),
    (
        "6: from reversed not to announced",
        {"status": "announced"},
        REVERSED,
        Kind.ONE_OFF,
        [
            "An item cannot go from “reversed” to “announced”, unless you correct an error or the method (rule 6).",
        ],
    ),
    ("6: from reversed to superseded", {"status": "superseded"}, REVERSED, Kind.ONE_OFF, []),
    ("6: from reversed when the method changed", {"reason": "method_changed"}, REVERSED, Kind.ONE_OFF, []),
    (
        "7: an earlier day needs a reason for it",
        {"effective_on": "2022-12"},
        ANNOUNCED,
        Kind.ONE_OFF,
        [
            "2022-12 is before the item's latest assessment, of 2023-01-01. Choose the reason “new evidence”, "
            "“our correction” or “method changed” (rule 7)."
        ],
    ),
    (
        "7: new evidence may be dated back",
        {"effective_on": "2022", "reason": "new_evidence"},
        ANNOUNCED,
        Kind.ONE_OFF,
        [],
    ),
    ("7: the day of publishing itself", {"effective_on": "2024-06-01"}, ANNOUNCED, Kind.ONE_OFF, []),
    (
        "7: not after the day of publishing",
        {"effective_on": "2024-06-02"},
        ANNOUNCED,
        Kind.ONE_OFF,
        ["2024-06-02 is after the day of publishing, 2024-06-01 (rule 7)."],
    ),
    (
        "8: evidence that is not there",
        {"evidence": ("official", "void", "gone")},
        ANNOUNCED,
        Kind.ONE_OFF,
        ["There is no evidence “void”, “gone” in this register (rule 8)."],
    ),
    (
        "8: one item at least",
        {"evidence": ()},
        ANNOUNCED,
        Kind.ONE_OFF,
        ["Choose at least one item of evidence (rule 8)."],
    ),
    ("8: unverifiable needs none", {"status": "unverifiable", "evidence": ()}, ANNOUNCED, Kind.ONE_OFF, []),
    (
        "8: no action needs a search",
        {"status": "no_action", "evidence": ("news", "trade")},
        ANNOUNCED,
        Kind.ONE_OFF,
        [
            "“No action found” needs a recorded search that found nothing, or a primary source that confirms it (rule 8)."
        ],
    ),
    (
        "8: a search is enough for no action",
        {"status": "no_action", "evidence": ("search",)},
        ANNOUNCED,
        Kind.ONE_OFF,
        [],
    ),
    (
        "8: a claim too high",
        {"evidence": ("news",), "confidence": "medium"},
        ANNOUNCED,
        Kind.ONE_OFF,
        ["The evidence supports “low” confidence, not “medium” (rule 8)."],
    ),
    ("8: a lower claim is kept", {"confidence": "low"}, ANNOUNCED, Kind.ONE_OFF, []),
    (
        "8: done on a lower claim",
        {"status": "implemented", "confidence": "low"},
        ANNOUNCED,
        Kind.ONE_OFF,
        [
            "“implemented” needs at least medium confidence: one primary source, or two independent sources of "
            "different publishers (rule 8)."
        ],
    ),
    (
        "a rationale",
        {"rationale": " "},
        ANNOUNCED,
        Kind.ONE_OFF,
        ["Enter a rationale: why this status, in a sentence or two."],
    ),
    (
        "a day that is none",
        {"effective_on": "2023-02-30"},
        ANNOUNCED,
        Kind.ONE_OFF,
        ["There is no day “2023-02-30” in the calendar."],
    ),
    (
        "a window belongs to in effect",
        {"window_from": "2023"},
        ANNOUNCED,
        Kind.ONE_OFF,
        ["A window belongs only to “in effect”."],
    ),
    (
        "a window ends after it begins",
        FIRST | {"status": "in_effect", "window_to": "2022-01-01"},
        (),
        Kind.CONTINUING,
        ["The window ends before it begins."],
    ),
    (
        "a review on a whole day",
        {"review_by": "2024-05"},
        ANNOUNCED,
        Kind.ONE_OFF,
        ["“2024-05” is not a full date. Write it as 2024-05-20."],
    ),
]


@pytest.mark.parametrize(("given_", "earlier", "kind", "expected"), [c[1:] for c in CASES], ids=[c[0] for c in CASES])
def test_a_rule(given_: dict[str, Any], earlier: tuple[Earlier, ...], kind: Kind, expected: list[str]) -> None:
    assert sentences(new(**given_), earlier, kind) == expected


def test_all_that_is_wrong_is_said_at_once() -> None:
    wrong = new(status="reversed", rationale="", effective_on="2025", evidence=("blog",), reason="first_assessment")
    assert len(sentences(wrong, ANNOUNCED)) == 6


@pytest.mark.parametrize(
    ("cited", "carried"),
    [
        ((), "low"),
        (("blog", "search"), "low"),
        (("news",), "low"),
        (("news", "news"), "low"),
        (("news", "same-news"), "low"),
        (("news", "trade"), "medium"),
        (("official",), "medium"),
        (("official", "record"), "medium"),
        (("official", "blog"), "medium"),
        (("record", "news"), "high"),
    ],
)
def test_what_sources_carry(cited: tuple[str, ...], carried: str) -> None:
    assert confidence_of([SOURCES[c] for c in cited], UPTAKE_2026_1) == carried


@given(st.lists(st.sampled_from(sorted(SOURCES))), st.sampled_from(sorted(SOURCES)))
def test_another_source_never_lowers_what_is_carried(cited: list[str], more: str) -> None:
    assert (
        CONFIDENCE_ORDER[confidence_of([SOURCES[c] for c in [*cited, more]], UPTAKE_2026_1)]
        >= CONFIDENCE_ORDER[confidence_of([SOURCES[c] for c in cited], UPTAKE_2026_1)]
    )


def test_defaults_are_filled_in() -> None:
    plain = with_defaults(new(status="implemented"), Kind.ONE_OFF, SOURCES, UPTAKE_2026_1)
    assert (plain.confidence, plain.review_by, plain.methodology) == (Confidence.HIGH, "2024-05-31", "uptake-2026.1")
    continuing = with_defaults(new(status="in_effect", effective_on="2023-06"), Kind.ONE_OFF, SOURCES, UPTAKE_2026_1)
    assert continuing.review_by == "2023-11-28"
    own = with_defaults(new(review_by="2030-01-01", confidence="low"), Kind.ONE_OFF, SOURCES, UPTAKE_2026_1)
    assert (own.review_by, own.confidence) == ("2030-01-01", Confidence.LOW)


def test_every_reason_is_one_of_the_methodology() -> None:
    assert {str(r) for r in Reason} == {
        "first_assessment",
        "world_changed",
        "new_evidence",
        "our_correction",
        "method_changed",
        "reviewed_no_change",
    }


def test_every_sentence_of_the_rules_can_be_said_in_another_language() -> None:
    """A sentence without its words could only be shown in English."""
    from tests.support.story import assessment

    kinds = (Kind.ONE_OFF, Kind.CONTINUING)
    wrong = [
        assessment(status=status, reason=reason, cause=cause, effective_on=day, confidence="high", evidence=("none",))
        for status in Status for reason in ("first_assessment", "reviewed_no_change")
        for cause in (None, "repealed") for day in ("2021", "2999", "x")
    ]  # fmt: skip
    for kind in kinds:
        case = Case(methodology=UPTAKE_2026_1, kind=kind, earlier=(), sources={}, published_on=date(2026, 1, 1))
        for sentence in [s for a in wrong for s in judge(a, case)]:
            assert sentence.words, sentence
