"""Sets up a register in the browser: from nothing or from a file; opens it."""

from collections import Counter

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.entrypoints.http.guard import allowed, current_person
from app.entrypoints.http.services import services
from app.entrypoints.staff.blueprint import staff
from app.entrypoints.staff.confirmation import (
    execute_confirmed,
    goes_back,
)
from app.entrypoints.staff.forms import Form
from app.entrypoints.staff.outcomes import announce
from app.entrypoints.staff.problem_reports import keep_problems
from app.entrypoints.staff.setup.adding import kind_names
from app.entrypoints.staff.setup.opening import opening_checklist, opening_confirmation
from app.entrypoints.staff.setup.registers import register_entry
from app.entrypoints.staff.setup.row_import import (
    ADDABLE_KINDS,
    add_refusals,
    create_register,
    import_file,
)
from app.presentation.i18n.field_labels import HINTS, LABELS
from app.presentation.i18n.localize import localized_text, refusal_text
from app.presentation.i18n.translation import LazyText, _
from app.services.accounts.actors import Person
from app.services.bundles.importing import ImportOptions, ImportResult
from app.services.bundles.languages import is_language
from app.services.container import Services
from app.services.followers.requests import count_followers
from domain import commands as c
from domain.codes import PeerReview
from domain.errors import Refused, refusal
from domain.methodology.versions import NEWEST
from domain.register.settings_rules import opening_refusals
from domain.values import DEFAULT_LANGUAGES, RegisterSettings
from projections.catalogue import queries as catalogue
from projections.engine.position import last_applied_at

KEEPER = ("kept_by", "contact", "report_errors", "licence", "funded_by")
SETTINGS = ("id", "title", "summary", "time_zone", "peer_review", "evidence_to", *KEEPER)
VERDICTS = {
    "new": LazyText("new"),
    "amended": LazyText("amended"),
    "stored already": LazyText("stored already"),
    "draft": LazyText("draft"),
    "legacy": LazyText("imported record"),
    "refused": LazyText("has a problem"),
}
FACT_KINDS = {
    "publications": "publication",
    "bodies": "body",
    "themes": "theme",
    "recommendations": "recommendation",
    "elements": "element",
    "developments": "development",
    "deadlines": "deadline",
}
"""The kinds that can be added, as the catalogue names them."""
MAX_VERDICTS = 100
"""How many rows a preview shows; all that have problems are in the download."""


@staff.route("/registers/new/", methods=["GET", "POST"])
@allowed("settings")
def new_register() -> tuple[str, int] | Response:
    form = Form(languages="; ".join(DEFAULT_LANGUAGES), time_zone="UTC", peer_review=PeerReview.HIGH_STAKES.value)
    if request.method == "POST":
        form.read(*SETTINGS, "languages").read_translations(*RegisterSettings.TRANSLATED)
        settings: dict[str, object] = {name: text for name, text in form.values.items() if text}
        settings |= {"methodology": NEWEST, "reviews": []}
        if codes := _codes(form["languages"]):
            settings["languages"] = codes
        try:
            settings |= {"evidence_to": day} if (day := form.day("evidence_to")) else {}
            outcome = create_register(services(), current_person(), settings)
            announce(_("The register is made."), _("Only staff see it until you open it."))
            return redirect(url_for("staff.set_up", register=outcome.register))
        except Refused as refused:
            add_refusals(form, refused, form.values)
    page = render_template(
        "staff/new_register.html",
        form=form,
        reviews=list(PeerReview),
        keeper=[(name, str(LABELS[name]), str(HINTS[name])) for name in KEEPER],
        languages=_shown_languages(form),
    )
    return page, form.status


def _codes(text: str) -> list[str]:
    return [code.strip() for code in text.split(";") if code.strip()]


def _shown_languages(form: Form) -> list[str]:
    """The typed languages, and those of typed translations, so that no text is lost with a mistyped code."""
    first, *others = [code for code in _codes(form["languages"]) if is_language(code)] or DEFAULT_LANGUAGES[:1]
    return [first, *dict.fromkeys([*others, *form.translations(*RegisterSettings.TRANSLATED)])]


