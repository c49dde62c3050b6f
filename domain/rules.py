"""Rules 1 to 8: what may be published about an item, judged against what was published about it before."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime

from msgspec import Struct
from msgspec.structs import replace

from domain.codes import Cause, Confidence, Kind, Reason, Status
from domain.errors import Refusal, Refused, refusal
from domain.evidence_rule import ORDER, carried_by, enough_for
from domain.methodology import (
    ATTAINED,
    CORRECTIONS,
    FOR_ONE_TIME,
    HIGH_STAKES,
    VERSIONS,
)
from domain.times import days_after, first_day, full_day
from domain.values import Assessment, EvidenceFacts

_AFTER_REVERSED = frozenset({Status.REVERSED, Status.IN_PROGRESS, *HIGH_STAKES, Status.PARTLY, Status.SUPERSEDED})
_FALLS_BACK = frozenset({Status.NO_ACTION, Status.ANNOUNCED, Status.CONTRARY})
_BACKDATES = CORRECTIONS | {Reason.NEW_EVIDENCE}


class Earlier(Struct, frozen=True, gc=False):
    """A published assessment of the same item, as far as later ones are judged by it."""

    id: str
    status: Status
    effective: date
    at: datetime
    order: int


class Case(Struct, frozen=True):
    """What an assessment is judged against. `earlier` holds what counts at the instant of publishing."""

    kind: Kind
    earlier: Sequence[Earlier]
    sources: Mapping[str, EvidenceFacts]
    published_on: date
    """The day of publishing in the register's time zone."""


def judge(assessment: Assessment, case: Case) -> list[Refusal]:
    """Every rule of 1 to 8 that the assessment breaks, as sentences; empty when it may be published."""
    return list(_refusals(assessment, case))


def resolved(assessment: Assessment, sources: Mapping[str, EvidenceFacts], version: str) -> Assessment:
    """The assessment with its defaults filled in: confidence, day of the next review, methodology."""
    method = VERSIONS[assessment.methodology or version]
    cited = [sources[e] for e in assessment.evidence if e in sources]
    effective = first_day(assessment.effective_on)
    return replace(
        assessment,
        confidence=assessment.confidence or carried_by(cited),
        review_by=assessment.review_by
        or days_after(effective, method.review_after(assessment.status).days).isoformat(),
        methodology=method.version,
    )


def held_on(earlier: Iterable[Earlier], on: date) -> Earlier | None:
    """Which of the earlier assessments of an item holds on a day; None before the first."""
    held: Earlier | None = None
    for e in earlier:
        if e.effective <= on and (held is None or (e.effective, e.at, e.order) > (held.effective, held.at, held.order)):
            held = e
    return held


def in_force(earlier: Iterable[Earlier], on: date) -> Status:
    """The status held on a day, from earlier assessments of the item."""
    held = held_on(earlier, on)
    return held.status if held else Status.NOT_ASSESSED


def _refusals(new: Assessment, case: Case) -> Iterator[Refusal]:
    try:
        effective = first_day(new.effective_on)
    except Refused as refused:
        yield refused.refusals[0].about("effective_on")
        return
    yield from _whole(new, effective)
    if new.status is Status.NOT_ASSESSED:
        yield refusal("“Not assessed” is never published (rule 5).", rule=5, field="status")
        return
    yield from fits_kind(new.status, case.kind)
    yield from _follows(new, case.earlier, in_force(case.earlier, effective))
    yield from _is_dated_well(new, effective, case)
    yield from _rests_on_sources(new, case.sources)


def _whole(new: Assessment, effective: date) -> Iterator[Refusal]:
    if not new.rationale.strip():
        yield refusal("Write a rationale: why this status, in a sentence or two.", field="rationale")
    if new.cause and new.status is not Status.REVERSED:
        yield refusal("A cause belongs only to “reversed” (rule 3).", rule=3, field="cause")
    if (new.window_from or new.window_to) and new.status is not Status.IN_EFFECT:
        yield refusal("A window belongs only to “in effect”.", field="window_from")
    for name in ("review_by", "window_from", "window_to"):
        if text := getattr(new, name):
            try:
                (full_day if name == "review_by" else first_day)(text)
            except Refused as refused:
                yield refused.refusals[0].about(name)
                return
    start = first_day(new.window_from) if new.window_from else effective
    if new.window_to and first_day(new.window_to) < start:
        yield refusal("The window ends before it begins.", field="window_to")


