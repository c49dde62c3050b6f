"""Guesses which sheet holds the table, which rows hold its headings, and what rows without a number mean."""

from collections.abc import Iterable, Sequence
from itertools import islice

from app.adapters.spreadsheets.cells import CellRow, CellSheet, Workbook
from app.services.bundles.typed_dates import read_date
from app.services.mapping.headings import guess_heading
from app.services.mapping.hosts import find_addresses

_ROWS_SEARCHED = 40
_LONG = 100


def guess_sheet(workbook: Workbook) -> CellSheet | None:
    """The sheet with the most that looks like a table; a hidden one only if no other has a table."""
    sheets = [sheet for sheet in workbook.sheets if sheet.rows]
    return (
        max(sheets, key=lambda s: (not s.is_hidden, _table_size(s)), default=None)
        if _has_shown(sheets)
        else (max(sheets, key=_table_size, default=None))
    )


def _has_shown(sheets: Iterable[CellSheet]) -> bool:
    return any(not sheet.is_hidden and _table_size(sheet) > 1 for sheet in sheets)


def _table_size(sheet: CellSheet) -> int:
    """Rows with at least two cells, and more for headings that are known."""
    header = guess_header_rows(sheet)
    known = sum(bool(guess_heading(text).field) for row in sheet.rows if row.number in header for text in row.cells)
    wide = sum(1 for row in islice(sheet.rows, 5000) if sum(1 for text in row.cells if text.strip()) > 1)
    return wide * (1 + min(known, 8))


def guess_header_rows(sheet: CellSheet) -> tuple[int, ...]:
    """The numbers of the rows with headings: one, two that are read together, or none."""
    rows = sheet.rows[:_ROWS_SEARCHED]
    if not rows:
        return ()
    scores = [_header_score(row, _next_filled(rows, n)) for n, row in enumerate(rows)]
    best = max(range(len(rows)), key=lambda n: (scores[n], -n))
    if scores[best] <= 0:
        return ()
    if best + 1 < len(rows) and _is_second_header(sheet, rows[best], rows[best + 1]):
        return (rows[best].number, rows[best + 1].number)
    if best and _is_second_header(sheet, rows[best - 1], rows[best]):
        return (rows[best - 1].number, rows[best].number)
    return (rows[best].number,)


def _next_filled(rows: Sequence[CellRow], n: int) -> int:
    return max((_filled(row) for row in rows[n + 1 : n + 4]), default=0)


def _filled(row: CellRow) -> int:
    return sum(1 for text in row.cells if text.strip())


def _header_score(row: CellRow, below: int) -> int:
    """How much a row looks like headings: known ones, short texts, as wide as the rows below it."""
    texts = [text.strip() for text in row.cells if text.strip()]
    if not texts:
        return 0
    known = sum(1 for text in texts if len(text) < _LONG and guess_heading(text).field)
    exact = sum(1 for text in texts if len(text) < _LONG and guess_heading(text).is_exact)
    values = sum(1 for text in texts if _is_value(text))
    alone = 8 if len(texts) == 1 and below > 2 else 0
    narrow = 2 if len(texts) * 2 < below else 0
    return 2 * known + 3 * exact + min(len(set(texts)), 8) - 4 * values - alone - narrow


def _is_value(text: str) -> bool:
    """Whether a text can hardly be a heading: long, an address, a date with a day, a number with digits only."""
    if len(text) > _LONG or find_addresses(text) or len(read_date(text, "dmy")) == 10:
        return True
    return text.replace(".", "").replace(",", "").isdecimal() and not read_date(text)


def _is_second_header(sheet: CellSheet, upper: CellRow, lower: CellRow) -> bool:
    """Whether the lower row divides headings of the upper one: `Status` above `2023` and `2024`."""
    if lower.number != upper.number + 1 or _filled(upper) < 2:
        return False
    grouped = {
        column
        for merged in sheet.merged
        if merged.top <= upper.number <= merged.bottom and merged.right > merged.left
        for column in range(merged.left, merged.right + 1)
    }
    blank = {n for n, text in enumerate(lower.cells) if text.strip() and not upper.cell(n).strip()}
    spread = blank | {n - 1 for n in blank if n and lower.cell(n - 1).strip()}
    divided = [lower.cell(n).strip() for n in grouped | spread if lower.cell(n).strip()]
    others = [text for n, text in enumerate(lower.cells) if n not in grouped | spread and text.strip()]
    if not divided or not (grouped or spread) or any(_is_value(text) for text in (*divided, *others)):
        return False
    if any(text != upper.cell(n) for n, text in enumerate(lower.cells) if text.strip() and n not in grouped | spread):
        return False
    return any(read_date(text) or guess_heading(text).field or guess_heading(text).on for text in divided)
