"""Approves the drafts of success criteria of many items at once."""

from flask import redirect, render_template, request, url_for
from sqlalchemy import Connection
from werkzeug.wrappers import Response

from app.entrypoints.http.guard import allowed, current_person
from app.entrypoints.http.query_params import read_parameters
from app.entrypoints.http.services import services
from app.entrypoints.staff.blueprint import staff
from app.entrypoints.staff.bulk.item_rows import Item, RowKey, find_items
from app.entrypoints.staff.bulk.table_filter import TABLE_FILTER, TableFilter, table_filter
from app.entrypoints.staff.bulk.table_form import (
    ROWS_PER_PAGE,
    ShownText,
    TableForm,
    TableRow,
    handle_table_buttons,
    store_rows,
)
from app.entrypoints.staff.confirmation import Confirmation
from app.entrypoints.staff.forms import parse_number
from app.entrypoints.staff.outcomes import announce
from app.entrypoints.staff.setup.registers import register_entry
from app.presentation.i18n.localize import in_language
from app.presentation.i18n.translation import _, ngettext
from app.services.accounts.actors import Person
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
    parameters = read_parameters("skip", *TABLE_FILTER)
    form = TableForm().read_table()
    with container.views.connect() as db:
        row_filter = table_filter(container, db, entry, person, parameters)
        rows, following = _rows(container, db, entry, person, form.row_keys, parameters, row_filter)
    if not handle_table_buttons(form, rows) and request.method == "POST":
        ask = _confirmation if entry.is_open else None
        stored = store_rows(container, person, form, rows, lambda row: [_command(register, form, row)], ask)
        if stored:
            announce(ngettext("%(num)d draft is approved.", "%(num)d drafts are approved.", len(stored)))
        if stored and not form.errors:
            return redirect(url_for("staff.bulk_approvals", register=register))
        rows = [row for row in rows if row.key not in stored]
    page = render_template(
        "staff/bulk/approvals.html",
        entry=entry,
        form=form,
        rows=rows,
        following=following,
        parameters=parameters,
        row_filter=row_filter,
    )
    return page, form.status


def _confirmation(count: int) -> Confirmation:
    return Confirmation(
        title=ngettext(
            "Approve %(num)d draft of success criteria?", "Approve %(num)d drafts of success criteria?", count
        ),
        happens=(
            _("Everyone can read them at once on the pages of the recommendations."),
            _("Later assessments are held to them. A new version never removes the old one from the record."),
            _("You cannot undo it. You can write and approve a new version."),
        ),
        button=ngettext("Approve %(num)d draft", "Approve %(num)d drafts", count),
    )


def _rows(
    services: Services,
    db: Connection,
    entry: RegisterEntry,
    person: Person,
    keys: list[str],
    parameters: dict[str, str],
    row_filter: TableFilter,
) -> tuple[list[TableRow], int | None]:
    """The rows of a form that was sent, or those of a page; then how many to skip for the next page."""
    skip, following = parse_number(parameters.get("skip", "")) or 0, None
    if keys:
        drafts = criteria_drafts_of(db, entry.id, {RowKey.parse(key).recommendation for key in keys})
        drafts = [d for d in drafts if str(RowKey(d.recommendation, d.card.element)) in keys]
    else:
        limit = ROWS_PER_PAGE + 1
        drafts = criteria_drafts_page(db, entry.id, skip=skip, limit=limit, about=row_filter.about)
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
        lock="" if may_approve else _("You wrote this draft. Another person must approve it."),
    )


def _command(register: str, form: TableForm, row: TableRow) -> c.ApproveCriteria:
    key = RowKey.parse(row.key)
    return c.ApproveCriteria(
        register, recommendation=key.recommendation, element=key.element, expected_version=form.version(row)
    )
