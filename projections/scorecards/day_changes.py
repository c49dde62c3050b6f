"""By how much the numbers of a scorecard change on each day, from the spans of recommendations that are known now."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

from msgspec import Struct
from sqlalchemy import Connection

from domain.codes import Bucket, Confidence
from projections.engine.bulk_write import write_many
from projections.scorecards.deadlines import UPCOMING_DAYS, DueFacts, due_state
from projections.scorecards.status_codes import (
    CONFIDENCE_NUMBER,
    OPEN_END_DAY,
    grade_in,
    graded_status,
    is_done,
    meaning_of,
)
from projections.scorecards.status_intervals import ON_SCORECARD, Span

WHOLE = ""
"""The scope of a whole register."""
BLOCK_BITS = (0, 5, 10)
"""The days of a block, as a power of two, by level."""
CODE, MOTION, DUE, PUBLICATION = "code:", "motion:", "due:", "publication:"
STALE, LOW_CONFIDENCE, PRIORITY = "stale", "low_confidence", "priority"
_UPSERT = (
    "INSERT INTO day_counts (register_no, level, scope, block, measure, n) VALUES (?, ?, ?, ?, ?, ?)"
    " ON CONFLICT (register_no, level, scope, block, measure) DO UPDATE SET n = day_counts.n + excluded.n"
)


class CountedAs(Struct, frozen=True):
    """What a recommendation is counted under besides its status."""

    theme: str
    priority: bool
    publications: str


class CountedRecommendation(Struct, frozen=True):
    """What is counted of a recommendation: its spans on the scorecard that are known now."""

    under: CountedAs
    spans: Sequence[Span]


def counted_spans(spans: Iterable[Span]) -> list[Span]:
    return [span for span in spans if span.level == ON_SCORECARD]


def theme_scope(theme: str) -> str:
    return f"theme:{theme}"


class DayChanges:
    """Collects what the recommendations of a batch change."""

    def __init__(self) -> None:
        self._changes: Counter[tuple[int, str, str, int]] = Counter()

    def replace(
        self, register_no: int, before: CountedRecommendation | None, after: CountedRecommendation | None
    ) -> None:
        """Count a recommendation otherwise, for the first time, or no longer."""
        same = (
            set(before.spans).intersection(after.spans) if before and after and before.under == after.under else set()
        )
        for counted, sign in ((before, -1), (after, 1)):
            if counted:
                self._add(register_no, counted.under, [span for span in counted.spans if span not in same], sign)

    def _add(self, register_no: int, under: CountedAs, spans: Sequence[Span], sign: int) -> None:
        changes, theme = self._changes, theme_scope(under.theme)
        for measure, day, n in _span_changes(spans):
            changes[register_no, WHOLE, measure, day] += sign * n
            changes[register_no, theme, measure, day] += sign * n
        for measure in _measures_of(under):
            for span in spans:
                for day, n in _ends(span.effective_from, span.effective_to):
                    changes[register_no, WHOLE, measure, day] += sign * n

    def write(self, db: Connection) -> None:
        """Add what changed to the table; what became nothing leaves it."""
        blocks: Counter[tuple[int, int, str, int, str]] = Counter()
        for (register_no, scope, measure, day), n in self._changes.items():
            if n:
                for level, bits in enumerate(BLOCK_BITS):
                    blocks[register_no, level, scope, day >> bits, measure] += n
        rows = sorted((*key, n) for key, n in blocks.items() if n)
        write_many(db, _UPSERT, rows)
        if rows:
            hint = "INDEXED BY day_counts_of_nothing " if db.dialect.name == "sqlite" else ""  # else it reads the table
            db.exec_driver_sql(f"DELETE FROM day_counts {hint}WHERE n = 0")


def _measures_of(under: CountedAs) -> list[str]:
    found = [f"{PUBLICATION}{ident}" for ident in under.publications.split(",") if ident]
    return [*found, PRIORITY] if under.priority else found


def _span_changes(spans: Iterable[Span]) -> Iterator[tuple[str, int, int]]:
    for span in spans:
        start, end = span.effective_from, span.effective_to
        parts = [(measure, start, end) for measure in _measures_of_span(span)]
        if span.review_by is not None:
            parts.append((STALE, max(start, span.review_by + 1), end))
        parts += _due_parts(span)
        for measure, first, stop in parts:
            for day, n in _ends(first, stop):
                yield measure, day, n


def _measures_of_span(span: Span) -> Iterator[str]:
    yield f"{CODE}{span.code}"
    if span.motion is not None and meaning_of(grade_in(span.code)).bucket is Bucket.UNDER_WAY:
        yield f"{MOTION}{span.motion}"
    if span.confidence == CONFIDENCE_NUMBER[Confidence.LOW]:
        yield LOW_CONFIDENCE


def _due_parts(span: Span) -> Iterator[tuple[str, int, int]]:
    """The days on which its deadline has one state."""
    if span.due is None:
        return
    start, end, grade = span.effective_from, span.effective_to, grade_in(span.code)
    facts = DueFacts(span.due, span.first_done, graded_status(grade), is_done(grade))
    cuts = (day for day in (span.due - UPCOMING_DAYS, span.due + 1) if start < day < end)
    for first, stop in pairwise((start, *cuts, end)):
        if state := due_state(facts, first):
            yield f"{DUE}{state.value}", first, stop


def _ends(start: int, end: int) -> Iterator[tuple[int, int]]:
    """One more from a day on, and one less from another."""
    if start < end:
        yield start, 1
        if end != OPEN_END_DAY:
            yield end, -1
