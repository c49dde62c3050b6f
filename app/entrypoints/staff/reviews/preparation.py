"""Prepares a review: what changed, what is stale, the summary, two signatures, the time; then freezes it."""

from collections.abc import Mapping
from typing import TypedDict

from flask import redirect, render_template, request, url_for
from sqlalchemy import Connection
from werkzeug.datastructures import FileStorage
from werkzeug.wrappers import Response

from app.entrypoints.http.guard import allowed, current_person
from app.entrypoints.http.services import services
from app.entrypoints.staff.blueprint import staff
from app.entrypoints.staff.confirmation import Confirmation, require_confirmation
from app.entrypoints.staff.forms import Form, is_translation
from app.entrypoints.staff.outcomes import announce
from app.entrypoints.staff.reviews.review_state import read_preparation_state
from app.presentation.i18n.labels import day_text
from app.presentation.i18n.removal_sentences import withdrawal_sentence
from app.presentation.i18n.translation import LazyText, _, ngettext
from app.services.accounts.actors import Person, authorize
from app.services.container import Services
from app.services.removals.packages import withdrawal_of
from app.services.shown_versions import shown_version
from app.services.snapshots import personal_signatures
from app.services.snapshots.freeze import check_due_and_not_frozen, freeze_review_for
from app.services.snapshots.personal_signatures import DRAFT, MAXIMUM_SIZE, draft_of, read_signature
from app.services.snapshots.review_schedule import ReviewOccurrence, find_occurrence, review_occurrences
from domain import commands as c
from domain.errors import NotFound, Refused, refusal
from domain.ids import review_id
from domain.review.aggregate import SIGNATURES_NEEDED
from domain.times import days_after
from domain.values import PersonalSignature
from projections.catalogue import queries as catalogue
from projections.catalogue.entries import RegisterEntry

LIST_AHEAD_DAYS = 400
"""How many days ahead coming reviews are listed."""
ACTIONS: dict[str, type[c.Command]] = {
    "draft": c.DraftSummary,
    "sign": c.SignOffReview,
    "embargo": c.EmbargoReview,
    "doi": c.SetReviewDoi,
    "freeze": c.FreezeReview,
}
"""The command behind each button of the page."""
DONE = {
    "draft": LazyText("The summary is saved. Earlier signatures are removed."),
    "sign": LazyText("You signed off the review."),
    "embargo": LazyText("The time is set."),
    "doi": LazyText("The DOI is saved."),
    "freeze": LazyText("The review is frozen. Everyone can read the report."),
}
"""The banner after each button."""


class Occurrence(TypedDict):
    """The occurrence of a review that a command is about, in the version that the person saw."""

    review: str
    as_of: str
    expected_version: int


@staff.get("/<register:register>/reviews/")
@allowed("read")
def stocktakings(register: str) -> str:
    with services().views.connect() as db:
        entry = _entry(db, register)
        now = services().clock()
        upcoming = review_occurrences(db, register, days_after(now.date(), LIST_AHEAD_DAYS))
    return render_template("staff/reviews.html", entry=entry, plans=upcoming, now=now, needed=SIGNATURES_NEEDED)


@staff.route("/<register:register>/reviews/<ident:review>/<day:as_of>/", methods=["GET", "POST"])
@allowed("read")
def stocktaking(register: str, review: str, as_of: str) -> tuple[str, int] | Response:
    now = services().clock()
    with services().views.connect() as db:
        entry = _entry(db, register)
        plan = find_occurrence(db, register, review, as_of, now)
        prepared = plan.preparation
        version = shown_version(services(), db, review_id(register, review))
        summaries = summaries_by_name(prepared.translations)
        form = Form(summary=prepared.summary, **summaries, doi=prepared.doi).read("version")
        form.show_version(version)
        state = read_preparation_state(services(), current_person(), db, entry, plan)
    if request.method == "POST":
        form.read("action")
        try:
            _act(services(), current_person(), entry, plan, form)
            announce(str(DONE[form["action"]]))
            return redirect(url_for("staff.stocktaking", register=register, review=review, as_of=as_of))
        except Refused as refused:
            form.refuse(refused)
            form.show_version(version, refused)
    page = render_template(
        "staff/review.html",
        entry=entry,
        plan=plan,
        form=form,
        now=now,
        needed=SIGNATURES_NEEDED,
        state=state,
        fingerprint=personal_signatures.fingerprint,
        withdrawn=withdrawal_sentence(withdrawal_of(services().settings, prepared)),
        namespace=personal_signatures.NAMESPACE,
    )
    return page, form.status


