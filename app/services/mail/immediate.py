"""Immediate notifications, to everyone who may read the content and chose to get them."""

from collections.abc import Iterator
from email.message import EmailMessage
from functools import partial

from sqlalchemy import Engine, select

from app.presentation.i18n.person_labels import person_label
from app.services.accounts.models import User
from app.services.accounts.people import names_for_staff
from app.services.container import Services
from app.services.mail.delivery import OutgoingMessage, send_messages
from app.services.mail.messages import build_message
from app.services.mail.models import mail_preferences_of
from app.services.notices.news import (
    NewsItem,
    effect_of,
    facts_of,
    is_for,
    is_hidden,
    original_language,
    part_of,
    recent_news,
    register_title,
)


def send_news(services: Services, jobs: Engine) -> int:
    """Send notifications; returns how many, 0 without a mail server."""
    return send_messages(services, jobs, _messages(services)) if services.settings.smtp_url else 0


def _messages(services: Services) -> Iterator[OutgoingMessage]:
    items = recent_news(services)
    if not items:
        return
    with services.accounts.work() as db:
        users = list(db.scalars(select(User).where(User.active)))
        wishes = {user.id: mail_preferences_of(db, user) for user in users}
        names = names_for_staff(db, {item.by for item in items})
    for item in items:
        for user in users:
            if is_for(item, user) and wishes[user.id].wants(item.kind) and not is_hidden(services, item, user):
                slot = f"{item.slot}/{user.person}"
                yield OutgoingMessage(slot, partial(_write, services, item, user, slot, person_label(names, item.by)))


def _write(services: Services, item: NewsItem, user: User, slot: str, who: object) -> EmailMessage | None:
    facts = facts_of(services, item) if item.recommendation else None
    if item.recommendation and facts is None:
        return None
    return build_message(
        services.settings,
        user,
        item.kind,
        slot,
        services.clock(),
        originals=original_language(services, item),
        facts=facts,
        part=part_of(services, item),
        effect=effect_of(services, item),
        who=who,
        text=item.text,
        path=item.path,
        register=register_title(services, item),
    )
