"""Responses at random pairs of times, against the slow model."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, create_engine

from domain.base import Event
from domain.codes import Position
from domain.ids import recommendation_id, response_id
from domain.recommendation.events import RecommendationRegistered
from domain.response.events import ResponsePublished, ResponseWithdrawn
from domain.times import to_microseconds
from domain.values import RecommendationFacts, ResponseFacts
from projections.engine.batches import Batch, RecordedEvent
from projections.responses import queries
from projections.responses.projector import Responses
from tests.support.model.responses import Said, counts, in_force

START = datetime(2024, 1, 1, tzinfo=UTC)
DAYS = [date(2023, 12, 30) + timedelta(days=n) for n in range(0, 70, 5)]
INSTANTS = [START + timedelta(days=n) for n in range(8)]


@st.composite
def histories(draw: st.DrawFn) -> list[Said]:
    said = []
    for n in range(draw(st.integers(1, 6))):
        published = draw(st.sampled_from(INSTANTS[:-1]))
        withdrawn = draw(st.none() | st.sampled_from([i for i in INSTANTS if i >= published]))
        day = draw(st.sampled_from(DAYS))
        said.append(
            Said(
                f"s{n}",
                draw(st.sampled_from(["state", "senate"])),
                draw(st.sampled_from(list(Position))),
                draw(st.sampled_from([day.isoformat(), day.isoformat()[:7]])),
                published,
                withdrawn,
                draw(st.sampled_from(["", "", "a-1"])),
            )
        )
    return said


@contextmanager
def projected(said: list[Said], size: int) -> Iterator[Connection]:
    """The tables after the events of a history, applied in batches of a size."""
    projection = Responses()
    engine = create_engine("sqlite://")
    with engine.begin() as db:
        projection.metadata.create_all(db)
        events = _events(said)
        for start in range(0, len(events), size):
            batch = [
                RecordedEvent(n, to_microseconds(START), event, b"")
                for n, event in enumerate(events[start : start + size], start + 1)
            ]
            projection.project(Batch(batch, {}, {}), db)
        yield db
    engine.dispose()


def _events(said: list[Said]) -> list[Event]:
    facts = {
        "id": "post",
        "title": "T",
        "summary": "S",
        "kind": "one_off",
        "theme": "t",
        "addressees": ("state",),
        "publication": "p",
        "recommended_on": "2023-01-01",
    }
    of = {"register": "r", "recommendation": "post", "recorded_by": "ana", "based_on": 0}
    events: list[Event] = [
        RecommendationRegistered(
            originator_id=recommendation_id("r", "post"),
            originator_version=1,
            facts=msgspec.convert(facts, RecommendationFacts),
            **of,
        )
    ]
    for s in said:
        own = {"originator_id": response_id("r", s.id), **of}
        response = ResponseFacts(
            id=s.id, body=s.body, position=s.position, given_on=s.given_on, summary="S", assessment=s.assessment
        )
        events.append(
            ResponsePublished(
                originator_version=1, facts=response, published_by="ben", published_at=s.published_at, **own
            )
        )
        if s.withdrawn_at:
            events.append(
                ResponseWithdrawn(
                    originator_version=2,
                    response=s.id,
                    body=s.body,
                    reason="R",
                    withdrawn_by="ben",
                    withdrawn_at=s.withdrawn_at,
                    **own,
                )
            )
    return events


@settings(max_examples=60)
@given(histories(), st.sampled_from([1, 3, 100]))
def test_what_is_in_force_and_counted_at_every_boundary(said: list[Said], size: int) -> None:
    instants = {i + timedelta(microseconds=n) for i in INSTANTS for n in (-1, 0, 1)}
    with projected(said, size) as db:
        for day in (DAYS[0], DAYS[3], DAYS[4] - timedelta(days=1), DAYS[7], DAYS[-1], date(2024, 2, 1)):
            for instant in sorted(instants):
                public = queries.of_recommendation(db, "r", "post", day, instant)
                assert {r.facts.id for r in public if r.is_in_force} == in_force(said, day, instant)
                expected = counts(said, day, instant)
                assert queries.counts_by_position(db, "r", day, instant) == expected
                for position, number in expected.items():
                    found = set(db.scalars(queries.taking("r", position, day, instant)))
                    assert found == ({"post"} if number else set())
