"""The list of recommendations as a workbook to read and to print, with the filters of the list."""

from collections.abc import Iterator

from flask import Response

from app.entrypoints.http.query_params import read_parameters
from app.entrypoints.http.services import services
from app.entrypoints.http.urls import absolute_url, page_url
from app.entrypoints.public.blueprint import public
from app.entrypoints.public.downloads import XLSX_TYPE, attachment
from app.entrypoints.public.filter_choices import Choices, filter_choices
from app.entrypoints.public.listing import LISTING_PARAMETERS, ListReader, refuse_unknown
from app.entrypoints.public.page import Page
from app.entrypoints.public.register_names import RegisterNames
from app.entrypoints.public.scorecard_page import ScorecardPage, ScorecardRow
from app.presentation.answers.as_of import AsOf
from app.presentation.i18n.labels import day_text
from app.presentation.i18n.localize import localized_text
from app.presentation.i18n.translation import _, ngettext
from app.presentation.narrative.keeper import keeper_of
from app.presentation.narrative.statement import deciding_statements
from app.services.tables.item_words import WordsOfItem, date_format, item_cells, item_columns, times_sentence
from app.services.tables.printed_table import Cell, CellLink, PrintedColumn, PrintedTable, page_of, write_printed_table

PARAMETERS = tuple(name for name in LISTING_PARAMETERS if name != "page")
ROWS_PER_BATCH = 500


@public.get("/<register:register>/recommendations.xlsx")
def printed_list(register: str) -> Response:
    """The recommendations that match the filters, on one sheet, in the words of the page's language."""
    query = read_parameters("as_of", "known_at", *PARAMETERS)
    with services().views.connect() as db:
        page = Page(services(), db, register, query)
        names = RegisterNames.of(page)
        reader = ListReader(page, names)
        choices = filter_choices(page, names, reader.whole.facets(), query.get("body", ""))
        refuse_unknown(query, choices, names)
        ids = reader.ids(query)
        scorecard_page = ScorecardPage(page, ids, names=names)
        rows = [scorecard_page.rows[ident] for ident in ids]
        has_numbers = any(row.facts.number for row in rows)
        table = PrintedTable(
            name=_("Recommendations"),
            lines=_lines(page, query, choices, len(rows)),
            columns=[*item_columns(page.times, has_numbers=has_numbers), PrintedColumn(_("Web page"), 9)],
            rows=_cells(page, scorecard_page, rows, has_numbers=has_numbers),
            date_format=date_format(),
            header=f"{localized_text(page.entry.settings, 'title')}. {times_sentence(page.times)}",
            footer=keeper_of(page.entry).name,
            page_of=page_of(),
        )
        book = write_printed_table(table, page.times.known_at, keeper_of(page.entry).name)
    return attachment(book, XLSX_TYPE, f"{register}-recommendations-{page.times.as_of}.xlsx")


def _lines(page: Page, query: dict[str, str], choices: Choices, number: int) -> list[str]:
    """What the sheet is about: the register, its two dates, what was filtered, and its address."""
    times = times_sentence(page.times)
    shown = (
        _("No recommendation matches.")
        if not number
        else ngettext("%(num)d recommendation.", "%(num)d recommendations.", number)
    )
    filters = {name: query[name] for name in PARAMETERS if name in query}
    pinned = page.times.query(page.services.clock())
    address = absolute_url(page_url("public.scorecard", register=page.id, **filters, **pinned))
    lines = [
        localized_text(page.entry.settings, "title"),
        " ".join(filter(None, (times, shown, page.evidence_reach, _later_texts(page.times)))),
        *(f"{_filter_label(name)}: {dict(choices[name]).get(value, value)}" for name, value in filters.items()),
        f"{keeper_of(page.entry).name}. {address}" if keeper_of(page.entry).name else address,
    ]
    return [line for line in lines if line]


def _later_texts(times: AsOf) -> str:
    """On a look back: what the texts know that the day did not."""
    if not times.compiled_on:
        return ""
    known = day_text(times.compiled_on.isoformat())
    return _("The texts were written by %(known)s and may name what came after the day.", known=known)


def _filter_label(name: str) -> str:
    labels = {
        "theme": _("Theme"),
        "body": _("Addressed to"),
        "publication": _("Publication"),
        "status": _("Status"),
        "kind": _("Kind"),
        "priority": _("Priority"),
        "due": _("Deadline"),
        "position": _("Response"),
        "sort": _("Order"),
        "scale": _("Also on the scale of"),
    }
    return labels[name]


def _cells(
    page: Page, scorecard_page: ScorecardPage, rows: list[ScorecardRow], *, has_numbers: bool
) -> Iterator[list[Cell]]:
    """Reads the statements in batches, so that a long list needs no more memory than a short one."""
    for start in range(0, len(rows), ROWS_PER_BATCH):
        part = rows[start : start + ROWS_PER_BATCH]
        standings = {row.standing.id: row.standing for row in part}
        statements = deciding_statements(page.db, page.id, page.times.pair, standings)
        for row in part:
            theme = localized_text(scorecard_page.theme(row.standing.theme), "title")
            item = WordsOfItem(row.facts, row.standing, theme, row.addressees, statements.get(row.facts.id))
            yield [*item_cells(item, has_numbers=has_numbers), _link(page, row.facts.id)]


def _link(page: Page, ident: str) -> CellLink:
    address = page_url("public.recommendation", register=page.id, recommendation=ident, **page.link_times())
    return CellLink(absolute_url(address), _("Open"))
