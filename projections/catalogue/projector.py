"""Keeps every version of every public fact, with the instants between which it was known."""

from datetime import datetime
from typing import Any, NamedTuple

import msgspec
from msgspec import Struct, structs
from sqlalchemy import Connection, Table, delete, select

from domain.base import Event
from domain.deadline.events import DeadlineStated, DeadlineWithdrawn
from domain.development.events import DevelopmentRecorded
from domain.evidence.events import EvidenceAmended, EvidenceDisclosed, EvidenceTextRemoved
from domain.evidence.record import read_evidence_text
from domain.recommendation.events import (
    CriteriaApproved,
    ElementAdded,
    ElementAmended,
    RecommendationAmended,
    RecommendationRegistered,
)
from domain.register.events import (
    BodyAmended,
    BodyMerged,
    BodyNamed,
    LogoSet,
    PublicationAdded,
    PublicationAmended,
    RegisterAmended,
    RegisterEstablished,
    RegisterOpened,
    ThemeAmended,
    ThemeNamed,
)
from domain.review.events import ReviewAmended, ReviewScheduled
from projections.catalogue.entries import (
    DECODERS,
    CriteriaEntry,
    DeadlineEntry,
    ElementEntry,
    EvidenceEntry,
    MergeEntry,
    RecommendationEntry,
    RegisterOpening,
    RegisterVersion,
)
from projections.catalogue.removals import REMOVALS, RemovedFacts
from projections.catalogue.removed_texts import remove_texts
from projections.catalogue.tables import StoredFact, facts, metadata, outdated
from projections.catalogue.translations import note_translations
from projections.engine.batches import OPEN_END, Batch, EventHandlers, RecordedEvent
from projections.engine.bulk_write import write_many, write_rows
from projections.engine.rows import NamedRow

_encode = msgspec.json.Encoder().encode


class FactVersion(NamedTuple):
    """A version of a fact, and the instant from which an imported record knew it."""

    register: str
    kind: str
    id: str
    fact: Struct
    known_from: datetime | None = None


def register_settings(recorded: RecordedEvent[RegisterEstablished], _: Batch) -> FactVersion:
    event = recorded.event
    settings = RegisterVersion(event.settings, event.opened_elsewhere_at)
    return FactVersion(event.register, "register", event.register, settings)


def amended_register_settings(recorded: RecordedEvent[RegisterAmended], _: Batch) -> FactVersion:
    event = recorded.event
    return FactVersion(event.register, "register", event.register, RegisterVersion(event.settings))


def opening(recorded: RecordedEvent[RegisterOpened], _: Batch) -> FactVersion:
    event = recorded.event
    entry = RegisterOpening(event.origin, event.happened_at(None))
    return FactVersion(event.register, "opening", event.register, entry, event.opened_at)


def logo(recorded: RecordedEvent[LogoSet], _: Batch) -> FactVersion:
    event = recorded.event
    return FactVersion(event.register, "logo", event.register, event.logo)


def theme(recorded: RecordedEvent[ThemeNamed | ThemeAmended], _: Batch) -> FactVersion:
    event = recorded.event
    return FactVersion(event.register, "theme", event.theme.id, event.theme)


def publication(recorded: RecordedEvent[PublicationAdded | PublicationAmended], _: Batch) -> FactVersion:
    event = recorded.event
    return FactVersion(event.register, "publication", event.publication.id, event.publication)


def body(recorded: RecordedEvent[BodyNamed | BodyAmended], _: Batch) -> FactVersion:
    event = recorded.event
    return FactVersion(event.register, "body", event.body.id, event.body)


def merge(recorded: RecordedEvent[BodyMerged], _: Batch) -> FactVersion:
    event = recorded.event
    entry = MergeEntry(event.merge, event.happened_at(event.merged_at))
    return FactVersion(event.register, "merge", event.merge.body, entry, event.merged_at)


def review(recorded: RecordedEvent[ReviewScheduled | ReviewAmended], _: Batch) -> FactVersion:
    event = recorded.event
    return FactVersion(event.register, "review", event.schedule.id, event.schedule)


def development(recorded: RecordedEvent[DevelopmentRecorded], _: Batch) -> FactVersion:
    event = recorded.event
    return FactVersion(event.register, "development", event.facts.id, event.facts)


