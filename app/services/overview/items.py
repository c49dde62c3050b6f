"""The recommendations of a register that match a filter: counted, and read a page at a time."""

from collections.abc import Collection
from datetime import date, datetime
from functools import cached_property
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, not_, or_, select

from app.services.accounts.actors import Person
from app.services.accounts.assignments import colleagues, open_assignments
from app.services.container import Services
from app.services.opinions.visibility import ProposalVisibility
from app.services.overview.filters import (
    NOT_OPEN,
    TEXT_PREFIX,
    Assigned,
    DueFilter,
    Missing,
    OverviewFilter,
    SortOrder,
    holds_words,
)
from domain.codes import Freshness, Status
from domain.times import day_in
from domain.values import Body, Theme
from projections.addressees.queries import BODY, naming
from projections.catalogue import queries as catalogue
from projections.catalogue.body_tree import BodyTree
from projections.catalogue.entries import RegisterEntry
from projections.engine.name_lists import among
from projections.engine.position import last_applied_at
from projections.overview import queries as overview
from projections.scorecards.present import PresentSpans
from projections.search.queries import matching
from projections.worklist.inbox import proposals_about
from projections.worklist.queries import with_open_proposal

STATUS_ORDER = (
    Status.NOT_ASSESSED,
    Status.NO_ACTION,
    Status.CONTRARY,
    Status.REVERSED,
    Status.ANNOUNCED,
    Status.IN_PROGRESS,
    Status.PARTLY,
    Status.IN_EFFECT,
    Status.IMPLEMENTED,
    Status.UNVERIFIABLE,
    Status.SUPERSEDED,
)
"""What needs work comes first."""
Condition = ColumnElement[bool]
MANY = 10_000
"""Where more match than this, a page of them is found sooner by asking about each in order."""


