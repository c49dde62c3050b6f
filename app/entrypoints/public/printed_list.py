"""The list of recommendations as a workbook to read and to print, with the filters of the list."""

from collections.abc import Iterator
from datetime import date

from flask import Response
from markupsafe import Markup

from app.entrypoints.http.query_params import read_parameters
from app.entrypoints.http.services import services
from app.entrypoints.http.urls import absolute_url, page_url
from app.entrypoints.public.blueprint import public
from app.entrypoints.public.downloads import XLSX_TYPE, attachment
from app.entrypoints.public.listing import LISTING_PARAMETERS, Choices, filter_choices, matching_rows
from app.entrypoints.public.page import Page
from app.entrypoints.public.scorecard_page import ScorecardPage, ScorecardRow
from app.presentation.answers.as_of import AsOf
from app.presentation.i18n.labels import CONFIDENCE, DEADLINE_STATE, MOTION, day_text, status_word
from app.presentation.i18n.localize import body_label, localized_text
from app.presentation.i18n.translation import _, ngettext, page_language
from app.presentation.narrative.keeper import keeper_of
from app.presentation.narrative.parts import deciding_parts
from app.presentation.narrative.statement import PresentStatement, deciding_statements
from app.presentation.narrative.status_dates import is_older
from app.services.tables.printed_table import (
    FIRST_EXCEL_DAY,
    Cell,
    CellLink,
    PrintedColumn,
    PrintedTable,
    write_printed_table,
)
from domain.times import first_day
from projections.scorecards.results import Standing

PARAMETERS = tuple(name for name in LISTING_PARAMETERS if name != "page")
DATE_FORMATS = {"ko": 'yyyy"년" m"월" d"일"'}
DATE_FORMAT = "d mmm yyyy"
ROWS_PER_BATCH = 500


@public.get("/<register:register>/recommendations.xlsx")
def printed_list(register: str) -> Response:
    """The recommendations that match the filters, on one sheet, in the words of the page's language."""
    query = read_parameters("as_of", "known_at", *PARAMETERS)
    with services().views.connect() as db:
        page = Page(services(), db, register, query)
        scorecard_page = ScorecardPage(page)
        choices = filter_choices(scorecard_page)
        rows = matching_rows(scorecard_page, query, choices)
        has_numbers = any(row.facts.number for row in rows)
        table = PrintedTable(
            name=_("Recommendations"),
            lines=_lines(page, query, choices, len(rows)),
            columns=_columns(page.times, has_numbers=has_numbers),
            rows=_cells(page, scorecard_page, rows, has_numbers=has_numbers),
            date_format=DATE_FORMATS.get(page_language(), DATE_FORMAT),
            footer=localized_text(page.entry.settings, "title"),
        )
        book = write_printed_table(table, page.times.known_at, keeper_of(page.entry).name)
    return attachment(book, XLSX_TYPE, f"{register}-recommendations-{page.times.as_of}.xlsx")


def _lines(page: Page, query: dict[str, str], choices: Choices, number: int) -> list[str]:
    """What the sheet is about: the register, its two dates, what was filtered, and its address."""
    times = _(
        "As of %(day)s, as known on %(known)s.",
        day=day_text(page.times.as_of.isoformat()),
        known=day_text(page.times.known_day.isoformat()),
    )
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


def _direction(standing: Standing) -> str:
    """That of the whole; else that of the parts that decide."""
    motion = standing.motion or (deciding_parts(standing).motion if standing.elements else None)
    return str(MOTION[motion]) if motion else ""


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


def _columns(times: AsOf, *, has_numbers: bool) -> list[PrintedColumn]:
    number = [PrintedColumn(_("Number"), 8)] if has_numbers else []
    where = _("Where it is now") if times.is_today else _("Where it was on %(day)s", day=day_text(f"{times.as_of}"))
    return [
        *number,
        PrintedColumn(_("Recommendation"), 28),
        PrintedColumn(_("Theme"), 14),
        PrintedColumn(_("Addressed to"), 20),
        PrintedColumn(_("Status"), 13),
        PrintedColumn(_("Since"), 12),
        PrintedColumn(_("Direction"), 11),
        PrintedColumn(_("Confidence"), 11),
        PrintedColumn(_("Deadline"), 12),
        PrintedColumn(_("State of the deadline"), 12),
        PrintedColumn(where, 34),
        PrintedColumn(_("Why this status"), 34),
        PrintedColumn(_("Web page"), 9),
    ]


def _cells(
    page: Page, scorecard_page: ScorecardPage, rows: list[ScorecardRow], *, has_numbers: bool
) -> Iterator[list[Cell]]:
    """Reads the statements in batches, so that a long list needs no more memory than a short one."""
    for start in range(0, len(rows), ROWS_PER_BATCH):
        part = rows[start : start + ROWS_PER_BATCH]
        standings = {row.standing.id: row.standing for row in part}
        statements = deciding_statements(page.db, page.id, page.times.pair, standings)
        for row in part:
            number: list[Cell] = [row.facts.number or ""] if has_numbers else []
            yield number + _row_cells(page, scorecard_page, row, statements.get(row.facts.id))


def _row_cells(
    page: Page, scorecard_page: ScorecardPage, row: ScorecardRow, statement: PresentStatement | None
) -> list[Cell]:
    facts, standing = row.facts, row.standing
    address = page_url("public.recommendation", register=page.id, recommendation=facts.id, **page.link_times())
    return [
        localized_text(facts, "title"),
        localized_text(scorecard_page.theme(standing.theme), "title"),
        "\n".join(_plain(body_label(body)) for body in row.addressees),
        status_word(standing.status),
        _since(row),
        _direction(standing),
        str(CONFIDENCE[standing.confidence]) if standing.confidence else "",
        _day(standing.due.due_on) if standing.due else "",
        str(DEADLINE_STATE[standing.due.state]) if standing.due else "",
        statement.words if statement and statement.field == "statement" else "",
        statement.reason if statement else "",
        CellLink(absolute_url(address), _("Open")),
    ]


def _plain(text: Markup | str) -> str:
    return text.striptags() if isinstance(text, Markup) else text


def _since(row: ScorecardRow) -> Cell:
    began_on = row.standing.began_on
    if not began_on:
        return ""
    return _("already when recommended") if is_older(began_on, row.facts.recommended_on) else _day(began_on)


def _day(text: str) -> str | date:
    """A day as a date; a month or a year as it was written, in words."""
    is_day = len(text) == len("2024-01-01") and first_day(text) >= FIRST_EXCEL_DAY
    return first_day(text) if is_day else day_text(text, "short")
