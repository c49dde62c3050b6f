"""The numbers that key the rows of the scorecards."""

from sqlalchemy import Column, Connection, select

from projections.scorecards.tables import items, registers, spans


class RowNumbers:
    """The next free numbers of items and spans, and the number of each register."""

    def __init__(self, db: Connection) -> None:
        self.registers: dict[str, int] = {r.register: r.register_no for r in db.execute(select(registers))}
        self._item = _highest(db, items.c.item_no)
        self._span = _highest(db, spans.c.span_no)

    def next_item(self) -> int:
        self._item += 1
        return self._item

    def next_span(self) -> int:
        self._span += 1
        return self._span


def _highest(db: Connection, column: Column[int]) -> int:
    return db.scalar(select(column).order_by(column.desc()).limit(1)) or 0
