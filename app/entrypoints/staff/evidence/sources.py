"""The sources of a register: all of them, and those offered for a proposal."""

from collections.abc import Collection, Iterable

from sqlalchemy import Connection

from app.services.container import Services
from domain.evidence.record import read_evidence_text
from domain.values import EvidenceFacts
from projections.assessments.proposals import evidence_for
from projections.catalogue import queries as catalogue
from projections.catalogue.entries import EvidenceEntry
from projections.worklist.queries import noted_sources


def offered_sources(
    services: Services, db: Connection, register: str, recommendation: str, selected: Iterable[str], find: str = ""
) -> tuple[list[EvidenceEntry], list[EvidenceEntry]]:
    """Returns sources of the register, newest first: those selected or cited for this recommendation, and all others
    that match the words of `find`."""
    near = set(selected) | evidence_for(db, register, recommendation)
    public, internal = sources(services, db, register)
    all_sources = [*internal.values(), *sorted(public.values(), key=lambda e: e.published_on, reverse=True)]
    near |= set(internal)
    return [e for e in all_sources if e.id in near], [
        e for e in all_sources if e.id not in near and matches_words(e, find)
    ]


def matches_words(source: EvidenceEntry, words: str) -> bool:
    """Does its title, publisher or id contain all the words?"""
    text = f"{source.title} {source.publisher} {source.id}".lower()
    return all(word in text for word in words.lower().split())


def sources(
    services: Services, db: Connection, register: str
) -> tuple[dict[str, EvidenceEntry], dict[str, EvidenceEntry]]:
    """Returns a register's sources by id: the public ones, and those that only staff see."""
    public = catalogue.evidence(db, register, services.clock())
    return public, {i: e for i, e in _noted(services, db, register).items() if i not in public}


def sources_by_id(services: Services, db: Connection, register: str, ids: Collection[str]) -> dict[str, EvidenceEntry]:
    """Returns some sources of a register, public or not."""
    public = catalogue.evidence(db, register, services.clock(), ids)
    return _noted(services, db, register, ids) | public


def _noted(
    services: Services, db: Connection, register: str, ids: Collection[str] | None = None
) -> dict[str, EvidenceEntry]:
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
