"""The downloads page and its files."""

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import chain

from flask import Response, render_template

from app.entrypoints.http.query_params import read_parameters
from app.entrypoints.http.services import services
from app.entrypoints.http.streamed_files import stream_attachment
from app.entrypoints.http.urls import absolute_url, page_url
from app.entrypoints.public.blueprint import public
from app.entrypoints.public.page import Page
from app.presentation.i18n.labels import day_text
from app.presentation.i18n.localize import language_label, localized_text
from app.presentation.i18n.translation import _, gettext
from app.presentation.narrative.keeper import keeper_of, kept_lines
from app.services.bundles.columns import SHEETS
from app.services.bundles.exporting import read_tables
from app.services.bundles.rows import BundleTables
from app.services.bundles.writing import stream_files, stream_zip
from app.services.container import Services
from app.services.tables.bundle_tables import bundle_tables, find_table
from app.services.tables.csv_files import AnyTable, stream_plain_csv, stream_spreadsheet_csv
from app.services.tables.dictionary import build_dictionary
from app.services.tables.scorecard import stream_scorecard
from app.services.tables.streamed_workbook import MAX_ROWS, TOO_LONG, stream_workbook
from domain.errors import NotFound, Refused, refusal
from domain.times import written
from projections.assessments.queries import count_published
from projections.engine.position import last_applied_at, position_of

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
        pieces = stream_zip(stream_files(_bundle(page)))
        return stream_attachment(pieces, "application/zip", f"{register}.zip", page.file_state)


@public.get("/<register:register>/download/<ident:name>.csv")
def download_csv(register: str, name: str) -> Response:
    """A table as plain CSV."""
    return _send_table(services(), register, name, stream_plain_csv, f"{register}-{name}.csv")


@public.get("/<register:register>/download/spreadsheet/<ident:name>.csv")
def download_csv_for_people(register: str, name: str) -> Response:
    """The same table as CSV for spreadsheets."""
    return _send_table(services(), register, name, stream_spreadsheet_csv, f"{register}-{name}-spreadsheet.csv")


@public.get("/<register:register>/download/register.xlsx")
def download_workbook(register: str) -> Response:
    query = read_parameters("as_of", "known_at")
    with services().views.connect() as db:
        page = Page(services(), db, register, query)
        _require_sheets_with_room(page)
        tables = chain(
            [_scorecard_table(page)], bundle_tables(_bundle(page)), [build_dictionary(page.entry.settings.languages)]
        )
        book = stream_workbook(_cover_lines(page), tables, page.times.known_at, keeper_of(page.entry).name)
        return stream_attachment(book, XLSX_TYPE, f"{register}-{page.times.as_of}.xlsx", page.file_state)


def _require_sheets_with_room(page: Page) -> None:
    """Raise `Refused` if a table has more rows than a sheet. A log that is shorter cannot have such a table."""
    if position_of(page.db).count > MAX_ROWS and count_published(page.db, page.id, MAX_ROWS + 1) > MAX_ROWS:
        raise Refused(TOO_LONG)


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


def _send_table(
    services: Services, register: str, name: str, write: Callable[[AnyTable], Iterator[bytes]], file: str
) -> Response:
    """Raises `NotFound` if there is no such table."""
    if name not in TABLE_NAMES:
        raise NotFound(
            refusal("There is no table “{name}”. Use one of: {known}.", name=name, known=", ".join(TABLE_NAMES))
        )
    query = read_parameters("as_of", "known_at") if name == "scorecard" else read_parameters()
    with services.views.connect() as db:
        page = Page(services, db, register, query)
        find = _find_table(page, name)
        return stream_attachment(_written(find, write), "text/csv; charset=utf-8", file, page.file_state)


def _written(find: Callable[[], AnyTable], write: Callable[[AnyTable], Iterator[bytes]]) -> Iterator[bytes]:
    """Finds the table when it is asked for: which columns it has takes a look at its rows."""
    yield from write(find())


def _find_table(page: Page, name: str) -> Callable[[], AnyTable]:
    if name == "columns":
        return partial(build_dictionary, page.entry.settings.languages)
    if name == "scorecard":
        return partial(_scorecard_table, page)
    return partial(find_table, _bundle(page), name)


def _scorecard_table(page: Page) -> AnyTable:
    return stream_scorecard(page.services.views.connect, page.entry, page.times)


def _bundle(page: Page) -> BundleTables:
    """The whole record, whose rows are read while they are sent: as it is now, whatever is recorded meanwhile."""
    bundle = read_tables(page.services.views.connect, page.db, page.id, last_applied_at(page.db))
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
