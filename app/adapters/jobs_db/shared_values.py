"""Values that all machines of an installation have in common, in PostgreSQL."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, delete, insert, select, text

from app.adapters.jobs_db.tables import open_jobs, shared_values
from app.adapters.settings import Settings


def shared_value(settings: Settings, name: str) -> str | None:
    """The value of a name, or None."""
    with _transaction(settings) as db:
        return _read(db, name)


def agree_on_value(settings: Settings, name: str, value: str) -> str:
    """Store a value, unless another machine has stored one; returns the one that is stored."""
    with _transaction(settings) as db:
        db.execute(text("LOCK TABLE shared_values IN SHARE ROW EXCLUSIVE MODE"))  # one starting machine at a time
        stored = _read(db, name)
        if stored is None:
            db.execute(insert(shared_values).values(name=name, value=value))
        return value if stored is None else stored


def set_shared_value(settings: Settings, name: str, value: str) -> None:
    with _transaction(settings) as db:
        db.execute(delete(shared_values).where(shared_values.c.name == name))
        db.execute(insert(shared_values).values(name=name, value=value))


@contextmanager
def _transaction(settings: Settings) -> Iterator[Connection]:
    jobs = open_jobs(settings)
    try:
        with jobs.begin() as db:
            yield db
    finally:
        jobs.dispose()


def _read(db: Connection, name: str) -> str | None:
    return db.scalar(select(shared_values.c.value).where(shared_values.c.name == name))
