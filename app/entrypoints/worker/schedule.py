"""The timetable: every job, how often it runs, and what happens if it was missed. All times are UTC."""

import logging
from collections.abc import Callable
from datetime import datetime

from msgspec import Struct

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


class Job(Struct, frozen=True):
    """Runs every `seconds`. One run makes up for all missed ones."""

    id: str
    run: Callable[[Services], None]
    seconds: int
    misfire_grace: int = 3600


def catch_up(services: Services) -> None:
    """Applies events of a process that ended before it updated the views."""
    services.catch_up()


def withdrawals(services: Services) -> None:
    """Deletes packages that were withdrawn by a process that ended before it deleted them."""
    finish_withdrawals(services)


def heartbeat(services: Services) -> None:
    record_heartbeat(services.jobs, WORKER, services.clock())
    if services.clock is system_clock and abs(services.log.drift_seconds()) <= MAX_STEP_SECONDS:
        keep_reading(services.settings, read_clock())


def once_per_slot(services: Services, job: str, slot: str, act: Callable[[], None]) -> bool:
    """Act once per slot, across workers; returns whether this call acted."""
    if not claim(services.jobs, job, slot, services.clock()):
        return False
    act()
    return True


def hour_of(at: datetime) -> str:
    """The slot of an hourly job."""
    return at.strftime("%Y-%m-%dT%H")


def check_views(services: Services) -> None:
    """Once an hour: brings the views up to date if they lag."""

    def look() -> None:
        position, (row, _) = services.views.position(), services.log.last()
        if row > position.row:
            services.catch_up()

    once_per_slot(services, "check_views", hour_of(services.clock()), look)


def embargo(services: Services) -> None:
    """Publishes approved proposals whose time has come."""
    publish_due(services)


def checkpoint(services: Services) -> None:
    """Signs the log if it has grown since the last checkpoint. That it cannot be signed stops no other job."""
    try:
        make_checkpoint(services, services.jobs)
    except Refused as refused:
        log.error("no checkpoint was signed: %s", refused)


def witnesses(services: Services) -> None:
    """Gets cosignatures for the newest checkpoint, if witnesses are set."""
    submit_newest(services, services.jobs)


def reviews(services: Services) -> None:
    """Freezes every review that is due."""
    freeze_due(services)


def timestamps(services: Services) -> None:
    """Gets a time-stamp for the frozen review that has waited longest, if an authority is set."""
    timestamp_next(services)


def notices(services: Services) -> None:
    """Stores what is new for each person."""
    store_notices(services)


def mail(services: Services) -> None:
    """Sends messages about accounts, notifications and digests to staff, and letters to followers."""
    send_account_messages(services, services.jobs)
    send_news(services, services.jobs)
    send_digests(services, services.jobs)
    send_follow_requests(services, services.jobs)
    send_letters(services, services.jobs)


def purge(services: Services) -> None:
    """Asks a cache in front of the site to forget what has changed, if one is set."""
    purge_due(services, services.jobs)


def webhooks(services: Services) -> None:
    """Sends public events to webhooks."""
    deliver_due(services)


def reader_contacts(services: Services) -> None:
    """Once an hour: deletes addresses of readers whose reports were closed, or who did not confirm in time."""

    def delete() -> None:
        delete_old_contacts(services)
        delete_unconfirmed(services)

    once_per_slot(services, "reader_contacts", hour_of(services.clock()), delete)


def links(services: Services) -> None:
    """Checks the link of a source that has waited longest, if link checks are on."""
    if services.settings.check_links:
        check_next_link(services)


def backup(services: Services) -> None:
    """Starts a backup with its trial restore, if a folder for backups is set and one is due."""
    start_due_backup(services, services.jobs)


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
