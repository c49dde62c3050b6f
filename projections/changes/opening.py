"""The opening of a register as one change, with the numbers of what it was opened with."""

from sqlalchemy import Connection, func, select, update

from domain.register.events import RegisterOpened
from projections.changes.tables import StoredChange, changes
from projections.engine.batches import RecordedEvent


def count_opening(db: Connection, register: str, position: int) -> None:
    """Store what a register is opened with: what was published, and not withdrawn, before."""
    earlier = (changes.c.register == register, changes.c.position < position)
    query = select(changes.c.kind, func.count().label("n")).where(*earlier).group_by(changes.c.kind)
    numbers: dict[str, int] = {row.kind: row.n for row in db.execute(query)}
    values = {
        "recommendations": numbers.get("registered", 0) - numbers.get("recommendation_withdrawal", 0),
        "assessments": numbers.get("assessment", 0) - numbers.get("withdrawal", 0),
    }
    db.execute(update(changes).where(changes.c.position == position).values(values))


def add_opening(recorded: RecordedEvent[RegisterOpened], rows: list[StoredChange]) -> None:
    rows.append(
        StoredChange(
            position=recorded.position,
            register=recorded.event.register,
            kind="opened",
            recorded_at=recorded.recorded_at,
            at=recorded.recorded_at,
        )
    )
