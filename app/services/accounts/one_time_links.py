"""Links for one use: invitations, the set-up of the first administrator, and the choice of another password.

A link signs in as its account. A link that its maker saw works only while the maker could give all roles that the
account has. A link that was sent by e-mail to the address of the account is not limited.
"""

from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from app.services.accounts import secret as secrets
from app.services.accounts.actors import Actor, Operator
from app.services.accounts.database import affected_rows
from app.services.accounts.models import OneTimeLink, User
from app.services.accounts.people import find_person
from domain.errors import NotFound, Refusal, refusal

LINK_TTL = timedelta(days=7)
RECOVERY_TTL = timedelta(hours=1)
"""For links to choose another password that people ask for themselves."""


class LinkKind(StrEnum):
    """What a link is for."""

    WELCOME = "welcome"
    """Sets up an account: of an invited person, or of the first administrator."""
    RECOVERY = "recovery"
    """Lets a person who cannot sign in choose another password."""


class LinkEnd(StrEnum):
    """Why a link ended before it expired."""

    USED = "used"
    REPLACED = "replaced"
    """By a newer link or another password."""
    WITHDRAWN = "withdrawn"


class UnusableLink(NotFound):
    """A link that does not work. `kind` is what it was for; None if it is unknown."""

    def __init__(self, why: Refusal, kind: LinkKind | None) -> None:
        super().__init__(why)
        self.kind = kind


def create_link(
    session: Session,
    user: User | None,
    now: datetime,
    *,
    by: Actor,
    kind: LinkKind = LinkKind.WELCOME,
    ttl: timedelta = LINK_TTL,
    is_mailed: bool = False,
) -> str:
    """Create a link for an account, or without `user` to set up the first administrator. Returns the link's secret.

    A person has one link of each kind: a newer one ends the older ones.
    """
    if user:
        end_links(session, user, now, kind=kind)
    secret, digest = secrets.new()
    session.add(
        OneTimeLink(
            secret=digest,
            user_id=user.id if user else None,
            made_by="" if isinstance(by, Operator) else by.id,
            is_mailed=is_mailed,
            kind=kind.value,
            expires_at=_naive(now + ttl),
        )
    )
    return secret


def may_make_link(maker: Actor, user: User) -> bool:
    """Whether the maker could give all roles of an account, and so may hold a link to it."""
    return all(maker.may("people", m.register) for m in user.memberships)


def find_link(session: Session, secret: str, now: datetime, *, kind: LinkKind = LinkKind.WELCOME) -> OneTimeLink:
    """Find a usable link. Raises `UnusableLink`, which says why it is not."""
    link = session.scalars(select(OneTimeLink).where(OneTimeLink.secret == secrets.digest(secret))).one_or_none()
    if link is None or link.kind != kind:
        why = refusal("This link is not complete, or it belongs to another site. Copy all of it from the message.")
        raise UnusableLink(why, None)
    if why_not := why_unusable(session, link, now):
        raise UnusableLink(why_not, kind)
    return link


def use_link(session: Session, link: OneTimeLink, now: datetime) -> None:
    """Mark a link as used. Raises `UnusableLink` if it was used in the meantime."""
    unused = update(OneTimeLink).where(OneTimeLink.id == link.id, OneTimeLink.used_at.is_(None))
    used = session.execute(unused.values(used_at=_naive(now), end_reason=LinkEnd.USED.value))
    if affected_rows(used) != 1:
        raise UnusableLink(_end_sentence(LinkEnd.USED), LinkKind(link.kind))


def end_links(session: Session, user: User, now: datetime, *, kind: LinkKind | None = None) -> None:
    """End the links of a person, of one kind or all, because something newer replaces them."""
    links = update(OneTimeLink).where(OneTimeLink.user_id == user.id, OneTimeLink.used_at.is_(None))
    if kind:
        links = links.where(OneTimeLink.kind == kind.value)
    session.execute(links.values(used_at=_naive(now), end_reason=LinkEnd.REPLACED.value))


def working_links(session: Session, person: User, now: datetime) -> dict[int, str]:
    """The address of the account of each link that works now and was made for or by a person, by link."""
    query = select(OneTimeLink, User).join(User, User.id == OneTimeLink.user_id)
    query = query.where(OneTimeLink.used_at.is_(None))
    query = query.where((OneTimeLink.user_id == person.id) | (OneTimeLink.made_by == person.person))
    rows = session.execute(query.order_by(User.email)).all()
    return {link.id: user.email for link, user in rows if why_unusable(session, link, now) is None}


def has_people(session: Session) -> bool:
    return bool(session.scalar(select(func.count()).select_from(User)))


def why_unusable(session: Session, link: OneTimeLink, now: datetime) -> Refusal | None:
    """Why a link does not work; None if it does."""
    if link.used_at:
        return _end_sentence(LinkEnd(link.end_reason or LinkEnd.USED))
    if link.expires_at < _naive(now):
        return refusal("This link has expired.")
    if link.user_id is None:
        return refusal("The first administrator is set up already.") if has_people(session) else None
    user = session.get_one(User, link.user_id)
    if not user.active:
        return refusal("This account is disabled. Ask an administrator of your register.")
    if link.made_by and link.kind == LinkKind.WELCOME and not user.memberships:
        return _end_sentence(LinkEnd.WITHDRAWN)
    if not _has_entitled_maker(session, link, user):
        return refusal("Who made this link cannot give the roles of the account. Ask another administrator for a link.")
    return None


def _has_entitled_maker(session: Session, link: OneTimeLink, user: User) -> bool:
    if not link.made_by or link.is_mailed:
        return True
    maker = find_person(session, link.made_by)
    return maker is not None and may_make_link(maker, user)


def _end_sentence(end: LinkEnd) -> Refusal:
    return {
        LinkEnd.USED: refusal("This link has been used. Each link works once."),
        LinkEnd.REPLACED: refusal("This link no longer works: a newer link or a new password replaced it."),
        LinkEnd.WITHDRAWN: refusal("This link was withdrawn. Ask an administrator of your register."),
    }[end]


def _naive(at: datetime) -> datetime:
    return at.replace(tzinfo=None)
