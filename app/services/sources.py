"""Sources of a register by id, public or not, and the names of a register's things for staff."""

from collections.abc import Collection

from sqlalchemy import Connection

from app.presentation.narrative.record_names import RecordNames
from app.services.container import Services
from domain.evidence.record import read_evidence_text
from domain.values import EvidenceFacts
from projections.catalogue import queries as catalogue
from projections.catalogue.entries import EvidenceEntry, RegisterEntry
from projections.worklist.queries import noted_sources


def staff_names(services: Services, db: Connection, entry: RegisterEntry) -> RecordNames:
    """The names of a register for staff, who also see sources that are not public."""

    def find_source(db: Connection, ident: str) -> EvidenceEntry | None:
        return sources_by_id(services, db, entry.id, [ident]).get(ident)

    return RecordNames(db, entry, find_source=find_source)


def sources_by_id(services: Services, db: Connection, register: str, ids: Collection[str]) -> dict[str, EvidenceEntry]:
    """Returns some sources of a register, public or not."""
    public = catalogue.evidence(db, register, services.clock(), ids)
    return _noted(services, db, register, ids) | public


def _noted(services: Services, db: Connection, register: str, ids: Collection[str]) -> dict[str, EvidenceEntry]:
    """Returns sources that no published assessment cites, with their texts from outside the log."""
    noted = noted_sources(db, register, ids)
    records = services.log.records([n.record for n in noted])
    return {n.facts.id: _entry(n.facts, records.get(n.record)) for n in noted}


def _entry(facts: EvidenceFacts, record: bytes | None) -> EvidenceEntry:
    text = read_evidence_text(record) if record else None
    return EvidenceEntry(
        id=facts.id,
        publisher=facts.publisher,
        source_class=facts.source_class,
        title=text.title if text else "",
        url=text.url if text else "",
        published_on=facts.published_on,
        accessed_on=facts.accessed_on,
        summary=text.summary if text else "",
        translations=text.translations if text else {},
        language=facts.language,
        sha256=facts.sha256,
        removed=text is None,
    )
