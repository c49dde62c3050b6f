"""The numbers of a scorecard on any day as known now, from the changes of each day, without its rows."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from datetime import date, datetime

from msgspec import Struct
from sqlalchemy import Connection, select, text

from domain.codes import DeadlineState, Status
from domain.times import to_microseconds
from projections.scorecards.day_changes import BLOCK_BITS, CODE, DUE, LOW_CONFIDENCE, MOTION, STALE, WHOLE, theme_scope
from projections.scorecards.results import Counts, DueCounts
from projections.scorecards.status_codes import status_of
from projections.scorecards.tables import day_counts, registers
from projections.scorecards.tally import count_due_groups, count_measures

_LARGE_BLOCKS = "level = 2 AND block < :large"
_BLOCKS = "level = 1 AND block >= :first_block AND block < :block"
_DAYS = "level = 0 AND block >= :first_day AND block <= :day"
_UP_TO = " UNION ALL ".join(
    f"SELECT measure, n FROM day_counts WHERE register_no = :r AND scope = :s AND {part}"
    for part in (_LARGE_BLOCKS, _BLOCKS, _DAYS)
)
_NUMBERS = text(f"SELECT measure, sum(n) AS n FROM ({_UP_TO}) AS blocks GROUP BY measure")
_OF_SCOPES = " UNION ALL ".join(
    f"SELECT scopes.name, measure, n FROM scopes CROSS JOIN day_counts"
    f" WHERE register_no = :r AND scope = scopes.name AND {part} AND measure LIKE '{CODE}%'"
    for part in (_LARGE_BLOCKS, _BLOCKS, _DAYS)
)
_SCOPES = "WITH scopes AS (SELECT DISTINCT scope AS name FROM day_counts WHERE register_no = :r AND level = 2)"
_NUMBERS_OF_SCOPES = text(
    f"{_SCOPES} SELECT name, measure, sum(n) AS n FROM ({_OF_SCOPES}) AS blocks GROUP BY name, measure"
)
"""SQLite reads the tables in the order of a CROSS JOIN."""
_SCOPES_IN_USE = text(
    f"{_SCOPES} SELECT name FROM scopes WHERE"
    " (SELECT min(block) FROM day_counts WHERE register_no = :r AND level = 0 AND scope = name) <= :day"
)


class DayNumbers(Struct, frozen=True):
    """The numbers of a scope on a day, by measure."""

    of: Mapping[str, int]

    @property
    def counts(self) -> Counts:
        return count_measures(
            codes=self._numbered(CODE),
            motions=self._numbered(MOTION),
            stale=self.of.get(STALE, 0),
            low_confidence=self.of.get(LOW_CONFIDENCE, 0),
        )

    @property
    def dues(self) -> DueCounts:
        return count_due_groups((s.value, n) for s in DeadlineState if (n := self.of.get(f"{DUE}{s.value}", 0)))

    def names(self, prefix: str) -> frozenset[str]:
        """What is counted under a prefix."""
        return frozenset(measure.removeprefix(prefix) for measure in self.of if measure.startswith(prefix))

    def _numbered(self, prefix: str) -> dict[int, int]:
        return {int(m.removeprefix(prefix)): n for m, n in self.of.items() if m.startswith(prefix)}


def counted_number(db: Connection, register: str, known_at: datetime) -> int | None:
    """The number of a register of which nothing changed after an instant, so that its day counts can be used."""
    r = registers.c
    return db.scalar(select(r.register_no).where(r.register == register, r.changed_at <= to_microseconds(known_at)))


def numbers_on(db: Connection, register_no: int, day: date, theme: str | None = None) -> DayNumbers:
    """The numbers of a scorecard, or of one theme's, on a day."""
    scope = WHOLE if theme is None else theme_scope(theme)
    rows = db.execute(_NUMBERS, {"r": register_no, "s": scope, **_ranges(day)})
    return DayNumbers({row.measure: row.n for row in rows if row.n})


def themes_on(db: Connection, register_no: int, day: date) -> frozenset[str]:
    """The themes that have something on the scorecard of a day."""
    names = db.scalars(_SCOPES_IN_USE, {"r": register_no, "day": day.toordinal()})
    return frozenset(name.removeprefix(theme_scope("")) for name in names if name != WHOLE)


def statuses_of_themes(db: Connection, register_no: int, day: date) -> dict[str, Counter[Status]]:
    """How many recommendations of each theme have which status."""
    found: dict[str, Counter[Status]] = defaultdict(Counter)
    for row in db.execute(_NUMBERS_OF_SCOPES, {"r": register_no, **_ranges(day)}):
        if row.n and row.name != WHOLE:
            found[row.name.removeprefix(theme_scope(""))][status_of(int(row.measure.removeprefix(CODE)))] += row.n
    return dict(found)


def first_counted_day(db: Connection, register_no: int, theme: str | None = None) -> date | None:
    """The first day on which something was recommended."""
    c, scope = day_counts.c, WHOLE if theme is None else theme_scope(theme)
    of_scope = (c.register_no == register_no, c.level == 0, c.scope == scope)
    day = db.scalar(select(c.block).where(*of_scope).order_by(c.block).limit(1))
    return None if day is None else date.fromordinal(day)


def _ranges(as_of: date) -> dict[str, int]:
    """The blocks whose changes add up to the number on a day: large ones, then smaller, then days."""
    day, (_, bits, large_bits) = as_of.toordinal(), BLOCK_BITS
    large, block = day >> large_bits, day >> bits
    return {
        "large": large,
        "first_block": large << large_bits - bits,
        "block": block,
        "first_day": block << bits,
        "day": day,
    }