def recommendation(recorded: RecordedEvent[RecommendationRegistered], _: Batch) -> FactVersion:
    event = recorded.event
    entry = RecommendationEntry(event.facts, event.happened_at(event.registered_at))
    return FactVersion(event.register, "recommendation", event.recommendation, entry, event.registered_at)


def amended_recommendation(recorded: RecordedEvent[RecommendationAmended], _: Batch) -> FactVersion:
    event = recorded.event
    entry = RecommendationEntry(event.facts, event.happened_at(None))
    return FactVersion(event.register, "recommendation", event.recommendation, entry)


def element(recorded: RecordedEvent[ElementAdded], _: Batch) -> FactVersion:
    event = recorded.event
    entry = ElementEntry(event.recommendation, event.element, event.happened_at(event.registered_at))
    return FactVersion(
        event.register, "element", f"{event.recommendation}/{event.element.id}", entry, event.registered_at
    )


def amended_element(recorded: RecordedEvent[ElementAmended], _: Batch) -> FactVersion:
    event = recorded.event
    entry = ElementEntry(event.recommendation, event.element, event.happened_at(None))
    return FactVersion(event.register, "element", f"{event.recommendation}/{event.element.id}", entry)


def success_criteria(recorded: RecordedEvent[CriteriaApproved], _: Batch) -> FactVersion:
    event = recorded.event
    at = event.happened_at(event.approved_at)
    entry = CriteriaEntry(event.recommendation, event.card, event.number, event.approved_by, at)
    return FactVersion(event.register, "card", f"{event.recommendation}/{event.card.element}", entry, event.approved_at)


def deadline(recorded: RecordedEvent[DeadlineStated], _: Batch) -> FactVersion:
    event = recorded.event
    entry = DeadlineEntry(event.recommendation, event.deadline, event.happened_at(event.published_at))
    ident = f"{event.recommendation}/{event.deadline.id}"
    return FactVersion(event.register, "deadline", ident, entry, event.published_at)


def evidence(recorded: RecordedEvent[EvidenceDisclosed | EvidenceAmended], batch: Batch) -> FactVersion:
    event, of = recorded.event, recorded.event.facts
    stored = batch.texts.get(event.record)
    text = read_evidence_text(stored) if stored else None
    entry = EvidenceEntry(
        id=of.id,
        publisher=of.publisher,
        source_class=of.source_class,
        published_on=of.published_on,
        accessed_on=of.accessed_on,
        language=of.language,
        sha256=of.sha256,
        title=text.title if text else "",
        url=text.url if text else "",
        archived_url=text.archived_url if text else "",
        summary=text.summary if text else "",
        translations=text.translations if text else {},
        removed=text is None,
    )
    return FactVersion(event.register, "evidence", of.id, entry)


FIRST_VERSIONS = (
    EventHandlers[Batch, FactVersion]()
    .on(RegisterEstablished, register_settings)
    .on(RegisterOpened, opening)
    .on(LogoSet, logo)
    .on(ThemeNamed, theme)
    .on(PublicationAdded, publication)
    .on(BodyNamed, body)
    .on(BodyMerged, merge)
    .on(ReviewScheduled, review)
    .on(DevelopmentRecorded, development)
    .on(RecommendationRegistered, recommendation)
    .on(ElementAdded, element)
    .on(CriteriaApproved, success_criteria)
    .on(EvidenceDisclosed, evidence)
    .on(DeadlineStated, deadline)
)
AMENDED_VERSIONS = (
    EventHandlers[Batch, FactVersion]()
    .on(RegisterAmended, amended_register_settings)
    .on(ThemeAmended, theme)
    .on(PublicationAmended, publication)
    .on(BodyAmended, body)
    .on(ReviewAmended, review)
    .on(RecommendationAmended, amended_recommendation)
    .on(ElementAmended, amended_element)
    .on(EvidenceAmended, evidence)
)


