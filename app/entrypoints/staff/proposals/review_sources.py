"""The sources beside a decision: what is cited now, what was dropped, kept copies, and the state of each link."""

from collections.abc import Mapping

from msgspec import Struct
from sqlalchemy.orm import Session

from app.services.locker.copies import files_of
from app.services.locker.link_checks import checks_of
from app.services.locker.models import LinkCheck, StoredFile
from domain.values import Assessment
from projections.catalogue.entries import EvidenceEntry


class ReviewSource(Struct, frozen=True):
    """`is_dropped`: the assessment in force cites it, and the proposal does not. `is_new`: the other way round."""

    source: EvidenceEntry
    files: list[StoredFile]
    check: LinkCheck | None
    is_dropped: bool
    is_new: bool


def review_sources(
    db: Session, register: str, proposed: Assessment, before: Assessment | None, sources: Mapping[str, EvidenceEntry]
) -> list[ReviewSource]:
    """The sources of the proposal in its order, then those that it drops."""
    earlier = before.evidence if before else ()
    dropped = [e for e in earlier if e not in proposed.evidence]
    shown = [e for e in (*proposed.evidence, *dropped) if e in sources]
    checks, files = checks_of(db, register, shown), files_of(db, register, shown)
    return [
        ReviewSource(
            source=sources[ident],
            files=[f for f in files if f.evidence == ident],
            check=checks.get(ident),
            is_dropped=ident in dropped,
            is_new=ident not in earlier,
        )
        for ident in shown
    ]
