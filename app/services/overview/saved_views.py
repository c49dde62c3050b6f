"""The views of a register's overview that a person saved under a name."""

import unicodedata

from msgspec import Struct
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from app.services.accounts.models import User
from app.services.overview.filters import MAX_QUERY_LENGTH, OverviewFilter, filter_of_query
from app.services.overview.models import SavedView
from domain.errors import Refused, refusal

MAX_VIEWS = 10
"""How many views a person can save in a register: each is counted whenever the page opens."""
MAX_NAME_LENGTH = 80


class NamedFilter(Struct, frozen=True):
    name: str
    wanted: OverviewFilter


def views_of(db: Session, person: str, register: str) -> list[NamedFilter]:
    """By name."""
    query = select(SavedView).join(User, User.id == SavedView.user_id)
    rows = db.scalars(query.where(User.person == person, SavedView.register == register).order_by(SavedView.name))
    return [NamedFilter(row.name, filter_of_query(row.query)) for row in rows]


def save_view(db: Session, person: str, register: str, name: str, wanted: OverviewFilter) -> None:
    """Save a view; one of the same name is replaced. Raises `Refused`."""
    name = unicodedata.normalize("NFC", " ".join(name.split()))
    if not name:
        raise Refused(refusal("Enter a name for this view.", field="name"))
    if len(name) > MAX_NAME_LENGTH or any(unicodedata.category(c).startswith("C") for c in name):
        raise Refused(refusal("Use a name of at most {most} plain characters.", most=MAX_NAME_LENGTH, field="name"))
    if len(wanted.query) > MAX_QUERY_LENGTH:
        raise Refused(refusal("This filter is too long to be saved. Search for fewer words.", field="name"))
    others = {view.name for view in views_of(db, person, register)} - {name}
    if len(others) >= MAX_VIEWS:
        raise Refused(refusal("You have {most} views here. Delete one first.", most=MAX_VIEWS, field="name"))
    user = db.scalars(select(User).where(User.person == person)).one()
    db.merge(SavedView(user_id=user.id, register=register, name=name, query=wanted.query))


def delete_view(db: Session, person: str, register: str, name: str) -> NamedFilter | None:
    """Delete a view. Returns it; None if there was none."""
    view = next((v for v in views_of(db, person, register) if v.name == name), None)
    me = select(User.id).where(User.person == person).scalar_subquery()
    db.execute(delete(SavedView).where(SavedView.user_id == me, SavedView.register == register, SavedView.name == name))
    return view
