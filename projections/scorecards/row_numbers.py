"""The numbers that key the rows of the scorecards."""

from sqlalchemy import Column, Connection, select

from projections.scorecards.tables import registers, spans


class RowNumbers:
    """The next free number of spans, and the number of each register."""

    def __init__(self, db: Connection) -> None:
        self.registers: dict[str, int] = {r.register: r.register_no for r in db.execute(select(registers))}
        self._span = _highest(db, spans.c.span_no)

    def next_span(self) -> int:
        self._span += 1
        return self._span


def _highest(db: Connection, column: Column[int]) -> int:
    return db.scalar(select(column).order_by(column.desc()).limit(1)) or 0
