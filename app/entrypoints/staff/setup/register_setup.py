"""Sets up a register in the browser: from nothing or from a file; adds to it; opens it."""

from collections import Counter

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.entrypoints.http.guard import allowed, current_person
from app.entrypoints.http.services import services
from app.entrypoints.staff.blueprint import staff
from app.entrypoints.staff.forms import Form
from app.entrypoints.staff.problem_reports import keep_problems
from app.entrypoints.staff.setup.registers import register_entry
from app.entrypoints.staff.setup.row_import import (
    ADDABLE_KINDS,
    MAKE,
    add_missing_names,
    add_pasted,
    add_refusals,
    add_typed,
    create_register,
    import_file,
)
from app.presentation.i18n.field_labels import HINTS, LABELS
from app.presentation.i18n.localize import localized_text, refusal_text
from app.presentation.i18n.translation import LazyText, _, ngettext
from app.services.accounts.people import Person
from app.services.bundles.adding import AddedRows, MissingNames
from app.services.bundles.causes import group_problems
from app.services.bundles.columns import SHEETS_BY_NAME
from app.services.bundles.importing import ImportOptions, ImportResult
from app.services.bundles.languages import is_language
from app.services.bundles.problems import BundleRefused
from app.services.bundles.sheet_types import BundleColumn, Sheet
from app.services.container import Services
from app.services.tables.dictionary import column_meaning
from domain import commands as c
from domain.codes import PeerReview
from domain.errors import NotFound, Refused, refusal
from domain.methodology.versions import NEWEST
from domain.register.settings_rules import opening_refusals
from domain.times import shown
from domain.values import DEFAULT_LANGUAGES, RegisterSettings
from projections.catalogue import queries as catalogue
from projections.engine.position import last_applied_at

KEEPER = ("kept_by", "contact", "report_errors", "licence", "funded_by")
SETTINGS = ("id", "title", "summary", "time_zone", "peer_review", "evidence_to", *KEEPER)
LONG_TEXTS = ("summary", "done_when")
NOT_ASKED = (
    *("registered_at", "published_at", "withdrawn_at", "withdrawn_by", "withdrawn_reason"),
    *("merged_into", "merged_on", "merged_why", "merged_at"),
)
"""Columns that only imported records fill, or a page of their own."""
VERDICTS = {
    "new": LazyText("new"),
    "amended": LazyText("amended"),
    "stored already": LazyText("stored already"),
    "draft": LazyText("draft"),
    "legacy": LazyText("imported record"),
    "refused": LazyText("has a problem"),
}
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
            outcome = create_register(services(), current_person(), settings)
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
        form.read("action", "update", "why", "register")
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
        known_at = last_applied_at(db)
        counts = {
            "publications": len(catalogue.publications(db, register, known_at)),
            "bodies": len(catalogue.bodies(db, register, known_at)),
            "themes": len(catalogue.themes(db, register, known_at)),
            "recommendations": len(catalogue.recommendations(db, register, known_at)),
            "elements": len(catalogue.elements(db, register, known_at)),
            "developments": len(catalogue.developments(db, register, known_at)),
            "deadlines": len(catalogue.deadlines(db, register, known_at)),
        }
    missing = [] if entry.is_open else opening_refusals(entry.settings)
    return render_template(
        "staff/setup.html", entry=entry, counts=counts, kinds=ADDABLE_KINDS, names=_kind_names(), missing=missing
    )


@staff.route("/<register:register>/setup/<ident:kind>/", methods=["GET", "POST"])
@allowed("settings")
def add(register: str, kind: str) -> tuple[str, int] | Response:
    """Add one thing by its fields, or many pasted from a spreadsheet."""
    if kind not in ADDABLE_KINDS:
        raise _unknown_kind(kind)
    entry, form, added = register_entry(services(), register), Form(), None
    buttons: dict[str, str] = {}
    sheet = SHEETS_BY_NAME[kind].in_languages(entry.settings.languages)
    if request.method == "POST":
        form.read(*(col.name for col in sheet.columns), "pasted", "action")
        try:
            added = _add(services(), current_person(), register, sheet, form)
            if added is None and not form.errors:
                return redirect(url_for("staff.set_up", register=register))
        except MissingNames as refused:
            form.refuse(refused)
            buttons = _buttons(refused)
        except Refused as refused:
            form.refuse(refused)
        keep_problems(services(), current_person(), form)
    names, suggestions = _kind_names(), _id_suggestions(services(), register, sheet)
    values: dict[str, object] = {
        "kind": kind,
        "sheet": sheet,
        "fields": _fields(sheet),
        "names": names,
        "suggestions": suggestions,
    }
    values |= {"added": added, "buttons": buttons}
    return render_template("staff/add.html", entry=entry, form=form, **values), form.status


