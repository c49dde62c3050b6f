"""Links identities at a sign-in provider to accounts: at the first sign-in, by a verified e-mail address."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.services.accounts import one_time_links
from app.services.accounts.identity_claims import IdentityClaims
from app.services.accounts.models import Identity, User
from domain.errors import Refused, refusal
from domain.text import MAX_NAME_LENGTH, in_one_line, without_invisible


def account_of(db: Session, claims: IdentityClaims, provider: str, now: datetime) -> tuple[User, bool]:
    """The account of a linked or invited person, and whether this accepted the invitation.

    Never creates an account. Raises `Refused`.
    """
    identity = db.get(Identity, (claims.issuer, claims.subject))
    user = db.get_one(User, identity.user_id) if identity else _by_address(db, claims, provider)
    if not user.active:
        raise Refused(refusal("Your account is locked. Ask an administrator."))
    is_accepted = user.is_invited
    if identity is None:
        at = now.replace(tzinfo=None)
        db.add(Identity(issuer=claims.issuer, subject=claims.subject, user_id=user.id, bound_at=at))
        user.confirmed_at = user.confirmed_at or at
        user.name = user.name or in_one_line(without_invisible(claims.name))[:MAX_NAME_LENGTH]
        one_time_links.end_links(db, user, now)
    return user, is_accepted


def _by_address(db: Session, claims: IdentityClaims, provider: str) -> User:
    if not claims.email:
        raise Refused(
            refusal("{provider} has not verified your e-mail address. Verify it there first.", provider=provider)
        )
    user = db.scalars(select(User).where(User.email == claims.email)).one_or_none()
    if user is None:
        raise Refused(
            refusal(
                "There is no account for {email}. Accounts are by invitation: ask an administrator of your register.",
                email=claims.email,
            )
        )
    if db.scalars(select(Identity).where(Identity.user_id == user.id, Identity.issuer == claims.issuer)).first():
        raise Refused(
            refusal(
                "The account of {email} belongs to another person at {provider}. Ask an administrator.",
                email=claims.email,
                provider=provider,
            )
        )
    return user
