"""The scorecard of a package in words, as a sheet to read and to print."""

from collections.abc import Iterator

from sqlalchemy import Connection

from app.presentation.i18n.localize import localized_text
from app.presentation.i18n.translation import _
from app.presentation.narrative.statement import deciding_statements
from app.services.snapshots.report import Report
from app.services.snapshots.report_builder import in_language
from app.services.snapshots.report_data import ReportData
from app.services.tables.item_words import WordsOfItem, date_format, item_cells, item_columns, times_sentence
from app.services.tables.printed_table import Cell, PrintedColumn, PrintedTable, page_of
from domain.values import Body
from projections.addressees.queries import NOT_ASKED, asked
from projections.catalogue import queries as catalogue

ROWS_PER_BATCH = 500


def printed_scorecard(db: Connection, data: ReportData, report: Report) -> PrintedTable:
    """The sheet in the language of a report. Beside the printed page each row has the id that other sheets use."""
    with in_language(report.language):
        has_numbers = any(data.facts[ident].number for ident in data.standings)
        return PrintedTable(
            name=_("Printable scorecard"),
            lines=_lines(report),
            columns=[
                *item_columns(data.times, has_numbers=has_numbers),
                PrintedColumn(_("Id"), 24, is_printed=False),
            ],
            rows=list(_rows(db, data, has_numbers=has_numbers)),
            date_format=date_format(),
            header=f"{report.register}. {times_sentence(data.times)}",
            footer=f"{report.keeper.name}. {report.address}",
            page_of=page_of(),
        )


def _lines(report: Report) -> list[str]:
    notes = [note for _kind, note in report.notes]
    return [f"{report.register}. {report.title}", report.headline, *notes, report.address]


def _rows(db: Connection, data: ReportData, *, has_numbers: bool) -> Iterator[list[Cell]]:
    register, times = data.metadata.register, data.times
    asked_of = asked(db, register, times.known_at)
    tree = catalogue.body_tree(db, register, times.known_at)
    standings = list(data.standings.values())
    for start in range(0, len(standings), ROWS_PER_BATCH):
        batch = standings[start : start + ROWS_PER_BATCH]
        statements = deciding_statements(db, register, times.pair, {s.id: s for s in batch})
        for s in batch:
            ids = asked_of.get(s.id, NOT_ASKED).bodies_on(times.as_of, (e.id for e in s.elements))
            bodies = [data.bodies.get(b) or Body(id=b, name=b) for b in dict.fromkeys(map(tree.current, ids))]
            theme = localized_text(data.themes[s.theme], "title") if s.theme in data.themes else s.theme
            item = WordsOfItem(data.facts[s.id], s, theme, bodies, statements.get(s.id))
            yield [*item_cells(item, has_numbers=has_numbers), s.id]
