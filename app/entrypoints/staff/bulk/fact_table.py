"""Changes many facts in one table: recommendations, their parts, bodies, themes and publications."""

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime

from flask import Response as Download
from flask import redirect, render_template, request, url_for
from markupsafe import Markup
from sqlalchemy import Connection
from werkzeug.wrappers import Response

from app.entrypoints.http.guard import allowed, current_person
from app.entrypoints.http.query_params import read_parameters
from app.entrypoints.http.services import services
from app.entrypoints.staff.blueprint import staff
from app.entrypoints.staff.bulk.table_form import (
    CHECK,
    MAX_ROWS,
    ROWS_PER_PAGE,
    STORE,
    STORE_RIGHT,
    Change,
    Column,
    ColumnKind,
    TableForm,
    TableRow,
    handle_table_buttons,
    store_rows,
)
from app.entrypoints.staff.bulk.table_sheets import UPLOAD, read_sheet, send_sheet
from app.entrypoints.staff.forms import Form, parse_number
from app.entrypoints.staff.setup.amendable_facts import (
    LONG_TEXTS,
    AmendableFact,
    form_values_of,
    read_fact,
    title_field,
)
from app.entrypoints.staff.setup.fact_list import amendable
from app.entrypoints.staff.setup.fact_names import FactNames
from app.entrypoints.staff.setup.registers import register_entry
from app.presentation.i18n.field_labels import LABELS
from app.presentation.i18n.labels import KIND, choices
from app.presentation.i18n.localize import in_language, localized, localized_text
from app.presentation.i18n.translation import LazyText, _
from app.presentation.narrative.record_names import RecordNames
from app.services.accounts.actors import Person
from app.services.container import Services
from app.services.overview.filters import MAX_OPTIONS
from domain import commands as c
from domain.amendments import CHANGEABLE_FIELDS
from domain.errors import NotFound, Refused, refusal
from domain.values import Body, Element, Publication, RecommendationFacts, Theme, TranslatedFact
from projections.catalogue import queries as catalogue
from projections.catalogue.entries import RegisterEntry
from projections.engine.position import last_applied_at

KINDS: dict[str, tuple[str, type[TranslatedFact], LazyText]] = {
    "recommendations": ("recommendation", RecommendationFacts, LazyText("Recommendations")),
    "elements": ("element", Element, LazyText("Parts")),
    "bodies": ("body", Body, LazyText("Bodies")),
    "themes": ("theme", Theme, LazyText("Themes")),
    "publications": ("publication", Publication, LazyText("Publications")),
}
"""The kind in the catalogue, the class and the name of each kind of fact, by its name in addresses."""
SHOWN_FIELDS = ("title", "name", "summary", "number", "theme", "priority", "short_name", "position", "done_when")
"""The fields that a row shows; the others are folded."""
DAYS = ("published_on", "recommended_on", "src_published_on", "accessed_on")


@staff.route("/<register:register>/bulk/facts/<ident:kind>/", methods=["GET", "POST"])
@allowed("settings")
def bulk_facts(register: str, kind: str) -> tuple[str, int] | Response:
    """Shows what would change before it stores anything, with one public reason for all rows."""
    container, person, entry = services(), current_person(), register_entry(services(), register)
    parameters, name = read_parameters("q", "after", "stored"), _kind_name(kind)
    with container.views.connect() as db:
        form = TableForm(fact_columns(db, entry, kind)).read_table("why")
        if form["action"] == UPLOAD:
            read_sheet(form, lambda: fact_columns(db, entry, kind), clears=True)
        facts, following = _facts(db, register, kind, form.row_keys, parameters)
    rows = _rows(container, entry, form, facts.values())
    if form["action"] == UPLOAD and not form.errors:
        rows = [row for row in rows if changes_of(form, row)]
        form.lists["row"] = form.lists["pick"] = [row.key for row in rows]
    stored = _act(container, person, register, form, rows, facts) if request.method == "POST" else set()
    if stored and not form.errors:
        return redirect(url_for("staff.bulk_facts", register=register, kind=kind, stored=len(stored)))
    page = render_template(
        "staff/bulk/facts.html",
        entry=entry,
        kind=kind,
        name=name,
        kinds=[(k, str(label)) for k, (_kind, _class, label) in KINDS.items()],
        form=form,
        rows=[row for row in rows if row.key not in stored],
        following=following,
        parameters=parameters,
        shown_changes=form.digest(rows, form["why"]) if form.changes else "",
        sheet=url_for("staff.download_facts", register=register, kind=kind),
    )
    return page, form.status


