"""Reads rows copied from a spreadsheet: a heading, then a row for each thing, separated by tabs."""

from collections.abc import Sequence
from enum import StrEnum

from app.adapters.spreadsheets.reading import read_pasted
from app.entrypoints.staff.forms import Form
from app.services.bundles.problems import BundleProblem, BundleRefused
from app.services.bundles.row_reading import EMPTY_CELL
from app.services.bundles.words import column_label
from domain.batch import BatchRefused
from domain.errors import Refused, refusal
from domain.times import shown

MAX_ROWS = 500


def read_rows(text: str, columns: Sequence[str], required: Sequence[str]) -> list[tuple[int, dict[str, str]]]:
    """The rows with the person's own numbers. Raises `Refused` with every problem."""
    first, *others = read_pasted(text).sheets[0].rows
    header = [name.strip() for name in first.cells]
    _refuse_header(header, columns, required)
    rows = [(row.number, {name: row.cell(n).strip() for n, name in enumerate(header)}) for row in others]
    if not rows:
        raise Refused(refusal("There are no rows below the header.", field="pasted"))
    if len(rows) > MAX_ROWS:
        raise Refused(
            refusal("You can propose at most {most} rows at once. You filled in {n}.", most=MAX_ROWS, n=len(rows))
        )
    missing = [
        BundleProblem("", number, name, EMPTY_CELL)
        for number, cells in rows
        for name in required
        if not cells.get(name)
    ]
    if missing:
        raise BundleRefused(missing)
    return rows


def column_choices(columns: Sequence[str]) -> list[tuple[str, str]]:
    """What each column is called, and its name in the first line."""
    return [(column_label(name), name) for name in columns]


def refuse_unknown_codes(rows: Sequence[tuple[int, dict[str, str]]], column: str, codes: type[StrEnum]) -> None:
    """Raise `BundleRefused` with every cell of a column that is none of the codes."""
    unknown = [
        BundleProblem(
            "",
            number,
            column,
            refusal("“{text}” is not one of {codes}.", text=shown(cells[column]), codes=", ".join(codes)),
            cells[column],
        )
        for number, cells in rows
        if cells[column] not in set(codes)
    ]
    if unknown:
        raise BundleRefused(unknown)


def add_row_errors(form: Form, batch: BatchRefused, numbers: Sequence[int]) -> None:
    """Add why rows were refused; `numbers` are the rows of the commands."""
    form.problems += [
        BundleProblem("", numbers[index], reason.field or "", reason)
        for index, refused in sorted(batch.by_index.items())
        for reason in refused.refusals
    ]


def _refuse_header(header: Sequence[str], columns: Sequence[str], required: Sequence[str]) -> None:
    missing = [name for name in required if name not in header]
    unknown = [name for name in header if name not in columns]
    if missing or unknown or len(set(header)) < len(header):
        raise Refused(
            refusal("The first line must name each column once: {columns}.", columns=", ".join(columns), field="pasted")
        )
