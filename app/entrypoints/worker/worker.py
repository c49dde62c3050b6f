"""The worker: the one process that owns the scheduler."""

import logging
import threading
import time

from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.interval import IntervalTrigger

from app.adapters.jobs_db.leader_lock import leadership
from app.adapters.jobs_db.tables import open_jobs
from app.entrypoints.worker.schedule import TIMETABLE, JobContext
from app.services.container import Services

log = logging.getLogger("uptake.worker")


def schedule(context: JobContext) -> BackgroundScheduler:
    """Create a scheduler with every job of the timetable."""
    scheduler = BackgroundScheduler(timezone="UTC")
    for job in TIMETABLE:
        scheduler.add_job(
            job.run,
            IntervalTrigger(seconds=job.seconds, timezone="UTC"),
            args=[context],
            id=job.id,
            coalesce=True,
            max_instances=1,
            misfire_grace_time=job.misfire_grace,
        )
    return scheduler


def run_worker(services: Services, stop: threading.Event, retry_seconds: float = 1.0) -> None:
    """Run the timetable until `stop` is set. Waits while another worker leads."""
    while not stop.is_set():
        with leadership(services.settings) as leading:
            if leading:
                _run_as_leader(services, stop)
                return
        log.info("another worker leads; waiting")
        stop.wait(retry_seconds)


def _run_as_leader(services: Services, stop: threading.Event) -> None:
    context = JobContext(services, open_jobs(services.settings))
    for job in TIMETABLE:
        job.run(context)  # whatever was missed while no worker ran
    scheduler = schedule(context)
    scheduler.start()
    log.info("the worker runs")
    try:
        while not stop.is_set():
            time.sleep(0.2)
    finally:
        scheduler.shutdown(wait=True)
