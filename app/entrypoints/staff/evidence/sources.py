"""Sources of a register: some by id, and those offered for a proposal."""

from msgspec import Struct
from sqlalchemy import Connection

from app.entrypoints.staff.forms import Form, parse_number
from app.services.container import Services
from app.services.sources import sources_by_id
from projections.assessments.proposals import evidence_for
from projections.catalogue.entries import EvidenceEntry
from projections.sources.queries import search_sources

SOURCES_PER_PAGE = 20
MAX_NEAR = 60
"""How many sources that a recommendation already cites are listed without a search."""


class OfferedSources(Struct, frozen=True):
    """Sources to select: those that are selected, those that are cited here already, and one page of all others."""

    picked: list[EvidenceEntry]
    near: list[EvidenceEntry]
    others: list[EvidenceEntry]
    total: int
    """How many others match."""
    skip: int = 0

    @property
    def following(self) -> int | None:
        """How many to skip for the next page; None on the last one."""
        after = self.skip + SOURCES_PER_PAGE
        return after if after < self.total else None


def offered_sources(
    services: Services, db: Connection, register: str, recommendation: str, form: Form
) -> OfferedSources:
    """Reads the sources of one page only; `recommendation` is empty where several are meant.

    The field `find` has words of a title, publisher, id or address.
    """
    picked = list(dict.fromkeys(form.lists.get("evidence", ())))
    find, skip = form["find"], parse_number(form["find_skip"]) or 0
    cited = sorted(evidence_for(db, register, recommendation) - set(picked))[:MAX_NEAR]
    page = search_sources(db, register, find, skip=skip, limit=SOURCES_PER_PAGE, without=[*picked, *cited])
    entries = sources_by_id(services, db, register, [*picked, *cited, *page.ids])
    near = sorted((entries[i] for i in cited if i in entries), key=lambda e: e.published_on, reverse=True)
    return OfferedSources(
        picked=[entries[i] for i in picked if i in entries],
        near=near,
        others=[entries[i] for i in page.ids if i in entries],
        total=page.total,
        skip=skip,
    )
