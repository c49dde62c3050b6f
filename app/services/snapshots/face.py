"""Derives from the events in a package what its first page says of itself, in freezing and in verifying alike."""

from msgspec.structs import replace
from sqlalchemy import Connection

from app.services.snapshots.formats import discloses_preparation
from app.services.snapshots.metadata import SnapshotMetadata
from app.services.snapshots.public_log import PackedLog
from app.services.snapshots.review_schedule import ReviewOccurrence, preparation_at, review_occurrences
from domain.errors import Refused, refusal
from domain.review.aggregate import SIGNATURES_NEEDED
from domain.review.schedule import due_at
from domain.review.state import SignOff
from domain.times import from_microseconds, to_microseconds, written
from projections.catalogue.entries import RegisterEntry
from projections.reviews.queries import last_prepared


def derive_face(
    db: Connection, log: PackedLog, claimed: SnapshotMetadata, entry: RegisterEntry
) -> tuple[SnapshotMetadata, tuple[SignOff, ...]]:
    """Return the metadata as the events give it; register, review, day, instant, origin and builder are as claimed.

    And who signed off, in formats that disclose it.

    In formats that keep the preparation private, summary and signatures are as claimed too. Raises `Refused` if the
    review is not due on that day, or if the events cannot have been known by that instant only.
    """
    days = review_occurrences(db, claimed.register, claimed.day)
    occurrence = next((o for o in days if (o.schedule.id, o.as_of) == (claimed.review, claimed.as_of)), None)
    if occurrence is None:
        raise Refused(
            refusal(
                "The events inside it schedule no review “{review}” for {day}.",
                review=claimed.review,
                day=claimed.as_of,
            )
        )
    _check_instant(db, log, claimed, occurrence, entry)
    if not discloses_preparation(claimed.format):
        late = claimed.reconstructed or claimed.known <= occurrence.started
        return replace(claimed, log_position=log.size, reconstructed=late), ()
    known, prepared = claimed.known, occurrence.preparation
    if occurrence.is_automatic:
        prepared = preparation_at(db, claimed.register, occurrence, known)
    metadata = replace(
        claimed,
        log_position=log.size,
        reconstructed=not occurrence.is_automatic or known != occurrence.freeze_at,
        signed_off=len(set(prepared.signed)) >= SIGNATURES_NEEDED,
        summary=prepared.summary,
        summary_ko=prepared.translations.get("ko", {}).get("summary", ""),
        translations=prepared.translations,
        doi=prepared.doi,
    )
    return metadata, prepared.sign_offs


def _check_instant(
    db: Connection, log: PackedLog, claimed: SnapshotMetadata, occurrence: ReviewOccurrence, entry: RegisterEntry
) -> None:
    due = due_at(claimed.day, entry.settings.time_zone)
    if claimed.known < due:
        raise Refused(
            refusal(
                "It says “as known at {at}”, which is before the end of the review’s day, {due}.",
                at=claimed.known_at,
                due=written(due),
            )
        )
    needed = occurrence.position
    if not occurrence.is_automatic:
        needed = max(needed, last_prepared(db, claimed.register, claimed.review, claimed.as_of))
    if later := log.first_later(needed, to_microseconds(claimed.known)):
        line, stamp = later
        raise Refused(
            refusal(
                "It says “as known at {at}”, but line {line} of its events was recorded later, at {stamp}.",
                at=claimed.known_at,
                line=line,
                stamp=written(from_microseconds(stamp)),
            )
        )
