"""The overview of a register, found by looking at every recommendation: slow and obvious."""

from datetime import date

from sqlalchemy import Connection

from app.services.overview.filters import OverviewFilter, SortOrder
from app.services.overview.items import STATUS_ORDER
from domain.codes import DeadlineState, Freshness, Status
from domain.ordering import item_key, natural_key
from domain.recommendation.events import RecommendationWithdrawn
from domain.times import first_day
from domain.values import RecommendationFacts, TranslatedFact, translation_of
from projections.addressees.queries import asked
from projections.assessments.queries import each_published
from projections.catalogue import queries as catalogue
from projections.engine.batches import END_OF_TIME
from projections.scorecards.queries import standings
from projections.scorecards.results import Standing, TimePair
from projections.timeline import queries as timeline
from projections.worklist.queries import open_proposals


class SlowOverview:
    def __init__(self, db: Connection, register: str, today: date) -> None:
        events = [e.event for e in timeline.newest(db, [register], limit=100_000)]
        withdrawn = {e.recommendation for e in events if isinstance(e, RecommendationWithdrawn)}
        entries = catalogue.recommendations(db, register, END_OF_TIME)
        self.facts = {i: e.facts for i, e in entries.items() if i not in withdrawn}
        self.log_order = {ident: place for place, ident in enumerate(entries)}
        self.standings = standings(db, register, TimePair(today, END_OF_TIME))
        self.tree = catalogue.body_tree(db, register, END_OF_TIME)
        self.asked = asked(db, register, END_OF_TIME)
        self.elements = {i: [e.element for e in catalogue.elements(db, register, END_OF_TIME, i)] for i in self.facts}
        self.criteria = {i: catalogue.success_criteria(db, register, END_OF_TIME, i) for i in self.facts}
        self.open = {p.recommendation for p in open_proposals(db, register)}
        self.published = {p.recommendation for p in each_published(db, register) if p.withdrawal is None}
        self.today = today

    def ids(self, wanted: OverviewFilter) -> list[str]:
        """Those that match, in their order."""
        return sorted((i for i in self.facts if self._matches(i, wanted)), key=lambda i: self._key(i, wanted.order))

    def _matches(self, ident: str, wanted: OverviewFilter) -> bool:
        standing = self.standings.get(ident)
        return (
            (not wanted.status or (standing is not None and standing.status == wanted.status))
            and (not wanted.due or (standing is not None and self._is_due(standing, wanted.due)))
            and (not wanted.theme or self.facts[ident].theme == wanted.theme)
            and (not wanted.body or self._asks(ident, wanted.body))
            and (not wanted.missing or self._misses(ident, wanted.missing))
            and (not wanted.proposal or (ident in self.open) == (wanted.proposal == "open"))
        )

    def _is_due(self, standing: Standing, due: str) -> bool:
        if due == "overdue":
            return standing.due is not None and standing.due.state is DeadlineState.OVERDUE
        wanted = {"late": (Freshness.STALE, Freshness.DUE), "stale": (Freshness.STALE,), "due": (Freshness.DUE,)}
        return standing.freshness in wanted[due]

    def _asks(self, ident: str, body: str) -> bool:
        if ident not in self.asked:
            return False
        bodies = self.asked[ident].bodies_on(self.today, [e.id for e in self.elements[ident]])
        return not set(bodies).isdisjoint(self.tree.with_parts(self.tree.current(body)))

    def _misses(self, ident: str, missing: str) -> bool:
        items = {e.id for e in self.elements[ident]} or {""}
        if missing == "criteria":
            return not items <= {c.card.element for c in self.criteria[ident]}
        if missing == "assessment":
            standing = self.standings.get(ident)
            is_open = standing is not None and standing.status is Status.NOT_ASSESSED
            return is_open and ident not in self.published
        language = missing.removeprefix("text-")
        texts: list[tuple[TranslatedFact, str]] = [
            *((fact, f) for fact in (self.facts[ident], *self.elements[ident]) for f in fact.TRANSLATED),
            *((c.card, f) for c in self.criteria[ident] for f in ("counts", "does_not_count")),
        ]
        return any(getattr(fact, f) and not translation_of(fact, f, language) for fact, f in texts)

    def _key(self, ident: str, order: SortOrder) -> tuple[object, ...]:
        facts: RecommendationFacts = self.facts[ident]
        standing = self.standings.get(ident)
        if order is SortOrder.NUMBER:
            return (item_key(facts),)
        if order is SortOrder.TITLE:
            return (natural_key(facts.title), ident)
        if standing is None:
            return True, item_key(facts)
        by_log = self.log_order[ident]
        if order is SortOrder.REVIEW:
            return False, standing.review_by is None, standing.review_by or date.max, by_log
        if order is SortOrder.STATUS:
            return False, STATUS_ORDER.index(standing.status), by_log
        since = first_day(standing.since) if standing.since else None
        return False, since is None, -since.toordinal() if since else 0, by_log