def fits_kind(status: Status, kind: Kind) -> Iterator[Refusal]:
    """Rule 1: what holds against a status for an item of a kind."""
    of_kind = kind.value.replace("_", "-")
    if status is Status.IMPLEMENTED and kind not in FOR_ONE_TIME:
        yield refusal(
            "“Implemented” does not fit an item of the kind “{kind}”; use “in effect” (rule 1).",
            kind=of_kind,
            rule=1,
            field="status",
        )
    if status is Status.IN_EFFECT and kind in FOR_ONE_TIME:
        yield refusal(
            "“In effect” does not fit an item of the kind “{kind}”; use “implemented” (rule 1).",
            kind=of_kind,
            rule=1,
            field="status",
        )


def _follows(new: Assessment, earlier: Sequence[Earlier], before: Status) -> Iterator[Refusal]:
    if new.reason is Reason.FIRST_ASSESSMENT and earlier:
        yield refusal(
            "This item has a published assessment already; say what changed instead of “first assessment” (rule 2).",
            rule=2,
            field="reason",
        )
    if new.reason is not Reason.FIRST_ASSESSMENT and not earlier:
        yield refusal(
            "This is the item's first published assessment, so its reason is “first assessment” (rule 2).",
            rule=2,
            field="reason",
        )
    if new.reason is Reason.REVIEWED_NO_CHANGE and earlier and before is not new.status:
        yield refusal(
            "“Reviewed, no change” keeps the status held before, which is “{before}” (rule 2).",
            before=before,
            rule=2,
            field="reason",
        )
    if new.status is Status.REVERSED:
        if new.cause is None:
            yield refusal(
                "“Reversed” needs a cause, one of: {causes} (rule 3).", causes=tuple(Cause), rule=3, field="cause"
            )
        if not any(e.status in ATTAINED for e in earlier):
            yield refusal(
                "“Reversed” needs an earlier published “partly”, “implemented” or “in effect” of this item (rule 3).",
                rule=3,
                field="status",
            )
    if new.reason not in CORRECTIONS:
        if before in ATTAINED and new.status in _FALLS_BACK:
            yield refusal(
                "From “{before}” an item does not go to “{status}”; use “reversed”, "
                "or say that you correct an error or the method (rule 4).",
                before=before,
                status=new.status,
                rule=4,
                field="status",
            )
        if before is Status.REVERSED and new.status not in _AFTER_REVERSED:
            yield refusal(
                "From “reversed” an item does not go to “{status}”, unless you correct an error "
                "or the method (rule 6).",
                status=new.status,
                rule=6,
                field="status",
            )


def _is_dated_well(new: Assessment, effective: date, case: Case) -> Iterator[Refusal]:
    latest = max((e.effective for e in case.earlier), default=None)
    if latest and effective < latest and new.reason not in _BACKDATES:
        yield refusal(
            "{day} lies before the item's latest assessment, of {latest}; that needs "
            "the reason “new evidence”, “our correction” or “method changed” (rule 7).",
            day=new.effective_on,
            latest=latest.isoformat(),
            rule=7,
            field="effective_on",
        )
    if effective > case.published_on:
        yield refusal(
            "{day} lies after the day of publishing, {today} (rule 7).",
            day=new.effective_on,
            today=case.published_on.isoformat(),
            rule=7,
            field="effective_on",
        )


def _rests_on_sources(new: Assessment, sources: Mapping[str, EvidenceFacts]) -> Iterator[Refusal]:
    missing = [e for e in new.evidence if e not in sources]
    if missing:
        yield refusal(
            "There is no evidence “{ids}” in this register (rule 8).",
            ids="”, “".join(missing),
            rule=8,
            field="evidence",
        )
    cited = [sources[e] for e in new.evidence if e in sources]
    if lacking := enough_for(new.status, cited):
        yield lacking
    carried = carried_by(cited)
    claimed = new.confidence or carried
    if ORDER[claimed] > ORDER[carried]:
        yield refusal(
            "The evidence carries “{carried}” confidence, not “{claimed}” (rule 8).",
            carried=carried,
            claimed=claimed,
            rule=8,
            field="confidence",
        )
    if new.status in HIGH_STAKES and min(ORDER[claimed], ORDER[carried]) < ORDER[Confidence.MEDIUM]:
        yield refusal(
            "“{status}” needs at least medium confidence: one primary source, or two independent "
            "sources of different publishers (rule 8).",
            status=new.status,
            rule=8,
            field="evidence",
        )
