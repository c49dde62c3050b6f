"""Stores, finds and marks the notices of a person."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, delete, func, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.services.accounts.actors import Person
from app.services.accounts.models import User
from app.services.container import Services
from app.services.notices.models import NOTICE_TTL, Notice
from app.services.notices.news import NewsItem, is_for, is_hidden, recent_news
from app.services.opinions.requests import registers_asking
from app.services.opinions.visibility import ProposalVisibility
from projections.worklist.inbox import proposals_about

NOTICES_PER_PAGE = 50
ACCOUNT = ""
"""The register of a notice about the account itself."""


def store_notices(services: Services) -> int:
    """Store a notice of each news item for each receiver, once, and delete old ones. Returns how many are new."""
    items = recent_news(services)
    with services.accounts.work() as db:
        db.execute(delete(Notice).where(Notice.at < services.clock().replace(tzinfo=None) - NOTICE_TTL))
        known = {(row.user_id, row.slot) for row in _stored(db, items)}
        users = list(db.scalars(select(User).where(User.active))) if items else []
        new = [
            _notice(item, user)
            for item in items
            for user in users
            if (user.id, item.slot) not in known and is_for(item, user) and not is_hidden(services, item, user)
        ]
    return sum(_store(services, notice) for notice in new)


def _stored(db: Session, items: Iterable[NewsItem]) -> Sequence[Notice]:
    return db.scalars(select(Notice).where(Notice.slot.in_([item.slot for item in items]))).all()


def _notice(item: NewsItem, user: User) -> Notice:
    return Notice(
        user_id=user.id,
        slot=item.slot,
        kind=item.kind,
        register=item.register,
        recommendation=item.recommendation,
        element=item.element,
        path=item.path,
        by=item.by,
        about=item.about,
        at=item.at.replace(tzinfo=None),
    )


def _store(services: Services, notice: Notice) -> bool:
    """Another worker may have stored it meanwhile."""
    try:
        with services.accounts.work() as db:
            db.add(notice)
            db.flush()
    except IntegrityError:
        return False
    return True


class Notices:
    """The notices of one person about registers that the person may read, without those of hidden proposals."""

    def __init__(self, accounts: Session, views: Connection, person: Person, registers: Iterable[str]) -> None:
        self.db, self.person = accounts, person
        hidden = _hidden_proposals(accounts, views, person)
        mine = select(User.id).where(User.person == person.id).scalar_subquery()
        self._conditions: tuple[ColumnElement[bool], ...] = (
            Notice.user_id == mine,
            Notice.register.in_([*registers, ACCOUNT]),
            *((Notice.about.not_in(hidden),) if hidden else ()),
        )

    @property
    def unread(self) -> int:
        return self._count(*self._conditions, Notice.read_at.is_(None))

    @property
    def total(self) -> int:
        return self._count(*self._conditions)

    def newest(self, *, skip: int = 0, limit: int) -> list[Notice]:
        query = select(Notice).where(*self._conditions).order_by(Notice.at.desc(), Notice.id.desc())
        return list(self.db.scalars(query.offset(skip).limit(limit)))

    def find(self, number: int) -> Notice | None:
        return self.db.scalars(select(Notice).where(*self._conditions, Notice.id == number)).one_or_none()

    def mark_all_read(self, now: datetime) -> None:
        unread = select(Notice.id).where(*self._conditions, Notice.read_at.is_(None))
        self.db.execute(update(Notice).where(Notice.id.in_(unread)).values(read_at=now.replace(tzinfo=None)))

    def _count(self, *conditions: ColumnElement[bool]) -> int:
        return self.db.scalar(select(func.count()).select_from(Notice).where(*conditions)) or 0


def notice_role(db: Session, user: User, register: str, role: str, *, by: str, now: datetime) -> None:
    """Tell a person that they have another role in a register, unless they gave it to themselves or are invited."""
    if user.person != by and not user.is_invited:
        at = now.replace(tzinfo=None)
        slot, path = f"role/{register}/{role}/{at.isoformat()}", f"/staff/{register}/"
        db.add(Notice(user_id=user.id, slot=slot, kind="role", register=register, path=path, by=by, at=at))


def notice_account(db: Session, user: User, kind: str, *, by: str, now: datetime) -> None:
    """Tell a person that another person changed the ways to sign in to the account."""
    at = now.replace(tzinfo=None)
    slot = f"account/{kind}/{at.isoformat()}"
    db.add(Notice(user_id=user.id, slot=slot, kind=kind, register=ACCOUNT, path="/staff/account/", by=by, at=at))


def _hidden_proposals(accounts: Session, views: Connection, person: Person) -> set[str]:
    """The open proposals about which the person is asked for an independent opinion."""
    hidden: set[str] = set()
    for register in registers_asking(accounts, person.id):
        visibility = ProposalVisibility(accounts, register, person.id)
        hidden |= visibility.hidden(proposals_about(views, register, visibility.recommendations))
    return hidden
