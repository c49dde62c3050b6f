"""Proposes status changes of many items in one table."""

from collections.abc import Callable, Iterable, Mapping

from flask import Response as Download
from flask import redirect, render_template, url_for
from msgspec import Struct
from msgspec.structs import replace
from sqlalchemy import Connection
from werkzeug.wrappers import Response

from app.entrypoints.http.guard import allowed, current_person
from app.entrypoints.http.query_params import read_parameters
from app.entrypoints.http.services import services
from app.entrypoints.staff.blueprint import staff
from app.entrypoints.staff.bulk.item_rows import Item, RowKey, find_items
from app.entrypoints.staff.bulk.sheet_check import read_proposal
from app.entrypoints.staff.bulk.table_filter import TABLE_FILTER, TableFilter, table_filter
from app.entrypoints.staff.bulk.table_form import (
    MAX_ROWS,
    ROWS_PER_PAGE,
    Column,
    ShownText,
    TableForm,
    TableRow,
    handle_table_buttons,
    store_rows,
)
from app.entrypoints.staff.bulk.table_sheets import UPLOAD, read_sheet, send_sheet
from app.entrypoints.staff.forms import parse_number
from app.entrypoints.staff.outcomes import announce
from app.entrypoints.staff.overview.selection import LIST_FIELDS, expand_selection, list_address
from app.entrypoints.staff.proposals.rule_check import RuleCheck
from app.entrypoints.staff.setup.registers import register_entry
from app.entrypoints.staff.typed_days import parse_day
from app.presentation.i18n.labels import CAUSE, CONFIDENCE, MOTION, REASON, STATUS, choices, day_text, status_word
from app.presentation.i18n.localize import in_language
from app.presentation.i18n.translation import _, ngettext
from app.services.accounts.actors import Person
from app.services.container import Services
from app.services.overview.items import OverviewItems
from app.services.sources import SourceNames
from domain import commands as c
from domain.errors import Refused
from domain.ordering import item_key
from domain.times import day_in
from projections.catalogue import queries as catalogue
from projections.catalogue.entries import RegisterEntry
from projections.engine.position import last_applied_at
from projections.scorecards.queries import standings
from projections.scorecards.results import TimePair


@staff.route("/<register:register>/bulk/statuses/", methods=["GET", "POST"])
@allowed("propose")
def bulk_statuses(register: str) -> tuple[str, int] | Response:
    """Starts from the overview, from a page of items, from a sheet or from a draft; proposes the selected rows."""
    container, person, entry = services(), current_person(), register_entry(services(), register)
    form, parameters = TableForm(_columns(entry)).read_table(*LIST_FIELDS), read_parameters("skip", *TABLE_FILTER)
    expand_selection(container, entry, person, form)
    if form["action"] == UPLOAD:
        read_sheet(form, lambda: _columns(entry))
    with container.views.connect() as db:
        page = _page_of_items(container, db, entry, person, form, parameters)
        rows = _rows(container, db, entry, form, page)
    if not handle_table_buttons(form, rows) and form.row_keys and form["action"]:
        with container.views.connect() as db:
            sources = SourceNames(container, db, register)
            stored = store_rows(container, person, form, rows, lambda row: [_command(register, form, row, sources)])
        if stored and not form.errors:
            announce(
                ngettext("%(num)d proposal is sent.", "%(num)d proposals are sent.", len(stored)),
                _("Another person reviews and publishes them."),
            )
            return redirect(list_address(register, form))
        rows = [row for row in rows if row.key not in stored]
    return render_template("staff/bulk/statuses.html", entry=entry, form=form, rows=rows, page=page), form.status


@staff.get("/<register:register>/bulk/statuses/sheet.xlsx")
@allowed("propose")
def download_statuses(register: str) -> Download:
    """The sheet of the first recommendations and parts, as many as one table takes, to fill in."""
    container, entry = services(), register_entry(services(), register)
    with container.views.connect() as db:
        known_at = last_applied_at(db)
        page = catalogue.facts_page(db, register, "recommendation", known_at, after=0, limit=MAX_ROWS)
        keys = _selected_items(db, register, [ident for _place, ident, _entry in page])
        pair = TimePair(day_in(entry.settings.time_zone, container.clock()), known_at)
        items = sorted(find_items(container, db, register, keys), key=lambda item: item_key(item.facts))
        rows = [_row(container, db, entry, item, pair) for item in items]
    named = [replace(row, about=f"{row.about} ({row.shown[0].text})".strip(), values={}) for row in rows]
    return send_sheet(entry, "statuses", _columns(entry), named, known_at)


