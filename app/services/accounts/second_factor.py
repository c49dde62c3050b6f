"""A person's second factor: codes from an authenticator app and recovery codes, each of which works once."""

from sqlalchemy import or_, update
from sqlalchemy.orm import Session

from app.adapters.settings import Settings
from app.services.accounts.database import affected_rows
from app.services.accounts.models import User


def is_on(user: User) -> bool:
    """Whether a code is needed to sign in with the password."""
    return bool(user.tf_primary_method and user.tf_totp_secret)


def is_missing(settings: Settings, user: User) -> bool:
    """Whether the account needs a second factor first; one without a password signs in otherwise."""
    return settings.require_second_factor and bool(user.password) and not is_on(user)


def recovery_codes_left(user: User) -> int:
    return len(user.mf_recovery_codes or [])


def use_step(db: Session, user_id: int, step: int) -> bool:
    """Use up the code of a time step; returns False if this or a later code was used before."""
    is_unused = or_(User.last_totp_step.is_(None), User.last_totp_step < step)
    statement = update(User).where(User.id == user_id, is_unused).values(last_totp_step=step)
    return affected_rows(db.execute(statement)) == 1


def use_recovery_code(db: Session, user_id: int, typed: str) -> bool:
    """Use up a recovery code; returns False if it is wrong or was used before."""
    user = db.get(User, user_id)
    codes = list(user.mf_recovery_codes or []) if user else []
    code = _normalized(typed)
    left = [c for c in codes if _normalized(c) != code]
    if len(left) == len(codes):
        return False
    is_unchanged = User.mf_recovery_codes == codes  # two requests at the same time do not both use it
    statement = update(User).where(User.id == user_id, is_unchanged).values(mf_recovery_codes=left)
    return affected_rows(db.execute(statement.execution_options(synchronize_session=False))) == 1


def turn_off(user: User) -> None:
    """Turn the second factor off. Its recovery codes stop working."""
    user.tf_primary_method = user.tf_totp_secret = None
    user.mf_recovery_codes = None


def _normalized(code: str) -> str:
    """A recovery code as it is compared: people leave out hyphens and type capitals."""
    return "".join(c for c in code.lower() if c.isalnum())
