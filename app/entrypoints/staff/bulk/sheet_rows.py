"""The spreadsheet for new assessments: one row per item with its current status, and empty columns."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from functools import partial
from pathlib import Path

from msgspec import Struct

from app.adapters.spreadsheets.reading import read_file
from app.presentation.i18n.localize import localized_text
from app.presentation.i18n.translation import _
from app.services.bundles.office_tables import find_sheets
from app.services.bundles.problems import BundleProblem, BundleRefused
from app.services.bundles.tables import BundleTable
from app.services.bundles.words import match_column
from app.services.container import Services
from app.services.tables.csv_files import StreamedTable
from app.services.tables.streamed_workbook import stream_workbook
from domain.errors import Refused, refusal
from domain.ids import recommendation_id
from domain.times import day_in
from domain.values import RecommendationFacts
from projections.catalogue import batches as catalogue_batches
from projections.catalogue import queries as catalogue
from projections.catalogue.entries import RegisterEntry
from projections.scorecards.queries import standings_of
from projections.scorecards.results import ElementStanding, Standing, TimePair

SHEET = "assessments"
KEY_COLUMNS = ("recommendation", "element", "version")
CURRENT_COLUMNS = ("title", "status_now", "since_now", "review_by_now")
OPTIONAL_COLUMNS = ("statement",)
"""Columns that sheets of before lack."""
TEXT_COLUMNS = (*OPTIONAL_COLUMNS, "rationale", "window_from", "window_to", "review_by")
NEW_COLUMNS = ("status", "effective_on", "reason", "cause", "motion", "confidence", *TEXT_COLUMNS, "evidence")
MAX_FILE_BYTES = 4 * 2**20
MAX_ROWS = 500
ROWS_PER_BATCH = 500


class SheetRow(Struct, frozen=True):
    """A filled row: its line in the sheet, and its cells by column."""

    line: int
    cells: dict[str, str]


def new_columns(languages: Sequence[str]) -> tuple[str, ...]:
    """The columns to fill in; the rationale once for each language."""
    place = NEW_COLUMNS.index("rationale") + 1
    translations = (f"rationale_{code}" for code in languages[1:])
    return (*NEW_COLUMNS[:place], *translations, *NEW_COLUMNS[place:])


def build_sheet(services: Services, entry: RegisterEntry, known_at: datetime) -> Iterator[bytes]:
    """Yields the workbook of a register; the column `version` detects later changes."""
    columns = (*KEY_COLUMNS, *CURRENT_COLUMNS, *new_columns(entry.settings.languages))
    cover = [
        (_("Register"), localized_text(entry.settings, "title")),
        (
            _("To do"),
            _(
                "Fill in the columns from “status” on, in the rows that you want to propose. Leave all "
                "other rows empty."
            ),
        ),
        (_("Words"), _("Write statuses, reasons and causes as on the pages, or as codes such as in_progress.")),
        (_("Evidence"), _("Titles, addresses or ids of sources of this register, separated by semicolons.")),
        (_("Version"), _("Do not change it. It detects changes made in the meantime.")),
    ]
    table = StreamedTable(SHEET, columns, partial(_batches, services, entry, known_at))
    return stream_workbook(cover, [table], known_at)


def _batches(services: Services, entry: RegisterEntry, known_at: datetime) -> Iterator[list[tuple[str, ...]]]:
    """Reads the rows in batches, so that a large register needs no more memory than a small one."""
    at = TimePair(day_in(entry.settings.time_zone, services.clock()), known_at)
    parts: dict[str, list[tuple[str, str]]] = {}
    with services.views.connect() as db:
        for e in catalogue.elements(db, entry.id, known_at):
            parts.setdefault(e.recommendation, []).append((e.element.id, localized_text(e.element, "title")))
        places = catalogue_batches.positions(db, entry.id, "recommendation", known_at)
    empty = ("",) * len(new_columns(entry.settings.languages))
    for start in range(0, len(places), ROWS_PER_BATCH):
        with services.views.connect() as db:
            found = catalogue_batches.facts_at(db, "recommendation", places[start : start + ROWS_PER_BATCH])
            facts = {e.facts.id: e.facts for e in found.values()}
            current = standings_of(db, entry.id, at, facts)
        versions = services.log.versions(recommendation_id(entry.id, ident) for ident in facts)
        yield [
            (ident, element, str(versions[recommendation_id(entry.id, ident)]), *cells, *empty)
            for ident, fact in facts.items()
            for element, cells in _current_rows(fact, current.get(ident), parts.get(ident) or [("", "")])
        ]


def _current_rows(
    facts: RecommendationFacts, standing: Standing | None, parts: Sequence[tuple[str, str]]
) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Each item of a recommendation with its title and status."""
    title, by_part = localized_text(facts, "title"), {e.id: e for e in standing.elements} if standing else {}
    review = standing.review_by.isoformat() if standing and standing.review_by else ""
    for element, name in parts:
        now = by_part.get(element) if element else standing
        yield element, (f"{title}: {name}" if name else title, *_current_cells(now), review)


