"""The databases of a SQLite store that was left, whose folder is still in use for files of a store in PostgreSQL."""

import shutil
from pathlib import Path
from shlex import quote

from app.adapters.settings import Settings
from app.adapters.store_marks import LOCK_FILE, MARK_FILE, StoreMark, read_folder_mark
from app.adapters.write_ahead_logs import FILES
from domain.errors import Refused

_SUFFIXES = ("-wal", "-shm", "-journal", "")


def left_mark(folder: Path) -> StoreMark | None:
    """The mark of a SQLite store that is not used any more. Raises `Refused` if it cannot be read."""
    mark = read_folder_mark(folder)
    return mark if mark and mark.state in ("left", "given up") else None


def describe_old_store(settings: Settings) -> str:
    """Which old store lies in the data folder of a store in PostgreSQL, and how to delete it; empty if none does."""
    folder = settings.data_dir.absolute()
    if not settings.database_url or not any((folder / name).exists() for name in FILES) or not _is_left(folder):
        return ""
    return f"the old SQLite store in {folder}: when you are sure, delete it with “{deleting(folder)}”"


def _is_left(folder: Path) -> bool:
    """A store whose mark is damaged counts as left: that one was moved is certain."""
    try:
        return left_mark(folder) is not None
    except Refused:
        return True


def deleting(folder: Path) -> str:
    """The command that deletes it, once the settings name the other store."""
    return f"uptake migrate-store --delete-old --from {quote(str(folder))}"


def delete_databases(folder: Path) -> None:
    """Delete what only a SQLite store needs, its mark last; can be repeated if it was interrupted."""
    if (folder / "views").is_dir():
        shutil.rmtree(folder / "views")
    for name in reversed(FILES):
        for suffix in _SUFFIXES:
            (folder / f"{name}{suffix}").unlink(missing_ok=True)
    for name in (MARK_FILE, LOCK_FILE):
        (folder / name).unlink(missing_ok=True)
