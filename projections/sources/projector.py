"""Keeps the list of sources up to date with what is noted, disclosed, amended and removed, and with what cites them."""

from sqlalchemy import Connection, Table, delete, select, update

from domain.development.events import DevelopmentRecorded
from domain.evidence.events import EvidenceEvent, EvidenceRemoved, TextRemoval
from domain.evidence.record import read_evidence_text
from domain.recommendation.events import AssessmentProposed, AssessmentPublished, AssessmentRevised
from domain.register.events import RegisterDiscarded
from domain.text import comparable_address, comparable_source
from domain.values import EvidenceText
from projections.engine.batches import Batch
from projections.engine.bulk_write import write_rows
from projections.sources.tables import StoredCitation, StoredSource, citations, metadata, sources

KEYS_PER_QUERY = 400
CITING = (AssessmentPublished, AssessmentProposed, AssessmentRevised, DevelopmentRecorded)


class Sources:
    name = "sources"
    version = 5
    metadata = metadata

    def prepare(self, db: Connection) -> None:
        """Nothing beyond the table."""

    def project(self, batch: Batch, db: Connection) -> None:
        rows: dict[tuple[str, str], StoredSource] = {}
        cited: list[StoredCitation] = []
        for recorded in batch.events:
            event = recorded.event
            if isinstance(event, CITING):
                facts = event.facts if isinstance(event, DevelopmentRecorded) else event.assessment
                cited += [StoredCitation(event.register, i, recorded.position) for i in dict.fromkeys(facts.evidence)]
            elif isinstance(event, EvidenceEvent):
                key = (event.register, event.facts.id)
                first = rows[key].position if key in rows else recorded.position
                rows[key] = _row(event, first, batch.texts.get(event.record))
            elif isinstance(event, TextRemoval):
                _write(db, rows, cited)
                _remove_texts(db, event)
            elif isinstance(event, EvidenceRemoved):
                _write(db, rows, cited)
                _delete(db, event.register, event.evidence)
            elif isinstance(event, RegisterDiscarded):
                _write(db, rows, cited)
                _delete(db, event.register)
        _write(db, rows, cited)


def _delete(db: Connection, register: str, evidence: str = "") -> None:
    """Delete a source and what cites it; without an id, all of a register."""
    tables: tuple[Table, ...] = (sources, citations)
    for table in tables:
        query = delete(table).where(table.c.register == register)
        db.execute(query.where(table.c.evidence == evidence) if evidence else query)


def _remove_texts(db: Connection, event: TextRemoval) -> None:
    """Leave nothing to find a source by but its id."""
    about = sources.c.register == event.register, sources.c.evidence == event.evidence
    db.execute(update(sources).where(*about).values(address="", same="", words=event.evidence.lower()))


def _row(event: EvidenceEvent, position: int, stored: bytes | None) -> StoredSource:
    text = read_evidence_text(stored) if stored else EvidenceText(title="", summary="")
    titles = [text.title, *(texts.get("title", "") for texts in text.translations.values())]
    return StoredSource(
        register=event.register,
        evidence=event.facts.id,
        position=position,
        address=comparable_address(text.url) if text.url else "",
        same=comparable_source(text.title, event.facts.publisher, event.facts.published_on),
        words=" ".join([*titles, event.facts.publisher, event.facts.id, text.url]).lower(),
    )


def _write(db: Connection, rows: dict[tuple[str, str], StoredSource], cited: list[StoredCitation]) -> None:
    """Write the rows in place of those that are stored, which keep their positions; empties both collections."""
    write_rows(db, citations, cited)
    cited.clear()
    keys = sorted(rows)
    for start in range(0, len(keys), KEYS_PER_QUERY):
        for register in {register for register, _ in keys[start : start + KEYS_PER_QUERY]}:
            names = [name for of, name in keys[start : start + KEYS_PER_QUERY] if of == register]
            stored = (sources.c.register == register, sources.c.evidence.in_(names))
            for found in db.execute(select(sources.c.evidence, sources.c.position).where(*stored)):
                rows[register, found.evidence].position = found.position
            db.execute(delete(sources).where(*stored))
    write_rows(db, sources, list(rows.values()))
    rows.clear()
