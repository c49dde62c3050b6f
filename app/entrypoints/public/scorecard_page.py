"""Rows of a scorecard page at its pair of times: everything that is read of the recommendations that it shows."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import date

from msgspec import Struct

from app.entrypoints.public.page import Page
from app.entrypoints.public.register_names import RegisterNames
from app.presentation.charts.axis import Axis, build_axis
from app.presentation.charts.flow import STATUS_ORDER
from app.presentation.charts.strips import Strip, build_strip
from app.presentation.i18n.ordering import ItemOrder
from app.presentation.narrative.lineage import Edition, Editions
from app.presentation.narrative.review_days import ReviewDay, review_days
from domain.codes import Bucket, Status
from domain.values import Body, Element, RecommendationFacts, Theme
from projections.addressees.queries import NOT_ASKED, asked
from projections.catalogue import queries as catalogue
from projections.scorecards.queries import standings_of
from projections.scorecards.results import Standing
from projections.scorecards.status_history import StatusHistory, status_histories

MAX_DRAWN_ROWS = 2_000
"""Status histories are drawn for lists of at most so many recommendations."""


class ScorecardRow(Struct, frozen=True):
    """One recommendation on the page; `history` and `strip` are empty if histories are not drawn."""

    facts: RecommendationFacts
    standing: Standing
    addressees: tuple[Body, ...]
    elements: dict[str, Element]
    history: StatusHistory
    strip: Strip | None
    successors: tuple[Edition, ...] = ()

    @property
    def changed_on(self) -> date | None:
        """The day on which the current status began."""
        return self.history[-1].start if self.history else None


class DrawnHistories(Struct, frozen=True):
    """The time axis of a list, and the status histories drawn on it, by recommendation; none where it is too long."""

    axis: Axis
    reviews: list[ReviewDay]
    histories: Mapping[str, StatusHistory]


def draw_histories(
    page: Page, total: int, ids: Collection[str] | None = None, first: date | None = None
) -> DrawnHistories:
    """Those of some recommendations, or of all, of a list of `total`.

    `first` is the day on which the first of the list was recommended; without it, the first of those drawn.
    """
    times, is_drawn = page.times, 0 < total <= MAX_DRAWN_ROWS
    reviews = review_days(page.schedules, times.as_of)
    histories = status_histories(page.db, page.id, times.known_at, times.as_of, ids) if is_drawn else {}
    starts = [first] if is_drawn and first else [history[0].start for history in histories.values()]
    return DrawnHistories(build_axis(starts, reviews, times.as_of), reviews, histories)


class ScorecardPage:
    """The rows of some recommendations on a scorecard, in the order of the page."""

    def __init__(
        self,
        page: Page,
        only: Collection[str],
        *,
        names: RegisterNames | None = None,
        drawn: DrawnHistories | None = None,
    ) -> None:
        db, known, register = page.db, page.times.known_at, page.id
        self.methodology = page.methodology
        self.names = names or RegisterNames.of(page)
        standings_by_id = standings_of(db, register, page.times.pair, only)
        facts = catalogue.recommendations_of(db, register, known, only)
        drawn = drawn or draw_histories(page, len(standings_by_id), only)
        self.axis, self.reviews, self.histories = drawn.axis, drawn.reviews, drawn.histories
        self.reach, self.evidence_to = self.names.reach, page.entry.settings.evidence_to
        self.asked = asked(db, register, known, only)
        self.day = page.times.as_of
        elements: dict[str, dict[str, Element]] = defaultdict(dict)
        for ident, element in _elements(page, standings_by_id.values()).items():
            elements[ident[0]][ident[1]] = element
        successors = _successors(page, standings_by_id.values())
        order = ItemOrder({i: e.facts for i, e in facts.items()}, self.names.themes)
        self.rows = {
            s.id: ScorecardRow(
                facts=facts[s.id].facts,
                standing=s,
                addressees=tuple(self.bodies_asked(s)),
                elements=elements[s.id],
                history=self.histories.get(s.id, ()),
                successors=successors.get(s.id, ()),
                strip=self._strip(facts[s.id].facts),
            )
            for s in sorted(standings_by_id.values(), key=lambda s: order.key(s.id))
        }

    def _strip(self, facts: RecommendationFacts) -> Strip | None:
        history = self.histories.get(facts.id)
        return build_strip(history, self.axis, self.reach, facts.recommended_on) if history else None

    def entries(self, page: Page, ids: Collection[str]) -> dict[str, tuple[RecommendationFacts, Standing]]:
        """The facts and standings of some recommendations; those that are no rows here are read."""
        found = {ident: (row.facts, row.standing) for ident in ids if (row := self.rows.get(ident))}
        if missing := [ident for ident in ids if ident not in found]:
            facts = catalogue.recommendations_of(page.db, page.id, page.times.known_at, missing)
            standings = standings_of(page.db, page.id, page.times.pair, missing)
            found |= {ident: (facts[ident].facts, standing) for ident, standing in standings.items()}
        return found

    def in_bucket(self, bucket: Bucket) -> list[ScorecardRow]:
        """The rows that count in a bucket, in status order."""
        rows = [row for row in self.rows.values() if row.standing.bucket == bucket]
        return sorted(rows, key=lambda row: STATUS_ORDER.index(row.standing.status))

    def bodies_asked(self, standing: Standing) -> list[Body]:
        """Every body that is asked on the day, under the name it has now."""
        ids = self.asked.get(standing.id, NOT_ASKED).bodies_on(self.day, (e.id for e in standing.elements))
        return self.names.current_bodies(ids)

    def theme(self, ident: str) -> Theme:
        return self.names.theme(ident)


def _elements(page: Page, of: Iterable[Standing]) -> dict[tuple[str, str], Element]:
    names = [(standing.id, element.id) for standing in of for element in standing.elements]
    return catalogue.elements_by_id(page.db, page.id, page.times.known_at, names)


def _successors(page: Page, of: Iterable[Standing]) -> dict[str, tuple[Edition, ...]]:
    """The successors that rows name: those of what is superseded."""
    superseded = [standing.id for standing in of if standing.status is Status.SUPERSEDED]
    if not superseded:
        return {}
    editions = Editions(page.db, page.entry, page.times.pair)
    keys = editions.successors_in_register(superseded)
    return {i: tuple(edition for key in of_item if (edition := editions.find(key))) for i, of_item in keys.items()}
