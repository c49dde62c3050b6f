"""Reads rows copied from a spreadsheet: a header, then a line per row, separated by tabs."""

import csv
import io
from collections.abc import Sequence

from app.entrypoints.staff.forms import FieldError, Form
from app.presentation.i18n.localize import refusal_text
from app.presentation.i18n.translation import _
from domain.batch import BatchRefused
from domain.errors import Refused, refusal

MAX_ROWS = 500


def read_rows(text: str, columns: Sequence[str], required: Sequence[str]) -> list[tuple[int, dict[str, str]]]:
    """The rows with their line numbers. Raises `Refused` with every problem."""
    lines = list(csv.reader(io.StringIO(text.strip("\n")), delimiter="\t"))
    header = [name.strip() for name in lines[0]] if lines else []
    _refuse_header(header, columns, required)
    rows = [
        (number, dict(zip(header, (cell.strip() for cell in line), strict=False)))
        for number, line in enumerate(lines[1:], 2)
        if any(cell.strip() for cell in line)
    ]
    if not rows:
        raise Refused(refusal("There are no rows below the header.", field="pasted"))
    if len(rows) > MAX_ROWS:
        raise Refused(
            refusal("You can propose at most {most} rows at once. You filled in {n}.", most=MAX_ROWS, n=len(rows))
        )
    missing = [
        refusal("Line {line}: fill in “{column}”.", line=number, column=name, field="pasted")
        for number, cells in rows
        for name in required
        if not cells.get(name)
    ]
    if missing:
        raise Refused(*missing)
    return rows


def add_row_errors(form: Form, batch: BatchRefused, numbers: Sequence[int]) -> None:
    """Add why rows were refused; `numbers` are the line numbers of the commands."""
    for index, refused in sorted(batch.by_index.items()):
        form.errors += [
            FieldError("pasted", _("Line %(line)d: %(why)s", line=numbers[index], why=refusal_text(r)))
            for r in refused.refusals
        ]


def _refuse_header(header: Sequence[str], columns: Sequence[str], required: Sequence[str]) -> None:
    missing = [name for name in required if name not in header]
    unknown = [name for name in header if name not in columns]
    if missing or unknown or len(set(header)) < len(header):
        raise Refused(
            refusal("The first line must name each column once: {columns}.", columns=", ".join(columns), field="pasted")
        )
