"""Invitations by e-mail. Only the receiver knows the link: it is created when the worker writes the letter."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from email.message import EmailMessage

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.services.accounts.actors import Person
from app.services.accounts.login_attempts import attempt_keys, is_blocked, record_failure
from app.services.accounts.members import role_here
from app.services.accounts.models import User
from app.services.accounts.one_time_links import LINK_TTL, LinkKind, create_link, end_links
from app.services.accounts.people import find_person
from app.services.accounts.permissions import ROLE_MEANINGS, ROLE_NAMES
from app.services.container import Services
from app.services.mail.messages import build_message
from app.services.mail.models import AccountMessage
from domain.errors import Refused, refusal
from projections.catalogue import queries as catalogue

INVITATION = "invitation"
MIN_INTERVAL = timedelta(minutes=5)
"""Between two invitations of one person to one register."""


def queue_invitation(db: Session, user: User, register: str, *, by: Person, now: datetime) -> bool:
    """Send a new link and end earlier ones; returns False if one was sent a moment ago.

    Raises `Refused` if many went to the address lately, also where they were withdrawn in between.
    """
    counted = attempt_keys(invitation=f"{register} {user.email}")
    at = now.replace(tzinfo=None)
    same = AccountMessage.user_id == user.id, AccountMessage.kind == INVITATION, AccountMessage.register == register
    if db.scalars(select(AccountMessage).where(*same, AccountMessage.at > at - MIN_INTERVAL)).first():
        return False
    if is_blocked(db, counted, now):
        raise Refused(
            refusal(
                "Several invitations went to “{email}” a moment ago. Send the next one in 15 minutes.", email=user.email
            )
        )
    record_failure(db, counted, now)
    end_links(db, user, now, kind=LinkKind.WELCOME)
    db.add(AccountMessage(user_id=user.id, kind=INVITATION, by=by.id, register=register, at=at))
    return True


def unsent_invitations(db: Session, users: Sequence[User], register: str) -> dict[int, str]:
    """Who invited the accounts to which a letter was queued; its link replaces this as soon as it is sent."""
    query = select(AccountMessage.user_id, AccountMessage.by).where(AccountMessage.kind == INVITATION)
    query = query.where(AccountMessage.user_id.in_([user.id for user in users]), AccountMessage.register == register)
    return {row.user_id: row.by for row in db.execute(query.order_by(AccountMessage.id))}


def write_invitation(services: Services, message: AccountMessage, slot: str) -> EmailMessage | None:
    """The letter with a new link; None if it was accepted or withdrawn, or its sender may no longer invite."""
    settings, now = services.settings, services.clock()
    with services.views.connect() as views:
        entry = catalogue.register(views, message.register)
    with services.accounts.work() as db:
        user, by = db.get(User, message.user_id), find_person(db, message.by)
        role = role_here(user, message.register) if user and user.is_invited else None
        if not (user and role and entry and by and by.may("people", message.register)):
            return None
        secret = create_link(db, user, now, by=by, is_mailed=True)
        return build_message(
            settings,
            user,
            INVITATION,
            slot,
            now,
            originals=entry.settings.languages[0],
            who=by.name,
            title=entry.settings.title,
            role=ROLE_NAMES[role],
            meaning=ROLE_MEANINGS[role],
            until=now + LINK_TTL,
            zone=entry.settings.time_zone,
            path=f"/staff/welcome/{secret}/",
            provider=settings.oidc_label if settings.oidc_issuer else "",
        )
