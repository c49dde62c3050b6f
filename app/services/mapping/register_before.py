"""Reads the register that a sheet is compared with."""

from msgspec import Struct
from msgspec.structs import replace

from app.services.bundles.exporting import export_bundle
from app.services.bundles.rows import Bundle, EvidenceRow
from app.services.container import Services
from app.services.mapping.saved import LastFile, find_last_file
from domain.errors import Refused, refusal
from domain.evidence.record import read_evidence_text
from domain.values import SuccessCriteria
from projections.assessments.proposals import latest_card_drafts
from projections.catalogue import queries as catalogue
from projections.worklist.queries import NotedSource, noted_sources, open_proposals


class RegisterBefore(Struct, frozen=True):
    """What is stored when a sheet is compared with it."""

    bundle: Bundle | None = None
    """With the sources that are not public yet."""
    drafts: dict[tuple[str, str], SuccessCriteria] = {}
    proposed: frozenset[tuple[str, str, str, str]] = frozenset()
    """Recommendation, element, status and day of each open proposal."""
    is_open: bool = False
    last_file: LastFile | None = None


def read_before(services: Services, register: str, *, create: bool) -> RegisterBefore:
    """Return what is stored of a register. Raises `Refused` if there is none and none may be begun."""
    services.catch_up()
    with services.views.connect() as db:
        entry = catalogue.register(db, register)
        if entry is None:
            if not create:
                raise Refused(
                    refusal("There is no register “{id}”.", cure="Begin it with --create.", id=register, field="id")
                )
            return RegisterBefore()
        bundle, drafts = export_bundle(db, register), latest_card_drafts(db, register)
        proposals = open_proposals(db, register)
        noted = noted_sources(db, register)
    with services.accounts.work() as accounts:
        last_file = find_last_file(accounts, register)
    return RegisterBefore(
        bundle=_with_noted(services, bundle, noted) if bundle else None,
        drafts=drafts,
        proposed=frozenset(
            (p.recommendation, p.assessment.element, p.assessment.status.value, p.assessment.effective_on)
            for p in proposals
        ),
        is_open=entry.is_open,
        last_file=last_file,
    )


def _with_noted(services: Services, bundle: Bundle, noted: list[NotedSource]) -> Bundle:
    """The bundle with the sources that no published assessment cites."""
    if not noted:
        return bundle
    records = services.log.records([source.record for source in noted])
    public = {row.fact.id for row in bundle.evidence}
    rows = (
        EvidenceRow(0, source.facts, read_evidence_text(record))
        for source in noted
        if source.facts.id not in public and (record := records.get(source.record))
    )
    return replace(bundle, evidence=(*bundle.evidence, *rows))
