"""Rules 1 to 8: what may be published about an item, judged against what was published about it before."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime

from msgspec import Struct
from msgspec.structs import replace

from domain.codes import Confidence, Kind, Reason, Status
from domain.errors import Refusal, Refused, refusal
from domain.methodology.methodology import Methodology
from domain.methodology.sources import CONFIDENCE_ORDER, confidence_of, missing_source
from domain.methodology.versions import methodology_of
from domain.times import days_after, first_day, full_day
from domain.values import Assessment, EvidenceFacts


class Earlier(Struct, frozen=True, gc=False):
    """A published assessment of the same item, as far as later ones are judged by it."""

    id: str
    status: Status
    effective: date
    at: datetime
    order: int
    methodology: str
    """The version it was made under, which says what its status means."""

    @property
    def is_attained(self) -> bool:
        """Whether its status is “partly implemented” or better."""
        return self.status in methodology_of(self.methodology).attained


class Case(Struct, frozen=True):
    """What an assessment is judged against. `earlier` holds what counts at the instant of publishing."""

    methodology: Methodology
    kind: Kind
    earlier: Sequence[Earlier]
    sources: Mapping[str, EvidenceFacts]
    published_on: date
    """The day of publishing in the register's time zone."""


def judge(assessment: Assessment, case: Case) -> list[Refusal]:
    """Every rule of 1 to 8 that the assessment breaks, as sentences; empty when it may be published."""
    return [r for r in broken_rules(assessment, case) if case.methodology.applies(r.rule)]


def with_defaults(
    assessment: Assessment, kind: Kind, sources: Mapping[str, EvidenceFacts], method: Methodology
) -> Assessment:
    """The assessment of an item of a kind with its defaults filled in: confidence, next review day, methodology."""
    cited = [sources[e] for e in assessment.evidence if e in sources]
    return replace(
        assessment,
        confidence=assessment.confidence or confidence_of(cited, method),
        review_by=assessment.review_by or _default_review_by(assessment, kind, method),
        methodology=method.version,
    )


def _default_review_by(assessment: Assessment, kind: Kind, method: Methodology) -> str:
    after = method.review_after(assessment.status, kind)
    return days_after(first_day(assessment.effective_on), after.days).isoformat() if after else ""


def in_force_on(earlier: Iterable[Earlier], on: date) -> Earlier | None:
    """The earlier assessment of an item that is in force on a day; None before the first."""
    found: Earlier | None = None
    for e in earlier:
        if e.effective <= on and (found is None or _place(e) > _place(found)):
            found = e
    return found


def _place(earlier: Earlier) -> tuple[date, datetime, int]:
    return earlier.effective, earlier.at, earlier.order


def status_on(earlier: Iterable[Earlier], on: date) -> Status:
    """The status that an item holds on a day, from its earlier assessments."""
    in_force = in_force_on(earlier, on)
    return in_force.status if in_force else Status.NOT_ASSESSED


def broken_rules(new: Assessment, case: Case) -> Iterator[Refusal]:
    """“Not assessed”, which is never published (rule 5), or what each of the other rules refuses.

    Stops early where the date cannot be read, and at rule 5.
    """
    try:
        effective = first_day(new.effective_on)
    except Refused as refused:
        yield refused.refusals[0].about("effective_on")
        return
    yield from _incomplete(new, effective)
    if new.status is Status.NOT_ASSESSED:
        yield refusal("“Not assessed” is never published (rule 5).", rule=5, field="status")
        return
    before = in_force_on(case.earlier, effective)
    yield from against_kind(new.status, case.kind)
    yield from against_reason(new, case.earlier, before.status if before else Status.NOT_ASSESSED)
    yield from against_reversal(new, case)
    yield from against_transition(new, case, before)
    yield from against_date(new, effective, case)
    yield from against_sources(new, case.sources, case.methodology)


def _incomplete(new: Assessment, effective: date) -> Iterator[Refusal]:
    if not new.rationale.strip():
        yield refusal("Enter a rationale: why this status, in a sentence or two.", field="rationale")
    if new.cause and new.status is not Status.REVERSED:
        yield refusal("A cause belongs only to “reversed” (rule 3).", field="cause")  # no record may break it
    if (new.window_from or new.window_to) and new.status is not Status.IN_EFFECT:
        yield refusal("A window belongs only to “in effect”.", field="window_from")
    for name, text in (("review_by", new.review_by), ("window_from", new.window_from), ("window_to", new.window_to)):
        if text:
            try:
                (full_day if name == "review_by" else first_day)(text)
            except Refused as refused:
                yield refused.refusals[0].about(name)
                return
    start = first_day(new.window_from) if new.window_from else effective
    if new.window_to and first_day(new.window_to) < start:
        yield refusal("The window ends before it begins.", field="window_to")


