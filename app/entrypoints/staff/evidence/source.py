"""One source as staff see it: what rests on it, its copies, its notes and its link."""

from typing import Any

from flask import redirect, render_template, url_for
from sqlalchemy import Connection
from werkzeug.wrappers import Response

from app.entrypoints.http.download_response import handed_out
from app.entrypoints.http.guard import allowed, current_person
from app.entrypoints.http.services import services
from app.entrypoints.staff.blueprint import staff
from app.entrypoints.staff.evidence.sources import brought, sources
from app.entrypoints.staff.forms import Form
from app.entrypoints.staff.hidden_proposals import blindness
from app.entrypoints.staff.setup.registers import register_entry
from app.presentation.i18n.translation import LANGUAGES
from app.services.locker import link_checks
from app.services.locker.copies import file_of, files_of, fitting, judged, keep, naive, notes_of, remove, show
from app.services.locker.models import EvidenceNote
from domain.errors import NotFound, Refused, refusal
from projections.assessments.proposals import citing
from projections.catalogue import queries as catalogue
from projections.catalogue.entries import EvidenceEntry
from projections.engine.position import last_applied_at


@staff.get("/<register:register>/evidence/<ident:evidence>/")
@allowed("read")
def source(register: str, evidence: str) -> tuple[str, int]:
    return _page(register, evidence, Form(language="en"))


@staff.post("/<register:register>/evidence/<ident:evidence>/files/")
@allowed("propose")
def upload_copy(register: str, evidence: str) -> tuple[str, int] | Response:
    form = Form().read("rights")

    def act() -> None:
        copy = brought()
        if copy is None:
            raise Refused(refusal("Choose a file first.", field="file"))
        keep(services(), register, evidence, copy, by=current_person().id, rights=form["rights"])

    return _done(register, evidence, form, act)


@staff.post("/<register:register>/evidence/<ident:evidence>/capture/")
@allowed("propose")
def capture(register: str, evidence: str) -> tuple[str, int] | Response:
    """Have the server fetch a copy from the source's address."""
    of, form = services(), Form().read("rights")
    entry, _ = _source(register, evidence)

    def act() -> None:
        if not of.settings.capture:
            raise Refused(refusal("This site does not fetch copies. Upload a file instead."))
        answer = of.reach.get(entry.url, of.settings.largest_file_mb * 2**20)
        if answer.status != 200:
            raise Refused(
                refusal("The address returned the status {status} instead of the source.", status=answer.status)
            )
        if not answer.whole:
            raise Refused(refusal("The file at this address is too large to save."))
        keep(
            of,
            register,
            evidence,
            judged(of, answer.content),
            by=current_person().id,
            rights=form["rights"],
            url=answer.url,
        )
        with of.accounts.work() as db:
            link_checks.expect(of, db, register, evidence, link_checks.digest_of(answer))

    return _done(register, evidence, form, act)


@staff.get("/<register:register>/evidence/<ident:evidence>/files/<ident:digest>")
@allowed("read")
def kept_file(register: str, evidence: str, digest: str) -> Response:
    with services().accounts.work() as db:
        return handed_out(file_of(db, register, evidence, digest))


@staff.post("/<register:register>/evidence/<ident:evidence>/files/<ident:digest>/")
@allowed("publish")
def change_file(register: str, evidence: str, digest: str) -> tuple[str, int] | Response:
    """Show a copy to everybody, hide it again, or take it away."""
    form = Form().read("action", f"rights-{digest}")

    def act() -> None:
        with services().accounts.work() as db:
            file = file_of(db, register, evidence, digest)
            if form["action"] == "remove":
                remove(services(), db, file)
                return
            try:
                show(file, form[f"rights-{digest}"], public=form["action"] == "show")
            except Refused as refused:
                raise Refused(*(r.about(f"rights-{digest}") for r in refused.refusals)) from None

    return _done(register, evidence, form, act)