def _columns(entry: RegisterEntry) -> list[Column]:
    first, *others = entry.settings.languages
    translated = {"rationale": _("Rationale"), "statement": _("Statement")}
    columns = [
        Column("status", _("New status"), "choice", choices(STATUS)[1:]),
        Column("effective_on", _("From the day")),
        Column("reason", _("Reason"), "choice", choices(REASON)),
        Column("evidence", _("Sources: titles, addresses or ids")),
        Column("rationale", _("Rationale"), "long", language=first),
        Column("motion", _("Motion"), "choice", choices(MOTION), is_folded=True),
        Column("confidence", _("Confidence"), "choice", choices(CONFIDENCE), is_folded=True),
        Column("cause", _("Cause"), "choice", choices(CAUSE), is_folded=True),
        Column("statement", _("Statement"), "long", language=first, is_folded=True),
    ]
    return columns + [
        Column(f"{name}_{code}", in_language(label, code), "long", language=code, is_folded=True)
        for code in others
        for name, label in translated.items()
    ]


class ItemPage(Struct, frozen=True):
    """The recommendations of a page where none were selected before; `following` says how many to skip for the next."""

    ids: list[str]
    row_filter: TableFilter
    following: int | None


def _page_of_items(
    services: Services,
    db: Connection,
    entry: RegisterEntry,
    person: Person,
    form: TableForm,
    parameters: Mapping[str, str],
) -> ItemPage | None:
    """None where recommendations were selected."""
    if form.row_keys or form.picked:
        return None
    row_filter = table_filter(services, db, entry, person, parameters)
    skip = parse_number(parameters.get("skip", "")) or 0
    ids = OverviewItems(services, db, entry, person).page(row_filter.wanted, skip=skip, limit=ROWS_PER_PAGE + 1)
    return ItemPage(ids[:ROWS_PER_PAGE], row_filter, skip + ROWS_PER_PAGE if len(ids) > ROWS_PER_PAGE else None)


def _rows(
    services: Services, db: Connection, entry: RegisterEntry, form: TableForm, page: ItemPage | None
) -> list[TableRow]:
    """The rows of a form that was sent; else a row for each item of the selected recommendations, or of a page."""
    if form.row_keys:
        items = find_items(services, db, entry.id, map(RowKey.parse, form.row_keys))
    else:
        names = page.ids if page else form.picked
        items = find_items(services, db, entry.id, _selected_items(db, entry.id, names))
        items.sort(key=lambda item: item_key(item.facts))
        form.lists["pick"] = [] if page else [str(item.key) for item in items]
    if len(items) == MAX_ROWS:
        form.add("", _("A table takes %(most)d rows. Select fewer recommendations to see all of them.", most=MAX_ROWS))
    pair = TimePair(day_in(entry.settings.time_zone, services.clock()), last_applied_at(db))
    return [_row(services, db, entry, item, pair) for item in items]


def _selected_items(db: Connection, register: str, recommendations: Iterable[str]) -> list[RowKey]:
    known_at, keys = last_applied_at(db), list[RowKey]()
    for recommendation in sorted(recommendations):
        elements = catalogue.elements(db, register, known_at, recommendation)
        keys += [RowKey(recommendation, e.element.id) for e in elements] or [RowKey(recommendation)]
    return keys[:MAX_ROWS]


def _row(services: Services, db: Connection, entry: RegisterEntry, item: Item, pair: TimePair) -> TableRow:
    recommendation, element = item.key.recommendation, item.key.element
    standing = standings(db, entry.id, pair, recommendation).get(recommendation)
    now = next((e for e in standing.elements if e.id == element), standing) if standing else None
    words = status_word(now.status) if now else status_word("not_assessed")
    if now and now.began_on:
        words = f"{words}, {day_text(now.began_on, 'short')}"
    return TableRow(
        key=str(item.key),
        title=item.title,
        address=url_for("staff.recommendation", register=entry.id, recommendation=recommendation),
        about=item.about,
        values={"reason": RuleCheck(services, entry.id, recommendation).usual_reason(element).value},
        shown=[ShownText(_("Status now"), words)],
        version=item.version,
    )


def _command(register: str, form: TableForm, row: TableRow, sources: SourceNames) -> c.ProposeAssessment:
    """Raises `Refused` by column."""
    cells, key, problems = form.cells(row), RowKey.parse(row.key), []
    readers: Mapping[str, Callable[[str], str]] = {
        "effective_on": parse_day,
        "evidence": lambda text: ";".join(sources.read(text)),
    }
    for name, read in readers.items():
        try:
            cells[name] = read(cells[name]) if cells[name] else ""
        except Refused as refused:
            problems += [r.about(name) for r in refused.refusals]
    if problems:
        raise Refused(*problems)
    cells |= {"recommendation": key.recommendation, "element": key.element, "version": form[f"version.{row.key}"]}
    return read_proposal(register, cells)