def against_kind(status: Status, kind: Kind) -> Iterator[Refusal]:
    """A status that does not fit an item of a kind (rule 1)."""
    if status is Status.IMPLEMENTED and not kind.is_one_time:
        yield refusal(
            "“Implemented” does not fit an item of the kind “{kind}”. Use “in effect” (rule 1).",
            kind=kind.replace("_", "-"),
            rule=1,
            field="status",
        )
    if status is Status.IN_EFFECT and kind.is_one_time:
        yield refusal(
            "“In effect” does not fit an item of the kind “{kind}”. Use “implemented” (rule 1).",
            kind=kind.replace("_", "-"),
            rule=1,
            field="status",
        )


def against_reason(new: Assessment, earlier: Sequence[Earlier], before: Status) -> Iterator[Refusal]:
    """“First assessment” or “reviewed, no change” where the reason is another (rule 2)."""
    if new.reason is Reason.FIRST_ASSESSMENT and earlier:
        yield refusal(
            "This item already has a published assessment. Choose a reason other than “first assessment” (rule 2).",
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
            "“Reviewed, no change” needs the same status as before, “{before}” (rule 2).",
            before=before,
            rule=2,
            field="reason",
        )


def against_reversal(new: Assessment, case: Case) -> Iterator[Refusal]:
    """“Reversed” without a cause, or without an earlier status that was attained (rule 3)."""
    if new.status is Status.REVERSED:
        if new.cause is None:
            yield refusal(
                "“Reversed” needs a cause, one of: {causes} (rule 3).",
                causes=case.methodology.causes,
                rule=3,
                field="cause",
            )
        if not any(e.is_attained for e in case.earlier):
            yield refusal(
                "“Reversed” needs an earlier published “partly”, “implemented” or “in effect” of this item (rule 3).",
                rule=3,
                field="status",
            )


def against_transition(new: Assessment, case: Case, before: Earlier | None) -> Iterator[Refusal]:
    """A status that may not follow: a fall from what was attained (rule 4), or a wrong one after “reversed” (rule 6).

    `before` is the assessment in force until now.
    """
    if before and not new.reason.is_correction:
        falls_back = new.status is not before.status and new.status in case.methodology.fallen_back
        if before.is_attained and falls_back:
            yield refusal(
                "An item cannot go from “{before}” to “{status}”. Use “reversed”, "
                "or say that you correct an error or the method (rule 4).",
                before=before.status,
                status=new.status,
                rule=4,
                field="status",
            )
        if before.status is Status.REVERSED and new.status not in case.methodology.after_reversed:
            yield refusal(
                "An item cannot go from “reversed” to “{status}”, unless you correct an error or the method (rule 6).",
                status=new.status,
                rule=6,
                field="status",
            )


def against_date(new: Assessment, effective: date, case: Case) -> Iterator[Refusal]:
    """A date before the latest assessment, or after the day of publishing (rule 7)."""
    may_be_earlier = new.reason.is_correction or new.reason is Reason.NEW_EVIDENCE
    later = [e.effective for e in case.earlier if e.effective > effective]
    if later and not may_be_earlier:
        yield refusal(
            "{day} is before the item's latest assessment, of {latest}. Choose "
            "the reason “new evidence”, “our correction” or “method changed” (rule 7).",
            day=new.effective_on,
            latest=max(later).isoformat(),
            rule=7,
            field="effective_on",
        )
    if effective > case.published_on:
        yield refusal(
            "{day} is after the day of publishing, {today} (rule 7).",
            day=new.effective_on,
            today=case.published_on.isoformat(),
            rule=7,
            field="effective_on",
        )


def against_sources(new: Assessment, sources: Mapping[str, EvidenceFacts], method: Methodology) -> Iterator[Refusal]:
    """Sources that are missing, or that do not carry the confidence (rule 8)."""
    cited = [sources[e] for e in new.evidence if e in sources]
    if len(cited) < len(new.evidence):
        yield refusal(
            "There is no evidence “{ids}” in this register (rule 8).",
            ids="”, “".join(e for e in new.evidence if e not in sources),
            rule=8,
            field="evidence",
        )
    if missing_class := missing_source(new.status, cited, method):
        yield missing_class
    carried = confidence_of(cited, method)
    claimed = new.confidence or carried
    if CONFIDENCE_ORDER[claimed] > CONFIDENCE_ORDER[carried]:
        yield refusal(
            "The evidence supports “{carried}” confidence, not “{claimed}” (rule 8).",
            carried=carried,
            claimed=claimed,
            rule=8,
            field="confidence",
        )
    if (
        new.status in method.high_stakes
        and min(CONFIDENCE_ORDER[claimed], CONFIDENCE_ORDER[carried]) < CONFIDENCE_ORDER[Confidence.MEDIUM]
    ):
        yield refusal(
            "“{status}” needs at least medium confidence: one primary source, or two independent "
            "sources of different publishers (rule 8).",
            status=new.status,
            rule=8,
            field="evidence",
        )
