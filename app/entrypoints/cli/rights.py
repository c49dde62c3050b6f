"""Who may give a command: whoever runs it speaks for any id, but an account is held to its role."""

from sqlalchemy import select

from app.services.accounts.models import User
from app.services.accounts.people import person_of
from app.services.accounts.permissions import NotAllowed
from app.services.container import Services
from domain.errors import Refused, refusal


def require(services: Services, by: str, permission: str, register: str) -> None:
    """Raises `Refused` where the id belongs to an account that is locked or has not the role.

    An id without an account is one that bundles use, and the operator’s own affair.
    """
    if not services.settings.database_url and not (services.settings.data_dir / "accounts.sqlite").is_file():
        return
    with services.accounts.work() as db:
        user = db.scalars(select(User).where(User.person == by)).one_or_none()
        if user is None:
            return
        if not user.active:
            raise Refused(refusal("The account of “{person}” is locked.", person=by))
        try:
            person_of(user).require(permission, register)
        except NotAllowed as refused:
            raise Refused(refused.refusal) from None
