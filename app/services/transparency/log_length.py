"""Whether the log still has all that was signed. A log that was restored from an older copy has not."""

import zipfile
from base64 import b64encode
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
from msgspec import Struct
from sqlalchemy import delete, select

from app.adapters.jobs_db.tables import checkpoints as table
from app.adapters.jobs_db.tables import cosignatures, open_jobs
from app.adapters.objects import PACKAGES, open_objects
from app.adapters.record import Record
from app.adapters.settings import Settings
from app.services.transparency import checkpoints
from app.services.transparency.signed_notes import Checkpoint, open_note
from app.services.transparency.signing_keys import (
    checkpoint_key,
    known_keys,
    new_log_name,
    require_replaceable,
    rotate_signing_key,
)
from domain.errors import LogIsOlder, Refusal, Refused, refusal
from domain.log.aggregate import MissingEnd
from domain.log.events import LossAccepted

if TYPE_CHECKING:
    from app.adapters.objects.s3 import RemoteObject

READERS = 8
"""How many packages are read at once."""
MAX_PACKAGES = 4096
"""Of how many packages the facts are remembered. Their names are digests, so they never change."""


class LoggedPackage(Struct):
    """The fields of `snapshot.json` that say which review a package is of."""

    register: str
    review: str
    as_of: str
    log_position: int


def missing_end(settings: Settings, count: Callable[[], int], losses: Sequence[LossAccepted]) -> MissingEnd | None:
    """What was signed of a log and is not in it; None if nothing is missing. `count` counts its entries.

    Looks at the checkpoints in the database and in the file, and at the frozen packages. What an operator accepted as
    lost does not count.
    """
    kept = count()
    larger = [c for c in _signed_beyond(settings, kept) if not is_lost(c, losses)]
    known_lost = {digest for loss in losses for digest in loss.packages}
    packages = {d: facts for d, facts in _packages_beyond(settings, kept) if d not in known_lost}
    if larger or packages:
        kept = count()  # again: the log may have grown, and been signed, since it was counted
        larger = [c for c in larger if c.size > kept]
        packages = {d: facts for d, facts in packages.items() if facts.log_position > kept}
    if not larger and not packages:
        return None
    largest = max(larger, key=lambda c: c.size, default=None)
    return MissingEnd(
        origin=checkpoint_key(settings).name,
        kept=kept,
        signed=max([*(c.size for c in larger), *(facts.log_position for facts in packages.values())]),
        root=b64encode(largest.root).decode() if largest else "",
        packages=tuple(sorted(packages)),
    )


def is_lost(checkpoint: Checkpoint, losses: Sequence[LossAccepted]) -> bool:
    """Whether a checkpoint covers entries whose loss was accepted: they can never be compared again."""
    return any(loss.origin == checkpoint.origin and loss.kept < checkpoint.size for loss in losses)


def require_complete(settings: Settings, kept: int, losses: Sequence[LossAccepted]) -> None:
    """Raise `LogIsOlder` if the log, which has `kept` entries and is locked, lacks entries that were signed."""
    if end := missing_end(settings, lambda: kept, losses):
        raise LogIsOlder(older_log(end))


def older_log(end: MissingEnd) -> Refusal:
    return refusal(
        "Nothing was saved, because this log is older than what was signed: it has {here} entries, and {signed} were "
        "signed.",
        cure="Ask the operator to run “uptake doctor”.",
        here=end.kept,
        signed=end.signed,
    )


def describe(record: Record, end: MissingEnd) -> Iterator[str]:
    """What is missing and what to do, for the operator."""
    settings = record.settings
    yield (
        f"This log is older than what was signed: it has {end.kept:,} entries, the last of "
        f"{datetime.fromtimestamp(record.log.last()[1] / 1_000_000, UTC):%Y-%m-%d %H:%M} UTC, and {end.signed:,} were "
        f"signed. Entries {end.kept + 1:,} to {end.signed:,} are missing."
    )
    if at := checkpoints.archived_at(settings):
        yield f"The last checkpoint in {checkpoints.archive_place(settings)} is of {at:%Y-%m-%d %H:%M} UTC."
    for digest, facts in _packages_beyond(settings, end.kept):
        if digest in end.packages:
            yield f"The review “{facts.review}” of {facts.as_of} in “{facts.register}” was frozen after what is here."
    yield (
        "Nothing is recorded until you restore a newer copy of the log or, if there is none, run "
        "“uptake log accept-loss”."
    )


