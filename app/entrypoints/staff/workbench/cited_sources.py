"""The sources of a recommendation: those that its status rests on first, with the state of each link and copy."""

from collections.abc import Iterable

from msgspec import Struct
from sqlalchemy import Connection

from app.services.container import Services
from app.services.locker import link_checks
from app.services.locker.copies import files_of
from app.services.locker.models import LinkCheck, StoredFile
from app.services.sources import sources_by_id
from projections.assessments import queries as assessments
from projections.catalogue.entries import EvidenceEntry
from projections.worklist.queries import Proposal

SOURCES_PER_PAGE = 10


class CitedSource(Struct, frozen=True):
    """`is_current`: an assessment in force cites it; `is_public`: something published does."""

    entry: EvidenceEntry
    is_current: bool
    is_public: bool
    check: LinkCheck | None
    copy: StoredFile | None


class CitedSources(Struct, frozen=True):
    """One page of sources; `gone` counts the dead links among all of them."""

    rows: list[CitedSource]
    total: int
    gone: int
    page: int
    has_next: bool


def cited_sources(
    services: Services,
    db: Connection,
    register: str,
    recommendation: str,
    in_force: Iterable[str],
    proposals: Iterable[Proposal],
    page: int,
) -> CitedSources:
    """Those cited by assessments in force, then by open proposals, then all others, the last cited first."""
    current = {e for a in assessments.by_id(db, register, set(in_force)).values() for e in a.evidence}
    public = assessments.cited_in_public(db, register, recommendation)
    proposed = dict.fromkeys(e for p in proposals for e in p.assessment.evidence)
    ids = list(dict.fromkeys([*(e for e in public if e in current), *proposed, *public]))
    start = (page - 1) * SOURCES_PER_PAGE
    shown = ids[start : start + SOURCES_PER_PAGE]
    entries = sources_by_id(services, db, register, shown)
    with services.accounts.work() as accounts:
        checks = link_checks.checks_of(accounts, register, ids)
        copies = {f.evidence: f for f in files_of(accounts, register, shown)}
    return CitedSources(
        rows=[
            CitedSource(entries[i], i in current, i in public, checks.get(i), copies.get(i))
            for i in shown
            if i in entries
        ],
        total=len(ids),
        gone=sum(check.result == link_checks.LinkResult.DEAD for check in checks.values()),
        page=page,
        has_next=start + SOURCES_PER_PAGE < len(ids),
    )
