"""The strict reading of a frozen review: its statuses by the evidence that existed by its day, and by no other.

It follows from the events of a package alone: the assessments are judged again without the sources that are later, and
the scorecard of the day is computed from those that are left.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime

from msgspec import Struct
from msgspec.structs import replace
from sqlalchemy import Connection

from app.presentation.narrative.strict_reading import StrictReading, StrictRow
from app.services.snapshots.metadata import SnapshotMetadata
from app.services.snapshots.package_views import open_views
from app.services.snapshots.public_log import LogRow, PackedLog
from domain.events import read_event, write_event
from domain.methodology.strict import read_strictly
from domain.recommendation.events import AssessmentPublished, AssessmentWithdrawn
from domain.times import first_day
from domain.values import EvidenceFacts
from projections.catalogue import queries as catalogue
from projections.catalogue.entries import EvidenceEntry
from projections.scorecards.projector import Scorecards
from projections.scorecards.queries import counts, standings
from projections.scorecards.results import ElementStanding, Standing, TimePair

_Held = Standing | ElementStanding
ABOUT_ASSESSMENTS = b'"recommendation.assessment_'
"""Part of every line about an assessment."""


class _Weakened(Struct, frozen=True):
    """An assessment effective by the day that cites later sources; without them it stands on less, or not at all."""

    item: tuple[str, str]
    later: frozenset[str]
    stands: bool


def strict_reading(db: Connection, log: PackedLog, metadata: SnapshotMetadata, end_of_day: datetime) -> StrictReading:
    """`db` has the projections of the log; `end_of_day` is the end of the review's day in the register's time zone."""
    pair = TimePair(metadata.day, metadata.known)
    frozen = standings(db, metadata.register, pair)
    evidence = catalogue.evidence(db, metadata.register, metadata.known)
    added = catalogue.first_known(db, metadata.register, "evidence")
    existing = {
        ident: EvidenceFacts(id=ident, publisher=entry.publisher, source_class=entry.source_class)
        for ident, entry in evidence.items()
        if existed_by(entry, added[ident], metadata.day, end_of_day)
    }
    weakened = dict[str, _Weakened]()
    strict_log = log.with_rows(_strict_rows(log.rows, existing, pair, weakened))
    with open_views(strict_log, (Scorecards(),)) as strict_db:
        strict, numbers = standings(strict_db, metadata.register, pair), counts(strict_db, metadata.register, pair)
    left_out = defaultdict[tuple[str, str], list[str]](list)
    for ident, assessment in weakened.items():
        if not assessment.stands:
            left_out[assessment.item].append(ident)
    rows = tuple(_rows(frozen, strict, left_out))
    return StrictReading(
        recommendations=len(frozen),
        other_status=sum(not row.element and row.status is not row.strict_status for row in rows),
        sources=tuple(sorted({source for assessment in weakened.values() for source in assessment.later})),
        assessments=tuple(ident for ident, assessment in weakened.items() if not assessment.stands),
        buckets=numbers.buckets,
        totals=numbers.totals,
        rows=rows,
    )


def existed_by(source: EvidenceEntry, added: datetime, day: date, end_of_day: datetime) -> bool:
    """Whether a source existed by a day: by the date it bears, or, without one, by when it was read or added here.

    A month or a year counts from its first day, as it does where sources are counted.
    """
    if source.published_on:
        return first_day(source.published_on) <= day
    return added < end_of_day or bool(source.accessed_on and first_day(source.accessed_on) <= day)


def _strict_rows(
    rows: Iterable[LogRow], existing: Mapping[str, EvidenceFacts], at: TimePair, weakened: dict[str, _Weakened]
) -> Iterator[LogRow]:
    """Yield the rows of the strict log; fills `weakened` with what was published and not withdrawn by then, by id."""
    gone = set[str]()
    for number, stamp, line in rows:
        event = read_event(line) if ABOUT_ASSESSMENTS in line else None
        if isinstance(event, AssessmentWithdrawn):
            if event.happened_at(event.withdrawn_at) <= at.known_at:
                weakened.pop(event.assessment, None)
            if event.assessment in gone:
                continue
        if isinstance(event, AssessmentPublished):
            strict = read_strictly(event.assessment, existing)
            if strict is not event.assessment and _is_in_force(event, at):
                item = event.recommendation, event.assessment.element
                later = frozenset(event.assessment.evidence) - existing.keys()
                weakened[event.assessment.id] = _Weakened(item, later, stands=strict is not None)
            if strict is None:
                gone.add(event.assessment.id)
                continue
            if strict is not event.assessment:
                line = write_event(replace(event, assessment=strict), "")
        yield number, stamp, line


def _is_in_force(event: AssessmentPublished, at: TimePair) -> bool:
    """Whether it says something about the day, and was published by the instant."""
    is_effective = first_day(event.assessment.effective_on) <= at.as_of
    return is_effective and event.happened_at(event.published_at) <= at.known_at


def _rows(
    frozen: Mapping[str, Standing], strict: Mapping[str, Standing], left_out: Mapping[tuple[str, str], Sequence[str]]
) -> Iterator[StrictRow]:
    """Each recommendation that differs, followed by its elements that do."""
    for ident, before in frozen.items():
        after = strict[ident]
        elements = {element.id: element for element in after.elements}
        pairs: list[tuple[str, _Held, _Held]] = [("", before, after)]
        pairs += [(element.id, element, elements[element.id]) for element in before.elements]
        for element_id, then, now in pairs:
            if (then.status, then.confidence) != (now.status, now.confidence):
                yield StrictRow(
                    id=ident,
                    element=element_id,
                    status=then.status,
                    strict_status=now.status,
                    confidence=then.confidence,
                    strict_confidence=now.confidence,
                    strict_assessment=now.assessment,
                    left_out=tuple(left_out.get((ident, element_id), ())),
                )
