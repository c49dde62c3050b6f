"""Messages about the ways to sign in to an account. They go to its owner and cannot be turned off.

A message is stored with the change that it is about. Its link is created when the worker writes it, so that no secret
is stored.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from email.message import EmailMessage
from functools import partial
from typing import Literal

from sqlalchemy import Engine, Row, delete, select
from sqlalchemy.orm import Session

from app.presentation.i18n.person_labels import person_label
from app.services.accounts.actors import OPERATOR
from app.services.accounts.login_attempts import attempt_keys, is_blocked, record_failure
from app.services.accounts.models import User
from app.services.accounts.one_time_links import RECOVERY_TTL, LinkKind, create_link
from app.services.accounts.people import names_for_staff
from app.services.accounts.recovery import obstacle_to_recovery
from app.services.container import Services
from app.services.mail.delivery import OutgoingMessage, send_messages
from app.services.mail.invitations import INVITATION, write_invitation
from app.services.mail.messages import build_message
from app.services.mail.models import AccountMessage
from app.services.notices.notices import notice_account

MESSAGE_TTL = timedelta(days=1)
"""How long a message that the mail server did not accept is tried again."""
AccountMessageKind = Literal[
    "recovery_link",
    "help_link",
    "password_changed",
    "second_factor_on",
    "second_factor_off",
    "passkey_added",
    "passkey_removed",
]
"""Each has a template of its own."""


def queue_account_message(db: Session, user: User, kind: AccountMessageKind, now: datetime, *, by: str = "") -> None:
    """Store a message. If another person, whose id is `by`, changed the account, it is also a notice for its owner."""
    db.add(AccountMessage(user_id=user.id, kind=kind, by=by, at=now.replace(tzinfo=None)))
    if by and by != user.person:
        notice_account(db, user, kind, by=by, now=now)


def request_recovery_link(services: Services, email: str, address: str) -> bool:
    """Send a link to choose another password, if there is such an account; returns whether requests are accepted now.

    Does not reveal whether there is an account.
    """
    now, counted = services.clock(), attempt_keys(recovery=email, recovery_address=address)
    with services.accounts.work() as db:
        if is_blocked(db, counted, now):
            return False
        record_failure(db, counted, now)
        if user := db.scalars(select(User).where(User.email == email.lower())).one_or_none():
            queue_account_message(db, user, "recovery_link", now)
    return True


def send_account_messages(services: Services, jobs: Engine) -> int:
    """Send messages about accounts; returns how many, 0 without a mail server."""
    with services.accounts.work() as db:
        db.execute(
            delete(AccountMessage).where(AccountMessage.at < services.clock().replace(tzinfo=None) - MESSAGE_TTL)
        )
        rows = db.execute(select(AccountMessage, User).join(User, User.id == AccountMessage.user_id)).all()
    return send_messages(services, jobs, _messages(services, rows)) if services.settings.smtp_url else 0


def _messages(services: Services, rows: Sequence[Row[AccountMessage, User]]) -> Iterator[OutgoingMessage]:
    for message, user in rows:
        slot = f"account/{message.kind}/{user.person}/{message.at.isoformat()}"
        yield OutgoingMessage(slot, partial(_write, services, message, slot))


def _write(services: Services, message: AccountMessage, slot: str) -> EmailMessage | None:
    if message.kind == INVITATION:
        return write_invitation(services, message, slot)
    settings, now = services.settings, services.clock()
    with services.accounts.work() as db:
        user = db.get_one(User, message.user_id)
        is_person = message.by not in ("", OPERATOR.id)
        who = str(person_label(names_for_staff(db, [message.by]), message.by)) if is_person else ""
        values = {"who": who}
        if message.kind == "recovery_link":
            obstacle = obstacle_to_recovery(user, settings)
            secret = (
                "" if obstacle else create_link(db, user, now, by=OPERATOR, kind=LinkKind.RECOVERY, ttl=RECOVERY_TTL)
            )
            values |= {"obstacle": obstacle or "", "path": f"/staff/password/{secret}/"}
    return build_message(settings, user, message.kind, slot, now, provider=settings.oidc_label, **values)
