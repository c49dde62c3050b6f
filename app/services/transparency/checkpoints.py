"""Signs checkpoints when the log has grown, and stores each twice: in the database and in a file."""

import fcntl
import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, cast

from msgspec import Struct
from sqlalchemy import Connection, Engine, func, insert, select, text
from sqlalchemy.exc import IntegrityError

from app.adapters.jobs_db.tables import checkpoints, cosignatures
from app.adapters.objects import ObjectStore, is_remote, objects_folder, open_objects
from app.adapters.record import Record
from app.adapters.settings import Settings
from app.services.transparency.signed_notes import Checkpoint, Verifier, parse_note, sign_checkpoint
from app.services.transparency.signing_keys import checkpoint_key
from domain.errors import Refused
from domain.times import instant, written
from projections.engine.position import position_of
from projections.engine.private_files import make_private_file, make_private_folder
from projections.transparency.queries import root

if TYPE_CHECKING:
    from app.adapters.objects.s3 import RemoteObjects

REMOTE_FOLDER, SIZE_DIGITS, REMOTE_READERS = "checkpoints", 12, 8
"""Remote notes are objects in a folder, named by the number of events, so that they sort, and by their SHA-256."""
TAIL_BYTES = 65_536
"""How much of the file of checkpoints is read: they grow, so the largest are its last."""
_END = b"\n\n\n"
"""After each note of the file; a note itself ends with one line break."""


class StoredCheckpoint(Struct, frozen=True):
    """A note with its cosignatures, and when it was signed (UTC)."""

    size: int
    note: str
    made_at: datetime
    cosignature_count: int


def archive_file(settings: Settings) -> Path:
    """Return the file for checkpoints outside the database; best on another disk. Remote objects have none."""
    return settings.checkpoint_file or objects_folder(settings) / "checkpoints.txt"


def archive_place(settings: Settings) -> str:
    """Where the checkpoints outside the database are, for people."""
    return f"{settings.objects}/{REMOTE_FOLDER}" if is_remote(settings) else str(archive_file(settings))


def archived(settings: Settings, beyond: int | None = None) -> list[str]:
    """Return the notes outside the database; with `beyond`, only those over more events, and maybe some others."""
    if is_remote(settings):
        objects = open_objects(settings)
        after = "" if beyond is None else f"{REMOTE_FOLDER}/{beyond:0{SIZE_DIGITS}}~"
        names = list(objects.names(REMOTE_FOLDER, after))
        with ThreadPoolExecutor(REMOTE_READERS) as pool:
            return [content.decode("utf-8", "replace") for content in pool.map(_reader(objects), names)]
    file = archive_file(settings)
    return archived_notes(file) if beyond is None else _newest_archived(file)


def archive(settings: Settings, notes: Sequence[str]) -> None:
    """Store the notes outside the database that are not there yet."""
    if not is_remote(settings):
        complete_archive(archive_file(settings), list(notes))
        return
    objects = open_objects(settings)
    stored = set(objects.names(REMOTE_FOLDER))
    for note in notes:
        name = f"{REMOTE_FOLDER}/{parse_note(note)[0].size:0{SIZE_DIGITS}}-{sha256(note.encode()).hexdigest()}.txt"
        if name not in stored:
            objects.put(name, note.encode())


def archived_at(settings: Settings) -> datetime | None:
    """When the last note outside the database was stored; None without one."""
    if is_remote(settings):
        objects = cast("RemoteObjects", open_objects(settings))
        newest = max(objects.names(REMOTE_FOLDER), default=None)
        return objects.item(newest).changed_at if newest else None
    file = archive_file(settings)
    return datetime.fromtimestamp(file.stat().st_mtime, UTC) if file.is_file() else None


def _reader(objects: ObjectStore) -> Callable[[str], bytes]:
    return lambda name: objects.item(name).read_bytes()


def _newest_archived(file: Path) -> list[str]:
    if not file.is_file():
        return []
    with file.open("rb") as stream:
        stream.seek(max(0, file.stat().st_size - TAIL_BYTES))
        return read_notes(stream.read().decode("utf-8", "replace"))


def make_checkpoint(record: Record, jobs: Engine, size: int | None = None) -> str | None:
    """Sign the current log, or its first `size` events; returns the note, or None if it exists or the log is empty.

    The database row comes first, so that only one of two workers signs. Raises `Refused` for a log that does not go on
    where the newest checkpoint ended: witnesses would see a fork.
    """
    record.catch_up()
    key = checkpoint_key(record.settings)
    with record.views.connect() as db:
        _require_continued(record, db, newest_note(jobs))
        size = position_of(db).count if size is None else size
        if size == 0:
            return None
        note: str | None = sign_checkpoint(Checkpoint(key.name, size, root(db, size)), key.name, key.private)
    try:
        with jobs.begin() as db:
            db.execute(insert(checkpoints).values(size=size, note=note, made_at=written(record.clock())))
    except IntegrityError:
        note = None
    archive(record.settings, stored_notes(jobs))
    return note


def _require_continued(record: Record, db: Connection, note: str | None) -> None:
    """Raise `Refused` if the log is shorter than its tables or the newest checkpoint, or differs from that."""
    shown = position_of(db).count  # read first: the log may grow meanwhile, and the tables with it
    count = record.log.count()
    last = parse_note(note)[0] if note else None
    if shown > count or (last and (last.size > count or root(db, last.size) != last.root)):
        what = f"the checkpoint over {last.size:,}" if last and shown <= count else f"its tables of {shown:,}"
        raise Refused(
            f"The log has {count:,} entries and does not continue {what}, so it is not signed. “uptake log verify” "
            "says where they differ."
        )


