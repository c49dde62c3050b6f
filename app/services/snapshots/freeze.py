"""Freezes a review: stores its package, records it in the log, then signs a checkpoint over that entry.

After a crash, a retry gives the same bytes.
"""

from contextlib import suppress
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct
from sqlalchemy.exc import OperationalError, SQLAlchemyError

from app.adapters.record import Record
from app.services.accounts.actors import Actor, authorize
from app.services.container import Services
from app.services.snapshots import bagit, package_store
from app.services.snapshots.builder import installed_builder
from app.services.snapshots.content import build_payload
from app.services.snapshots.metadata import SnapshotMetadata
from app.services.snapshots.package_data import open_source
from app.services.snapshots.public_log import count_recorded_by, evidence_texts, public_lines
from app.services.snapshots.publishing_address import address_problem
from app.services.snapshots.review_schedule import ReviewOccurrence, find_occurrence
from app.services.transparency import checkpoints
from app.services.transparency.signed_notes import Checkpoint, sign_checkpoint
from app.services.transparency.signing_keys import signing_key
from domain.commands import FreezeReview
from domain.errors import Refused, refusal
from domain.ids import review_id
from domain.review.aggregate import Review
from domain.review.schedule import due_at
from domain.times import from_microseconds, full_day, written
from domain.values import Snapshot
from projections.catalogue import queries as catalogue
from projections.engine.position import position_of
from projections.reviews.queries import last_prepared
from projections.transparency.queries import root

if TYPE_CHECKING:
    from app.adapters.objects.s3 import RemoteObject


class FrozenReview(Struct, frozen=True):
    """A frozen review: the name of its package, where it is stored, and the SHA-256 of its manifest in hexadecimal."""

    name: str
    file: "Path | RemoteObject"
    manifest: str


def freeze_review(
    record: Record,
    register: str,
    review: str,
    *,
    by: str,
    as_of: str | None = None,
    known_at: datetime | None = None,
    command_id: str = "",
    expected_version: int | None = None,
) -> FrozenReview:
    """Freeze one scheduled occurrence of a review, in the version that the person saw, or else in the last one.

    `known_at` defaults to the scheduled instant of the review, or to now if that was before the register opened.
    Raises `Refused` if it is frozen already, if it is not due yet, or if there is nothing to freeze.
    """
    if expected_version is None and (last := record.tracker.find(Review, review_id(register, review))):
        expected_version = last.version
    record.catch_up()
    now = record.clock()
    with record.views.connect() as db:
        occurrence = find_occurrence(db, register, review, as_of, now)
        entry = catalogue.register(db, register)
        assert entry is not None
        position = position_of(db)
    check_due_and_not_frozen(occurrence, now)
    latest = min(from_microseconds(position.stamp), now)
    instant = known_at or (
        occurrence.freeze_at
        if occurrence.is_automatic
        else max(latest, due_at(full_day(occurrence.as_of), entry.settings.time_zone))
    )
    _check_instant(occurrence, instant, due_at(full_day(occurrence.as_of), entry.settings.time_zone), now)
    size = max(count_recorded_by(record.log, instant), occurrence.position)
    if not occurrence.is_automatic:
        with record.views.connect() as db:  # frozen by hand: with what is prepared by now
            size = max(size, last_prepared(db, register, review, occurrence.as_of))
    if problem := address_problem(record.settings, is_fictional=entry.settings.fictional):
        raise Refused(problem)
    key = signing_key(record.settings)
    chosen = SnapshotMetadata(
        register=register,
        review=review,
        as_of=occurrence.as_of,
        known_at=written(instant),
        log_position=size,
        origin=key.name,
        reconstructed=False,  # this and the next are derived from the events
        signed_off=False,
        made_with=installed_builder(),
    )
    lines = public_lines(record.log, register, review, occurrence.as_of, size)
    with record.views.connect() as db:
        note = sign_checkpoint(Checkpoint(key.name, size, root(db, size)), key.name, key.private)
    try:
        with open_source(chosen, lines, evidence_texts(record.log, lines), note.encode()) as source:
            metadata, payload = source.metadata, build_payload(source, key.verifier.fingerprint)
        files = bagit.build_bag(metadata, payload, key)
        digest = package_store.put(record.settings, lambda dest: bagit.write_bag(metadata, files, dest))
    except (OSError, OperationalError) as e:  # a full disk, for the package or for the tables it is made from
        why = getattr(e, "strerror", None) or str(e).splitlines()[0]
        raise Refused(refusal("The package cannot be saved: {why}. The review was not frozen.", why=why)) from None
    manifest = sha256(files[bagit.MANIFEST]).hexdigest()
    checkpoints.make_checkpoint(record, record.jobs, size)
    snapshot = Snapshot(
        known_at=instant,
        log_position=size,
        manifest=manifest,
        package=digest,
        summary=metadata.summary,
        translations=metadata.translations,
        signed_off=metadata.signed_off,
        reconstructed=metadata.reconstructed,
        doi=metadata.doi,
    )
    record.execute(
        FreezeReview(
            register,
            review=review,
            as_of=occurrence.as_of,
            snapshot=snapshot,
            expected_version=expected_version,
        ),
        by=by,
        command_id=command_id,
        request_digest="freeze",  # the key names the review: two workers may see logs of other lengths
    )
    with suppress(OSError, SQLAlchemyError):  # the review is frozen; otherwise the worker signs within minutes
        checkpoints.make_checkpoint(record, record.jobs)
    return FrozenReview(metadata.name, package_store.get(record.settings, digest), manifest)


def freeze_review_for(
    services: Services,
    actor: Actor,
    register: str,
    review: str,
    *,
    as_of: str | None = None,
    known_at: datetime | None = None,
    expected_version: int | None = None,
) -> FrozenReview:
    """Freeze a review if the actor's role permits it. Raises `NotAllowed` and what `freeze_review` raises."""
    authorize(actor, FreezeReview, register)
    return freeze_review(
        services,
        register,
        review,
        by=actor.id,
        as_of=as_of,
        known_at=known_at,
        expected_version=expected_version,
    )


def check_due_and_not_frozen(occurrence: ReviewOccurrence, now: datetime) -> None:
    """Raises `Refused` if a review is frozen already or not over yet."""
    if snapshot := occurrence.preparation.snapshot:
        raise Refused(
            refusal(
                "The review “{review}” of {day} is already frozen, as known at {at}; manifest {digest}.",
                review=occurrence.schedule.id,
                day=occurrence.as_of,
                at=written(snapshot.known_at),
                digest=snapshot.manifest,
            )
        )
    if occurrence.freeze_at > now:
        raise Refused(
            refusal(
                "The review “{review}” of {day} is not over yet. It will be frozen at {at}.",
                review=occurrence.schedule.id,
                day=occurrence.as_of,
                at=written(occurrence.freeze_at),
            )
        )


def _check_instant(occurrence: ReviewOccurrence, instant: datetime, due: datetime, now: datetime) -> None:
    if instant > now:
        raise Refused(refusal("{text} is in the future. Enter today or an earlier date.", text=written(instant)))
    if instant < due:
        raise Refused(
            refusal(
                "{at} is before the end of the review’s day, {day}. Enter a later time.",
                at=written(instant),
                day=occurrence.as_of,
            )
        )
