"""Time-stamps frozen reviews after the freeze, so that an unavailable authority never delays it."""

import logging
import zipfile
from hashlib import sha256

from app.adapters.record import Record
from app.services.snapshots import package_store
from app.services.snapshots.bagit import MANIFEST
from app.services.snapshots.review_schedule import ReviewOccurrence, review_occurrences
from app.services.snapshots.timestamp_authority import request_timestamp
from domain import commands as c
from domain.errors import Conflict, NotFound, Refused
from domain.values import Snapshot
from projections.catalogue import queries as catalogue

log = logging.getLogger("uptake.worker")


def timestamp_next(record: Record) -> bool:
    """Time-stamp the oldest frozen review without a time-stamp; returns whether it succeeded.

    A failure is logged; the next call tries again.
    """
    if not record.settings.tsa_url:
        return False
    for register, occurrence, snapshot in reviews_to_timestamp(record):
        day = {"review": occurrence.schedule.id, "as_of": occurrence.as_of}
        try:
            manifest = _manifest(record, snapshot)
        except NotFound as error:
            log.warning("the review %s of %s cannot be time-stamped: %s", *day.values(), error)
            continue
        try:
            timestamp = request_timestamp(record.settings, manifest)
            record.execute(c.TimestampReview(register, **day, timestamp=timestamp), by="scheduler")
            return True
        except Conflict:
            log.info("another process was working on the review %s of %s; trying again later", *day.values())
        except Refused as error:
            log.warning("the review %s of %s was not time-stamped; trying again later: %s", *day.values(), error)
        return False
    return False


def reviews_to_timestamp(record: Record) -> list[tuple[str, ReviewOccurrence, Snapshot]]:
    """Return frozen reviews without a time-stamp, in the order in which they were frozen."""
    until = record.clock().date()
    with record.views.connect() as db:
        pending = [
            (r.id, p, p.preparation.snapshot)
            for r in catalogue.registers(db)
            for p in review_occurrences(db, r.id, until)
            if p.preparation.snapshot and not (p.preparation.timestamp or p.preparation.withdrawal)
        ]
    return sorted(pending, key=lambda f: f[2].log_position)


def _manifest(record: Record, snapshot: Snapshot) -> bytes:
    """Return the manifest of a package. Raises `NotFound` if the package is missing or damaged."""
    try:
        package = package_store.get(record.settings, snapshot.package)
        with package.open("rb") as stream, zipfile.ZipFile(stream) as archive:
            name = next(n for n in archive.namelist() if n.endswith(f"/{MANIFEST}"))
            manifest = archive.read(name)
    except (zipfile.BadZipFile, StopIteration, OSError):
        manifest = b""
    if sha256(manifest).hexdigest() != snapshot.manifest:
        raise NotFound(f"The package {snapshot.package[:12]} is damaged. Restore it from a backup.")
    return manifest