def stored_notes(jobs: Engine) -> list[str]:
    """Return the notes in the database, oldest first."""
    with jobs.connect() as db:
        return list(db.scalars(select(checkpoints.c.note).order_by(checkpoints.c.size)))


def count_notes(jobs: Engine) -> int:
    with jobs.connect() as db:
        return db.scalar(select(func.count()).select_from(checkpoints)) or 0


def newest_checkpoints(
    jobs: Engine, limit: int, offset: int = 0, *, below: int | None = None
) -> list[StoredCheckpoint]:
    """Return checkpoints with their cosignatures, newest first, of all or of those over fewer events than `below`."""
    query = select(checkpoints).order_by(checkpoints.c.size.desc()).limit(limit).offset(offset)
    if below is not None:
        query = query.where(checkpoints.c.size < below)
    with jobs.connect() as db:
        rows = db.execute(query).all()
        lines = _cosignatures(db, [row.size for row in rows])
    return [
        StoredCheckpoint(row.size, row.note + "".join(lines[row.size]), instant(row.made_at), len(lines[row.size]))
        for row in rows
    ]


def bare_note(jobs: Engine, size: int) -> str:
    """Return the note over so many events, which exists, with the signature of the log alone."""
    with jobs.connect() as db:
        note: str = db.execute(select(checkpoints.c.note).where(checkpoints.c.size == size)).scalar_one()
    return note


def note_of_size(jobs: Engine, size: int) -> str | None:
    """Return the note over so many events with its cosignatures, or None."""
    with jobs.connect() as db:
        note = db.scalar(select(checkpoints.c.note).where(checkpoints.c.size == size))
        return None if note is None else note + "".join(_cosignatures(db, [size])[size])


def note_covering(jobs: Engine, position: int) -> str | None:
    """Return a note over an event, by its position, or None if none covers it yet.

    It is the first one with as many cosignatures as any has.
    """
    of_notes = select(checkpoints.c.size, func.count(cosignatures.c.key).label("number")).outerjoin(
        cosignatures, cosignatures.c.size == checkpoints.c.size
    )
    of_notes = of_notes.where(checkpoints.c.size >= position).group_by(checkpoints.c.size)
    with jobs.connect() as db:
        size = db.scalar(of_notes.order_by(text("number DESC"), checkpoints.c.size).limit(1))
    return None if size is None else note_of_size(jobs, size)


def newest_note(jobs: Engine) -> str | None:
    """Return the newest note with its cosignatures, or None."""
    newest = newest_checkpoints(jobs, 1)
    return newest[0].note if newest else None


def add_cosignature(jobs: Engine, size: int, witness: Verifier, line: str, at: datetime) -> None:
    """Store the cosignature of a witness under a checkpoint, as a signature line; a second one is left out."""
    row = {"size": size, "key": witness.text, "line": line, "received_at": written(at)}
    with suppress(IntegrityError), jobs.begin() as db:
        db.execute(insert(cosignatures).values(row))


def last_cosigned_size(jobs: Engine, witness: Verifier) -> int:
    """The size of the newest checkpoint that a witness cosigned, or 0."""
    query = select(func.max(cosignatures.c.size)).where(cosignatures.c.key == witness.text)
    with jobs.connect() as db:
        return db.scalar(query) or 0


def _cosignatures(db: Connection, sizes: Sequence[int]) -> dict[int, list[str]]:
    """Signature lines by the size of the checkpoint, in the order in which they came."""
    lines: dict[int, list[str]] = {size: [] for size in sizes}
    query = select(cosignatures).where(cosignatures.c.size.in_(sizes))
    for row in db.execute(query.order_by(cosignatures.c.received_at, cosignatures.c.key)):
        lines[row.size].append(row.line)
    return lines


def newest_note_time(jobs: Engine) -> str | None:
    """Return the instant of the newest note, or None."""
    with jobs.connect() as db:
        return db.scalar(select(checkpoints.c.made_at).order_by(checkpoints.c.size.desc()).limit(1))


def archived_notes(file: Path) -> list[str]:
    """Return the notes in the file, in the order in which they were appended."""
    if not file.is_file():
        return []
    return read_notes(file.read_text("utf-8", "replace"))


def read_notes(text: str) -> list[str]:
    """Return the notes in a text of the format that `complete_archive` writes."""
    return [f"{note.strip()}\n" for note in text.split("\n\n\n") if note.strip()]


def complete_archive(file: Path, notes: list[str]) -> None:
    """Append the notes that the file lacks, because it was deleted, or its disk was full or its process ended.

    The beginning of a note at the end of the file is such an end, and is removed first. Other bytes stay as they are.
    """
    make_private_folder(file.parent)
    make_private_file(file)
    with file.open("r+b") as stream:
        fcntl.flock(stream, fcntl.LOCK_EX)  # an operator's command may sign at the same time
        content = stream.read()
        whole = content.rfind(_END) + len(_END) if _END in content else 0
        tail = content[whole:]
        entries = [note.encode() + b"\n\n" for note in notes]
        if tail and any(entry.startswith(tail) for entry in entries):
            stream.truncate(whole)
            tail = b""
        present = set(content[:whole].split(_END))
        missing = [entry for entry in entries if entry.removesuffix(_END) not in present]
        stream.seek(0, os.SEEK_END)
        stream.write(b"".join([_END, *missing] if tail and missing else missing))
        stream.flush()
        os.fsync(stream.fileno())
