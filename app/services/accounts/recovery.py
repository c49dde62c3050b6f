"""Getting back into an account: who can choose another password, who can help, and what a new password ends."""

import logging
import secrets
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.adapters.settings import Settings
from app.services.accounts import api_tokens, login_attempts, login_sessions, one_time_links, second_factor
from app.services.accounts.actors import Actor
from app.services.accounts.login_sessions import EndReason
from app.services.accounts.models import Membership, User
from app.services.accounts.one_time_links import LinkKind
from app.services.accounts.permissions import ALL_REGISTERS, StaffRole
from domain.errors import Refusal, Refused, refusal

HELP_TTL = timedelta(days=1)
"""For links that an administrator hands over."""
log = logging.getLogger("uptake.accounts")


class Obstacle(StrEnum):
    """Why a person cannot choose another password."""

    DISABLED = "disabled"
    INVITED = "invited"
    """The person has not set up the account yet."""
    SINGLE_SIGN_ON = "single_sign_on"
    """The person signs in at the provider and has no password here."""


def obstacle_to_recovery(user: User, settings: Settings) -> Obstacle | None:
    if not user.active:
        return Obstacle.DISABLED
    if user.is_invited:
        return Obstacle.INVITED
    if not user.password and settings.oidc_issuer:
        return Obstacle.SINGLE_SIGN_ON
    return None


def obstacle_sentence(obstacle: Obstacle) -> Refusal:
    return {
        Obstacle.DISABLED: refusal("The account is disabled, so no link can open it."),
        Obstacle.INVITED: refusal("The person has not set up the account yet. Invite the same address again."),
        Obstacle.SINGLE_SIGN_ON: refusal("The person signs in with single sign-on and has no Uptake password."),
    }[obstacle]


def require_helper(actor: Actor, user: User) -> None:
    """Raise `Refused` unless the actor is another person who could give all roles of the account."""
    if actor.id == user.person:
        raise Refused(refusal("This is your own account. Change it under “My account”."))
    if not one_time_links.may_make_link(actor, user):
        raise Refused(refusal("This account has roles that you cannot give. Ask an administrator of all registers."))


def require_recoverable(user: User, *, by: Actor, settings: Settings) -> None:
    """Raise `Refused` unless the actor can make a link with which the person chooses another password."""
    require_helper(by, user)
    if obstacle := obstacle_to_recovery(user, settings):
        raise Refused(obstacle_sentence(obstacle))


def create_recovery_link(db: Session, user: User, now: datetime, *, by: Actor, settings: Settings) -> str:
    """Create a link for a person who forgot the password, to be handed over. Raises `Refused`."""
    require_recoverable(user, by=by, settings=settings)
    log.info("%s made a sign-in link for %s", by.id, user.person)
    return one_time_links.create_link(db, user, now, by=by, kind=LinkKind.RECOVERY, ttl=HELP_TTL)


def reset_second_factor(user: User, *, by: Actor) -> None:
    """Turn off the second factor of a person who lost it. Raises `Refused`."""
    require_helper(by, user)
    if not second_factor.is_on(user):
        raise Refused(refusal("The second factor of this account is off already."))
    second_factor.turn_off(user)
    log.info("%s reset the second factor of %s", by.id, user.person)


def set_password(db: Session, user: User, password_hash: str, now: datetime) -> None:
    """Set a password for a person who could not sign in. Forgets wrong passwords.

    It ends the sessions, the links and the tokens of the account, in case another person holds one.
    """
    user.password, user.fs_uniquifier = password_hash, secrets.token_hex(32)
    one_time_links.end_links(db, user, now)
    api_tokens.revoke_all_tokens(db, user, now)
    login_sessions.end_sessions(db, user, now, reason=EndReason.CHANGED)
    login_attempts.clear_failures(db, login_attempts.attempt_keys(account=user.email))


def public_administrators(db: Session) -> list[str]:
    """The administrators of the installation who show their name in public."""
    query = select(User.name).join(Membership, Membership.user_id == User.id).where(User.active, User.shows_name)
    is_administrator = Membership.role == StaffRole.ADMINISTRATOR.value, Membership.register == ALL_REGISTERS
    return list(db.scalars(query.where(*is_administrator, User.name != "").order_by(User.name).limit(5)))
