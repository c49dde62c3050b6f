"""Approves the drafts of success criteria of many items at once."""

from flask import redirect, render_template, request, url_for
from sqlalchemy import Connection
from werkzeug.wrappers import Response

from app.entrypoints.http.guard import allowed, current_person
from app.entrypoints.http.query_params import read_parameters
from app.entrypoints.http.services import services
from app.entrypoints.staff.blueprint import staff
from app.entrypoints.staff.bulk.item_rows import Item, RowKey, find_items
from app.entrypoints.staff.bulk.table_form import (
    ROWS_PER_PAGE,
    ShownText,
    TableForm,
    TableRow,
    handle_table_buttons,
    store_rows,
)
from app.entrypoints.staff.forms import parse_number
from app.entrypoints.staff.setup.registers import register_entry
from app.presentation.i18n.localize import in_language
from app.presentation.i18n.translation import _
from app.services.accounts.people import Person
from app.services.container import Services
from domain import commands as c
from domain.recommendation.judging_context import JudgingContext
from projections.catalogue.entries import RegisterEntry
from projections.worklist.queries import CriteriaDraft, criteria_drafts_of, criteria_drafts_page


@staff.route("/<register:register>/bulk/approvals/", methods=["GET", "POST"])
@allowed("publish")
def bulk_approvals(register: str) -> tuple[str, int] | Response:
    """Lists drafts with their texts in full; approves the selected ones together."""
    container, entry, person = services(), register_entry(services(), register), current_person()
    parameters = read_parameters("skip", "stored")
    form = TableForm().read_table()
    with container.views.connect() as db:
        rows, following = _rows(container, db, entry, person, form.row_keys, parameters)
    if not handle_table_buttons(form, rows) and request.method == "POST":
        stored = store_rows(container, person, form, rows, lambda row: [_command(register, form, row)])
        if stored and not form.errors:
            return redirect(url_for("staff.bulk_approvals", register=register, stored=len(stored)))
        rows = [row for row in rows if row.key not in stored]
    page = render_template(
        "staff/bulk/approvals.html", entry=entry, form=form, rows=rows, following=following, parameters=parameters
    )
    return page, form.status


def _rows(
    services: Services,
    db: Connection,
    entry: RegisterEntry,
    person: Person,
    keys: list[str],
    parameters: dict[str, str],
) -> tuple[list[TableRow], int | None]:
    """The rows of a form that was sent, or those of a page; then how many to skip for the next page."""
    skip, following = parse_number(parameters.get("skip", "")) or 0, None
    if keys:
        drafts = criteria_drafts_of(db, entry.id, {RowKey.parse(key).recommendation for key in keys})
        drafts = [d for d in drafts if str(RowKey(d.recommendation, d.card.element)) in keys]
    else:
        drafts = criteria_drafts_page(db, entry.id, skip=skip, limit=ROWS_PER_PAGE + 1)
        following = skip + ROWS_PER_PAGE if len(drafts) > ROWS_PER_PAGE else None
    by_key = {RowKey(d.recommendation, d.card.element): d for d in (drafts if keys else drafts[:ROWS_PER_PAGE])}
    may_approve_own = JudgingContext.of(entry.settings, services.clock()).author_may_approve
    return [
        _row(entry, item, by_key[item.key], may_approve_own or by_key[item.key].author != person.id)
        for item in find_items(services, db, entry.id, by_key)
    ], following


def _row(entry: RegisterEntry, item: Item, draft: CriteriaDraft, may_approve: bool) -> TableRow:
    labels = {"counts": _("What counts"), "does_not_count": _("What does not"), "sources_needed": _("Sources needed")}
    first = entry.settings.languages[0]
    shown = [ShownText(label, getattr(draft.card, name), first) for name, label in labels.items()]
    for code, texts in draft.card.translations.items():
        shown += [ShownText(in_language(labels[name], code), text, code) for name, text in texts.items()]
    return TableRow(
        key=str(item.key),
        title=item.title,
        address=url_for(
            "staff.card",
            register=entry.id,
            recommendation=item.key.recommendation,
            element=item.key.element or None,
        ),
        about=item.about,
        author=draft.author,
        shown=[text for text in shown if text.text],
        version=item.version,
        lock="" if may_approve else _("You wrote this draft. Another person must approve it (rule 10)."),
    )


def _command(register: str, form: TableForm, row: TableRow) -> c.ApproveCriteria:
    key = RowKey.parse(row.key)
    return c.ApproveCriteria(
        register, recommendation=key.recommendation, element=key.element, expected_version=form.version(row)
    )
