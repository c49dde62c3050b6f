"""The digest: a summary of a person's inbox, every morning or every Monday, for those who chose it."""

from collections.abc import Iterator
from datetime import datetime
from email.message import EmailMessage
from functools import partial
from zoneinfo import ZoneInfo

from sqlalchemy import Engine, select

from app.services.accounts.models import User
from app.services.accounts.people import person_of
from app.services.container import Services
from app.services.inbox.inbox import inboxes_of
from app.services.mail.delivery import OutgoingMessage, send_messages
from app.services.mail.messages import build_message
from app.services.mail.models import DIGEST, MailPreferences
from projections.catalogue import queries as catalogue

MAX_PER_KIND = 50
"""How many tasks of each kind are listed for a register; the subject counts all."""
HOUR = 7
"""The local hour, in the time zone of the first register in which the person has a role."""


def send_digests(services: Services, jobs: Engine) -> int:
    """Send digests; returns how many. A missed one is sent later on the same day or in the same week."""
    return send_messages(services, jobs, _messages(services)) if services.settings.smtp_url else 0


def _messages(services: Services) -> Iterator[OutgoingMessage]:
    with services.accounts.work() as db:
        query = select(User, MailPreferences.digest).join(MailPreferences, MailPreferences.user_id == User.id)
        subscribers = list(db.execute(query.where(User.active, MailPreferences.digest != "")).all())
    for user, rhythm in subscribers:
        if slot := _slot(rhythm, _local(services, user)):
            slot = f"digest/{slot}/{user.person}"
            yield OutgoingMessage(slot, partial(_write, services, user, slot))


def _slot(rhythm: str, local: datetime) -> str:
    """The day or the week whose digest is due; empty before the hour."""
    year, week, weekday = local.isocalendar()
    if rhythm == "daily":
        return local.date().isoformat() if local.hour >= HOUR else ""
    return f"{year}-W{week:02}" if weekday > 1 or local.hour >= HOUR else ""


def _local(services: Services, user: User) -> datetime:
    person = person_of(user)
    with services.views.connect() as db:
        zones = [e.settings.time_zone for e in catalogue.registers(db) if person.may("read", e.id)]
    return services.clock().astimezone(ZoneInfo(zones[0] if zones else "UTC"))


def _write(services: Services, user: User, slot: str) -> EmailMessage | None:
    """The digest, or None if the inbox is empty."""
    person = person_of(user)
    waiting = [
        w
        for w in inboxes_of(services, person, MAX_PER_KIND)
        if w.count or (w.late and person.may("propose", w.entry.id))
    ]
    if not waiting:
        return None
    total = sum(w.count for w in waiting)
    return build_message(
        services.settings, user, DIGEST, slot, services.clock(), waiting=waiting, total=total, person=person
    )
