"""Signs checkpoints when the log has grown, and stores each twice: in the database and in a file."""

import fcntl
import os
from pathlib import Path

from sqlalchemy import Engine, insert, select
from sqlalchemy.exc import IntegrityError

from app.adapters.jobs_db.tables import checkpoints
from app.adapters.record import Record
from app.adapters.settings import Settings
from app.services.transparency.signed_notes import Checkpoint, sign_checkpoint
from app.services.transparency.signing_keys import checkpoint_key
from domain.times import written
from projections.engine.position import position_of
from projections.engine.private_files import make_private_file, make_private_folder
from projections.transparency.queries import root

_END = b"\n\n\n"
"""After each note of the file; a note itself ends with one line break."""


def archive_file(settings: Settings) -> Path:
    """Return the file for checkpoints outside the database; best on another disk."""
    return settings.checkpoint_file or settings.data_dir / "checkpoints.txt"


def make_checkpoint(record: Record, jobs: Engine, size: int | None = None) -> str | None:
    """Sign the current log, or its first `size` events; returns the note, or None if it exists or the log is empty.

    The database row comes first, so that only one of two workers signs.
    """
    record.catch_up()
    key = checkpoint_key(record.settings)
    with record.views.connect() as db:
        size = position_of(db).count if size is None else size
        if size == 0:
            return None
        note: str | None = sign_checkpoint(Checkpoint(key.name, size, root(db, size)), key.name, key.private)
    try:
        with jobs.begin() as db:
            db.execute(insert(checkpoints).values(size=size, note=note, made_at=written(record.clock())))
    except IntegrityError:
        note = None
    complete_archive(archive_file(record.settings), stored_notes(jobs))
    return note


def stored_notes(jobs: Engine) -> list[str]:
    """Return the notes in the database, oldest first."""
    with jobs.connect() as db:
        return list(db.scalars(select(checkpoints.c.note).order_by(checkpoints.c.size)))


def newest_note(jobs: Engine) -> str | None:
    with jobs.connect() as db:
        return db.scalar(select(checkpoints.c.note).order_by(checkpoints.c.size.desc()).limit(1))


def newest_note_time(jobs: Engine) -> str | None:
    """Return the instant of the newest note, or None."""
    with jobs.connect() as db:
        return db.scalar(select(checkpoints.c.made_at).order_by(checkpoints.c.size.desc()).limit(1))


def archived_notes(file: Path) -> list[str]:
    """Return the notes in the file, in the order in which they were appended."""
    if not file.is_file():
        return []
    parts = file.read_text("utf-8", "replace").split("\n\n\n")
    return [f"{note.strip()}\n" for note in parts if note.strip()]


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