@staff.route("/registers/upload/", methods=["GET", "POST"])
@allowed("settings")
def upload() -> tuple[str, int] | Response:
    """Uploads a bundle or a spreadsheet: first a dry run, then the import."""
    form, outcome, person = Form(), None, current_person()
    if request.method == "POST":
        form.read("action", "update", "why", "register", "plan")
        try:
            outcome = _import_upload(services(), person, form)
            form.problems += outcome.problems
        except Refused as refused:
            form.refuse(refused)
        keep_problems(services(), person, form)
    is_stored = outcome is not None and form["action"] == "import"
    if outcome and is_stored and not outcome.notes:
        return redirect(url_for("staff.set_up", register=outcome.register))
    preview = None if is_stored else outcome
    return render_template(
        "staff/upload.html",
        form=form,
        registers=_register_choices(services(), person),
        stored_in=outcome.register if outcome and is_stored else "",
        outcome=preview,
        notes=[refusal_text(note) for note in outcome.notes] if outcome else [],
        amended=[v for v in preview.verdicts if v.verdict == "amended"][:500] if preview else [],
        counts=Counter(v.verdict for v in preview.verdicts) if preview else {},
        words=VERDICTS,
        most=MAX_VERDICTS,
    ), form.status


def _import_upload(services: Services, person: Person, form: Form) -> ImportResult:
    """Checks or imports the uploaded file. Raises `Refused`."""
    file = request.files.get("file")
    if file is None or not file.filename:
        raise Refused(refusal("Choose a file first.", field="file"))
    if form["register"] and form["register"] not in dict(_register_choices(services, person)):
        raise Refused(refusal("Choose one of the registers that you may set up.", field="register"))
    options = _upload_options(form, person.id)
    return import_file(services, person, file.filename, file.stream, options, form["register"])


def _register_choices(services: Services, person: Person) -> list[tuple[str, str]]:
    """The registers that a person may set up: id and title."""
    with services.views.connect() as db:
        entries = catalogue.registers(db)
    return [(e.id, localized_text(e.settings, "title")) for e in entries if person.may("settings", e.id)]


@staff.get("/<register:register>/setup/")
@allowed("settings")
def set_up(register: str) -> str:
    """Shows what the register holds, what is missing, and how to open it."""
    return _setup_page(services(), register)


def _setup_page(services: Services, register: str) -> str:
    entry = register_entry(services, register)
    with services.views.connect() as db:
        stored = catalogue.count_facts(db, register, last_applied_at(db))
    counts = {kind: stored.get(FACT_KINDS[kind], 0) for kind in ADDABLE_KINDS}
    with services.accounts.work() as accounts:
        followers = count_followers(accounts, register)
    missing = [] if entry.is_open else opening_refusals(entry.settings)
    return render_template(
        "staff/setup.html",
        entry=entry,
        counts=counts,
        kinds=ADDABLE_KINDS,
        names=kind_names(),
        missing=missing,
        followers=followers,
        checklist=[] if entry.is_open else opening_checklist(services, entry),
    )


@staff.post("/<register:register>/open/")
@allowed("settings", fresh=True)
def open_register(register: str) -> tuple[str, int] | Response:
    container, entry = services(), register_entry(services(), register)
    seen = Form().read("version").expected_version  # the page that asks for confirmation has it
    command = c.OpenRegister(register, origin=container.settings.origin, expected_version=seen)
    if goes_back() or (not entry.is_open and opening_refusals(entry.settings)):
        return _setup_page(container, register), 200 if goes_back() else 400
    try:
        execute_confirmed(container, current_person(), [command], opening_confirmation(container, entry), entry=entry)
    except Refused as refused:
        return render_template("staff/refused.html", status=400, sentences=[str(r) for r in refused.refusals]), 400
    public_page = url_for("public.scorecard", register=register, lang="en")
    announce(_("The register is open."), _("Everyone can read it now."), links=[(_("Public page"), public_page)])
    return redirect(url_for("staff.set_up", register=register))


def _upload_options(form: Form, by: str) -> ImportOptions:
    """How to import an upload. A check shows what would be amended, also before that is chosen and explained."""
    is_check = form["action"] != "import"
    return ImportOptions(
        by=by,
        dry_run=is_check,
        update=is_check or bool(form["update"]),
        why=form["why"] or ("–" if is_check else ""),
        previewed=form["plan"] or None,
    )
