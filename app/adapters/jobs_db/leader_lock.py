"""The leader lock: held by one worker at a time; the operating system releases it when the process ends."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager

from app.adapters.process_lock import database_lock
from app.adapters.settings import Settings
from projections.engine.private_files import make_private_file

_ADVISORY = 0x75707441


@contextmanager
def leadership(settings: Settings) -> Iterator[bool]:
    """Try to lead while the block runs; yields whether this process leads."""
    if settings.database_url:
        with database_lock(settings, _ADVISORY) as leads:
            yield leads
        return
    lock = settings.data_dir / "worker.lock"
    make_private_file(lock)
    with lock.open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            yield False
            return
        yield True
