"""The timeline keeps each event in fewer bytes than the log, and gives the same bytes back."""

from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select, type_coerce
from sqlalchemy.types import LargeBinary

from app.services.container import Services
from domain.events import CODEC
from projections.engine.compression import compress, expand
from projections.timeline import queries
from projections.timeline.tables import entries
from tests.stored_events.samples import sample_of
from tests.support.story import REGISTER, Story


@given(st.binary(max_size=20_000))
def test_any_bytes_come_back(data: bytes) -> None:
    assert expand(compress(data)) == data


def test_every_event_comes_back() -> None:
    for topic in CODEC.classes:
        stored = sample_of(CODEC, topic)
        assert expand(compress(stored)) == stored


def test_readers_get_the_bytes_of_the_log(either: Services) -> None:
    story = Story(either).evidence("official").recommendation().criteria()
    story.propose()
    states = {position: state for position, (_, _, state) in enumerate(either.log.rows_after(0, 1000), 1)}
    with either.views.connect() as db:
        found = queries.newest(db, [REGISTER], limit=1000)
        stored = db.scalar(select(func.sum(func.length(type_coerce(entries.c.data, LargeBinary)))))
    assert {entry.position: entry.state for entry in found} == states
    assert stored is not None and stored < sum(map(len, states.values())) / 2