def _add(services: Services, person: Person, register: str, sheet: Sheet, form: Form) -> AddedRows | None:
    """Adds what was typed or pasted; returns the rows where the person sees them first. Raises `Refused`."""
    if form["action"] == "one":
        try:
            add_typed(services, person, register, sheet, form)
        except BundleRefused as refused:
            add_refusals(form, refused, [column.name for column in sheet.columns])
        return None
    if form["action"].startswith(MAKE):
        add_missing_names(services, person, register, sheet, form)
    return add_pasted(services, person, register, sheet, form)


def _buttons(refused: MissingNames) -> dict[str, str]:
    """The label of a button for each cause, by its sentence, that is cured by adding what the rows name."""
    labels = {}
    for group in group_problems(refused.problems):
        kind, names = refused.names.get(group.column, ("", ()))
        if not set(group.values) & {shown(name) for name in names}:
            continue
        if kind == "themes":
            labels[group.sentence] = ngettext("Make %(num)d theme", "Make %(num)d themes", len(names))
        else:
            labels[group.sentence] = ngettext("Make %(num)d body", "Make %(num)d bodies", len(names))
    return labels


def _unknown_kind(kind: str) -> NotFound:
    kinds = ", ".join(ADDABLE_KINDS)
    return NotFound(refusal("You cannot add “{kind}” here. Use one of: {known}.", kind=kind, known=kinds))


def _fields(sheet: Sheet) -> list[tuple[BundleColumn, str, bool]]:
    """The columns to fill in, what each means, and whether it is a long text."""
    columns = [(column, column.original or column.name) for column in sheet.columns if column.name not in NOT_ASKED]
    return [(column, column_meaning(sheet.name, text), text in LONG_TEXTS) for column, text in columns]


@staff.post("/<register:register>/open/")
@allowed("settings", fresh=True)
def open_register(register: str) -> tuple[str, int] | Response:
    command = c.OpenRegister(register, origin=services().settings.origin)
    if not (entry := register_entry(services(), register)).is_open and opening_refusals(entry.settings):
        return _setup_page(services(), register), 400
    try:
        services().execute_for(current_person(), command)
    except Refused as refused:
        return render_template("staff/refused.html", status=400, sentences=[str(r) for r in refused.refusals]), 400
    return redirect(url_for("public.scorecard", register=register, lang="en"))


def _id_suggestions(services: Services, register: str, sheet: Sheet) -> dict[str, list[str]]:
    """Returns the ids that a column may contain, for the hint at its field."""
    with services.views.connect() as db:
        known_at = last_applied_at(db)
        ids = {
            "publication": list(catalogue.publications(db, register, known_at)),
            "also_in": list(catalogue.publications(db, register, known_at)),
            "addressees": list(catalogue.bodies(db, register, known_at)),
            "parent": list(catalogue.bodies(db, register, known_at)),
            "theme": list(catalogue.themes(db, register, known_at)),
            "recommendation": list(catalogue.recommendations(db, register, known_at)),
            "recommendations": list(catalogue.recommendations(db, register, known_at)),
        }
    return {name: suggestions[:40] for name, suggestions in ids.items() if name in {col.name for col in sheet.columns}}


def _upload_options(form: Form, by: str) -> ImportOptions:
    """How to import an upload. A check shows what would be amended, also before that is chosen and explained."""
    is_check = form["action"] != "import"
    return ImportOptions(
        by=by,
        dry_run=is_check,
        update=is_check or bool(form["update"]),
        why=form["why"] or ("–" if is_check else ""),
    )


def _kind_names() -> dict[str, str]:
    return {
        "publications": _("Publications"),
        "bodies": _("Bodies"),
        "themes": _("Themes"),
        "recommendations": _("Recommendations"),
        "elements": _("Parts of recommendations"),
        "developments": _("Developments"),
        "deadlines": _("Deadlines"),
    }
