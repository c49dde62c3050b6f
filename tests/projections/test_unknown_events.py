"""Two versions of Uptake over one log: the older skips what it cannot read, says so, and the newer shows all of it."""

import json
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from eventsourcing.persistence import StoredEvent
from sqlalchemy import Column, Connection, Integer, MetaData, String, Table, insert, select

from app.bootstrap.container import build_services
from app.bootstrap.flask_app import create_app
from app.services.container import Services
from app.services.operations.doctor import examine
from app.services.transparency.log_verification import verify
from domain import commands as c
from domain.errors import Refused
from domain.event_codec import EventCodec
from domain.events import EVENTS
from domain.ids import register_id
from domain.register.events import RegisterEvent
from domain.values import Theme
from projections.all_projections import ALL_PROJECTIONS
from projections.catalogue import queries as catalogue
from projections.engine.batches import END_OF_TIME, Batch
from projections.engine.views import Views
from tests.support.small_register import open_small_register


class RegisterPraised(RegisterEvent, frozen=True, kw_only=True, tag="register.praised"):
    """An event that this version does not have."""

    words: str


class Praises:
    name, version, metadata = "praises", 1, MetaData()
    table = Table("praises", metadata, Column("position", Integer, primary_key=True), Column("words", String))

    def prepare(self, db: Connection) -> None:
        """Nothing beyond the table."""

    def project(self, batch: Batch, db: Connection) -> None:
        for recorded in batch.events:
            if isinstance(recorded.event, RegisterPraised):
                db.execute(insert(self.table).values(position=recorded.position, words=recorded.event.words))


def append(services: Services, topic: str, originator: UUID, version: int, **fields: Any) -> None:
    """Append an event as another version of Uptake writes it."""
    event = {"topic": topic, "originator_id": str(originator), "originator_version": version, "recorded_by": "ana"}
    state = json.dumps(fields | event | {"based_on": version - 1}, separators=(",", ":")).encode()
    services.log.insert_events([StoredEvent(originator, version, topic, state)])


@pytest.fixture
def praised(either: Services, tmp_path: Path) -> Services:
    open_small_register(either, tmp_path / "bundle")
    append(either, "register.praised", uuid4(), 1, register="small", words="Well done.")
    return either


def test_an_event_of_a_newer_version_is_skipped_and_flagged_and_in_the_tables_of_that_version(
    praised: Services,
) -> None:
    services = praised
    services.execute(c.NameTheme("small", theme=Theme(id="after", title="After")), by="ana")
    position = services.views.position()
    assert (position.count, position.skipped) == (services.log.count(), 1)
    with services.views.connect() as db:
        assert "after" in catalogue.themes(db, "small", END_OF_TIME)
    web = create_app(services).test_client()
    assert web.get("/small/").status_code == 200
    ready = web.get("/readyz").json
    assert (ready["status"], ready["events_skipped"]) == ("ok", 1)
    assert "which only a newer version of Uptake can read" in " ".join(ready["warnings"])
    findings = [
        f.sentence for f in examine(services.settings, lambda s: build_services(s, clock=services.clock)) if not f.ok
    ]
    assert any("They are: register.praised." in sentence for sentence in findings)
    assert verify(services).problems == []

    newer = _newer(services)
    assert newer.kind != services.views.kind
    assert newer.catch_up().skipped == 0
    with newer.connect() as db:
        assert db.scalars(select(Praises.table.c.words)).all() == ["Well done."]
    services.execute(c.NameTheme("small", theme=Theme(id="later", title="Later")), by="ana")  # both go on
    assert newer.catch_up().count == services.views.position().count == services.log.count()

    older = services.views.current()
    assert newer.prune() == [older]
    assert newer.store.names() == [newer.current()]
    assert services.views.position().skipped == 1, "the older version builds its own again"
    newer.close()


def _newer(services: Services) -> Views:
    codec = EventCodec([*EVENTS.values(), RegisterPraised])
    others = [p for p in ALL_PROJECTIONS if p.name != "timeline"]  # which writes names that only its own version has
    return Views(services.views.store, services.log, [*others, Praises()], codec=codec)


def test_after_a_new_form_of_a_known_event_its_aggregate_is_skipped(services: Services, tmp_path: Path) -> None:
    open_small_register(services, tmp_path / "bundle")
    whole = [row for row in services.log.whole_rows_after(0, 10**6) if row[3] == "recommendation.assessment_published"]
    fields = json.loads(whole[0][5]) | {"recommendation": "unseen"}
    topic = fields.pop("topic")
    for name in ("recorded_at", "originator_id", "originator_version", "recorded_by", "based_on"):
        fields.pop(name)
    unseen = uuid4()
    append(services, "recommendation.registered", unseen, 1, class_version=9, register="small", other="shape")
    services.catch_up()
    append(services, topic, unseen, 2, **fields)  # the tables have no such recommendation
    services.catch_up()
    services.execute(c.NameTheme("small", theme=Theme(id="after", title="After")), by="ana")
    assert services.views.position().skipped == 2
    assert services.views.position().count == services.log.count()


def test_a_change_that_needs_an_unknown_event_is_refused(services: Services, tmp_path: Path) -> None:
    open_small_register(services, tmp_path / "bundle")
    register = register_id("small")
    last = max(row[2] for row in services.log.whole_rows_after(0, 10**6) if UUID(row[1]) == register)
    append(services, "register.praised", register, last + 1, register="small", words="Well done.")
    with pytest.raises(Refused, match="This version of Uptake has no event “register.praised”"):
        services.execute(c.NameTheme("small", theme=Theme(id="after", title="After")), by="ana")