@staff.get("/<register:register>/bulk/facts/<ident:kind>/sheet.xlsx")
@allowed("settings")
def download_facts(register: str, kind: str) -> Download:
    """The sheet of the first facts of a kind, as many as one table takes, after a filter."""
    container, entry = services(), register_entry(services(), register)
    parameters = read_parameters("q", "after")
    _kind_name(kind)
    with container.views.connect() as db:
        columns, at = fact_columns(db, entry, kind), last_applied_at(db)
        facts, _following = _facts(db, register, kind, [], parameters, MAX_ROWS)
    form = TableForm(columns)
    return send_sheet(entry, kind, columns, _rows(container, entry, form, facts.values()), at)


def _kind_name(kind: str) -> str:
    """The name of a kind of facts on pages. Raises `NotFound`."""
    if kind not in KINDS:
        raise NotFound(
            refusal("You cannot change “{kind}” here. Use one of: {known}.", kind=kind, known=", ".join(KINDS))
        )
    return str(KINDS[kind][2])


def fact_columns(db: Connection, entry: RegisterEntry, kind: str) -> list[Column]:
    """A column for each field that can be changed here, a text once for each language."""
    fact_class, known_at = KINDS[kind][1], last_applied_at(db)
    first, *others = entry.settings.languages
    columns: list[Column] = []
    for name in CHANGEABLE_FIELDS[fact_class]:
        if name == "addressees" and entry.is_open:
            continue  # they change from a day on, on a page of their own
        options, empty = _options(db, entry.id, known_at, name)
        is_text = name in fact_class.TRANSLATED
        look: ColumnKind = "choice" if options else "long" if name in LONG_TEXTS else "text"
        columns.append(
            Column(name, str(LABELS[name]), look, options, first if is_text else "", name not in SHOWN_FIELDS, empty)
        )
        columns += [
            Column(f"{name}_{code}", in_language(str(LABELS[name]), code), look, language=code, is_folded=True)
            for code in (others if is_text else ())
        ]
    return columns


def _options(db: Connection, register: str, known_at: datetime, name: str) -> tuple[list[tuple[str, str]], str]:
    """The choices of a field, if it has any, and the label of an empty one."""
    match name:
        case "theme":
            themes = catalogue.themes(db, register, known_at) if _are_few(db, register, known_at, name) else {}
            return [(i, localized_text(theme, "title")) for i, theme in themes.items()], ""
        case "publication":
            found = catalogue.publications(db, register, known_at) if _are_few(db, register, known_at, name) else {}
            return [(i, publication.title) for i, publication in found.items()], ""
        case "kind":
            return choices(KIND), ""
        case "priority" | "core":
            return [("yes", _("yes"))], _("no")
    return [], ""


def _are_few(db: Connection, register: str, known_at: datetime, kind: str) -> bool:
    """Whether each row can list all of them; otherwise a name is typed."""
    return catalogue.count_ids(db, register, kind, known_at) <= MAX_OPTIONS


def _facts(
    db: Connection,
    register: str,
    kind: str,
    keys: Sequence[str],
    parameters: Mapping[str, str],
    limit: int = ROWS_PER_PAGE,
) -> tuple[dict[str, AmendableFact], int | None]:
    """Facts by the key of their row: those of a form, or those of a page; then the place after which others follow."""
    stored_kind, known_at = KINDS[kind][0], last_applied_at(db)
    if keys:
        ids = [key.replace(".", "/") for key in keys]
        entries = catalogue.facts_of(db, register, stored_kind, known_at, ids)
        return {i.replace("/", "."): amendable(kind, entries[i]) for i in ids if i in entries}, None
    result: dict[str, AmendableFact] = {}
    after = parse_number(parameters.get("after", "")) or 0
    while batch := catalogue.facts_page(db, register, stored_kind, known_at, after=after, limit=limit):
        for after, ident, entry in batch:
            fact = amendable(kind, entry)
            if _matches(fact, parameters.get("q", "")):
                result[ident.replace("/", ".")] = fact
                if len(result) == limit:
                    return result, after
    return result, None


