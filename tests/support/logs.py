"""A log in a list, and the facts of the slow model written as the events that a store would hold."""

from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from itertools import groupby
from operator import attrgetter
from pathlib import Path
from typing import Any

from domain.base import Event
from domain.codes import Kind
from domain.events import add_stamp, write_event
from domain.ids import recommendation_id, register_id
from domain.methodology.uptake_2026_1 import UPTAKE_2026_1
from domain.recommendation import events as e
from domain.register.events import RegisterEstablished
from domain.times import days_after, first_day, to_microseconds, written
from domain.values import Assessment, Element, RecommendationFacts, RegisterSettings
from projections.all_projections import ALL_PROJECTIONS
from projections.engine.generations import SQLiteViewStore
from projections.engine.views import Views
from tests.support import model as m

REGISTER = "r"


class ListLog:
    """Rows as a store would hand them out, in order."""

    def __init__(self) -> None:
        self.rows: list[tuple[int, int, bytes]] = []

    def append(self, events: Iterable[Event], at: datetime) -> None:
        stamp = max(to_microseconds(at), self.rows[-1][1] + 1 if self.rows else 0)
        for event in events:
            state = add_stamp(write_event(event, "salt"), written(at))
            self.rows.append((len(self.rows) + 1, stamp, state))

    def part_after(self, position: int, limit: int) -> Sequence[tuple[int, int, bytes]]:
        return self.rows[position : position + limit]

    def last(self) -> tuple[int, int]:
        return self.rows[-1][:2] if self.rows else (0, 0)

    def records(self, keys: Iterable[str]) -> dict[str, bytes]:
        return {}


class Writer:
    """Writes facts as events. With `imported`, every fact brings its instant along; else the stamp gives it."""

    def __init__(self, *, imported: bool) -> None:
        self.log, self.imported = ListLog(), imported
        self.versions: dict[Any, int] = {}
        self.elements: dict[str, tuple[str, str]] = {}
        settings = RegisterSettings(id=REGISTER, title="T")
        start = datetime(2000, 1, 1, tzinfo=UTC)
        aggregate = register_id(REGISTER)
        event = RegisterEstablished(
            originator_id=aggregate,
            originator_version=1,
            recorded_by="x",
            based_on=0,
            register=REGISTER,
            settings=settings,
        )
        self.log.append([event], start)

    def write(self, facts: Sequence[m.Fact], loaded_at: datetime) -> None:
        """Append facts: one transaction an instant, or all in one that is loaded later."""
        if self.imported:
            self.log.append([self._event(f) for f in facts], loaded_at)
        else:
            for at, together in groupby(facts, key=attrgetter("at")):
                self.log.append([self._event(f) for f in together], at)

    def _event(self, fact: m.Fact) -> Event:
        match fact:
            case m.Registered():
                return self._of(
                    e.RecommendationRegistered,
                    fact.recommendation,
                    facts=_filing(fact),
                    **self._own(fact, "registered_at"),
                )
            case m.Refiled():
                return self._of(e.RecommendationAmended, fact.recommendation, facts=_filing(fact), why="W")
            case m.ElementAdded():
                return self._of(
                    e.ElementAdded, fact.recommendation, element=_element(fact), **self._own(fact, "registered_at")
                )
            case m.ElementRefiled():
                return self._of(e.ElementAmended, fact.recommendation, element=_element(fact), why="W")
            case m.Published():
                self.elements[fact.assessment] = (fact.recommendation, fact.element)
                return self._of(
                    e.AssessmentPublished,
                    fact.recommendation,
                    assessment=_assessment(fact),
                    published_by="x",
                    card=1,
                    legacy=fact.legacy,
                    **self._own(fact, "published_at"),
                )
            case m.Withdrawn():
                recommendation, element = self.elements[fact.assessment]
                return self._of(
                    e.AssessmentWithdrawn,
                    recommendation,
                    assessment=fact.assessment,
                    element=element,
                    reason="R",
                    withdrawn_by="x",
                    **self._own(fact, "withdrawn_at"),
                )
            case m.RecommendationWithdrawn():
                return self._of(
                    e.RecommendationWithdrawn,
                    fact.recommendation,
                    reason="R",
                    withdrawn_by="x",
                    **self._own(fact, "withdrawn_at"),
                )

    def _own(self, fact: m.Fact, name: str) -> dict[str, datetime]:
        return {name: fact.at} if self.imported else {}

    def _of(self, kind: Callable[..., Event], recommendation: str, **fields: Any) -> Event:
        aggregate = recommendation_id(REGISTER, recommendation)
        version = self.versions.get(aggregate, 0) + 1
        self.versions[aggregate] = version
        return kind(
            originator_id=aggregate,
            originator_version=version,
            recorded_by="x",
            based_on=version - 1,
            register=REGISTER,
            recommendation=recommendation,
            **fields,
        )


def _filing(fact: m.Registered | m.Refiled) -> RecommendationFacts:
    return RecommendationFacts(
        id=fact.recommendation,
        title="T",
        summary="S",
        kind=fact.kind,
        theme=fact.theme,
        addressees=(),
        publication="p",
        recommended_on=fact.recommended_on,
    )


def _element(fact: m.ElementAdded | m.ElementRefiled) -> Element:
    return Element(id=fact.element, title="T", kind=fact.kind, core=fact.core, done_when="D")


def _assessment(fact: m.Published) -> Assessment:
    after = UPTAKE_2026_1.review_after(fact.status, Kind.ONE_OFF)
    assert after
    return Assessment(
        id=fact.assessment,
        element=fact.element,
        status=fact.status,
        effective_on=fact.effective_on,
        reason=fact.reason,
        motion=fact.motion,
        confidence=fact.confidence,
        rationale="R",
        evidence=fact.evidence,
        review_by=fact.review_by or days_after(first_day(fact.effective_on), after.days).isoformat(),
        methodology="uptake-2026.1",
    )


def views_of(log_: ListLog, folder: Path) -> Views:
    """The real projections over a log, in a SQLite file."""
    views = Views(SQLiteViewStore(folder), log_, ALL_PROJECTIONS)
    views.catch_up()
    return views
