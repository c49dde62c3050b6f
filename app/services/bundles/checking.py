"""Checks every cell of a table and builds typed rows."""

from collections.abc import Callable, Iterable, Sequence
from operator import attrgetter
from typing import Any

from msgspec import Struct

from app.services.bundles.headers import match_header
from app.services.bundles.languages import language_name
from app.services.bundles.problems import MAX_PROBLEMS, TOO_MANY, BundleProblem, already_at
from app.services.bundles.row_reading import CellReason, RowReader, field_name
from app.services.bundles.sheet_types import BundleColumn, Sheet
from app.services.bundles.tables import BundleTable
from domain.errors import Refusal, Refused, refusal
from domain.times import shown

_Key = str | tuple[str, ...]
"""The text of the column that identifies a row, or those of several columns."""


class CheckedTable(Struct):
    """The valid rows of a table, and the values that could be read from invalid rows.

    `notes` say what was read in another way than it was written, and what was left out.
    """

    rows: list[Any]
    invalid: list[dict[str, object]]
    notes: list[Refusal] = []


def check_rows(
    sheet: Sheet, languages: Sequence[str], table: BundleTable, problems: list[BundleProblem]
) -> CheckedTable:
    """Check every row of a table, and add what is wrong to `problems`.

    Without `languages`, because the settings are invalid, a text may be in any language.
    """
    found = [
        column
        for name in table.header
        if (column := sheet.find_translation(name) or sheet.find_translation(name.lower()))
    ]
    missing = sorted({column.language for column in found} - set(languages[1:])) if languages else []
    if missing:
        problems.append(BundleProblem(table.file, 1, "", _missing_languages(found, missing, languages)))
        return CheckedTable([], [])
    sheet = sheet.in_languages(languages or ("", *sorted({column.language for column in found})))
    names = [c.name for c in sheet.columns]
    required_names = [c.name for c in sheet.columns if c.required]
    header = match_header(table, names, required_names)
    if header.problems:
        problems += header.problems
        return CheckedTable([], [])
    checked = _RowChecker(sheet, table, header.names, problems).check(table.records)
    checked.notes[:0] = header.notes
    return checked


def _missing_languages(found: list[BundleColumn], missing: list[str], languages: Sequence[str]) -> Refusal:
    """The sentence about columns in languages that the register does not have."""
    columns = ", ".join(f"“{column.name}”" for column in found if column.language in missing)
    if languages[0] in missing:
        own = next(column for column in found if column.language == languages[0])
        return refusal(
            "{columns}: the originals are in {language}; write them in “{own}”.",
            columns=columns,
            language=language_name(languages[0]),
            own=own.original,
        )
    names = " and ".join(language_name(code) for code in missing)
    codes = ", ".join(f'"{code}"' for code in (*languages, *missing))
    return refusal(
        "{columns}: the register has no texts in {languages}.",
        cure='Set "languages": [{codes}] in register.json.',
        columns=columns,
        languages=names,
        codes=codes,
    )


