"""Reads rows of text with separators, as spreadsheet programs read and write them."""

import csv
import re
from collections import Counter
from collections.abc import Iterator
from io import StringIO
from itertools import islice
from math import log2

from app.adapters.spreadsheets.cells import CellRow, CellSheet, SeparatorChoice
from app.adapters.spreadsheets.limits import CellBudget
from domain.errors import Refusal, Refused, refusal

SEPARATORS = (",", ";", "\t", "|")
_STATED = re.compile(r'"?sep=(.)"?(?:\r\n|\r|\n|\Z)', re.IGNORECASE)
_SAMPLE_CHARACTERS, _SAMPLE_ROWS = 2**17, 200
_MAX_PROBLEMS = 100

csv.field_size_limit(2**31 - 1)  # the length of a cell is checked later, with a sentence


def is_separator(text: str) -> bool:
    """Whether a text can separate cells: one character that is no letter, digit, quote or line break."""
    return len(text) == 1 and not text.isalnum() and (text.isprintable() or text == "\t") and text not in "\"'"


def stated_separator(text: str) -> tuple[str, str]:
    """Return the separator of a first line such as `sep=;`, and the text below it."""
    match = _STATED.match(text)
    return (match.group(1), text[match.end() :]) if match else ("", text)


def rank_separators(text: str, preferred: str = ",") -> tuple[SeparatorChoice, ...]:
    """The separators that make more than one cell in a row, best first: those with which most rows are equally long."""
    sample = text[:_SAMPLE_CHARACTERS]
    if len(text) > len(sample):
        sample = sample[: max(sample.rfind("\n"), sample.rfind("\r")) + 1] or sample
    scores = []
    for separator in SEPARATORS:
        rows = islice(csv.reader(_lines(sample), delimiter=separator), _SAMPLE_ROWS)
        widths = [len(row) for row in rows if row]
        if not widths or max(widths) == 1:
            continue
        width, count = Counter(w for w in widths if w > 1).most_common(1)[0]
        score = count / len(widths) * log2(width)
        scores.append((-score, separator != preferred, SeparatorChoice(separator, min(widths), max(widths))))
    return tuple(choice for _, _, choice in sorted(scores, key=lambda s: s[:2]))


def read_rows(file: str, text: str, separator: str) -> CellSheet:
    """Return the rows of a text. Quoting that is not correct is read as spreadsheet programs do, and named by row."""
    problems: list[Refusal] = []
    budget = CellBudget(file)
    rows = []
    has_returns = "\r" in text
    for number, record in _records(file, text, separator, problems):
        cells = [cell if cell and not cell.isspace() else "" for cell in record]
        while cells and not cells[-1]:
            cells.pop()
        if not cells:
            continue
        if has_returns:
            cells = [normalize_line_ends(cell) for cell in cells]
        budget.spend(cells, number)
        rows.append(CellRow(number, tuple(cells)))
    width = max((len(row.cells) for row in rows), default=0)
    return CellSheet(name="", rows=tuple(rows), width=width, problems=tuple(problems[:_MAX_PROBLEMS]))


def normalize_line_ends(text: str) -> str:
    """Write each line break as `\\n`."""
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text


def _lines(text: str) -> Iterator[str]:
    return iter(StringIO(text, newline=""))


def _records(file: str, text: str, separator: str, problems: list[Refusal]) -> Iterator[tuple[int, list[str]]]:
    """Yield each record with its number. A file whose quoting is broken is read again from there, record by record."""
    reader = csv.reader(_lines(text), delimiter=separator, strict=True)
    number = lines = usual = 0
    try:
        for number, record in enumerate(reader, 1):
            if reader.line_num > lines + 1 and _has_rows_inside(record, separator, usual):
                problems.append(_rows_inside(number))
            usual = usual or (len(record) if len(record) > 1 else 0)
            lines = reader.line_num
            yield number, record
        return
    except csv.Error:
        pass
    rest = list(_lines(text))[lines:]
    yield from _lenient_records(file, rest, number + 1, separator, usual, problems)


def _lenient_records(
    file: str, lines: list[str], number: int, separator: str, usual: int, problems: list[Refusal]
) -> Iterator[tuple[int, list[str]]]:
    """Yield records, each read strictly if it can be. Raises `Refused` where quotes hide which cells there are."""
    at = 0
    while at < len(lines):
        reader = csv.reader(islice(lines, at, None), delimiter=separator, strict=True)
        try:
            record = next(reader)
        except csv.Error as e:
            reader = csv.reader(islice(lines, at, None), delimiter=separator)
            record = next(reader)
            if "unexpected end" in str(e) or _has_rows_inside(record, separator, usual):
                raise _unclosed(file, number) from None
            problems.append(
                refusal(
                    "Row {row}: text follows a closing quote. It is read without these quotes. Double the quotes "
                    "inside a quoted cell.",
                    row=number,
                )
            )
        yield number, record
        usual = usual or (len(record) if len(record) > 1 else 0)
        at += max(reader.line_num, 1)
        number += 1


def _has_rows_inside(record: list[str], separator: str, usual: int) -> bool:
    """Whether lines inside a cell have as many separators as rows of this file: then a quote is missing."""
    return usual > 2 and any(
        line.count(separator) >= usual - 1 for cell in record if "\n" in cell for line in cell.split("\n")[1:]
    )


def _rows_inside(number: int) -> Refusal:
    return refusal(
        "Row {row}: a cell has line breaks, and its lines look like rows. If they are rows, a quote is missing or too "
        "many in row {row}.",
        row=number,
    )


def _unclosed(file: str, number: int) -> Refused:
    return Refused(
        refusal(
            "Row {row} of “{file}”: a quote begins a cell and is not closed. Delete the quote, or close it at the end "
            "of the cell.",
            row=number,
            file=file,
        )
    )
