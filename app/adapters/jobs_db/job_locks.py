"""Claims on the slots of jobs, and heartbeats. The process that inserts the claim runs the job, once."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Engine, delete, insert, select
from sqlalchemy.exc import IntegrityError

from app.adapters.jobs_db.tables import claims, heartbeats
from domain.times import written


def claim(engine: Engine, job: str, slot: str, at: datetime) -> bool:
    """Claim a job's slot. Returns true for exactly one caller, ever."""
    try:
        with engine.begin() as db:
            db.execute(insert(claims).values(job=job, slot=slot, claimed_at=written(at)))
    except IntegrityError:
        return False
    return True


def release_claim(engine: Engine, job: str, slot: str) -> None:
    """Release a slot whose work failed, so that a later claim tries again."""
    with engine.begin() as db:
        db.execute(delete(claims).where(claims.c.job == job, claims.c.slot == slot))


def claimed_slots(engine: Engine, job: str, slots: Sequence[str]) -> set[str]:
    """The slots that are already claimed."""
    with engine.connect() as db:
        return set(db.scalars(select(claims.c.slot).where(claims.c.job == job, claims.c.slot.in_(slots))))


def record_heartbeat(engine: Engine, process: str, at: datetime) -> None:
    """Record that a process is alive."""
    with engine.begin() as db:
        db.execute(heartbeats.delete().where(heartbeats.c.process == process))
        db.execute(insert(heartbeats).values(process=process, at=written(at)))


def last_heartbeat(engine: Engine, process: str) -> str | None:
    """The instant of the latest heartbeat of a process, or None."""
    with engine.connect() as db:
        return db.scalar(select(heartbeats.c.at).where(heartbeats.c.process == process))


def latest_slot(engine: Engine, job: str) -> str | None:
    """The latest claimed slot of a job, or None."""
    with engine.connect() as db:
        return db.scalar(select(claims.c.slot).where(claims.c.job == job).order_by(claims.c.slot.desc()).limit(1))