class OverviewItems:
    """For one person, today: proposals that are hidden from the person do not count."""

    def __init__(self, services: Services, db: Connection, entry: RegisterEntry, person: Person) -> None:
        self.services, self.db, self.entry, self.person = services, db, entry, person
        self.known_at: datetime = last_applied_at(db)
        self.today: date = day_in(entry.settings.time_zone, services.clock())
        self.spans = PresentSpans(db, entry.id, self.today)

    def matching(self, wanted: OverviewFilter) -> Select[tuple[str]]:
        """The ids of the recommendations that match, as part of a query."""
        return self._from(select(overview.RECOMMENDATION), *self._conditions(wanted), is_joined=False)

    def count(self, wanted: OverviewFilter) -> int:
        by_item, by_span = self._conditions(wanted)
        if by_span and not by_item:
            return overview.count_rows(self.db, select(self.spans.rec_no).where(*by_span))
        return overview.count_rows(self.db, self._from(select(overview.REC_NO), by_item, by_span))

    def page(self, wanted: OverviewFilter, *, skip: int, limit: int, total: int = 0) -> list[str]:
        """The ids of some recommendations that match, in their order; `total` is how many match, if that is known."""
        by_item, by_span = self._item_conditions(wanted, is_each=total > MANY), self._span_conditions(wanted)
        order = self._span_order(wanted.order)
        if not (by_span or order):
            query = self._from(select(overview.REC_NO), by_item, by_span)
        elif by_item or not order:
            query = self._from(select(overview.REC_NO), by_item, by_span, is_joined=True)
        else:
            query = select(self.spans.rec_no).where(*by_span)
        keys = (*order, self.spans.rec_no) if order else self._item_order(wanted.order)
        numbers = overview.page_of_rows(self.db, query.order_by(*keys), skip=skip, limit=limit)
        if order and not by_span and len(numbers) < limit:
            numbers += self._without_span(by_item, skip=skip, limit=limit - len(numbers))
        return overview.names_of(self.db, numbers)

    def _from(
        self, query: Select[Any], by_item: list[Condition], by_span: list[Condition], *, is_joined: bool = False
    ) -> Select[Any]:
        """Reads spans first if they matter: the other way, each item would read the spans of the whole register."""
        query = query.where(overview.in_register(self.entry.id), *by_item, *by_span)
        if by_span or is_joined:
            on = self.spans.rec_no + 0 == overview.REC_NO  # the sum keeps the database from that other way
            return query.select_from(self.spans.table).join(overview.ITEMS, on)
        return query

    def _without_span(self, by_item: list[Condition], *, skip: int, limit: int) -> list[int]:
        """Those that are not on the scorecard yet, which an order by status has at its end."""
        with_span = self._from(select(overview.REC_NO), by_item, [], is_joined=True)
        before = overview.count_rows(self.db, with_span)
        query = select(overview.REC_NO).where(overview.in_register(self.entry.id), *by_item)
        query = query.where(overview.REC_NO.not_in(select(self.spans.rec_no))).order_by(overview.NUMBER_KEY)
        return overview.page_of_rows(self.db, query, skip=max(0, skip - before), limit=limit)

    def _span_order(self, order: SortOrder) -> tuple[ColumnElement[Any], ...]:
        """The sort keys that depend on the status today."""
        spans = self.spans
        keys: dict[SortOrder, tuple[ColumnElement[Any], ...]] = {
            SortOrder.REVIEW: (spans.review_by.is_(None), spans.review_by),
            SortOrder.CHANGED: (spans.since.is_(None), spans.since.desc()),
            SortOrder.STATUS: (spans.status_order(STATUS_ORDER),),
        }
        return keys.get(order, ())

    def _item_order(self, order: SortOrder) -> tuple[ColumnElement[Any], ...]:
        return (overview.TITLE_KEY,) if order is SortOrder.TITLE else (overview.NUMBER_KEY,)

    def _conditions(self, wanted: OverviewFilter) -> tuple[list[Condition], list[Condition]]:
        """Those on the recommendation itself, and those on its status today."""
        return self._item_conditions(wanted), self._span_conditions(wanted)

    def _span_conditions(self, wanted: OverviewFilter) -> list[Condition]:
        """Conditions on the status today."""
        conditions: list[Condition] = []
        stale, due = (self.spans.has_freshness(f) for f in (Freshness.STALE, Freshness.DUE))
        if wanted.due:
            conditions.append(
                {
                    DueFilter.LATE: or_(stale, due),
                    DueFilter.STALE: stale,
                    DueFilter.DUE: due,
                    DueFilter.OVERDUE: self.spans.is_overdue(),
                }[DueFilter(wanted.due)]
            )
        if wanted.status:
            conditions.append(self.spans.has_status(Status(wanted.status)))
        if wanted.missing == Missing.ASSESSMENT:
            conditions.append(self.spans.was_never_assessed())
        return conditions

    def _item_conditions(self, wanted: OverviewFilter, *, is_each: bool = False) -> list[Condition]:
        """Conditions on everything else; `is_each` asks about each recommendation, which is fast if most match."""
        conditions: list[Condition] = []
        if wanted.q:
            conditions.append(self._has_words(wanted.q))
        if wanted.theme:
            conditions.append(among(self.db, overview.THEME, self._themes_named(wanted.theme)))
        if wanted.body:
            conditions.append(self._asks(self._bodies_named(wanted.body), is_each=is_each))
        if wanted.assigned:
            conditions.append(self._is_assigned(wanted.assigned))
        if wanted.missing == Missing.CRITERIA:
            conditions.append(overview.misses_criteria())
        elif wanted.missing.startswith(TEXT_PREFIX):
            conditions.append(overview.misses_translation(wanted.missing.removeprefix(TEXT_PREFIX)))
        if wanted.proposal:
            has_one = overview.RECOMMENDATION.in_(with_open_proposal(self.db, self.entry.id, self.hidden))
            conditions.append(not_(has_one) if wanted.proposal == NOT_OPEN else has_one)
        return conditions

    def _has_words(self, words: str) -> Condition:
        """Whether its texts or its number hold all words, its id is the words, or a body that is asked is named so."""
        is_id = overview.has_id(words.lower())
        texts = matching(self.db, self.entry.id, words, "recommendation")
        if texts is None:
            return is_id
        names = matching(self.db, self.entry.id, words, "body")
        bodies = self.db.scalars(names).all() if names is not None else []
        by_body = [self._asks(bodies)] if bodies else []
        return or_(is_id, overview.RECOMMENDATION.in_(texts), *by_body)

    def _asks(self, bodies: Collection[str], *, is_each: bool = False) -> Condition:
        asking = naming(self.entry.id, self.known_at, self.today, among(self.db, BODY, bodies))
        if is_each:
            return asking.where(asking.selected_columns[0] == overview.RECOMMENDATION).exists()
        return overview.RECOMMENDATION.in_(asking)

    @cached_property
    def themes(self) -> dict[str, Theme]:
        return catalogue.themes(self.db, self.entry.id, self.known_at)

    @cached_property
    def body_tree(self) -> BodyTree:
        return catalogue.body_tree(self.db, self.entry.id, self.known_at)

    @cached_property
    def bodies(self) -> list[Body]:
        """Those that were not merged into others."""
        tree = self.body_tree
        return [body for body in tree.bodies.values() if body.id not in tree.merged_into]

    @cached_property
    def people(self) -> list[tuple[str, str]]:
        """The ids and names of those who may be assigned something."""
        with self.services.accounts.work() as accounts:
            return colleagues(accounts, self.entry.id)

    @cached_property
    def visibility(self) -> ProposalVisibility:
        with self.services.accounts.work() as accounts:
            return ProposalVisibility(accounts, self.entry.id, self.person.id)

    @cached_property
    def hidden(self) -> set[str]:
        """The ids of the proposals that this person must not see yet."""
        about = self.visibility.recommendations
        return self.visibility.hidden(proposals_about(self.db, self.entry.id, about)) if about else set()

    def _themes_named(self, text: str) -> list[str]:
        if text in self.themes:
            return [text]
        return [text, *(t.id for t in self.themes.values() if holds_words(_names(t, "title"), text))]

    def _bodies_named(self, text: str) -> list[str]:
        """The bodies with an id or a name, with their parts and those that were merged into them."""
        tree = self.body_tree
        all_bodies = tree.bodies
        named = (
            [text] if text in all_bodies else [i for i, b in all_bodies.items() if holds_words(_names(b, "name"), text)]
        )
        return list(dict.fromkeys(part for body in named for part in tree.with_parts(tree.current(body))))

    def _is_assigned(self, to: str) -> Condition:
        person = None if to == Assigned.NO_ONE else self.person.id if to == Assigned.ME else self._person_named(to)
        with self.services.accounts.work() as accounts:
            assignments = open_assignments(accounts, self.db, self.entry.id, person=person)
        is_one = among(self.db, overview.RECOMMENDATION, [a.recommendation for a in assignments])
        return not_(is_one) if to == Assigned.NO_ONE else is_one

    def _person_named(self, text: str) -> str:
        """The id of a colleague, by id or by words of the name."""
        return next((ident for ident, name in self.people if ident == text or holds_words(name, text)), text)


def _names(fact: Theme | Body, field: str) -> str:
    """All names of a fact in all languages."""
    texts = [texts.get(field, "") for texts in fact.translations.values()]
    return " ".join((getattr(fact, field), getattr(fact, "short_name", ""), *texts))
