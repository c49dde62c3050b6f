"""Drafts the success criteria of many items in one table."""

from collections.abc import Sequence

from flask import Response as Download
from flask import redirect, render_template, request, url_for
from sqlalchemy import Connection
from werkzeug.wrappers import Response

from app.entrypoints.http.guard import allowed, current_person
from app.entrypoints.http.query_params import read_parameters
from app.entrypoints.http.services import services
from app.entrypoints.staff.blueprint import staff
from app.entrypoints.staff.bulk.item_rows import Item, RowKey, find_items
from app.entrypoints.staff.bulk.table_form import (
    MAX_ROWS,
    ROWS_PER_PAGE,
    Column,
    TableForm,
    TableRow,
    handle_table_buttons,
    store_rows,
)
from app.entrypoints.staff.bulk.table_sheets import UPLOAD, read_sheet, send_sheet
from app.entrypoints.staff.forms import parse_number
from app.entrypoints.staff.setup.registers import register_entry
from app.presentation.i18n.localize import in_language
from app.presentation.i18n.translation import _
from app.services.container import Services
from domain import commands as c
from domain.errors import Refused, refusal
from domain.values import SuccessCriteria, arrange_translations, translations_by_name
from projections.catalogue import queries as catalogue
from projections.catalogue.entries import RegisterEntry
from projections.engine.position import last_applied_at
from projections.worklist.queries import criteria_drafts_of

FIELDS = ("counts", "does_not_count", "sources_needed")


@staff.get("/<register:register>/bulk/criteria/sheet.xlsx")
@allowed("propose")
def download_criteria(register: str) -> Download:
    """The sheet of the next items without success criteria, as many as one table takes."""
    container, entry, parameters = services(), register_entry(services(), register), read_parameters("q", "after")
    with container.views.connect() as db:
        rows, _following = criteria_rows(container, db, entry, [], parameters, MAX_ROWS)
        return send_sheet(entry, "criteria", _columns(entry), rows, last_applied_at(db))


@staff.route("/<register:register>/bulk/criteria/", methods=["GET", "POST"])
@allowed("propose")
def bulk_criteria(register: str) -> tuple[str, int] | Response:
    """Lists items without success criteria; saves the texts of the selected rows as drafts."""
    container, entry = services(), register_entry(services(), register)
    parameters = read_parameters("q", "after", "stored")
    form = TableForm(_columns(entry)).read_table()
    if form["action"] == UPLOAD:
        read_sheet(form, lambda: _columns(entry))
    with container.views.connect() as db:
        rows, following = criteria_rows(container, db, entry, form.row_keys, parameters)
    if not handle_table_buttons(form, rows) and form.row_keys and request.method == "POST":
        stored = store_rows(container, current_person(), form, rows, lambda row: [_command(register, form, row)])
        if stored and not form.errors:
            return redirect(url_for("staff.bulk_criteria", register=register, stored=len(stored)))
        rows = [row for row in rows if row.key not in stored]
    page = render_template(
        "staff/bulk/criteria.html", entry=entry, form=form, rows=rows, following=following, parameters=parameters
    )
    return page, form.status


def _columns(entry: RegisterEntry) -> list[Column]:
    labels = {"counts": _("What counts"), "does_not_count": _("What does not"), "sources_needed": _("Sources needed")}
    first, *others = entry.settings.languages
    columns = [Column(name, label, "long", language=first) for name, label in labels.items()]
    return columns + [
        Column(f"{name}_{code}", in_language(label, code), "long", language=code, is_folded=True)
        for code in others
        for name, label in labels.items()
    ]


def criteria_rows(
    services: Services,
    db: Connection,
    entry: RegisterEntry,
    keys: Sequence[str],
    parameters: dict[str, str],
    limit: int = ROWS_PER_PAGE,
) -> tuple[list[TableRow], int | None]:
    """The rows of a form that was sent, or of the next items; then the place after which others follow."""
    if keys:
        items, following = find_items(services, db, entry.id, map(RowKey.parse, keys)), None
    else:
        items, following = _next_items(services, db, entry.id, parameters, limit)
    drafts = _drafts(db, entry.id, items)
    return [_row(entry, item, drafts.get(item.key)) for item in items], following


def _next_items(
    services: Services, db: Connection, register: str, parameters: dict[str, str], limit: int
) -> tuple[list[Item], int | None]:
    """Reads on until a page is full, so that a page costs what it shows."""
    after, known_at, result = parse_number(parameters.get("after", "")) or 0, last_applied_at(db), list[Item]()
    while batch := catalogue.items_without_criteria(db, register, known_at, after=after, limit=limit * 2):
        places = {RowKey(*name.split("/")): place for place, name in batch}
        found = [i for i in find_items(services, db, register, places) if i.matches(parameters.get("q", ""))]
        drafts = _drafts(db, register, found)
        for item in found:
            if item.key not in drafts:
                result.append(item)
                if len(result) == limit:
                    return result, places[item.key]
        after = batch[-1][0]
    return result, None


def _drafts(db: Connection, register: str, items: Sequence[Item]) -> dict[RowKey, SuccessCriteria]:
    drafts = criteria_drafts_of(db, register, {item.key.recommendation for item in items})
    return {RowKey(d.recommendation, d.card.element): d.card for d in drafts}


def _row(entry: RegisterEntry, item: Item, draft: SuccessCriteria | None) -> TableRow:
    recommendation, element = item.key.recommendation, item.key.element or None
    values = {name: getattr(draft, name) for name in FIELDS} | translations_by_name(draft) if draft else {}
    return TableRow(
        key=str(item.key),
        title=item.title,
        address=url_for("staff.card", register=entry.id, recommendation=recommendation, element=element),
        about=item.about,
        values=values,
        version=item.version,
    )


def _command(register: str, form: TableForm, row: TableRow) -> c.DraftCriteria:
    """Raises `Refused` by column."""
    cells, key = form.cells(row), RowKey.parse(row.key)
    missing = [
        refusal("Enter a sentence or two. Every later assessment is tested against it.", field=name)
        for name in ("counts", "does_not_count")
        if not cells[name]
    ]
    if missing:
        raise Refused(*missing)
    texts = ((n.rpartition("_")[2], n.rpartition("_")[0], t) for n, t in cells.items() if n not in FIELDS)
    criteria = SuccessCriteria(
        element=key.element, **{name: cells[name] for name in FIELDS}, translations=arrange_translations(texts)
    )
    return c.DraftCriteria(
        register, recommendation=key.recommendation, card=criteria, expected_version=form.version(row)
    )
