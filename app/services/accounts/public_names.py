"""The names that people chose to show in public, and the mark of what else pages show from the accounts' database."""

from sqlalchemy import Connection, column, literal, select, table, text

from app.services.accounts.models import FormerName, User

MARK = "shown copies"
_CHOSEN = select(User.person, User.name).where(User.shows_name, User.name != "")
_SHOWN = select(FormerName.person, FormerName.name).union_all(_CHOSEN)
_SHARED = table("shared_values", column("name"), column("value"), schema="public")
_MARK = select(literal(""), _SHARED.c.value).where(_SHARED.c.name == MARK)
_WITH_MARK = select(FormerName.person, FormerName.name).union_all(_CHOSEN, _MARK)
"""In one statement, since it is asked for every page."""
_CHANGE = text(
    "INSERT INTO public.shared_values AS s (name, value) VALUES (:name, '1') "
    "ON CONFLICT (name) DO UPDATE SET value = CAST(CAST(s.value AS bigint) + 1 AS text)"
)


def public_names(db: Connection) -> dict[str, str]:
    """The chosen names by id. Others are shown by their role."""
    return {row.person: row.name for row in db.execute(_SHOWN)}


def public_names_and_mark(db: Connection) -> tuple[dict[str, str], str]:
    """The same, and the mark that `change_mark` leaves; empty if it never did."""
    names = {row.person: row.name for row in db.execute(_WITH_MARK)}
    return names, names.pop("", "")


def change_mark(db: Connection) -> None:
    """Replace the mark, so that every process of every machine shows copies and notes of sources as they are now."""
    db.execute(_CHANGE, {"name": MARK})
