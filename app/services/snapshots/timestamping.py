"""Has frozen reviews time-stamped, after they were frozen: an authority that is down never holds up a freeze."""

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
    """Have one review time-stamped, of those that wait the one frozen first; says whether it was.

    What an authority does not give now, or gives wrongly, is told in the log and asked for again the next time.
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
            log.info("somebody else was dealing with the review %s of %s; it is tried again", *day.values())
        except Refused as error:
            log.warning("the review %s of %s was not time-stamped; it is tried again: %s", *day.values(), error)
        return False
    return False


def reviews_to_timestamp(record: Record) -> list[tuple[str, ReviewOccurrence, Snapshot]]:
    """What is frozen and not time-stamped, in the order in which it was frozen."""
    until = record.clock().date()
    with record.views.connect() as db:
        pending = [
            (r.id, p, p.preparation.snapshot)
            for r in catalogue.registers(db)
            for p in review_occurrences(db, r.id, until)
            if p.preparation.snapshot and not p.preparation.timestamp
        ]
    return sorted(pending, key=lambda f: f[2].log_position)


def _manifest(record: Record, snapshot: Snapshot) -> bytes:
    """The list of files of a package, as it was frozen. Raises `NotFound` where it is not kept here."""
    try:
        with zipfile.ZipFile(package_store.get(record.settings, snapshot.package)) as archive:
            name = next(n for n in archive.namelist() if n.endswith(f"/{MANIFEST}"))
            manifest = archive.read(name)
    except (zipfile.BadZipFile, StopIteration, OSError):
        manifest = b""
    if sha256(manifest).hexdigest() != snapshot.manifest:
        raise NotFound(f"The package {snapshot.package[:12]} is damaged; restore it from a backup.")
    return manifest
