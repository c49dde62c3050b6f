"""Reads cells as spreadsheet programs put them on the clipboard."""

import re

from app.adapters.spreadsheets.cells import CellRow, CellSheet
from app.adapters.spreadsheets.delimited import normalize_line_ends
from app.adapters.spreadsheets.limits import CellBudget

_QUOTED = re.compile(r'"([^"]*+(?:""[^"]*+)*+)"(?=[\t\r\n]|\Z)')
_PLAIN = re.compile(r"[^\t\r\n]*")
_LINE_END = re.compile(r"\r\n|\r|\n")


def read_clipboard(text: str) -> CellSheet:
    """Return the rows of tab-separated text. Only cells with a tab or line break are quoted; other quotes are text."""
    budget = CellBudget("")
    rows: list[CellRow] = []
    cells: list[str] = []
    at, number = 0, 1
    while at <= len(text):
        cell, at = _read_cell(text, at)
        cells.append("" if cell.isspace() else cell)
        if text[at : at + 1] == "\t":
            at += 1
            continue
        while cells and not cells[-1]:
            cells.pop()
        if cells:
            budget.spend(cells, number)
            rows.append(CellRow(number, tuple(cells)))
        cells = []
        number += 1
        end = _LINE_END.match(text, at)
        at = end.end() if end else len(text) + 1
    return CellSheet(name="", rows=tuple(rows), width=max((len(row.cells) for row in rows), default=0))


def _read_cell(text: str, at: int) -> tuple[str, int]:
    """Return a cell and where it ends."""
    quoted = _QUOTED.match(text, at)
    if quoted and not _PLAIN.fullmatch(quoted.group(1)):
        return normalize_line_ends(quoted.group(1).replace('""', '"')), quoted.end()
    plain = _PLAIN.match(text, at)
    return (plain.group(), plain.end()) if plain else ("", at)
