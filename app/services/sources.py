"""Sources of a register by id, public or not, and the names of a register's things for staff."""

import re
from collections.abc import Collection

from sqlalchemy import Connection

from app.presentation.narrative.record_names import RecordNames
from app.services.bundles.known_names import names_of, neither, several
from app.services.bundles.words import fold
from app.services.container import Services
from domain.errors import Refusal, Refused, refusal, refuse
from domain.evidence.record import read_evidence_text
from domain.values import EvidenceFacts
from projections.catalogue import queries as catalogue
from projections.catalogue.entries import EvidenceEntry, RegisterEntry
from projections.sources.queries import find_by_address, search_sources
from projections.worklist.queries import noted_sources

MAX_COMPARED = 200
"""How many of the sources with all words of a title are compared with it."""
_LIST_SEPARATORS = re.compile(r"[;\n]")
_BLANKS = re.compile(r"[\s,]+")


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
        archived_url=text.archived_url if text else "",
        published_on=facts.published_on,
        accessed_on=facts.accessed_on,
        summary=text.summary if text else "",
        translations=text.translations if text else {},
        language=facts.language,
        sha256=facts.sha256,
        removed=text is None,
    )


class SourceNames:
    """Finds the sources of a register by what people type: ids, addresses or titles, separated by semicolons."""

    def __init__(self, services: Services, db: Connection, register: str) -> None:
        self._services, self._db, self._register = services, db, register
        self._ids: dict[str, str] = {}

    def read(self, text: str) -> tuple[str, ...]:
        """The ids, each once. Raises `Refused` with a sentence for each part that names no source, or several."""
        parts = [part.strip() for part in _LIST_SEPARATORS.split(text) if part.strip()]
        ids, problems = [], list[Refusal]()
        for part in parts:
            try:
                ids += [self._one(word) for word in self._ids_in(part) or [part]]
            except Refused as refused:
                problems += refused.refusals
        refuse(problems)
        return tuple(dict.fromkeys(ids))

    def _ids_in(self, part: str) -> list[str]:
        """The ids and addresses in a text that has nothing else but spaces and commas; else empty."""
        words = [word for word in _BLANKS.split(part) if word]
        return words if all("://" in word or self._by_id(word) for word in words) else []

    def _one(self, text: str) -> str:
        if text not in self._ids:
            self._ids[text] = self._find(text)
        return self._ids[text]

    def _find(self, text: str) -> str:
        if self._by_id(text):
            return text
        if "://" in text:
            found = find_by_address(self._db, self._register, [text])
            if not found:
                raise Refused(refusal("No source of this register has the address {url}. Add it first.", url=text))
            return next(iter(found.values()))
        page = search_sources(self._db, self._register, text, limit=MAX_COMPARED)
        entries = sources_by_id(self._services, self._db, self._register, page.ids)
        named = [entry for entry in entries.values() if fold(text) in map(fold, names_of(entry))]
        if len(named) != 1:
            raise Refused(several("evidence", text, named) if named else neither("evidence", text))
        return named[0].id

    def _by_id(self, ident: str) -> bool:
        return bool(sources_by_id(self._services, self._db, self._register, [ident]))
