"""A flow between two days: grey for what did not change, the colour of the new status for what did."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from unicodedata import east_asian_width

from msgspec import Struct

from app.presentation.charts.flow import STATUS_ORDER
from app.presentation.charts.spread import LABEL_PX, spread
from domain.codes import Status
from projections.scorecards.comparison import Moves

TOP_PX, HEIGHT_PX = 8, 256
"""The space above the bars, and their height."""
MAX_LABEL_WIDTH = 21
"""In half-width characters."""
MAX_MOVES, MAX_RECOMMENDATIONS = 12, 60
"""With more, the table is shown open: a chart of so many bands is hard to read."""

Side = Status | None
"""A status on one of the days; None is not on that scorecard."""
_FROM_TOP: tuple[Side, ...] = (None, *reversed(STATUS_ORDER))


class Ribbon(Struct, frozen=True):
    """From a place on the first day to one on the second; positions and height in pixels."""

    status: str
    """The new status, empty if it did not change."""
    left: float
    right: float
    height: float

    @property
    def left_foot(self) -> float:
        return round(self.left + self.height, 2)

    @property
    def right_foot(self) -> float:
        return round(self.right + self.height, 2)


class Bar(Struct, frozen=True):
    """A status on one day: its part of the bar, and the middle of its label."""

    status: Side
    number: int
    y: float
    height: float
    label: float


class CountedMove(Struct, frozen=True):
    """A row of the table."""

    before: Side
    after: Side
    number: int


class MoveChart(Struct, frozen=True):
    ribbons: tuple[Ribbon, ...]
    left: tuple[Bar, ...]
    right: tuple[Bar, ...]
    rows: tuple[CountedMove, ...]
    """What changed first, then what did not; each in the order of the ladder."""
    total: int

    @property
    def height(self) -> int:
        return TOP_PX + HEIGHT_PX + LABEL_PX // 2

    @property
    def is_crowded(self) -> bool:
        return len(self.rows) > MAX_MOVES or self.total > MAX_RECOMMENDATIONS


def build_move_chart(moves: Moves) -> MoveChart:
    """The moves from the first day to the second, both as known at the second instant."""
    numbers: dict[tuple[Side, Side], int] = defaultdict(int)
    for move in moves.moves:
        if move.b or move.c:
            numbers[move.b, move.c] += move.number
    total = sum(numbers.values())
    unit = HEIGHT_PX / max(total, 1)
    pairs = [(b, c) for b in _FROM_TOP for c in _FROM_TOP if numbers.get((b, c))]
    lefts = _stack(pairs, numbers, unit)
    rights = _stack(sorted(pairs, key=lambda pair: (_FROM_TOP.index(pair[1]), _FROM_TOP.index(pair[0]))), numbers, unit)
    ribbons = [
        Ribbon(c.value if c and b is not c else "", lefts[b, c], rights[b, c], round(numbers[b, c] * unit, 2))
        for b, c in sorted(pairs, key=lambda pair: pair[0] is not pair[1])
        if c
    ]
    rows = [CountedMove(b, c, numbers[b, c]) for b, c in sorted(pairs, key=lambda pair: pair[0] is pair[1])]
    return MoveChart(
        ribbons=tuple(ribbons),
        left=_bars((b, numbers[b, c]) for b, c in pairs) if total else (),
        right=_bars((c, numbers[b, c]) for b, c in pairs) if total else (),
        rows=tuple(rows),
        total=total,
    )


def chart_label(text: str) -> str:
    """A text cut to the width of the column of labels; the table gives it whole."""
    width = 0
    for place, character in enumerate(text):
        width += 2 if east_asian_width(character) in "WF" else 1
        if width > MAX_LABEL_WIDTH:
            return text[:place].rstrip() + "…"
    return text


def _stack(
    pairs: Sequence[tuple[Side, Side]], numbers: dict[tuple[Side, Side], int], unit: float
) -> dict[tuple[Side, Side], float]:
    """The top of each move on one side, one below the other."""
    places, y = {}, float(TOP_PX)
    for pair in pairs:
        places[pair] = round(y, 2)
        y += numbers[pair] * unit
    return places


def _bars(counted: Iterable[tuple[Side, int]]) -> tuple[Bar, ...]:
    numbers: dict[Side, int] = defaultdict(int)
    for status, number in counted:
        numbers[status] += number
    unit = HEIGHT_PX / sum(numbers.values())
    y, bars = float(TOP_PX), []
    for status in _FROM_TOP:
        if numbers.get(status):
            height = numbers[status] * unit
            bars.append((status, numbers[status], y, height))
            y += height
    labels = spread([y + height / 2 for _, _, y, height in bars], TOP_PX, TOP_PX + HEIGHT_PX)
    return tuple(
        Bar(status, number, round(y, 2), round(height, 2), round(label, 1))
        for (status, number, y, height), label in zip(bars, labels, strict=True)
    )
