"""The days that stand out in the record of a register, for the numbers on its chart."""

from collections import defaultdict
from datetime import date
from itertools import pairwise

from msgspec import Struct

from app.entrypoints.public.page import Page
from app.entrypoints.public.scorecard_page import DrawnHistories
from app.presentation.charts.bands import are_apart
from app.presentation.i18n.translation import ngettext
from app.presentation.narrative.statement import PresentStatement, present_statement
from domain.codes import Bucket, Status
from domain.values import RecommendationFacts
from projections.catalogue import queries as catalogue
from projections.engine.position import position_of
from projections.scorecards.queries import standings
from projections.scorecards.results import TimePair
from projections.scorecards.status_history import StatusPeriod

MAX_DAYS = 3
TURN_WEIGHT = 10
"""What a turn counts for: a change to or from done, or a reversal. Any other change counts for one."""


class NotableChange(Struct, frozen=True):
    recommendation: str
    before: StatusPeriod
    after: StatusPeriod

    @property
    def weight(self) -> int:
        is_turn = (self.before.bucket is Bucket.DONE) != (self.after.bucket is Bucket.DONE)
        return TURN_WEIGHT if is_turn or self.after.status is Status.REVERSED else 1


class NotableDay(Struct, frozen=True):
    """The weightiest change of a day, as precise as the day was written, and how many more there were.

    `x` is its place in percent, `why` what the record says of it.
    """

    on: str
    x: float
    facts: RecommendationFacts
    change: NotableChange
    more: int
    why: PresentStatement | None

    @property
    def more_words(self) -> str:
        """How many more changed on the day, or in the month or year; empty if none did."""
        if not self.more:
            return ""
        if len(self.on) == len("2024-01-01"):
            return ngettext("%(num)d more changed on that day.", "%(num)d more changed on that day.", self.more)
        return ngettext("%(num)d more changed in that time.", "%(num)d more changed in that time.", self.more)


def notable_days(page: Page, drawn: DrawnHistories) -> list[NotableDay]:
    """At most three days, those with the weightiest changes, oldest first; numbers on them do not collide."""
    days: dict[tuple[date, str], list[NotableChange]] = defaultdict(list)
    for ident, history in drawn.histories.items():
        for before, after in pairwise(history):
            if drawn.axis.contains(after.start):
                days[after.start, after.start_on].append(NotableChange(ident, before, after))
    by_weight = sorted(days.items(), key=lambda item: (sum(c.weight for c in item[1]), item[0]), reverse=True)
    places: dict[float, tuple[date, str, list[NotableChange]]] = {}
    for (day, on), changes in by_weight:
        x = drawn.axis.at(day)
        if len(places) < MAX_DAYS and are_apart(x, list(places)):
            places[x] = day, on, changes
    weightiest = {x: min(changes, key=lambda c: (-c.weight, c.recommendation)) for x, (*_, changes) in places.items()}
    named = {change.recommendation for change in weightiest.values()}
    facts = catalogue.recommendations_of(page.db, page.id, page.times.known_at, named)
    return [
        NotableDay(on, x, facts[ident].facts, change, len(changes) - 1, _reason(page, ident, day))
        for x, (day, on, changes) in sorted(places.items())
        for change in (weightiest[x],)
        for ident in (change.recommendation,)
    ]


def _reason(page: Page, recommendation: str, day: date) -> PresentStatement | None:
    """What the record says of a day: the same on pages about other days, so it is remembered."""
    pair = TimePair(day, page.times.known_at)

    def find() -> PresentStatement | None:
        standing = standings(page.db, page.id, pair, recommendation).get(recommendation)
        return present_statement(page.db, page.id, pair, standing)

    return page.services.memory.answer(position_of(page.db), ("reason", page.id, recommendation, pair), find)
