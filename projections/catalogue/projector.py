"""Keeps every version of every public fact, each with the instants between which it was known."""

from collections.abc import Callable, Collection
from datetime import datetime
from typing import Any

import msgspec
from msgspec import structs
from sqlalchemy import Connection, delete, insert, select

from domain.amendments import translations
from domain.base import Event
from domain.development.events import DevelopmentRecorded
from domain.evidence.events import EvidenceDisclosed
from domain.recommendation.events import (
    CriteriaApproved,
    ElementAdded,
    ElementAmended,
    RecommendationAmended,
    RecommendationRegistered,
)
from domain.register.events import (
    BodyAmended,
    BodyNamed,
    PublicationAdded,
    PublicationAmended,
    RegisterAmended,
    RegisterEstablished,
    RegisterOpened,
    ThemeAmended,
    ThemeNamed,
)
from domain.review.events import ReviewAmended, ReviewScheduled
from domain.times import to_microseconds
from domain.values import EvidenceText
from projections.catalogue.entries import (
    DECODERS,
    CardEntry,
    ElementEntry,
    EvidenceEntry,
    RecommendationEntry,
    RegisterOpening,
    RegisterVersion,
)
from projections.catalogue.tables import COLUMNS, facts, metadata, outdated
from projections.engine.batches import OPEN, Batch, RecordedEvent
from projections.engine.bulk_write import write_many, write_rows

_encode = msgspec.json.Encoder().encode
Row = tuple[str, str, Any, datetime | None]
"""Kind, id, the fact, and an instant of its own where an earlier record brought one."""


def established(event: RegisterEstablished, _: Batch) -> Row:
    return "register", event.register, RegisterVersion(event.settings, event.opened_elsewhere_at), None


def amended_register(event: RegisterAmended, _: Batch) -> Row:
    return "register", event.register, RegisterVersion(event.settings), None


def opened(event: RegisterOpened, _: Batch) -> Row:
    return "opening", event.register, RegisterOpening(event.origin, event.happened_at(None)), event.opened_at


def theme(event: ThemeNamed | ThemeAmended, _: Batch) -> Row:
    return "theme", event.theme.id, event.theme, None


def publication(event: PublicationAdded | PublicationAmended, _: Batch) -> Row:
    return "publication", event.publication.id, event.publication, None


def body(event: BodyNamed | BodyAmended, _: Batch) -> Row:
    return "body", event.body.id, event.body, None


def review(event: ReviewScheduled | ReviewAmended, _: Batch) -> Row:
    return "review", event.schedule.id, event.schedule, None


def development(event: DevelopmentRecorded, _: Batch) -> Row:
    return "development", event.facts.id, event.facts, None


def recommendation(event: RecommendationRegistered, _: Batch) -> Row:
    at = event.happened_at(event.registered_at)
    return "recommendation", event.recommendation, RecommendationEntry(event.facts, at), event.registered_at


def element(event: ElementAdded, _: Batch) -> Row:
    at = event.happened_at(event.registered_at)
    entry = ElementEntry(event.recommendation, event.element, at)
    return "element", f"{event.recommendation}/{event.element.id}", entry, event.registered_at


def amended_recommendation(event: RecommendationAmended, _: Batch) -> Row:
    return "recommendation", event.recommendation, RecommendationEntry(event.facts, event.happened_at(None)), None


def amended_element(event: ElementAmended, _: Batch) -> Row:
    entry = ElementEntry(event.recommendation, event.element, event.happened_at(None))
    return "element", f"{event.recommendation}/{event.element.id}", entry, None


def card(event: CriteriaApproved, _: Batch) -> Row:
    at = event.happened_at(event.approved_at)
    entry = CardEntry(event.recommendation, event.card, event.number, event.approved_by, at)
    return "card", f"{event.recommendation}/{event.card.element}", entry, event.approved_at


def evidence(event: EvidenceDisclosed, batch: Batch) -> Row:
    stored = batch.texts.get(event.record)
    of = event.facts
    words = msgspec.json.decode(stored, type=EvidenceText) if stored else None
    entry = EvidenceEntry(
        id=of.id,
        publisher=of.publisher,
        source_class=of.source_class,
        published_on=of.published_on,
        accessed_on=of.accessed_on,
        language=of.language,
        sha256=of.sha256,
        title=words.title if words else "",
        url=words.url if words else "",
        summary=words.summary if words else "",
        summary_ko=words.summary_ko if words else "",
        removed=words is None,
    )
    return "evidence", of.id, entry, None


