"""The public state of a register: the last event that a page about it can show, its own or of a register it refers to.

Registers that refer to each other, directly or by others, share their state: a page shows relations and editions from
both sides. Registers that are not open yet have no part in it.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime

from msgspec import Struct
from sqlalchemy import Connection, select, text

from domain.times import from_microseconds
from projections.engine.position import position_of
from projections.public_states.tables import public_states, register_links

_LAST = text("""
    WITH RECURSIVE family(register) AS (
        SELECT CAST(:register AS TEXT)
        UNION
        SELECT l.other FROM family f
        JOIN register_links l ON l.register = f.register
        JOIN public_states s ON s.register = l.other AND s.is_open
    )
    SELECT max(position), max(stamp) FROM public_states
    WHERE register = '' OR register IN (SELECT register FROM family)
""")


class LastPublicEvent(Struct, frozen=True):
    """The last event that counts: its position in the log and its stamp (µs); both are 0 before the first."""

    position: int = 0
    stamp: int = 0

    @property
    def at(self) -> datetime:
        """When that event was recorded."""
        return from_microseconds(self.stamp)


class RegisterRow(Struct, frozen=True):
    """The state of one register alone."""

    state: LastPublicEvent
    is_open: bool


class PublicStateMap:
    """The public states of all registers at one position of the log."""

    def __init__(self, rows: Mapping[str, RegisterRow], links: Iterable[tuple[str, str]]) -> None:
        self.rows = rows
        self.links: dict[str, list[str]] = {}
        for register, other in links:
            self.links.setdefault(register, []).append(other)
        self._known: dict[str, LastPublicEvent] = {}
        shown = [name for name, row in rows.items() if row.is_open or not name]
        self.of_site = self._latest(shown)
        """Of all open registers."""

    def of(self, register: str) -> LastPublicEvent:
        if register not in self._known:
            self._known[register] = self._latest(["", *self._family(register)])
        return self._known[register]

    def changed_after(self, position: int) -> list[str]:
        """The open registers whose state has changed since a position of the log."""
        return [name for name, row in self.rows.items() if name and row.is_open and self.of(name).position > position]

    def _family(self, register: str) -> list[str]:
        family = [register]
        for member in family:
            others = self.links.get(member, ())
            family += [o for o in others if o not in family and o in self.rows and self.rows[o].is_open]
        return family

    def _latest(self, registers: Iterable[str]) -> LastPublicEvent:
        states = [self.rows[name].state for name in registers if name in self.rows]
        return LastPublicEvent(max((s.position for s in states), default=0), max((s.stamp for s in states), default=0))


def public_state(db: Connection, register: str) -> LastPublicEvent:
    """The public state of one register."""
    position, stamp = db.execute(_LAST, {"register": register}).one()
    return LastPublicEvent(position or 0, stamp or 0)


def last_public_at(db: Connection, register: str) -> datetime:
    """When the last event was recorded that a page about a register can show; of the whole log before the first."""
    state = public_state(db, register)
    return state.at if state.position else from_microseconds(position_of(db).stamp)


def all_public_states(db: Connection) -> PublicStateMap:
    """Reads both tables, which grow with the number of registers only."""
    s, links = public_states.c, register_links.c
    rows = {
        row.register: RegisterRow(LastPublicEvent(row.position, row.stamp), row.is_open)
        for row in db.execute(select(s.register, s.position, s.stamp, s.is_open))
    }
    return PublicStateMap(rows, [(row.register, row.other) for row in db.execute(select(links.register, links.other))])
