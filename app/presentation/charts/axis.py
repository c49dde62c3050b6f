"""The time axis of charts: positions in percent of its width."""

from collections.abc import Sequence
from datetime import date

from msgspec import Struct

from app.presentation.narrative.review_days import ReviewDay

LEAD_DAYS, MIN_DAYS = 45, 30
"""How many days before the first review the axis starts, and the least number of days on it."""


class Axis(Struct, frozen=True):
    """Days from `start` to `end`, both included."""

    start: date
    end: date

    def at(self, day: date) -> float:
        """The position of the start of a day in percent, clamped to the axis."""
        total = (self.end - self.start).days + 1
        return round(min(max(100 * (day - self.start).days / total, 0.0), 100.0), 2)

    def contains(self, day: date) -> bool:
        return self.start <= day <= self.end

    def years(self) -> list[tuple[float, str]]:
        """The first day of each year, at most twelve of them."""
        return self.years_at(max(1, -(-(self.end.year - self.start.year) // 12)))

    def years_at(self, step: int) -> list[tuple[float, str]]:
        """The first day of each year that `step` divides."""
        years = range(self.start.year + 1, self.end.year + 1)
        return [(self.at(date(y, 1, 1)), str(y)) for y in years if y % step == 0]


def build_axis(recommended: Sequence[date], reviews: Sequence[ReviewDay], end: date) -> Axis:
    """An axis from shortly before the first recurring review, else the first recommendation, to `end`."""
    anchors = [r.on for r in reviews if r.years == 0]
    first = min(anchors or recommended, default=end)
    return Axis(min(_days_before(first, LEAD_DAYS), _days_before(end, MIN_DAYS)), end)


def _days_before(day: date, days: int) -> date:
    return date.fromordinal(max(day.toordinal() - days, 1))
