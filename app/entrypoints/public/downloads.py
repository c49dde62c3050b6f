"""The downloads page and its files."""

from collections.abc import Sequence

from flask import Response, render_template

from app.entrypoints.http.query_params import read_parameters
from app.entrypoints.http.services import services
from app.entrypoints.http.urls import absolute_url, page_url
from app.entrypoints.public.blueprint import public
from app.entrypoints.public.page import Page
from app.presentation.answers.serializers import item_order
from app.presentation.i18n.labels import day_text
from app.presentation.i18n.localize import language_label, localized_text
from app.presentation.i18n.translation import _, gettext
from app.presentation.narrative.keeper import keeper_of, kept_lines
from app.services.bundles.columns import SHEETS, SHEETS_BY_NAME
from app.services.bundles.exporting import export_bundle
from app.services.bundles.rows import Bundle
from app.services.bundles.writing import bundle_files, table_file, zip_files
from app.services.container import Services
from app.services.tables.bundle_tables import bundle_tables
from app.services.tables.csv_files import DataTable, read_table, write_plain_csv, write_spreadsheet_csv
from app.services.tables.dictionary import build_dictionary
from app.services.tables.scorecard import scorecard_table
from app.services.tables.workbook import write_workbook
from domain.errors import NotFound, refusal
from domain.times import written
from projections.catalogue import queries as catalogue
from projections.scorecards.queries import standings

XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
TABLE_NAMES = ("scorecard", *(sheet.name for sheet in SHEETS), "columns")


@public.get("/<register:register>/download/")
def download(register: str) -> str:
    query = read_parameters("as_of", "known_at")
    with services().views.connect() as db:
        page = Page(services(), db, register, query)
        return render_template(
            "public/download.html",
            **page.context("public.download"),
            link_times=page.link_times(),
            names=TABLE_NAMES,
            meanings=_column_meanings(page.entry.settings.languages),
        )


@public.get("/<register:register>/download/bundle.zip")
def download_bundle(register: str) -> Response:
    read_parameters()
    with services().views.connect() as db:
        page = Page(services(), db, register, {})
        return attachment(zip_files(bundle_files(_bundle(page))), "application/zip", f"{register}.zip")


@public.get("/<register:register>/download/<ident:name>.csv")
def download_csv(register: str, name: str) -> Response:
    """A table as plain CSV."""
    table = _find_table(services(), register, name)
    return attachment(write_plain_csv(table), "text/csv; charset=utf-8", f"{register}-{name}.csv")


@public.get("/<register:register>/download/spreadsheet/<ident:name>.csv")
def download_csv_for_people(register: str, name: str) -> Response:
    """The same table as CSV for spreadsheets."""
    table = _find_table(services(), register, name)
    return attachment(write_spreadsheet_csv(table), "text/csv; charset=utf-8", f"{register}-{name}-spreadsheet.csv")


@public.get("/<register:register>/download/register.xlsx")
def download_workbook(register: str) -> Response:
    query = read_parameters("as_of", "known_at")
    with services().views.connect() as db:
        page = Page(services(), db, register, query)
        tables = [_scorecard_table(page), *bundle_tables(_bundle(page))]
        book = write_workbook(
            _cover_lines(page),
            [*tables, build_dictionary(page.entry.settings.languages)],
            page.times.known_at,
            keeper_of(page.entry).name,
        )
    return attachment(book, XLSX_TYPE, f"{register}-{page.times.as_of}.xlsx")


def _column_meanings(languages: Sequence[str]) -> list[tuple[str, str, str]]:
    """Each column of each file with its meaning in the language of the page."""
    translations = {("scorecard", f"title_{code}"): ("title", code) for code in languages[1:]}
    for sheet in SHEETS:
        for column in sheet.in_languages(languages).columns:
            if column.original:
                translations[sheet.name, column.name] = (column.original, column.language)
    return [
        (file, name, _translation_meaning(*translations[file, name]) if (file, name) in translations else gettext(text))
        for file, name, _filled, text in build_dictionary(languages).rows
    ]


def _translation_meaning(original: str, code: str) -> str:
    language = language_label(code)
    if original == "title":
        return _("Its title in %(language)s.", language=language)
    if original == "name":
        return _("Its name in %(language)s.", language=language)
    return _("The same in %(language)s.", language=language)


def _find_table(services: Services, register: str, name: str) -> DataTable:
    if name not in TABLE_NAMES:
        raise NotFound(
            refusal("There is no table “{name}”. Use one of: {known}.", name=name, known=", ".join(TABLE_NAMES))
        )
    query = read_parameters("as_of", "known_at") if name == "scorecard" else read_parameters()
    with services.views.connect() as db:
        page = Page(services, db, register, query)
        if name == "columns":
            return build_dictionary(page.entry.settings.languages)
        if name == "scorecard":
            return _scorecard_table(page)
        content = table_file(_bundle(page, name), name)
        return read_table(name, content) if content else _empty_table(name)


def _empty_table(name: str) -> DataTable:
    """A file that the register does not use yet."""
    return DataTable(name, tuple(column.name for column in SHEETS_BY_NAME[name].columns), ())


def _scorecard_table(page: Page) -> DataTable:
    facts = {i: e.facts for i, e in catalogue.recommendations(page.db, page.id, page.times.known_at).items()}
    standings_by_id = standings(page.db, page.id, page.times.pair)
    order = item_order(page.db, page.id, page.times.known_at)
    in_order = {i: standings_by_id[i] for i in order.sort(standings_by_id)}
    return scorecard_table(page.db, page.entry, in_order, facts, page.times)


def _bundle(page: Page, table: str = "") -> Bundle:
    """The whole record, or one table of it."""
    bundle = export_bundle(page.db, page.id, tables=(table,) if table else None)
    assert bundle is not None
    return bundle


def _cover_lines(page: Page) -> list[tuple[str, str]]:
    settings = page.entry.settings
    address = absolute_url(page_url("public.scorecard", register=page.id))
    return [
        (_("Register"), localized_text(settings, "title")),
        (_("Summary"), localized_text(settings, "summary")),
        (_("As of"), day_text(page.times.as_of.isoformat())),
        (_("As known at"), written(page.times.known_at)),
        (_("Methodology"), settings.methodology),
        *kept_lines(keeper_of(page.entry)),
        (_("Address"), address),
        (_("Scorecard"), _("The sheet “scorecard” is for the two dates above; the others are the whole record.")),
        (_("Columns"), _("The sheet “columns” says what each column means.")),
    ]


def attachment(content: bytes, mimetype: str, name: str) -> Response:
    response = Response(content, content_type=mimetype)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["Cache-Control"] = "public, no-cache"
    response.headers["Access-Control-Allow-Origin"] = "*"
    return response