def _matches(fact: AmendableFact, words: str) -> bool:
    values = form_values_of(fact.fact)
    texts = (values.get(name, "") for name in ("title", "name", "short_name", "number", "theme"))
    text = " ".join((fact.recommendation, fact.id, *texts)).lower()
    return all(word in text for word in words.lower().split())


def _rows(
    services: Services, entry: RegisterEntry, form: TableForm, facts: Collection[AmendableFact]
) -> list[TableRow]:
    with services.views.connect() as db:
        names, fact_names = RecordNames(db, entry), FactNames(db, entry.id)
        return [
            _row(entry, form, fact, names.find("recommendation", fact.recommendation), fact_names) for fact in facts
        ]


def _row(entry: RegisterEntry, form: TableForm, fact: AmendableFact, whole: Markup | str, names: FactNames) -> TableRow:
    values = form_values_of(fact.fact)
    typed = {column.name for column in form.columns if column.kind != "choice"}
    values |= names.write({name: text for name, text in values.items() if name in typed})
    element = fact.id if fact.recommendation else None
    return TableRow(
        key=f"{fact.recommendation}.{fact.id}" if fact.recommendation else fact.id,
        title=localized(fact.fact, title_field(fact.fact)),
        address=url_for(
            "staff.amend", register=entry.id, kind=fact.kind, ident=fact.recommendation or fact.id, element=element
        ),
        about=whole or getattr(fact.fact, "number", ""),
        values={column.name: values.get(column.name, "") for column in form.columns},
        version=fact.tag,
    )


def changes_of(form: TableForm, row: TableRow) -> list[Change]:
    """What the cells of a row would change, with the labels of choices."""
    labels = {c.name: dict(c.options) for c in form.columns}
    return [
        Change(c.label, labels[c.name].get(before, before), labels[c.name].get(after, after))
        for c in form.columns
        if (before := row.values.get(c.name, "")) != (after := form.cell(row, c.name))
    ]


def _act(
    services: Services,
    person: Person,
    register: str,
    form: TableForm,
    rows: Sequence[TableRow],
    facts: Mapping[str, AmendableFact],
) -> set[str]:
    """Do what the button says. Returns the keys of the stored rows."""
    if handle_table_buttons(form, rows):
        return set()
    with services.views.connect() as db:
        names = FactNames(db, register)
        return show_and_store(
            services, person, form, rows, lambda row: [_command(register, form, row, facts[row.key], names)]
        )


def show_and_store(
    services: Services,
    person: Person,
    form: TableForm,
    rows: Sequence[TableRow],
    build: Callable[[TableRow], list[c.Command]],
) -> set[str]:
    """Store rows only if the page showed what they change; else show it. Returns the keys of the stored rows."""
    form.read_days(rows, [column.name for column in form.columns if column.name in DAYS])
    form.changes = {row.key: found for row in rows if row.key in form.picked and (found := changes_of(form, row))}
    is_storing = form["action"] in (STORE, STORE_RIGHT)
    is_shown = form.shows(rows, form["why"])
    if not (is_storing and is_shown):
        form.values["action"] = CHECK
    stored = store_rows(services, person, form, rows, build)
    if is_storing and not is_shown and not form.errors:
        form.add("", _("Something has changed since. Look at what changes, and press the button again."))
    return stored


def _command(register: str, form: TableForm, row: TableRow, current: AmendableFact, names: FactNames) -> c.Command:
    """Raises `Refused` by column."""
    if form[f"version.{row.key}"] != current.tag:
        raise Refused(refusal("This changed after you opened the form. Check it and send it again."))
    typed = Form()
    typed.values = form_values_of(current.fact) | form.cells(row)
    return current.command(register, read_fact(typed, current.fact, names.read), form["why"])
