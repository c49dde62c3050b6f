"""Which worker leads. On one machine the system holds a lock for it, on PostgreSQL it has a lease.

A lease ends by the clock of the database, whatever became of its holder. Its number grows whenever another worker takes
it, and every write of a leader carries the number, so that one that was paused or cut off cannot write any more.
"""

import fcntl
import os
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from uuid import uuid4

from sqlalchemy import Connection, Engine, event, text

from app.adapters.database import is_away
from app.adapters.jobs_db.tables import open_jobs
from app.adapters.settings import Settings
from projections.engine.private_files import make_private_file

LEASE_SECONDS = 15.0
_TAKE = text(
    """INSERT INTO leases AS l (name, holder, number, ends_at)
VALUES ('worker', :holder, 1, clock_timestamp() + :seconds * interval '1 second')
ON CONFLICT (name) DO UPDATE SET holder = :holder, ends_at = clock_timestamp() + :seconds * interval '1 second',
number = l.number + CASE WHEN l.holder = :holder THEN 0 ELSE 1 END
WHERE l.holder = :holder OR l.ends_at < clock_timestamp() RETURNING l.number"""
)
_END = text("UPDATE leases SET ends_at = clock_timestamp() WHERE name = 'worker' AND holder = :holder")
_IS_CURRENT = text("SELECT number FROM public.leases WHERE name = 'worker' FOR SHARE")


class LeadershipLost(Exception):
    """Another worker leads: this one must not write."""


class Leadership:
    """That this worker leads. `keep` renews it and says whether it still does; call it well within the lease."""

    def __init__(self, number: int | None = None, renew: Callable[[], int | None] = lambda: None) -> None:
        self.number = number
        """The number that its writes carry; None where the system sees to it that only one leads."""
        self._renew = renew

    def keep(self) -> bool:
        return self._renew() == self.number


class Fence:
    """Lets transactions begin only while the number that they carry is that of the lease."""

    def __init__(self) -> None:
        self.number: int | None = None

    def guard(self, engine: Engine) -> None:
        if not event.contains(engine, "begin", self.check):
            event.listen(engine, "begin", self.check)

    def check(self, db: Connection) -> None:
        """Raises `LeadershipLost`. The lease cannot go to another worker before this transaction ends."""
        if self.number is not None and db.scalar(_IS_CURRENT) != self.number:
            raise LeadershipLost


@contextmanager
def leadership(settings: Settings, seconds: float = LEASE_SECONDS) -> Iterator[Leadership | None]:
    """Try to lead while the block runs; yields None if another worker leads."""
    held = _lease(settings, seconds) if settings.database_url else _file_lock(settings)
    with held as leads:
        yield leads


@contextmanager
def _lease(settings: Settings, seconds: float) -> Iterator[Leadership | None]:
    jobs, holder = open_jobs(settings), f"{socket.gethostname()} {os.getpid()} {uuid4()}"

    def take() -> int | None:
        with jobs.begin() as db:
            number: int | None = db.scalar(_TAKE, {"holder": holder, "seconds": seconds})
            return number

    try:
        number = take()
        yield Leadership(number, take) if number is not None else None
    finally:
        try:
            with suppress(LeadershipLost), jobs.begin() as db:
                db.execute(_END, {"holder": holder})
        except Exception as e:
            if not is_away(e):
                raise
        jobs.dispose()


@contextmanager
def _file_lock(settings: Settings) -> Iterator[Leadership | None]:
    lock = settings.data_dir / "worker.lock"
    make_private_file(lock)
    with lock.open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            yield None
            return
        yield Leadership()
