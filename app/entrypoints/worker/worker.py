"""The worker: the one process that owns the scheduler."""

import logging
import threading
from datetime import UTC, datetime

from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.interval import IntervalTrigger

from app.adapters.database import is_away, is_busy
from app.adapters.jobs_db.leader_lock import LEASE_SECONDS, Fence, Leadership, LeadershipLost, leadership
from app.entrypoints.worker.schedule import TIMETABLE, Job
from app.services.container import Services

log = logging.getLogger("uptake.worker")


def schedule(services: Services) -> BackgroundScheduler:
    """Create a scheduler with every job of the timetable. Each also runs at once, for what no worker did before."""
    scheduler = BackgroundScheduler(timezone="UTC")
    for job in TIMETABLE:
        scheduler.add_job(
            run_job,
            IntervalTrigger(seconds=job.seconds, timezone="UTC"),
            args=[job, services],
            id=job.id,
            next_run_time=datetime.now(UTC),
            coalesce=True,
            max_instances=1,
            misfire_grace_time=job.misfire_grace,
        )
    return scheduler


def run_job(job: Job, services: Services) -> None:
    """Run a job, unless the database is away. Its next run makes up for one that the database did not carry out."""
    availability = services.availability
    if availability.is_away:
        return
    try:
        job.run(services)
    except Exception as e:
        if isinstance(e, LeadershipLost):
            log.warning("the job %s was stopped, because another worker leads", job.id)
        elif is_busy(e):
            log.warning("the database was too busy for the job %s; trying again later", job.id)
        elif is_away(e):
            availability.lost(e)
        else:
            raise


def run_worker(
    services: Services,
    stop: threading.Event,
    retry_seconds: float = 1.0,
    lease_seconds: float = LEASE_SECONDS,
) -> None:
    """Run the timetable until `stop` is set. Waits while another worker leads, and while the database is away."""
    fence, is_waiting = Fence(), False
    while not stop.is_set():
        try:
            with leadership(services.settings, lease_seconds) as leads:
                if leads:
                    is_waiting = False
                    _run_as_leader(services, leads, fence, stop, lease_seconds)
                else:
                    if not is_waiting:
                        log.info("another worker leads; waiting")
                    is_waiting = True
                    services.catch_up()  # so that this one can go on at once
        except Exception as e:
            if not is_away(e):
                raise
            services.availability.lost(e)
        stop.wait(retry_seconds)


def _run_as_leader(
    services: Services, leads: Leadership, fence: Fence, stop: threading.Event, lease_seconds: float
) -> None:
    """Run the timetable while this worker leads. All that it writes carries the number of its lease."""
    services.log.lease_number = fence.number = leads.number
    for engine in (services.jobs, services.accounts.engine):
        fence.guard(engine)
    scheduler = schedule(services)
    scheduler.start()
    log.info("the worker runs")
    try:
        while not stop.wait(lease_seconds / 3):
            try:
                if not leads.keep():
                    log.warning("another worker took over")
                    return
            except Exception as e:
                if not is_away(e):
                    raise
                services.availability.lost(e)
    finally:
        scheduler.shutdown(wait=True)
