"""From a table to typed rows: every cell checked, every problem named."""

from collections.abc import Callable
from typing import Any

from msgspec import Struct

from app.services.bundles.columns import Sheet
from app.services.bundles.headers import header_problems
from app.services.bundles.problems import MAX_PROBLEMS, TOO_MANY, BundleProblem
from app.services.bundles.row_reading import RowReader
from app.services.bundles.tables import BundleTable
from domain.errors import Refused


class CheckedTable(Struct):
    """The rows of a table, and what could be read of those that are not in order."""

    rows: list[Any]
    spoiled: list[dict[str, Any]]


def check_rows(sheet: Sheet, table: BundleTable, problems: list[BundleProblem]) -> CheckedTable:
    """Check a whole table; what is wrong with it is added to `problems`."""
    found = CheckedTable([], [])
    by_name = {c.name: c for c in sheet.columns}
    needed = [c.name for c in sheet.columns if c.required]
    if wrong := header_problems(table.file, table.header, by_name, needed):
        problems += wrong
        return found
    reader = RowReader(sheet, [by_name[name] for name in table.header])
    rule = _ROW_RULES.get(sheet.name)
    key_of = _keys(sheet)
    first_lines: dict[Any, int] = {}
    for line, cells in table.records:
        row, key = None, None
        try:
            if rule is None:
                row = reader.read_quickly(line, cells)
                key = key_of(row)
        except Refused:
            pass  # read again below, cell by cell, for all its reasons
        if row is None:
            values, reasons = reader.read_values(cells)
            if rule:
                reasons += rule(values)
            if reasons:
                problems += [BundleProblem(table.file, line, column, reason) for column, reason in reasons]
                found.spoiled.append(values)
                if len(problems) > MAX_PROBLEMS:
                    problems.append(BundleProblem(table.file, line, "", TOO_MANY))
                    return found
            else:
                row = reader.build(line, values)
            key = _key_in(sheet, values)
        if key is not None and first_lines.setdefault(key, line) != line:
            problems.append(_repeated(sheet, table.file, line, key, first_lines[key]))
        if row is not None:
            found.rows.append(row)
    return found


def _keys(sheet: Sheet) -> Callable[[Any], Any]:
    """What identifies a row of a sheet: the text of one column, or those of several."""
    if sheet.key == ("id",):
        return lambda row: row.fact.id
    return lambda row: tuple(
        getattr(row, name) if name in sheet.row.__struct_fields__ else getattr(row.fact, name) for name in sheet.key
    )


def _key_in(sheet: Sheet, values: dict[str, Any]) -> Any:
    """The same from the values of a row, None where they do not tell."""
    required = {c.name for c in sheet.columns if c.required}
    if any(name in required and name not in values for name in sheet.key):
        return None
    key = tuple(values.get(name, "") for name in sheet.key)
    return key[0] if len(key) == 1 else key if any(key) else None


def _repeated(sheet: Sheet, file: str, line: int, key: Any, first: int) -> BundleProblem:
    parts = {name: part for name, part in zip(sheet.key, (key,) if isinstance(key, str) else key, strict=True) if part}
    return BundleProblem(file, line, list(parts)[-1], f"“{' and '.join(parts.values())}” is already on line {first}.")


def _withdrawal(values: dict[str, Any]) -> list[tuple[str, str]]:
    if bool(values.get("assessment")) != bool(values.get("recommendation")):
        return []
    return [("assessment", "name either an assessment or a recommendation, exactly one of the two.")]


def _card(values: dict[str, Any]) -> list[tuple[str, str]]:
    wrong = []
    if values.get("approved_by") and values.get("author") == values["approved_by"]:
        wrong.append(("approved_by", "success criteria must be approved by someone other than their author (rule 10)."))
    if values.get("approved_at") and not values.get("approved_by"):
        wrong.append(("approved_at", "say who approved the card, or leave the instant out."))
    return wrong


_ROW_RULES = {"withdrawals": _withdrawal, "cards": _card}