@staff.get("/<register:register>/reviews/<ident:review>/<day:as_of>/draft.json")
@allowed("publish")
def review_draft(register: str, review: str, as_of: str) -> Response:
    """The file that a person signs with their own key."""
    with services().views.connect() as db:
        plan = find_occurrence(db, register, review, as_of, services().clock())
    if not plan.preparation.summary:
        raise NotFound(refusal("There is no summary to sign off yet. Draft it first."))
    answer = Response(draft_of(register, review, as_of, plan.preparation), content_type="application/json")
    answer.headers["Content-Disposition"] = f'attachment; filename="{DRAFT}"'
    return answer


def summaries_by_name(translations: Mapping[str, Mapping[str, str]]) -> dict[str, str]:
    """The summaries in other languages by the names of their fields in the form."""
    return {f"summary_{language}": texts["summary"] for language, texts in translations.items() if "summary" in texts}


def _act(services: Services, person: Person, entry: RegisterEntry, plan: ReviewOccurrence, form: Form) -> None:
    action, register = form["action"], entry.id
    if action not in ACTIONS:
        raise Refused(refusal("Choose one of the buttons."))
    authorize(person, ACTIONS[action], register)
    _refuse_other_input(form, action)
    occurrence: Occurrence = {
        "review": plan.schedule.id,
        "as_of": plan.as_of,
        "expected_version": form.expected_version or 0,
    }
    match action:
        case "draft":
            form.read("summary").read_translations("summary")
            texts = form.translations("summary")
            command: c.Command = c.DraftSummary(
                register,
                review=plan.schedule.id,
                as_of=plan.as_of,
                summary=form["summary"],
                translations=texts,
                expected_version=form.expected_version,
            )
        case "sign":
            _refuse_unsaved_summary(form)
            name = person.name if request.form.get("shows_name") else ""
            command = c.SignOffReview(register, **occurrence, name=name, signature=_read_signature(entry, plan))
        case "doi":
            command = c.SetReviewDoi(register, **occurrence, doi=form["doi"])
        case "embargo":
            form.read("freeze_at")
            command = c.EmbargoReview(
                register, **occurrence, freeze_at=form.time("freeze_at", entry.settings.time_zone)
            )
        case _:
            _refuse_unsaved_summary(form)
            check_due_and_not_frozen(plan, services.clock())
            require_confirmation(_freezing(plan), entry=entry)
            seen = occurrence["expected_version"]
            freeze_review_for(services, person, register, plan.schedule.id, as_of=plan.as_of, expected_version=seen)
            return
    services.execute_for(person, command)


def _refuse_other_input(form: Form, action: str) -> None:
    """Raises `Refused` if the page was sent with input for another button than the one that was pressed."""
    if "doi" in request.form:
        form.read("doi")
    if action != "sign" and _signature_file():
        raise Refused(
            refusal("You chose a signature. Sign the review off with it, or remove the file first.", field="signature")
        )
    if action != "doi" and form["doi"] != request.form.get("was.doi", form["doi"]).strip():
        raise Refused(refusal("You changed the DOI and did not save it. Save the DOI first.", field="doi"))


def _signature_file() -> FileStorage | None:
    file = request.files.get("signature")
    return file if file and file.filename else None


def _read_signature(entry: RegisterEntry, plan: ReviewOccurrence) -> PersonalSignature | None:
    """The signature made with the person's own key, if they chose its file. Raises `Refused`."""
    file = _signature_file()
    if file is None:
        return None
    draft = draft_of(entry.id, plan.schedule.id, plan.as_of, plan.preparation)
    return read_signature(file.stream.read(MAXIMUM_SIZE + 1), draft)


def _refuse_unsaved_summary(form: Form) -> None:
    """Raises `Refused` if a person signs or freezes while another summary is typed on the page."""
    names = [n for n in request.form if n == "summary" or is_translation(n, "summary")]
    if any(form[n] != form.defaults.get(n, "").strip() for n in names):
        raise Refused(refusal("You changed the summary and did not save it. Save the draft first.", field="summary"))


def _freezing(plan: ReviewOccurrence) -> Confirmation:
    missing = SIGNATURES_NEEDED - len(plan.preparation.signed)
    unsigned = ngettext(
        "%(num)d signature is missing. The report will say that it is not signed off.",
        "%(num)d signatures are missing. The report will say that it is not signed off.",
        missing,
    )
    no_summary = _("There is no summary. The report begins with the scorecard.")
    return Confirmation(
        title=_("Freeze the review of %(day)s now?", day=day_text(plan.as_of)),
        happens=(
            _("The register as it is known now becomes a report and a package that never change."),
            _("Everyone can read, download and cite them."),
            _("You cannot undo it."),
        ),
        notes=(*([unsigned] if missing > 0 else []), *([] if plan.preparation.summary else [no_summary])),
        button=_("Freeze the review"),
    )


def _entry(db: Connection, register: str) -> RegisterEntry:
    entry = catalogue.register(db, register)
    if entry is None:
        raise NotFound(refusal("There is no register “{register}” here.", register=register))
    return entry
