"""What is known of evidence today: link checks, public copies and public notes.

It changes, so a page that is pinned to an instant never shows it.
"""

from flask import Response
from msgspec import Struct

from app.entrypoints.http.download_response import build_download
from app.entrypoints.http.query_params import find_open_register, read_parameters
from app.entrypoints.http.services import services
from app.entrypoints.public.blueprint import public
from app.entrypoints.public.page import Page
from app.services.container import Services
from app.services.locker import link_checks
from app.services.locker.copies import files_of, find_file, notes_of
from app.services.locker.models import EvidenceNote, LinkCheck, StoredFile
from domain.errors import NotFound, refusal
from projections.catalogue import queries as catalogue
from projections.engine.position import last_applied_at


class EvidenceDetails(Struct, frozen=True):
    """What is known of one item today."""

    check: LinkCheck | None
    files: list[StoredFile]
    notes: list[EvidenceNote]


def evidence_details(services: Services, page: Page, evidence: list[str]) -> dict[str, EvidenceDetails]:
    """The public details of each item; empty on a page that must never change."""
    if page.times.is_pinned:
        return {}
    with services.accounts.work() as db:
        checks = link_checks.checks_of(db, page.id, evidence)
        files = files_of(db, page.id, evidence, public=True)
        notes = notes_of(db, page.id, evidence, public=True)
    return {
        e: EvidenceDetails(checks.get(e), [f for f in files if f.evidence == e], [n for n in notes if n.evidence == e])
        for e in evidence
    }


@public.get("/<register:register>/evidence/<ident:evidence>/<ident:digest>")
def kept_copy(register: str, evidence: str, digest: str) -> Response:
    """A copy of a published source that an editor made public."""
    read_parameters()
    with services().views.connect() as db:
        find_open_register(db, register)
        entries = catalogue.evidence(db, register, last_applied_at(db), [evidence])
    with services().accounts.work() as accounts:
        file = find_file(accounts, register, evidence, digest)
        if not entries or entries[evidence].removed or not file.is_public:
            raise NotFound(refusal("There is no such file here. It may have been deleted."))
        return build_download(services(), file)