READS: dict[type[Event], Callable[[Any, Batch], Row]] = {
    RegisterEstablished: established,
    RegisterOpened: opened,
    ThemeNamed: theme,
    PublicationAdded: publication,
    BodyNamed: body,
    ReviewScheduled: review,
    DevelopmentRecorded: development,
    RecommendationRegistered: recommendation,
    ElementAdded: element,
    CriteriaApproved: card,
    EvidenceDisclosed: evidence,
}
AMENDS: dict[type[Event], Callable[[Any, Batch], Row]] = {
    RegisterAmended: amended_register,
    ThemeAmended: theme,
    PublicationAmended: publication,
    BodyAmended: body,
    ReviewAmended: review,
    RecommendationAmended: amended_recommendation,
    ElementAmended: amended_element,
}


class Catalogue:
    name = "catalogue"
    version = 3
    metadata = metadata

    def prepare(self, db: Connection) -> None:
        """Nothing beyond the table."""

    def project(self, batch: Batch, db: Connection) -> None:
        rows: list[tuple[Any, ...]] = []
        newer: list[tuple[Any, ...]] = []
        for recorded in batch.events:
            if read := READS.get(type(recorded.event)):
                rows.append(self._row(recorded, read(recorded.event, batch)))
                if isinstance(recorded.event, CriteriaApproved) and recorded.event.number > 1:
                    newer.append(_closing(rows[-1]))
            elif amend := AMENDS.get(type(recorded.event)):
                write_rows(db, facts, COLUMNS, rows)
                rows = [self._amended(db, recorded, amend(recorded.event, batch))]
                newer.append(_closing(rows[0]))
        write_rows(db, facts, COLUMNS, rows)
        for closing in newer:
            write_many(
                db,
                "UPDATE facts SET known_to = ? WHERE register = ? AND kind = ? AND id = ? AND position < ?"
                f" AND known_to = {OPEN}",
                [closing],
            )

    def _row(self, recorded: RecordedEvent, row: Row) -> tuple[Any, ...]:
        kind, ident, fact, own = row
        event: Any = recorded.event
        since = to_microseconds(own) if own else recorded.stamp
        return recorded.position, recorded.position, event.register, kind, ident, since, OPEN, _encode(fact)

    def _amended(self, db: Connection, recorded: RecordedEvent, row: Row) -> tuple[Any, ...]:
        """The row of a later version: in the place of the first, registered when that was."""
        event: Any = recorded.event
        kind, ident, fact, own = row
        of_it = (facts.c.register == event.register, facts.c.kind == kind, facts.c.id == ident)
        query = select(facts.c.place, facts.c.data).where(*of_it).order_by(facts.c.position.desc()).limit(1)
        before = db.execute(query).one()
        previous = DECODERS[kind].decode(before.data)
        if hasattr(fact, "registered_at"):
            fact = structs.replace(fact, registered_at=previous.registered_at)
        note_translations(db, (event.register, kind, ident), _plain(previous), _plain(fact), event.checked)
        position, _, *values = self._row(recorded, (kind, ident, fact, own))
        return position, before.place, *values


def note_translations(
    db: Connection, key: tuple[str, str, str], before: Any, after: Any, checked: Collection[str]
) -> None:
    """Note which translations an amendment outdates, and which it brings up to date."""
    register, kind, ident = key
    for field, original in translations(type(after)).items():
        row = {"register": register, "kind": kind, "id": ident, "field": field}
        text, is_changed = getattr(after, field), getattr(before, original) != getattr(after, original)
        is_renewed = not text or text != getattr(before, field) or field in checked
        if is_renewed or is_changed:
            db.execute(delete(outdated).filter_by(**row))
        if is_changed and not is_renewed:
            db.execute(insert(outdated).values(**row))


def _plain(fact: Any) -> Any:
    """A fact of the domain, without what the catalogue adds to it."""
    for name in ("settings", "facts", "element"):
        if hasattr(fact, name):
            return getattr(fact, name)
    return fact


def _closing(row: tuple[Any, ...]) -> tuple[Any, ...]:
    """From when on the versions before a row are known no more."""
    position, _, register, kind, ident, since, *_ = row
    return since, register, kind, ident, position
