"""Notes on a source: write, show, hide or remove one."""

from werkzeug.wrappers import Response

from app.entrypoints.http.guard import allowed, current_person
from app.entrypoints.http.services import services
from app.entrypoints.staff.blueprint import staff
from app.entrypoints.staff.evidence.source import act_on_source
from app.entrypoints.staff.evidence.source_copies import require_confirmation_of
from app.entrypoints.staff.forms import Form
from app.entrypoints.staff.setup.registers import register_entry
from app.presentation.i18n.languages import LANGUAGES, SOURCE
from app.presentation.i18n.translation import LazyText, _
from app.services.locker.copies import check_text, naive_utc, notes_of
from app.services.locker.models import EvidenceNote
from domain.errors import NotFound, Refused, refusal

NOTE_ACTIONS = {
    "show": LazyText("The note is public."),
    "hide": LazyText("Only staff see the note now."),
    "remove": LazyText("The note is deleted."),
}
"""What a button does to a note, with the banner that follows."""


@staff.post("/<register:register>/evidence/<ident:evidence>/notes/")
@allowed("propose")
def write_note(register: str, evidence: str) -> tuple[str, int] | Response:
    """Write a note for staff; an editor can make it public."""
    form = Form().read("note", "language")

    def act() -> None:
        text = check_text(form["note"], "note")
        if not text:
            raise Refused(refusal("Write the note first.", field="note"))
        with services().accounts.work() as db:
            db.add(
                EvidenceNote(
                    register=register,
                    evidence=evidence,
                    text=text,
                    language=form["language"] if form["language"] in LANGUAGES else SOURCE,
                    written_at=naive_utc(services().clock()),
                    written_by=current_person().id,
                )
            )

    return act_on_source(services(), current_person(), register, evidence, form, act, _("The note is saved."))


@staff.post("/<register:register>/evidence/<ident:evidence>/notes/<number:note>/")
@allowed("publish")
def change_note(register: str, evidence: str, note: int) -> tuple[str, int] | Response:
    form = Form().read("action")

    def act() -> None:
        with services().accounts.work() as db:
            stored_note = next((n for n in notes_of(db, register, [evidence]) if n.id == note), None)
            if stored_note is None:
                raise NotFound(refusal("There is no such note here. It may have been deleted."))
            require_confirmation_of(form["action"], register_entry(services(), register))
            if form["action"] == "remove":
                db.delete(stored_note)
            else:
                stored_note.is_public = form["action"] == "show"

    done = str(NOTE_ACTIONS.get(form["action"], NOTE_ACTIONS["hide"]))
    return act_on_source(services(), current_person(), register, evidence, form, act, done)
