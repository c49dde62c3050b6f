"""Stores published responses, and when each is in force."""

from collections.abc import Sequence

import msgspec
from sqlalchemy import ColumnElement, Connection, Table, delete, select, update

from domain.recommendation.events import (
    RecommendationAmended,
    RecommendationRegistered,
    RecommendationRemoved,
    RecommendationWithdrawn,
)
from domain.register.events import RegisterDiscarded
from domain.response.events import ResponsePublished, ResponseRemoved, ResponseWithdrawn
from domain.times import first_day
from domain.values import ResponseFacts
from projections.engine.batches import OPEN_END, Batch, EventHandlers, RecordedEvent
from projections.engine.bulk_write import write_rows
from projections.engine.rows import NamedRow
from projections.responses.spans import KnownResponse, spans_of
from projections.responses.tables import (
    StoredAnswered,
    StoredResponse,
    StoredResponseSpan,
    answered,
    metadata,
    responses,
    spans,
)

_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(ResponseFacts).decode

Touched = set[tuple[str, str]]
"""Recommendations, by register and id, whose spans must be written again."""


class ResponseUpdate:
    """Collects the new rows of one batch, and which recommendations it touches."""

    def __init__(self, db: Connection) -> None:
        self._db = db
        self.answered: list[StoredAnswered] = []
        self.responses: list[StoredResponse] = []
        self.touched: Touched = set()

    def written(self) -> Connection:
        """The database, with every row collected so far."""
        write_rows(self._db, answered, self.answered)
        write_rows(self._db, responses, self.responses)
        self.answered, self.responses = [], []
        return self._db


class Responses:
    name = "responses"
    version = 3
    metadata = metadata

    def prepare(self, db: Connection) -> None:
        """Nothing beyond the tables."""

    def project(self, batch: Batch, db: Connection) -> None:
        changed = ResponseUpdate(db)
        HANDLERS.dispatch(batch.events, changed)
        changed.written()
        for register, recommendation in sorted(changed.touched):
            _write_spans(db, register, recommendation)


def add_recommendation(recorded: RecordedEvent[RecommendationRegistered], to: ResponseUpdate) -> None:
    event = recorded.event
    to.answered.append(
        StoredAnswered(
            register=event.register,
            recommendation=event.recommendation,
            known_from=0,
            recommended=first_day(event.facts.recommended_on).toordinal(),
            known_to=OPEN_END,
        )
    )


def remove_recommendation(recorded: RecordedEvent[RecommendationRemoved], to: ResponseUpdate) -> None:
    event, db = recorded.event, to.written()
    tables: tuple[Table, ...] = (answered, responses, spans)
    for table in tables:
        db.execute(
            delete(table).where(table.c.register == event.register, table.c.recommendation == event.recommendation)
        )


def remove_register(recorded: RecordedEvent[RegisterDiscarded], to: ResponseUpdate) -> None:
    db = to.written()
    tables: tuple[Table, ...] = (answered, responses, spans)
    for table in tables:
        db.execute(delete(table).where(table.c.register == recorded.event.register))


def amend_recommendation(recorded: RecordedEvent[RecommendationAmended], to: ResponseUpdate) -> None:
    """End the present interval, and begin one with the new day, if it is another one."""
    event, at, db = recorded.event, recorded.recorded_at, to.written()
    day = first_day(event.facts.recommended_on).toordinal()
    *_earlier, present = _versions(db, event.register, event.recommendation)
    if day == present.recommended:
        return
    own = (*_of_recommendation(event.register, event.recommendation), answered.c.known_from == present.known_from)
    if present.known_from == at:
        db.execute(update(answered).where(*own).values(recommended=day))
    else:
        db.execute(update(answered).where(*own).values(known_to=min(present.known_to, at)))
        to.answered.append(StoredAnswered(event.register, event.recommendation, at, day, present.known_to))
    to.touched.add((event.register, event.recommendation))


