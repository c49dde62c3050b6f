"""Keeps every version of the addressees of a recommendation and of its elements."""

from collections.abc import Iterable

from sqlalchemy import ColumnElement, Connection, delete

from domain.recommendation.addressees import days_of
from domain.recommendation.events import (
    AddresseesAmended,
    ElementRemoved,
    RecommendationAmended,
    RecommendationRegistered,
    RecommendationRemoved,
)
from domain.register.events import RegisterDiscarded
from domain.values import Addressee
from projections.addressees.tables import StoredAddressee, addressees, metadata
from projections.engine.batches import OPEN_END, Batch, EventHandlers, RecordedEvent
from projections.engine.bulk_write import write_many, write_rows


class Addressees:
    name = "addressees"
    version = 3
    metadata = metadata

    def prepare(self, db: Connection) -> None:
        """Nothing beyond the table."""

    def project(self, batch: Batch, db: Connection) -> None:
        work = AddresseeRows(db)
        HANDLERS.dispatch(batch.events, work)
        work.write()


class AddresseeRows:
    """Collects the rows of one batch, and which stored rows they replace."""

    def __init__(self, db: Connection) -> None:
        self.db = db
        self.open: dict[tuple[str, str, bool], list[StoredAddressee]] = {}
        """The rows of this batch that are still known, by register, recommendation and whether they are `stated`."""
        self.closed: list[StoredAddressee] = []
        """Those of this batch that are not known any more."""
        self.ends: list[tuple[int, str, str, bool]] = []

    def register(self, recorded: RecordedEvent[RecommendationRegistered], rows: Iterable[Addressee]) -> None:
        """A new recommendation has these addressees."""
        event = recorded.event
        key = event.register, event.recommendation, True
        self.open[key] = _stored(key, rows, recorded.position, recorded.known_from(event.registered_at))

    def replace(self, key: tuple[str, str, bool], rows: Iterable[Addressee], position: int, at: int) -> None:
        """From an instant on, a recommendation has these addressees instead of the ones before."""
        self.ends.append((at, *key))
        for row in self.open.pop(key, []):
            row.known_to = at
            self.closed.append(row)
        self.open[key] = _stored(key, rows, position, at)

    def remove(self, *where: ColumnElement[bool]) -> None:
        """Delete rows as if they had never been known."""
        self.write()
        self.db.execute(delete(addressees).where(*where))

    def write(self) -> None:
        """Store what was collected so far."""
        write_many(
            self.db,
            "UPDATE addressees SET known_to = ? WHERE register = ? AND recommendation = ? AND stated = ?"
            f" AND known_to = {OPEN_END}",
            self.ends,
        )
        write_rows(self.db, addressees, [*self.closed, *(row for rows in self.open.values() for row in rows)])
        self.ends, self.closed, self.open = [], [], {}


def _stored(key: tuple[str, str, bool], rows: Iterable[Addressee], position: int, at: int) -> list[StoredAddressee]:
    register, recommendation, stated = key
    return [
        StoredAddressee(
            position=position,
            place=place,
            register=register,
            recommendation=recommendation,
            stated=stated,
            element=row.element,
            body=row.body,
            role=row.role.value,
            from_on=row.from_on,
            to_on=row.to_on,
            first=first.toordinal(),
            last=last.toordinal(),
            known_from=at,
            known_to=OPEN_END,
        )
        for place, row in enumerate(rows)
        for first, last in [days_of(row)]
    ]


def register_recommendation(recorded: RecordedEvent[RecommendationRegistered], work: AddresseeRows) -> None:
    work.register(recorded, [Addressee(body=body) for body in recorded.event.facts.addressees])


def amend_recommendation(recorded: RecordedEvent[RecommendationAmended], work: AddresseeRows) -> None:
    event = recorded.event
    rows = [Addressee(body=body) for body in event.facts.addressees]
    work.replace((event.register, event.recommendation, True), rows, recorded.position, recorded.recorded_at)


def amend_addressees(recorded: RecordedEvent[AddresseesAmended], work: AddresseeRows) -> None:
    event = recorded.event
    at = recorded.known_from(event.amended_at)
    work.replace((event.register, event.recommendation, False), event.addressees, recorded.position, at)


def remove_recommendation(recorded: RecordedEvent[RecommendationRemoved], work: AddresseeRows) -> None:
    event = recorded.event
    work.remove(addressees.c.register == event.register, addressees.c.recommendation == event.recommendation)


def remove_element(recorded: RecordedEvent[ElementRemoved], work: AddresseeRows) -> None:
    event = recorded.event
    work.remove(
        addressees.c.register == event.register,
        addressees.c.recommendation == event.recommendation,
        addressees.c.element == event.element,
    )


def discard_register(recorded: RecordedEvent[RegisterDiscarded], work: AddresseeRows) -> None:
    work.remove(addressees.c.register == recorded.event.register)


HANDLERS = (
    EventHandlers[AddresseeRows, None]()
    .on(RecommendationRegistered, register_recommendation)
    .on(RecommendationAmended, amend_recommendation)
    .on(AddresseesAmended, amend_addressees)
    .on(RecommendationRemoved, remove_recommendation)
    .on(ElementRemoved, remove_element)
    .on(RegisterDiscarded, discard_register)
)
