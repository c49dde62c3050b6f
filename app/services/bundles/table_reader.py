"""Reads the rows of a register's tables in batches: a large register needs no more memory than a small one.

A batch is read with a connection of its own and a few statements, whatever it holds. Between batches nothing is held,
so that a slow reader holds up neither writers nor other readers.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from app.services.bundles import export_rows, rows
from domain.recommendation.lineage import target_of
from domain.times import first_day
from projections.addressees.queries import NOT_ASKED, asked
from projections.assessments import queries as assessments
from projections.catalogue import batches as catalogue_batches
from projections.catalogue import queries as catalogue
from projections.catalogue.entries import RecommendationEntry
from projections.lineage import queries as lineage
from projections.responses import queries as responses
from projections.scorecards.results import TimePair

Connect = Callable[[], AbstractContextManager[Connection]]
Rows = Iterable[Any]
ROWS_PER_BATCH = 500


class TableReader:
    """What a register has at a pair of times; themes, publications, bodies and sources are described as known at
    `described_at`.

    Later batches fit earlier ones, since what was known at an instant that has passed does not change.
    """

    def __init__(self, connect: Connect, register: str, at: TimePair, described_at: datetime) -> None:
        self._connect, self._register, self._at, self._described_at = connect, register, at, described_at
        self._known_at = at.known_at
        self._registered: dict[str, datetime | None] = {}

    def batches(self, table: str) -> Iterator[list[Any]]:
        """The rows of a table in log order, some hundreds at a time."""
        by_fact: dict[str, tuple[str, datetime, bool, Callable[[Connection, list[Any]], Rows]]] = {
            "themes": ("theme", self._described_at, False, self._themes),
            "publications": ("publication", self._described_at, False, self._publications),
            "bodies": ("body", self._described_at, False, self._bodies),
            "recommendations": ("recommendation", self._known_at, True, self._recommendations),
            "elements": ("element", self._known_at, False, self._elements),
            "evidence": ("evidence", self._described_at, False, self._evidence),
            "developments": ("development", self._known_at, False, self._developments),
            "deadlines": ("deadline", self._known_at, False, self._deadlines),
        }
        by_position: dict[str, Callable[[Connection, int], tuple[Rows, int | None]]] = {
            "assessments": self._assessments,
            "withdrawals": self._withdrawals,
            "responses": self._responses,
        }
        if table in by_fact:
            kind, known_at, first_version, make = by_fact[table]
            places = self._positions(kind, known_at, first_version=first_version)
            return self._in_parts(places, lambda db, part: make(db, self._facts(db, kind, part)))
        if table in by_position:
            return self._after_each_other(by_position[table])
        others: dict[str, Callable[[], Iterator[list[Any]]]] = {
            "cards": self._criteria,
            "relations": self._relations,
            "addressees": self._addressees,
        }
        return others[table]()

    def _positions(self, kind: str, known_at: datetime, *, first_version: bool) -> Sequence[int]:
        with self._connect() as db:
            return catalogue_batches.positions(db, self._register, kind, known_at, first_version=first_version)

    @staticmethod
    def _facts(db: Connection, kind: str, places: Sequence[int]) -> list[Any]:
        return list(catalogue_batches.facts_at(db, kind, places).values())

    def _in_parts(
        self, places: Sequence[Any], make: Callable[[Connection, Sequence[Any]], Rows]
    ) -> Iterator[list[Any]]:
        for start in range(0, len(places), ROWS_PER_BATCH):
            with self._connect() as db:
                found = list(make(db, places[start : start + ROWS_PER_BATCH]))
            yield found

    def _after_each_other(self, read: Callable[[Connection, int], tuple[Rows, int | None]]) -> Iterator[list[Any]]:
        """Batches that each say after which position the next one begins; the last one says None."""
        position: int | None = 0
        while position is not None:
            with self._connect() as db:
                of, position = read(db, position)
                found = list(of)
            yield found

    def _registered_at(self, db: Connection, ids: Collection[str]) -> dict[str, datetime]:
        """When each of some recommendations was registered, without those that the bundle lacks."""
        missing = set(ids) - self._registered.keys()
        entries = catalogue.recommendations_of(db, self._register, self._known_at, missing) if missing else {}
        for ident in missing:
            entry = entries.get(ident)
            self._registered[ident] = entry.registered_at if entry and self._has(entry) else None
        return {ident: at for ident in ids if (at := self._registered[ident])}

    def _has(self, entry: RecommendationEntry) -> bool:
        return entry.registered_at <= self._known_at and self._is_past(entry.facts.recommended_on)

    def _is_past(self, day: str) -> bool:
        return first_day(day) <= self._at.as_of

    def _themes(self, _db: Connection, found: list[Any]) -> Rows:
        return (rows.ThemeRow(0, theme) for theme in found)

    def _publications(self, _db: Connection, found: list[Any]) -> Rows:
        return (rows.PublicationRow(0, publication) for publication in found)

    def _bodies(self, db: Connection, found: list[Any]) -> Rows:
        ids = [body.id for body in found]
        merges = catalogue.facts_of(db, self._register, "merge", self._known_at, ids)
        return (export_rows.body(body, merges.get(body.id)) for body in found)

    def _recommendations(self, _db: Connection, found: list[Any]) -> Rows:
        return (rows.RecommendationRow(0, entry.facts, entry.registered_at) for entry in found if self._has(entry))

    def _elements(self, db: Connection, found: list[Any]) -> Rows:
        registered = self._registered_at(db, [e.recommendation for e in found])
        for e in found:
            if at := registered.get(e.recommendation):
                registered_at = e.registered_at if e.registered_at != at else None
                yield rows.ElementRow(0, e.element, e.recommendation, registered_at)

    def _evidence(self, _db: Connection, found: list[Any]) -> Rows:
        return map(export_rows.evidence, found)

    def _developments(self, _db: Connection, found: list[Any]) -> Rows:
        return (rows.DevelopmentRow(0, d) for d in found if self._is_past(d.date))

    def _deadlines(self, db: Connection, found: list[Any]) -> Rows:
        registered = self._registered_at(db, [d.recommendation for d in found])
        return (
            export_rows.deadline(d)
            for d in found
            if d.recommendation in registered and self._is_past(d.deadline.stated_on)
        )

    def _criteria(self) -> Iterator[list[rows.CardRow]]:
        """The latest approved success criteria of each item, ordered by first approval."""
        with self._connect() as db:
            places = catalogue_batches.criteria_positions(db, self._register, self._known_at)

        def make(db: Connection, part: Sequence[int]) -> Rows:
            found = self._facts(db, "card", part)
            registered = self._registered_at(db, [c.recommendation for c in found])
            for c in found:
                if c.approved_at <= self._known_at and c.recommendation in registered:
                    yield rows.CardRow(0, c.card, c.recommendation, c.approved_by, c.approved_at)

        return self._in_parts(places, make)

    def _assessments(self, db: Connection, position: int) -> tuple[Rows, int | None]:
        found = assessments.published_after(db, self._register, self._known_at, position, ROWS_PER_BATCH)
        registered = self._registered_at(db, {p.recommendation for p in found})
        of = (
            rows.AssessmentRow(0, p.assessment, p.recommendation, p.by, p.at, p.legacy)
            for p in found
            if p.recommendation in registered and self._is_past(p.assessment.effective_on)
        )
        return of, found[-1].position if len(found) == ROWS_PER_BATCH else None

    def _published(self, db: Connection, ids: Collection[str]) -> set[tuple[str, str]]:
        """Recommendation and id of some assessments, without those that the bundle lacks."""
        found = assessments.published_among(db, self._register, self._known_at, ids) if ids else []
        registered = self._registered_at(db, {p.recommendation for p in found})
        return {
            (p.recommendation, p.assessment.id)
            for p in found
            if p.recommendation in registered and self._is_past(p.assessment.effective_on)
        }

    def _withdrawals(self, db: Connection, position: int) -> tuple[Rows, int | None]:
        found = assessments.withdrawals(db, self._register, self._known_at, after=position, limit=ROWS_PER_BATCH)
        published = self._published(db, {w.assessment for w in found if w.assessment})
        registered = self._registered_at(db, {w.recommendation for w in found})
        of = (
            export_rows.withdrawal(w)
            for w in found
            if ((w.recommendation, w.assessment) in published if w.assessment else w.recommendation in registered)
        )
        return of, found[-1].position if len(found) == ROWS_PER_BATCH else None

    def _responses(self, db: Connection, position: int) -> tuple[Rows, int | None]:
        """A reply is left out where the assessment that it answers is."""
        found = responses.published_after(db, self._register, self._at.as_of, self._known_at, position, ROWS_PER_BATCH)
        answered = self._published(db, {r.facts.assessment for r in found if r.facts.assessment})
        registered = self._registered_at(db, {r.recommendation for r in found})
        known = {"", *(ident for _recommendation, ident in answered)}
        of = (export_rows.response(r) for r in found if r.recommendation in registered and r.facts.assessment in known)
        return of, found[-1].log_position if len(found) == ROWS_PER_BATCH else None

    def _relations(self) -> Iterator[list[rows.RelationRow]]:
        """Without those to a recommendation that the bundle lacks."""
        with self._connect() as db:
            places = lineage.stated_positions(db, self._register, self._at.as_of, self._known_at)

        def make(db: Connection, part: Sequence[int]) -> Rows:
            found = [(r, target_of(self._register, r.facts.to)) for r in lineage.stated_at(db, part, self._known_at)]
            here = {target.id for _r, target in found if target.register == self._register}
            registered = self._registered_at(db, here | {r.recommendation for r, _target in found})
            for r, target in found:
                is_known = target.register != self._register or target.id in registered
                if r.recommendation in registered and is_known:
                    yield export_rows.relation(r)

        return self._in_parts(places, make)

    def _addressees(self) -> Iterator[list[rows.AddresseeRow]]:
        """The addressees with days of the recommendations of a bundle and of their elements known by then."""
        places = self._positions("recommendation", self._known_at, first_version=True)

        def make(db: Connection, part: Sequence[int]) -> Rows:
            ids = [e.facts.id for e in self._facts(db, "recommendation", part) if self._has(e)]
            found = asked(db, self._register, self._known_at, ids)
            pairs = [(ident, row) for ident in ids for row in found.get(ident, NOT_ASKED).rows]
            names = [f"{ident}/{row.element}" for ident, row in pairs if row.element]
            elements = catalogue.facts_of(db, self._register, "element", self._known_at, names)
            return (
                rows.AddresseeRow(0, row, ident)
                for ident, row in pairs
                if not row.element or f"{ident}/{row.element}" in elements
            )

        return self._in_parts(places, make)