@staff.post("/<register:register>/evidence/<ident:evidence>/notes/")
@allowed("propose")
def write_note(register: str, evidence: str) -> tuple[str, int] | Response:
    """A note for staff; an editor may show it to everybody."""
    form = Form().read("note", "language")

    def act() -> None:
        text = fitting(form["note"], "note")
        if not text:
            raise Refused(refusal("Write the note first.", field="note"))
        with services().accounts.work() as db:
            db.add(
                EvidenceNote(
                    register=register,
                    evidence=evidence,
                    text=text,
                    language=form["language"] if form["language"] in LANGUAGES else "en",
                    written_at=naive(services().clock()),
                    written_by=current_person().id,
                )
            )

    return _done(register, evidence, form, act)


@staff.post("/<register:register>/evidence/<ident:evidence>/notes/<number:note>/")
@allowed("publish")
def change_note(register: str, evidence: str, note: int) -> tuple[str, int] | Response:
    form = Form().read("action")

    def act() -> None:
        with services().accounts.work() as db:
            found = next((n for n in notes_of(db, register, [evidence]) if n.id == note), None)
            if found is None:
                raise NotFound(refusal("There is no such note here. It may have been deleted."))
            if form["action"] == "remove":
                db.delete(found)
            else:
                found.is_public = form["action"] == "show"

    return _done(register, evidence, form, act)


@staff.post("/<register:register>/evidence/<ident:evidence>/link/")
@allowed("propose")
def accept_link(register: str, evidence: str) -> tuple[str, int] | Response:
    """Somebody read the page and found that it still shows what is cited: it is held against this from now on."""

    def act() -> None:
        with services().accounts.work() as db:
            found = link_checks.of_items(db, register, [evidence]).get(evidence)
            if found and found.digest:
                link_checks.expect(services(), db, register, evidence, found.digest)

    return _done(register, evidence, Form(), act)


def _done(register: str, evidence: str, form: Form, act: Any) -> tuple[str, int] | Response:
    """Do something to a source that is there, and show it again, with what stopped it."""
    _source(register, evidence)
    try:
        act()
    except NotFound:
        raise
    except Refused as refused:
        form.refuse(refused)
        return _page(register, evidence, form)
    services().blobs.stir()
    return redirect(url_for("staff.source", register=register, evidence=evidence))


def _source(register: str, evidence: str) -> tuple[EvidenceEntry, bool]:
    """A source, and whether it is public. Raises `NotFound`."""
    with services().views.connect() as db:
        known, noted = sources(db, register)
    found = known.get(evidence) or noted.get(evidence)
    if found is None:
        raise NotFound(refusal("There is no source “{id}” in this register.", id=evidence))
    return found, evidence in known


def _page(register: str, evidence: str, form: Form) -> tuple[str, int]:
    entry = register_entry(register)
    found, public = _source(register, evidence)
    with services().views.connect() as db:
        assessments = _assessments(db, register, evidence)
        developments = [d for d in catalogue.developments(db, register, last_applied_at(db)) if evidence in d.evidence]
    with services().accounts.work() as accounts:
        files = files_of(accounts, register, [evidence])
        form.values = {f"rights-{f.sha256}": f.rights for f in files} | form.values
        page = render_template(
            "staff/source.html",
            entry=entry,
            source=found,
            public=public,
            assessments=assessments,
            developments=developments,
            files=files,
            notes=notes_of(accounts, register, [evidence]),
            check=link_checks.of_items(accounts, register, [evidence]).get(evidence),
            form=form,
            may_capture=services().settings.capture,
            checks_links=services().settings.check_links,
            largest=services().settings.largest_file_mb,
        )
    return page, form.status


def _assessments(db: Connection, register: str, evidence: str) -> dict[str, tuple[Any, str, bool]]:
    """Assessments that rest on a source by their ids: what they say, of what, and whether they are published."""
    found: dict[str, tuple[Any, str, bool]] = {}
    blind = blindness(register)
    for c in citing(db, register, evidence):
        if c.is_published or not blind.hides_work_of(c.by, c.recommendation):
            found[c.assessment.id] = (c.assessment, c.recommendation, c.is_published)
    return found