def accept_loss(record: Record, reason: str) -> LossAccepted:
    """Let the log go on without its lost end, under another origin; returns the event. Raises `Refused`.

    If this was interrupted after the event, it is finished. Checkpoints over lost entries stay in the file.
    """
    require_replaceable(record.settings, ("checkpoints",))
    record.log.read_corrections()
    end = missing_end(record.settings, record.log.count, record.log.losses)
    if end:
        end = msgspec.structs.replace(end, continues_as=new_log_name(record.settings))
        record.tracker.accept_loss(end, reason, by="operator")
    elif not is_unfinished(record):
        raise Refused("The log has all that was signed, so there is no loss to accept.")
    loss = record.log.losses[-1]
    _move_lost_notes(record.settings, loss)
    record.views.rebuild()
    rotate_signing_key(record.settings, record.clock(), ("checkpoints",), loss.continues_as)
    return loss


def is_unfinished(record: Record) -> bool:
    """Whether a loss was accepted and the key still has the origin of the log from before."""
    record.log.read_corrections()
    origins = {loss.origin for loss in record.log.losses}
    return bool(origins) and checkpoint_key(record.settings).name in origins


def _move_lost_notes(settings: Settings, loss: LossAccepted) -> None:
    """Leave the checkpoints over lost entries in the file only: the log will have other ones of these sizes."""
    jobs = open_jobs(settings)
    checkpoints.archive(settings, checkpoints.stored_notes(jobs))
    with jobs.begin() as db:
        for of in (table, cosignatures):
            db.execute(delete(of).where(of.c.size > loss.kept))
    jobs.dispose()


def _signed_beyond(settings: Settings, size: int) -> list[Checkpoint]:
    """The checkpoints of this log over more than `size` entries. Signatures are checked of those only."""
    notes = {*checkpoints.archived(settings, size), *_stored_beyond(settings, size)}
    larger = [note for note in notes if _size(note) > size]
    signed, keys = [], known_keys(settings) if larger else []
    for note in larger:
        try:
            signed.append(open_note(note, keys))
        except Refused:
            continue  # “uptake log verify” names it
    return signed


def _stored_beyond(settings: Settings, size: int) -> list[str]:
    if not settings.database_url and not (settings.data_dir / "jobs.sqlite").is_file():
        return []
    jobs = open_jobs(settings)
    try:
        with jobs.connect() as db:
            return list(db.scalars(select(table.c.note).where(table.c.size > size)))
    finally:
        jobs.dispose()


def _size(note: str) -> int:
    lines = note.split("\n", 2)
    return int(lines[1]) if len(lines) > 1 and lines[1].isascii() and lines[1].isdigit() else 0


def _packages_beyond(settings: Settings, size: int) -> Iterator[tuple[str, LoggedPackage]]:
    """The stored packages that show more than `size` entries, each with its SHA-256."""
    objects = open_objects(settings)
    packages = [objects.item(name) for name in objects.names(PACKAGES) if name.endswith(".zip")]
    with ThreadPoolExecutor(READERS) as pool:  # a storage answers each after a while
        for package, facts in zip(packages, pool.map(_package_facts, packages), strict=True):
            if facts and facts.log_position > size:
                yield package.name.removesuffix(".zip"), facts


@lru_cache(maxsize=MAX_PACKAGES)
def _package_facts(file: "Path | RemoteObject") -> LoggedPackage | None:
    try:
        with file.open("rb") as stream, zipfile.ZipFile(stream) as package:
            name = next((n for n in package.namelist() if n.endswith("/data/snapshot.json")), "")
            return msgspec.json.decode(package.read(name), type=LoggedPackage) if name else None
    except (OSError, zipfile.BadZipFile, KeyError, msgspec.MsgspecError):
        return None  # “uptake snapshot verify” names what is wrong with it
