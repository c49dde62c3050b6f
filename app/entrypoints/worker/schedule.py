"""The timetable: every job, how often it runs, and what happens if it was missed. All times are UTC."""

import logging
from collections.abc import Callable
from datetime import datetime

from msgspec import Struct
from sqlalchemy import Engine

from app.adapters.jobs_db.clock_readings import keep_reading, read_clock
from app.adapters.jobs_db.job_locks import claim, record_heartbeat
from app.adapters.record import system_clock
from app.entrypoints.worker.backups import start_due_backup
from app.entrypoints.worker.review_freezing import freeze_due
from app.entrypoints.worker.scheduled_publication import publish_due
from app.services.container import Services
from app.services.error_reports.handling import delete_old_contacts
from app.services.followers.letters import send_follow_requests, send_letters
from app.services.followers.requests import delete_unconfirmed
from app.services.locker.link_checks import check_next_link
from app.services.mail.account_messages import send_account_messages
from app.services.mail.digest import send_digests
from app.services.mail.immediate import send_news
from app.services.notices.notices import store_notices
from app.services.purging import purge_due
from app.services.removals.packages import finish_withdrawals
from app.services.snapshots.timestamping import timestamp_next
from app.services.transparency.checkpoints import make_checkpoint
from app.services.transparency.witnessing import submit_newest
from app.services.webhooks.delivery import deliver_due
from domain.errors import Refused
from domain.event_log import MAX_STEP_SECONDS

WORKER = "worker"
log = logging.getLogger("uptake.worker")


class JobContext(Struct, frozen=True):
    """What every job receives."""

    services: Services

    @property
    def jobs(self) -> Engine:
        return self.services.jobs


class Job(Struct, frozen=True):
    """Runs every `seconds`. One run makes up for all missed ones."""

    id: str
    run: Callable[[JobContext], None]
    seconds: int
    misfire_grace: int = 3600


def catch_up(context: JobContext) -> None:
    """Applies events of a process that ended before it updated the views."""
    context.services.catch_up()


def withdrawals(context: JobContext) -> None:
    """Deletes packages that were withdrawn by a process that ended before it deleted them."""
    finish_withdrawals(context.services)


def heartbeat(context: JobContext) -> None:
    services = context.services
    record_heartbeat(context.jobs, WORKER, services.clock())
    if services.clock is system_clock and abs(services.log.drift_seconds()) <= MAX_STEP_SECONDS:
        keep_reading(services.settings, read_clock())


def once_per_slot(context: JobContext, job: str, slot: str, act: Callable[[], None]) -> bool:
    """Act once per slot, across workers; returns whether this call acted."""
    if not claim(context.jobs, job, slot, context.services.clock()):
        return False
    act()
    return True


def hour_of(at: datetime) -> str:
    """The slot of an hourly job."""
    return at.strftime("%Y-%m-%dT%H")


def check_views(context: JobContext) -> None:
    """Once an hour: brings the views up to date if they lag."""

    def look() -> None:
        position, (row, _) = context.services.views.position(), context.services.log.last()
        if row > position.row:
            context.services.catch_up()

    once_per_slot(context, "check_views", hour_of(context.services.clock()), look)


def embargo(context: JobContext) -> None:
    """Publishes approved proposals whose time has come."""
    publish_due(context.services)


def checkpoint(context: JobContext) -> None:
    """Signs the log if it has grown since the last checkpoint. That it cannot be signed stops no other job."""
    try:
        make_checkpoint(context.services, context.jobs)
    except Refused as refused:
        log.error("no checkpoint was signed: %s", refused)


def witnesses(context: JobContext) -> None:
    """Gets cosignatures for the newest checkpoint, if witnesses are set."""
    submit_newest(context.services, context.jobs)


def reviews(context: JobContext) -> None:
    """Freezes every review that is due."""
    freeze_due(context.services)


def timestamps(context: JobContext) -> None:
    """Gets a time-stamp for the frozen review that has waited longest, if an authority is set."""
    timestamp_next(context.services)


def notices(context: JobContext) -> None:
    """Stores what is new for each person."""
    store_notices(context.services)


def mail(context: JobContext) -> None:
    """Sends messages about accounts, notifications and digests to staff, and letters to followers."""
    send_account_messages(context.services, context.jobs)
    send_news(context.services, context.jobs)
    send_digests(context.services, context.jobs)
    send_follow_requests(context.services, context.jobs)
    send_letters(context.services, context.jobs)


def purge(context: JobContext) -> None:
    """Asks a cache in front of the site to forget what has changed, if one is set."""
    purge_due(context.services, context.jobs)


def webhooks(context: JobContext) -> None:
    """Sends public events to webhooks."""
    deliver_due(context.services)


def reader_contacts(context: JobContext) -> None:
    """Once an hour: deletes addresses of readers whose reports were closed, or who did not confirm in time."""

    def delete() -> None:
        delete_old_contacts(context.services)
        delete_unconfirmed(context.services)

    once_per_slot(context, "reader_contacts", hour_of(context.services.clock()), delete)


def links(context: JobContext) -> None:
    """Checks the link of a source that has waited longest, if link checks are on."""
    if context.services.settings.check_links:
        check_next_link(context.services)


def backup(context: JobContext) -> None:
    """Starts a backup with its trial restore, if a folder for backups is set and one is due."""
    start_due_backup(context.services, context.jobs)


TIMETABLE = (
    Job("catch_up", catch_up, 2),
    Job("purge", purge, 1),
    Job("heartbeat", heartbeat, 10),
    Job("check_views", check_views, 600),
    Job("embargo", embargo, 5),
    Job("reviews", reviews, 5),
    Job("checkpoint", checkpoint, 300),
    Job("witnesses", witnesses, 60),
    Job("notices", notices, 15),
    Job("mail", mail, 15),
    Job("webhooks", webhooks, 5),
    Job("links", links, 30),
    Job("reader_contacts", reader_contacts, 900),
    Job("timestamps", timestamps, 60),
    Job("withdrawals", withdrawals, 600),
    Job("backup", backup, 60),
)
