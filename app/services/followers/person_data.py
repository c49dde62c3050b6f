"""What readers who follow by e-mail leave, where a person with an account is one of them."""

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from app.services.accounts.database import affected_rows
from app.services.accounts.models import User
from app.services.accounts.person_data import PersonData
from app.services.followers.models import Follower


def _erase_address(session: Session, person: str) -> int:
    email = select(User.email).where(User.person == person).scalar_subquery()
    return affected_rows(session.execute(delete(Follower).where(Follower.email == email)))


FOLLOWERS = PersonData(leave=lambda _session, _person: None, erase=_erase_address)
