"""Guesses what rows between recommendations and rows below one mean: headings, notes, parts."""

import re
from collections.abc import Sequence
from itertools import zip_longest

from msgspec import structs

from app.adapters.spreadsheets.cells import CellRow, CellSheet, column_number
from app.services.mapping.table import is_sub_number
from app.services.mapping.types import NOTE, SheetMapping

_NUMBERED = re.compile(r"[\w.()\-/ ]{0,12}\d[\w.()\-/ ]{0,6}")


def with_row_meanings(sheet: CellSheet, mapping: SheetMapping) -> SheetMapping:
    """The mapping with what rows between items and rows below an item mean."""
    start = max(mapping.header_rows, default=0)
    rows = [row for row in sheet.rows if row.number > start]
    places = {c.field: column_number(c.column) for c in reversed(mapping.columns) if not c.language}
    if not mapping.heading_rows:
        mapping = structs.replace(mapping, heading_rows=_heading_rows(rows, places))
    if not mapping.sub_rows:
        mapping = structs.replace(mapping, sub_rows=_sub_rows(rows, places))
    return mapping


def _heading_rows(rows: Sequence[CellRow], places: dict[str, int]) -> str:
    """What rows with one text only are; they are above other rows, and their text is short and no number."""
    title, part = places.get("title"), places.get("part")
    usual = sum(1 for row in rows[:200] if sum(1 for text in row.cells if text.strip()) > 2)
    if usual * 2 < len(rows[:200]):
        return ""
    headings, texts = 0, 0
    for row, below in zip_longest(rows, rows[1:]):
        filled = [n for n, text in enumerate(row.cells) if text.strip()]
        if len(filled) != 1 or (filled[0] != 0 and filled[0] in (title, part)):
            continue
        text = row.cells[filled[0]].strip()
        if _NUMBERED.fullmatch(text):
            continue
        if len(text) > 150 or below is None:
            texts += 1
        else:
            headings += 1
    if not headings:
        return NOTE if texts else ""
    return "theme"


def _sub_rows(rows: Sequence[CellRow], places: dict[str, int]) -> str:
    """What rows without a number, or numbered below the item above, are: parts if they lack what an item has."""
    number, title = places.get("number"), places.get("title")
    if number is None or title is None:
        return ""
    below, numbered, bare, above = 0, 0, 0, ""
    own = [places[field] for field in ("theme", "addressees", "publication") if field in places]
    for row in rows:
        text = row.cell(number).strip()
        is_below = bool(above) and (not text or is_sub_number(text, above))
        numbered += bool(text)
        if is_below and row.cell(title).strip():
            below += 1
            bare += not any(row.cell(n).strip() for n in own)
        elif text:
            above = text
    if not below or numbered * 5 < len(rows):
        return ""
    return "part" if bare * 10 >= below * 7 else "recommendation"
