"""Copies of a source: upload one, capture one from its address, download, show, hide or remove one."""

from flask import Response as Download
from werkzeug.wrappers import Response

from app.adapters.fetcher import FetchResult
from app.entrypoints.http.download_response import build_download
from app.entrypoints.http.guard import allowed, current_person
from app.entrypoints.http.services import services
from app.entrypoints.staff.blueprint import staff
from app.entrypoints.staff.confirmation import Confirmation, require_confirmation
from app.entrypoints.staff.evidence.source import act_on_source, find_source
from app.entrypoints.staff.evidence.source_form import uploaded_copy
from app.entrypoints.staff.forms import Form
from app.entrypoints.staff.setup.registers import register_entry
from app.presentation.i18n.translation import LazyText, _
from app.services.container import Services
from app.services.locker import link_checks
from app.services.locker.copies import check_copy, find_file, remove_copy, set_visibility, store_copy
from app.services.locker.models import StoredFile
from domain.errors import Refused, refusal
from projections.catalogue.entries import RegisterEntry

COPY_ACTIONS = {
    "rights": LazyText("The rights are saved."),
    "show": LazyText("The copy is public."),
    "hide": LazyText("Only staff see the copy now."),
    "remove": LazyText("The copy is deleted."),
}
"""What a button does to a copy, with the banner that follows."""


@staff.post("/<register:register>/evidence/<ident:evidence>/files/")
@allowed("propose")
def upload_copy(register: str, evidence: str) -> tuple[str, int] | Response:
    form = Form().read("rights", "file")

    def act() -> None:
        copy = uploaded_copy(services())
        if copy is None:
            raise Refused(refusal("Choose a file first.", field="file"))
        store_copy(services(), current_person(), register, evidence, copy, rights=form["rights"])

    return act_on_source(services(), current_person(), register, evidence, form, act, _("The copy is saved."))


@staff.post("/<register:register>/evidence/<ident:evidence>/capture/")
@allowed("propose")
def capture(register: str, evidence: str) -> tuple[str, int] | Response:
    """Fetch a copy from the source's address."""
    container, person, form = services(), current_person(), Form().read("rights")
    entry = find_source(container, register, evidence)[0]

    def act() -> None:
        response = _fetch(container, entry.url)
        copy = check_copy(container, response.content)
        store_copy(container, person, register, evidence, copy, rights=form["rights"], url=response.url)
        with container.accounts.work() as db:
            link_checks.expect_content(container, db, register, evidence, link_checks.digest_of(response))

    return act_on_source(container, person, register, evidence, form, act, _("The copy is saved."))


def _fetch(services: Services, url: str) -> FetchResult:
    """Fetches a source. Raises `Refused` if capturing is off, or the response is no complete copy."""
    if not services.settings.capture:
        raise Refused(refusal("This site does not fetch copies. Upload a file instead."))
    response = services.fetcher.get(url, services.settings.largest_file_mb * 2**20)
    if response.status != 200:
        raise Refused(
            refusal("The address returned the status {status} instead of the source.", status=response.status)
        )
    if not response.whole:
        raise Refused(refusal("The file at this address is too large to save."))
    return response


@staff.get("/<register:register>/evidence/<ident:evidence>/files/<ident:digest>")
@allowed("read")
def kept_file(register: str, evidence: str, digest: str) -> Download:
    with services().accounts.work() as db:
        return build_download(services(), find_file(db, register, evidence, digest))


@staff.post("/<register:register>/evidence/<ident:evidence>/files/<ident:digest>/")
@allowed("publish")
def change_file(register: str, evidence: str, digest: str) -> tuple[str, int] | Response:
    """Save the note on rights, make a copy public, hide it again, or delete it."""
    form = Form().read("action", f"rights-{digest}")
    action = form["action"] if form["action"] in COPY_ACTIONS else "rights"

    def act() -> None:
        with services().accounts.work() as db:
            file = find_file(db, register, evidence, digest)
            shows = action == "show" or (action == "rights" and file.is_public)
            if action != "remove":
                _set_visibility(file, form[f"rights-{digest}"], public=shows)
            require_confirmation_of(action, register_entry(services(), register))
            if action == "remove":
                remove_copy(services(), db, file)

    return act_on_source(services(), current_person(), register, evidence, form, act, str(COPY_ACTIONS[action]))


def _set_visibility(file: StoredFile, rights: str, *, public: bool) -> None:
    """Raises `Refused` at the field for the rights."""
    try:
        set_visibility(file, rights, public=public)
    except Refused as refused:
        raise Refused(*(r.about(f"rights-{file.sha256}") for r in refused.refusals)) from None


def require_confirmation_of(action: str, entry: RegisterEntry) -> None:
    """Asks before a copy or a note becomes public, or is deleted. Raises what `require_confirmation` raises."""
    if action == "show":
        asked = Confirmation(
            title=_("Make it public?"),
            happens=(
                _("Everyone can read or download it, if the source is public."),
                _("You can show it to staff only again. Until then others may have saved it."),
            ),
            notes=(_("Check that its rights allow it, and that showing it harms no person."),),
            button=_("Make it public"),
        )
    elif action == "remove":
        asked = Confirmation(
            title=_("Delete it permanently?"),
            happens=(
                _("It is gone for staff and for the public. Backups of this site may still have it."),
                _("The record keeps that it existed. You cannot undo it."),
            ),
            button=_("Delete it permanently"),
        )
    else:
        return
    require_confirmation(asked, entry=entry)