class _RowChecker:
    """Checks the rows of one table in order."""

    def __init__(self, sheet: Sheet, table: BundleTable, names: Sequence[str], problems: list[BundleProblem]) -> None:
        columns = {c.name: c for c in sheet.columns}
        self._sheet, self._file, self._problems = sheet, table.file, problems
        self._reader = RowReader(sheet, [columns.get(name) for name in names])
        self._unnamed = [n for n, heading in enumerate(table.header) if not heading]
        self._in_workbook, self._beside = table.in_workbook, 0
        rule, about = _ROW_RULES.get(sheet.name, (None, ()))
        self._rule = rule if any(name in about for name in names) else None
        self._first_lines: dict[_Key, int] = {}
        self._checked = CheckedTable([], [])

    def check(self, records: Iterable[tuple[int, list[str]]]) -> CheckedTable:
        key_of = key_of_row(self._sheet)
        for line, cells in records:
            row = self._read_quickly(line, cells)
            if self._unnamed and any(cells[n].strip() for n in self._unnamed if n < len(cells)):
                self._beside += 1
            if row is not None:
                self._checked.rows.append(row)
                self._check_key(line, key_of(row))
            else:
                self._read_cell_by_cell(line, cells)
                if len(self._problems) > MAX_PROBLEMS:
                    self._problems.append(BundleProblem(self._file, line, "", TOO_MANY))
                    break
        self._checked.notes += self._notes()
        return self._checked

    def _notes(self) -> list[Refusal]:
        notes = [_typed_note(self._file, column, typed) for column, typed in self._reader.typed.items()]
        if self._beside == 1:
            notes.append(refusal("{file}: cells without a heading left out, in 1 row.", file=self._file))
        elif self._beside:
            notes.append(
                refusal("{file}: cells without a heading left out, in {n} rows.", file=self._file, n=self._beside)
            )
        return notes

    def _read_quickly(self, line: int, cells: list[str]) -> Struct | None:
        """Return the row, or None if it must be read cell by cell to collect all problems."""
        try:
            return self._reader.read_quickly(line, cells) if self._rule is None else None
        except Refused:
            return None

    def _read_cell_by_cell(self, line: int, cells: list[str]) -> None:
        if not any(cell.strip() for cell in cells):
            return  # where something once was, offices leave rows of separators
        cells = self._without_cells_beside(cells)
        values, reasons = self._reader.read_values(cells)
        if self._rule:
            reasons += self._rule(values)
        if reasons:
            self._problems += [BundleProblem(self._file, line, *reason) for reason in reasons]
            self._checked.invalid.append(values)
        else:
            self._checked.rows.append(self._reader.build(line, values))
        self._check_key(line, _key_in(self._sheet, values))

    def _without_cells_beside(self, cells: list[str]) -> list[str]:
        """Return a row without what is beside the table; in a text file, only empty cells may be there."""
        beside = cells[self._reader.width :]
        if any(cell.strip() for cell in beside):
            if not self._in_workbook:
                return cells
            self._beside += 1
        return cells[: self._reader.width]

    def _check_key(self, line: int, key: _Key | None) -> None:
        if key is not None and (first := self._first_lines.setdefault(key, line)) != line:
            self._problems.append(_repeated(self._sheet, self._file, line, key, first))


def _typed_note(file: str, column: str, typed: dict[str, str]) -> Refusal:
    """The sentence about the cells of a column that were written in another way."""
    (text, value), *others = typed.items()
    text, value = shown(text, 40), shown(value, 40)
    if not others:
        return refusal(
            "{file}, column {column}: “{text}” was read as {value}.", file=file, column=column, text=text, value=value
        )
    return refusal(
        "{file}, column {column}: “{text}” was read as {value}, and {n} more in such a way.",
        file=file,
        column=column,
        text=text,
        value=value,
        n=len(others),
    )


def key_of_row(sheet: Sheet) -> Callable[[Struct], _Key]:
    """Return a function that gives the key of a row: the text of one column, or of several."""
    own = sheet.row.__struct_fields__
    names = map(field_name, sheet.key)
    return attrgetter(*(name if name in own else f"fact.{name}" for name in names))


def _key_in(sheet: Sheet, values: dict[str, object]) -> _Key | None:
    """Return the key from the values of a row, or None if they are incomplete."""
    required = {c.name for c in sheet.columns if c.required}
    if any(name in required and name not in values for name in sheet.key):
        return None
    key = tuple(str(values.get(name, "")) for name in sheet.key)
    return key[0] if len(key) == 1 else key if any(key) else None


def _repeated(sheet: Sheet, file: str, line: int, key: _Key, first: int) -> BundleProblem:
    parts = {name: part for name, part in zip(sheet.key, (key,) if isinstance(key, str) else key, strict=True) if part}
    return BundleProblem(file, line, list(parts)[-1], already_at(file, " and ".join(parts.values()), first))


def _withdrawal(values: dict[str, object]) -> list[CellReason]:
    if bool(values.get("assessment")) != bool(values.get("recommendation")):
        return []
    return [("assessment", refusal("name either an assessment or a recommendation, not both."), "")]


def _card(values: dict[str, object]) -> list[CellReason]:
    wrong = []
    if values.get("approved_at") and not values.get("approved_by"):
        reason = refusal("enter who approved the success criteria, or leave the time out.")
        wrong.append(("approved_at", reason, str(values["approved_at"])))
    return wrong


def _withdrawn_with_reason(values: dict[str, object]) -> list[CellReason]:
    if (values.get("withdrawn_at") or values.get("withdrawn_by")) and not values.get("withdrawn_reason"):
        return [("withdrawn_reason", refusal("say why it was withdrawn. The reason is public."), "")]
    return []


_ROW_RULES = {
    "withdrawals": (_withdrawal, ("reason",)),
    "cards": (_card, ("approved_at",)),
    "responses": (_withdrawn_with_reason, ("withdrawn_at", "withdrawn_by")),
    "relations": (_withdrawn_with_reason, ("relation",)),
}
"""Rules about several cells of a row, each with the columns without which no row can break it."""