class Catalogue:
    name = "catalogue"
    version = 13
    metadata = metadata

    def prepare(self, db: Connection) -> None:
        """Nothing beyond the table."""

    def project(self, batch: Batch, db: Connection) -> None:
        rows: list[StoredFact] = []
        later_versions: list[StoredFact] = []
        for recorded in batch.events:
            if version := FIRST_VERSIONS.handle(recorded, batch):
                rows.append(_row(recorded, version))
                if _replaces_earlier(recorded.event):
                    later_versions.append(rows[-1])
            elif isinstance(recorded.event, DeadlineWithdrawn):
                write_rows(db, facts, rows)
                rows = [_withdrawn_deadline(db, recorded, recorded.event)]
                later_versions.append(rows[0])
            elif version := AMENDED_VERSIONS.handle(recorded, batch):
                write_rows(db, facts, rows)
                rows = [_amended_row(db, recorded, version)]
                later_versions.append(rows[0])
            elif removals := REMOVALS.handle(recorded, None):
                _write(db, rows, later_versions)
                rows, later_versions = [], []
                for removal in removals:
                    _remove(db, removal)
            elif isinstance(recorded.event, EvidenceTextRemoved):
                _write(db, rows, later_versions)
                rows, later_versions = [], []
                remove_texts(db, recorded.event)
        _write(db, rows, later_versions)


def _replaces_earlier(event: Event) -> bool:
    return isinstance(event, LogoSet) or (isinstance(event, CriteriaApproved) and event.number > 1)


def _write(db: Connection, rows: list[StoredFact], later_versions: list[StoredFact]) -> None:
    write_rows(db, facts, rows)
    for row in later_versions:
        _close_earlier_versions(db, row)


def _remove(db: Connection, removal: RemovedFacts) -> None:
    tables: tuple[Table, ...] = (facts, outdated)
    for table in tables:
        query = delete(table).where(table.c.register == removal.register)
        if removal.kinds:
            query = query.where(table.c.kind.in_(removal.kinds))
        if removal.id:
            query = query.where(table.c.id == removal.id)
        if removal.id_prefix:
            query = query.where(table.c.id >= removal.id_prefix, table.c.id < removal.id_prefix[:-1] + "0")
        db.execute(query)


def _row(recorded: RecordedEvent[Event], version: FactVersion) -> StoredFact:
    return StoredFact(
        position=recorded.position,
        place=recorded.position,
        register=version.register,
        kind=version.kind,
        id=version.id,
        known_from=recorded.known_from(version.known_from),
        known_to=OPEN_END,
        data=_encode(version.fact),
    )


def _amended_row(db: Connection, recorded: RecordedEvent[Event], version: FactVersion) -> StoredFact:
    """The row of a later version, with the place and the registration instant of the first."""
    previous = _previous(db, version.register, version.kind, version.id)
    fact, previous_fact = version.fact, DECODERS[version.kind].decode(previous.data)
    if isinstance(fact, RecommendationEntry | ElementEntry):
        fact = structs.replace(fact, registered_at=previous_fact.registered_at)
        version = version._replace(fact=fact)
    if not isinstance(recorded.event, EvidenceAmended):
        event: Any = recorded.event
        note_translations(db, (version.register, version.kind, version.id), previous_fact, fact, event.checked)
    return structs.replace(_row(recorded, version), place=previous.place)


def _withdrawn_deadline(db: Connection, recorded: RecordedEvent[Event], event: DeadlineWithdrawn) -> StoredFact:
    """The row of a deadline from its withdrawal on."""
    ident = f"{event.recommendation}/{event.deadline}"
    previous = _previous(db, event.register, "deadline", ident)
    entry = structs.replace(
        DECODERS["deadline"].decode(previous.data),
        withdrawn_at=event.happened_at(event.withdrawn_at),
        withdrawn_by=event.withdrawn_by,
        withdrawn_reason=event.reason,
    )
    version = FactVersion(event.register, "deadline", ident, entry, event.withdrawn_at)
    return structs.replace(_row(recorded, version), place=previous.place)


def _previous(db: Connection, register: str, kind: str, ident: str) -> NamedRow:
    """The place and the data of the last stored version of a fact."""
    query = select(facts.c.place, facts.c.data).where(
        facts.c.register == register, facts.c.kind == kind, facts.c.id == ident
    )
    return db.execute(query.order_by(facts.c.position.desc()).limit(1)).one()


def _close_earlier_versions(db: Connection, row: StoredFact) -> None:
    """From this version on, the ones before it are no longer known."""
    write_many(
        db,
        "UPDATE facts SET known_to = ? WHERE register = ? AND kind = ? AND id = ? AND position < ?"
        f" AND known_to = {OPEN_END}",
        [(row.known_from, row.register, row.kind, row.id, row.position)],
    )
