"""The names that people chose to show in public."""

from sqlalchemy import Connection, select

from app.services.accounts.models import FormerName, User

_CHOSEN = select(User.person, User.name).where(User.shows_name, User.name != "")
_SHOWN = select(FormerName.person, FormerName.name).union_all(_CHOSEN)


def public_names(db: Connection) -> dict[str, str]:
    """The chosen names by id. Others are shown by their role."""
    return {row.person: row.name for row in db.execute(_SHOWN)}
