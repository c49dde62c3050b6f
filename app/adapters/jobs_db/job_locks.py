"""A job's turn is claimed in the database before it acts: whoever inserts the row does it, once."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Engine, delete, insert, select
from sqlalchemy.exc import IntegrityError

from app.adapters.jobs_db.tables import claims, heartbeats
from domain.times import written


def claim(engine: Engine, job: str, slot: str, at: datetime) -> bool:
    """Whether this caller may act for a job's slot; true for exactly one caller, ever."""
    try:
        with engine.begin() as db:
            db.execute(insert(claims).values(job=job, slot=slot, claimed_at=written(at)))
    except IntegrityError:
        return False
    return True


def release_claim(engine: Engine, job: str, slot: str) -> None:
    """What was claimed could not be done; whoever claims it next tries again."""
    with engine.begin() as db:
        db.execute(delete(claims).where(claims.c.job == job, claims.c.slot == slot))


def claimed_slots(engine: Engine, job: str, slots: Sequence[str]) -> set[str]:
    """Those slots that somebody has claimed already."""
    with engine.connect() as db:
        return set(db.scalars(select(claims.c.slot).where(claims.c.job == job, claims.c.slot.in_(slots))))


def record_heartbeat(engine: Engine, process: str, at: datetime) -> None:
    """Note that a process is alive."""
    with engine.begin() as db:
        db.execute(heartbeats.delete().where(heartbeats.c.process == process))
        db.execute(insert(heartbeats).values(process=process, at=written(at)))


def last_heartbeat(engine: Engine, process: str) -> str | None:
    """When a process was last alive, as an instant, or None."""
    with engine.connect() as db:
        return db.scalar(select(heartbeats.c.at).where(heartbeats.c.process == process))


def latest_slot(engine: Engine, job: str) -> str | None:
    """The latest slot of a job that somebody claimed, or None."""
    with engine.connect() as db:
        return db.scalar(select(claims.c.slot).where(claims.c.job == job).order_by(claims.c.slot.desc()).limit(1))
