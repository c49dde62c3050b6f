"""Who gives a command: the operator may act under any id that has no account; an account is limited to its role."""

from sqlalchemy import select

from app.services.accounts.actors import Actor, Operator
from app.services.accounts.models import User
from app.services.accounts.people import person_of
from app.services.container import Services
from domain.errors import Refused, refusal


def actor_of(services: Services, by: str) -> Actor:
    """The person whose account has this id, or the operator. Raises `Refused` if the account is locked."""
    if not services.settings.database_url and not (services.settings.data_dir / "accounts.sqlite").is_file():
        return Operator(by)
    with services.accounts.work() as db:
        user = db.scalars(select(User).where(User.person == by)).one_or_none()
        if user is None:
            return Operator(by)
        if not user.active:
            raise Refused(refusal("The account of “{person}” is locked.", person=by))
        return person_of(user)
