"""The rows of a scorecard page at its pair of times."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import date

from msgspec import Struct

from app.entrypoints.public.page import Page
from app.presentation.charts.axis import Axis, build_axis
from app.presentation.charts.flow import STATUS_ORDER
from app.presentation.charts.strips import Strip, build_strip
from app.presentation.i18n.ordering import ItemOrder, bodies_in_order, themes_in_order
from app.presentation.narrative.lineage import Edition, Editions
from app.presentation.narrative.review_days import ReviewDay, review_days
from domain.codes import Bucket, Position, Status
from domain.recommendation.lineage import ItemKey
from domain.times import first_day
from domain.values import Body, Element, Publication, RecommendationFacts, Theme
from projections.addressees.queries import NOT_ASKED, asked
from projections.catalogue import queries as catalogue
from projections.catalogue.entries import ElementEntry
from projections.responses import queries as responses
from projections.scorecards.queries import standings, standings_of
from projections.scorecards.results import Standing
from projections.scorecards.status_history import StatusHistory, status_histories

MAX_DRAWN_ROWS = 2_000
"""Status histories are drawn for at most so many recommendations."""


class ScorecardRow(Struct, frozen=True):
    """One recommendation on the page; `history` and `strip` are empty if histories are not drawn."""

    facts: RecommendationFacts
    standing: Standing
    addressees: tuple[Body, ...]
    elements: dict[str, Element]
    bodies: frozenset[str]
    """Those that are asked on the day, about it or one of its elements."""
    history: StatusHistory
    strip: Strip | None
    successors: tuple[Edition, ...] = ()

    @property
    def changed_on(self) -> date | None:
        """The day on which the current status began."""
        return self.history[-1].start if self.history else None


class ScorecardPage:
    """The rows of a register's scorecard, in the order of the page; with `only`, those of some recommendations."""

    def __init__(self, page: Page, only: Collection[str] | None = None) -> None:
        db, known, until = page.db, page.times.known_at, page.times.as_of
        self.methodology = page.methodology
        pair, register = page.times.pair, page.id
        standings_by_id = standings(db, register, pair) if only is None else standings_of(db, register, pair, only)
        facts = (
            catalogue.recommendations(db, register, known)
            if only is None
            else catalogue.recommendations_of(db, register, known, only)
        )
        self.tree = catalogue.body_tree(db, register, known)
        self.bodies = self.tree.bodies
        self.asked = asked(db, register, known, only)
        self.day = until
        self.themes: dict[str, Theme] = catalogue.themes(db, register, known)
        self.publications: dict[str, Publication] = catalogue.publications(db, register, known)
        self.settings = page.entry.settings
        self.reach = first_day(page.entry.settings.evidence_to) if page.entry.settings.evidence_to else None
        self.reviews: list[ReviewDay] = review_days(page.schedules, until)
        self.histories = (
            status_histories(db, register, known, until, only) if 0 < len(standings_by_id) <= MAX_DRAWN_ROWS else {}
        )
        recommended = [history[0].start for history in self.histories.values()]
        self.axis: Axis = build_axis(recommended, self.reviews, until)
        elements: dict[str, dict[str, Element]] = defaultdict(dict)
        for entry in _elements(page, standings_by_id.values(), only):
            elements[entry.recommendation][entry.element.id] = entry.element
        editions = Editions(db, page.entry, pair)
        self.successors = {i: k for i, k in editions.successors_in_register(only).items() if i in standings_by_id}
        order = ItemOrder({i: e.facts for i, e in facts.items()}, self.themes)
        self._page = page
        self.rows = {
            s.id: ScorecardRow(
                facts=facts[s.id].facts,
                standing=s,
                addressees=tuple(self.bodies_asked(s)),
                bodies=frozenset(body.id for body in self.bodies_asked(s)),
                elements=elements[s.id],
                history=self.histories.get(s.id, ()),
                successors=_named(editions, s, self.successors),
                strip=self._strip(facts[s.id].facts),
            )
            for s in sorted(standings_by_id.values(), key=lambda s: order.key(s.id))
        }

    def _strip(self, facts: RecommendationFacts) -> Strip | None:
        history = self.histories.get(facts.id)
        return build_strip(history, self.axis, self.reach, facts.recommended_on) if history else None

    def in_bucket(self, bucket: Bucket) -> list[ScorecardRow]:
        """The rows that count in a bucket, in status order."""
        rows = [row for row in self.rows.values() if row.standing.bucket == bucket]
        return sorted(rows, key=lambda row: STATUS_ORDER.index(row.standing.status))

    @property
    def positions(self) -> dict[Position, int]:
        """How many recommendations of the register have a response in force, by its position."""
        times = self._page.times
        return responses.counts_by_position(self._page.db, self._page.id, times.as_of, times.known_at)

    def with_position(self, position: Position) -> set[str]:
        """The ids of the recommendations to which a response in force takes a position."""
        times = self._page.times
        return responses.recommendations_with(self._page.db, self._page.id, position, times.as_of, times.known_at)

    def bodies_asked(self, standing: Standing) -> list[Body]:
        """Every body that is asked on the day, under the name it has now."""
        ids = self.asked.get(standing.id, NOT_ASKED).bodies_on(self.day, (e.id for e in standing.elements))
        current = dict.fromkeys(self.tree.current(b) for b in ids)
        return [self.bodies.get(b) or Body(id=b, name=b) for b in current]

    def theme(self, ident: str) -> Theme:
        """A theme without a row of its own shows its id."""
        return self.themes.get(ident) or Theme(id=ident, title=ident)

    @property
    def themes_in_use(self) -> list[Theme]:
        return themes_in_order(self.theme(t) for t in {row.standing.theme for row in self.rows.values()})

    @property
    def publications_in_use(self) -> list[Publication]:
        """The publications that contain a recommendation of the page, in the order in which they were added."""
        used = {p for row in self.rows.values() for p in (row.facts.publication, *row.facts.also_in)}
        return [p for p in self.publications.values() if p.id in used]

    @property
    def bodies_in_use(self) -> list[Body]:
        """The bodies that are asked, or have a part that is."""
        asked_bodies = {b for row in self.rows.values() for b in row.bodies}
        return bodies_in_order(
            b
            for b in self.bodies.values()
            if b.id not in self.tree.merged_into and not asked_bodies.isdisjoint(self.tree.with_parts(b.id))
        )


def _elements(page: Page, of: Iterable[Standing], only: Collection[str] | None) -> list[ElementEntry]:
    if only is None:
        return catalogue.elements(page.db, page.id, page.times.known_at)
    names = [f"{standing.id}/{element.id}" for standing in of for element in standing.elements]
    return list(catalogue.facts_of(page.db, page.id, "element", page.times.known_at, names).values())


def _named(editions: Editions, standing: Standing, successors: dict[str, list[ItemKey]]) -> tuple[Edition, ...]:
    """The successors that a row names: those of what is superseded."""
    if standing.status is not Status.SUPERSEDED:
        return ()
    return tuple(edition for key in successors.get(standing.id, ()) if (edition := editions.find(key)))