def read_rows(name: str, content: bytes) -> list[SheetRow]:
    """Returns the filled rows of an uploaded sheet. Raises `Refused` with every problem."""
    if Path(name).suffix.lower() != ".xlsx":
        raise Refused(refusal("Choose the sheet as .xlsx.", field="file"))
    if len(content) > MAX_FILE_BYTES:
        raise Refused(refusal("The file is larger than {most} MB.", most=MAX_FILE_BYTES // 2**20, field="file"))
    table = _read_table(name, content)
    all_rows = (
        SheetRow(line, dict(zip(table.header, map(str.strip, cells), strict=False))) for line, cells in table.records
    )
    rows = [row for row in all_rows if any(row.cells.get(column) for column in NEW_COLUMNS)]
    if not rows:
        raise Refused(refusal("No row contains a new assessment. Fill in at least one row.", field="file"))
    if len(rows) > MAX_ROWS:
        raise Refused(
            refusal(
                "You can propose at most {most} rows at once. You filled in {n}.",
                most=MAX_ROWS,
                n=len(rows),
                field="file",
            )
        )
    return rows


def _read_table(name: str, content: bytes) -> BundleTable:
    """Returns the table of new assessments. Raises `Refused` if it is missing, unreadable or lacks a column."""
    problems: list[BundleProblem] = []
    book = read_file(name, content)
    if book.kind == "text":
        raise Refused(refusal("this is not a spreadsheet.", cure="Save it as .xlsx, without a password.", field="file"))
    table = find_sheets(book, (SHEET,), problems, []).get(SHEET)
    if problems:
        raise BundleRefused(problems)
    if table is None:
        raise Refused(
            refusal("The file has no sheet “{name}”. Download the sheet here and fill it in.", name=SHEET, field="file")
        )
    columns = (*KEY_COLUMNS, *CURRENT_COLUMNS, *NEW_COLUMNS)
    table.header = [name if name in columns else match_column(name, columns) or _lower(name) for name in table.header]
    counts = {column: table.header.count(column) for column in (*KEY_COLUMNS, *NEW_COLUMNS)}
    if wrong := [c for c, n in counts.items() if n > 1 or (n == 0 and c not in OPTIONAL_COLUMNS)]:
        raise Refused(
            refusal(
                "The first line must name each column once. Check: {columns}.", columns=", ".join(wrong), field="file"
            )
        )
    return table


def _lower(heading: str) -> str:
    """A heading of translations such as `RATIONALE_KO` as it is known."""
    return heading.lower() if heading.isupper() else heading


def _current_cells(standing: Standing | ElementStanding | None) -> tuple[str, str]:
    return (standing.status.value, standing.since or "") if standing else ("", "")
