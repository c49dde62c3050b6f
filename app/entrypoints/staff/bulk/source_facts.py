"""Changes many sources in one table."""

from collections.abc import Mapping, Sequence

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.entrypoints.http.guard import allowed, current_person
from app.entrypoints.http.query_params import read_parameters
from app.entrypoints.http.services import services
from app.entrypoints.staff.blueprint import staff
from app.entrypoints.staff.bulk.fact_table import show_and_store
from app.entrypoints.staff.bulk.table_form import ROWS_PER_PAGE, Column, TableForm, TableRow, handle_table_buttons
from app.entrypoints.staff.evidence.amending import amend_command, source_values
from app.entrypoints.staff.forms import Form, parse_number
from app.entrypoints.staff.setup.registers import register_entry
from app.presentation.i18n.field_labels import LABELS
from app.presentation.i18n.labels import SOURCE_CLASS, choices
from app.presentation.i18n.localize import in_language
from app.presentation.i18n.source_titles import source_title
from app.presentation.i18n.translation import _
from app.services.container import Services
from app.services.sources import sources_by_id
from domain import commands as c
from domain.errors import Refused, refusal
from domain.evidence.aggregate import Evidence
from domain.ids import evidence_id
from projections.catalogue.entries import EvidenceEntry, RegisterEntry
from projections.sources.queries import search_sources

TEXTS = ("title", "summary")
"""What the form of a source has in each language."""


@staff.route("/<register:register>/bulk/source-facts/", methods=["GET", "POST"])
@allowed("publish")
def bulk_source_facts(register: str) -> tuple[str, int] | Response:
    """Shows what would change before it stores anything, with one public reason for all rows."""
    container, person, entry = services(), current_person(), register_entry(services(), register)
    parameters = read_parameters("q", "skip", "stored")
    form = TableForm(_columns(entry)).read_table("why")
    found, following = _sources(container, register, form.row_keys, parameters)
    rows = [_row(container, entry, source) for source in found.values()]
    stored: set[str] = set()
    if not handle_table_buttons(form, rows) and request.method == "POST":
        stored = show_and_store(
            container, person, form, rows, lambda row: [_command(container, entry, form, row, found[row.key])]
        )
    if stored and not form.errors:
        return redirect(url_for("staff.bulk_source_facts", register=register, stored=len(stored)))
    page = render_template(
        "staff/bulk/source_facts.html",
        entry=entry,
        form=form,
        rows=[row for row in rows if row.key not in stored],
        following=following,
        parameters=parameters,
        shown_changes=form.digest(rows, form["why"]) if form.changes else "",
    )
    return page, form.status


def _columns(entry: RegisterEntry) -> list[Column]:
    """The fields of a source; those that are rarely changed are folded."""
    labels = {name: str(label) for name, label in LABELS.items()}
    first, *others = entry.settings.languages
    columns = [
        Column("src_title", labels["title"]),
        Column("src_publisher", labels["publisher"]),
        Column("src_class", _("Kind of source"), "choice", choices(SOURCE_CLASS)),
        Column("src_published_on", labels["published_on"]),
        Column("src_url", labels["url"]),
        Column("src_archived_url", labels["archived_url"]),
        Column("src_summary", _("What it shows"), "long", language=first),
        Column("src_language", labels["language"], is_folded=True),
        Column("accessed_on", _("Accessed on"), is_folded=True),
    ]
    return columns + [
        Column(f"{name}_{code}", in_language(labels[name], code), "long", language=code, is_folded=True)
        for code in others
        for name in TEXTS
    ]


def _sources(
    services: Services, register: str, keys: Sequence[str], parameters: Mapping[str, str]
) -> tuple[dict[str, EvidenceEntry], int | None]:
    """The sources of a form, or those of a page; then how many to skip for the next page."""
    with services.views.connect() as db:
        if keys:
            found = sources_by_id(services, db, register, keys)
            return {key: found[key] for key in keys if key in found}, None
        skip = parse_number(parameters.get("skip", "")) or 0
        page = search_sources(db, register, parameters.get("q", ""), skip=skip, limit=ROWS_PER_PAGE)
        found = sources_by_id(services, db, register, page.ids)
    following = skip + ROWS_PER_PAGE
    return {key: found[key] for key in page.ids if key in found}, following if following < page.total else None


def _row(services: Services, entry: RegisterEntry, source: EvidenceEntry) -> TableRow:
    return TableRow(
        key=source.id,
        title=source_title(source),
        address=url_for("staff.source", register=entry.id, evidence=source.id),
        about=source.publisher,
        values=source_values(source, _translated(entry)),
        version=str(services.tracker.load(Evidence, evidence_id(entry.id, source.id)).version),
    )


def _translated(entry: RegisterEntry) -> list[tuple[str, str]]:
    return [(f"{name}_{code}", code) for code in entry.settings.languages[1:] for name in TEXTS]


def _command(
    services: Services, entry: RegisterEntry, form: TableForm, row: TableRow, source: EvidenceEntry
) -> c.Command:
    """Raises `Refused` by column."""
    if form[f"version.{row.key}"] != row.version:
        raise Refused(refusal("This changed after you opened the form. Check it and send it again."))
    typed = Form()
    typed.values = {**form.cells(row), "why": form["why"], "version": row.version}
    return amend_command(services, entry.id, source, typed, _translated(entry))