def withdraw_recommendation(recorded: RecordedEvent[RecommendationWithdrawn], to: ResponseUpdate) -> None:
    event = recorded.event
    at = recorded.known_from(event.withdrawn_at)
    own = _of_recommendation(event.register, event.recommendation)
    to.written().execute(update(answered).where(*own, answered.c.known_to > at).values(known_to=at))
    to.touched.add((event.register, event.recommendation))


def add_response(recorded: RecordedEvent[ResponsePublished], to: ResponseUpdate) -> None:
    event = recorded.event
    row = StoredResponse(
        register=event.register,
        response=event.facts.id,
        position=recorded.position,
        recommendation=event.recommendation,
        given=first_day(event.facts.given_on).toordinal(),
        known_from=recorded.known_from(event.published_at),
        known_to=OPEN_END,
        published_by=event.published_by,
        withdrawn_by="",
        withdrawn_reason="",
        data=_encode(event.facts),
    )
    to.responses.append(row)
    to.touched.add((event.register, event.recommendation))


def withdraw_response(recorded: RecordedEvent[ResponseWithdrawn], to: ResponseUpdate) -> None:
    event = recorded.event
    to.written().execute(
        update(responses)
        .where(responses.c.register == event.register, responses.c.response == event.response)
        .values(
            known_to=recorded.known_from(event.withdrawn_at),
            withdrawn_by=event.withdrawn_by,
            withdrawn_reason=event.reason,
        )
    )
    to.touched.add((event.register, event.recommendation))


def remove_response(recorded: RecordedEvent[ResponseRemoved], to: ResponseUpdate) -> None:
    event, c = recorded.event, responses.c
    to.written().execute(delete(responses).where(c.register == event.register, c.response == event.response))
    to.touched.add((event.register, event.recommendation))


def known_response(row: NamedRow) -> KnownResponse:
    """From a row of the table of responses."""
    return KnownResponse(_decode(row.data), row.given, row.known_from, row.known_to, row.position)


def _of_recommendation(register: str, recommendation: str) -> tuple[ColumnElement[bool], ...]:
    return answered.c.register == register, answered.c.recommendation == recommendation


def _versions(db: Connection, register: str, recommendation: str) -> Sequence[NamedRow]:
    """The intervals of a recommendation in their order."""
    own = _of_recommendation(register, recommendation)
    return db.execute(select(answered).where(*own).order_by(answered.c.known_from)).all()


def _write_spans(db: Connection, register: str, recommendation: str) -> None:
    """Replace the spans of one recommendation. It has few responses, so that all of them are read."""
    c = responses.c
    rows = db.execute(select(responses).where(c.register == register, c.recommendation == recommendation)).all()
    db.execute(delete(spans).where(spans.c.register == register, spans.c.recommendation == recommendation))
    if not rows:
        return
    versions = _versions(db, register, recommendation)
    stored = [
        StoredResponseSpan(
            register=register,
            recommendation=recommendation,
            response=span.response.facts.id,
            stance=span.response.facts.position.value,
            effective_from=max(span.effective_from, item.recommended),
            effective_to=span.effective_to,
            known_from=max(span.known_from, item.known_from),
            known_to=min(span.known_to, item.known_to),
        )
        for span in spans_of(map(known_response, rows))
        for item in versions
    ]
    write_rows(db, spans, [s for s in stored if s.effective_from < s.effective_to and s.known_from < s.known_to])


HANDLERS = (
    EventHandlers[ResponseUpdate, None]()
    .on(RecommendationRegistered, add_recommendation)
    .on(RecommendationAmended, amend_recommendation)
    .on(RecommendationRemoved, remove_recommendation)
    .on(RegisterDiscarded, remove_register)
    .on(RecommendationWithdrawn, withdraw_recommendation)
    .on(ResponsePublished, add_response)
    .on(ResponseWithdrawn, withdraw_response)
    .on(ResponseRemoved, remove_response)
)
