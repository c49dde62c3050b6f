"""From a table to typed rows: every cell checked, every problem named."""

from collections.abc import Callable
from typing import Any

from msgspec import Struct

from app.bundles.columns import Column, Sheet
from app.bundles.converting import converter
from app.bundles.problems import Problem
from app.bundles.tables import Table, cleaned
from domain.errors import Refused
from domain.methodology import VERSIONS


def rows_of(sheet: Sheet, table: Table, problems: list[Problem]) -> tuple[Any, ...]:
    """The rows of a table that are in order; what is wrong with the others is added to `problems`."""
    columns = _header(sheet, table, problems)
    if columns is None:
        return ()
    build = _builder(sheet.row)
    cells_of = _Columns(columns)
    found: list[Any] = []
    first_lines: dict[tuple[str, ...], int] = {}
    for line, cells in table.records:
        before = len(problems)
        values = _values(table.file, line, cells, cells_of, problems)
        if len(problems) > before:
            continue
        key = tuple(values.get(name, "") for name in sheet.key)
        if key in first_lines:
            name = " and ".join(str(k) for k in key if k)
            problems.append(
                Problem(table.file, line, sheet.key[-1], f"“{name}” stands already on line {first_lines[key]}.")
            )
            continue
        first_lines[key] = line
        if wrong := _row_rule(sheet.name, values):
            problems.append(Problem(table.file, line, *wrong))
            continue
        found.append(build(line, values))
    return tuple(found)


def _header(sheet: Sheet, table: Table, problems: list[Problem]) -> list[Column] | None:
    by_name = {c.name: c for c in sheet.columns}
    names = [name.strip() for name in table.header]
    wrong = []
    if unknown := [n for n in names if n not in by_name]:
        wrong.append(f"unknown columns: {', '.join(f'“{n[:40]}”' for n in unknown)}.")
    if twice := sorted({n for n in names if names.count(n) > 1 and n in by_name}):
        wrong.append(f"columns that stand twice: {', '.join(twice)}.")
    if missing := [c.name for c in sheet.columns if c.required and c.name not in names]:
        wrong.append(f"missing columns: {', '.join(missing)}.")
    problems += [Problem(table.file, 1, "", reason) for reason in wrong]
    return None if wrong else [by_name[n] for n in names]


def _values(file: str, line: int, cells: list[str], columns: "_Columns", problems: list[Problem]) -> dict[str, Any]:
    if len(cells) != len(columns.readers):
        problems.append(
            Problem(file, line, "", f"the row has {len(cells)} cells; the header has {len(columns.readers)} columns.")
        )
        return {}
    values: dict[str, Any] = {}
    for (name, read), cell in zip(columns.readers, cells, strict=True):
        if not cell:
            continue
        text, wrong = cleaned(cell)
        if wrong:
            problems.append(Problem(file, line, name, wrong))
            values[name] = None
        elif text:
            try:
                values[name] = read(text)
            except Refused as refused:
                problems.append(Problem(file, line, name, refused.refusals[0]))
                values[name] = None
    if not columns.required <= values.keys():
        problems += [
            Problem(file, line, name, "the cell is empty; it is required.")
            for name, _ in columns.readers
            if name in columns.required and name not in values
        ]
    return values


class _Columns:
    """How the cells of a file's rows are read, in the order of its header."""

    def __init__(self, columns: list[Column]) -> None:
        self.readers = [(c.name, converter(c.kind)) for c in columns]
        self.required = {c.name for c in columns if c.required}


def _row_rule(sheet: str, values: dict[str, Any]) -> tuple[str, str] | None:
    """What is wrong with a row as a whole, as column and reason."""
    if sheet == "withdrawals" and bool(values.get("assessment")) == bool(values.get("recommendation")):
        return "assessment", "name either an assessment or a recommendation, not both and not neither."
    if sheet == "assessments" and values.get("methodology", "uptake-2026.1") not in VERSIONS:
        return "methodology", f"there is no methodology “{values['methodology'][:40]}”."
    if sheet == "cards" and values.get("approved_by") and values.get("author") == values["approved_by"]:
        return "approved_by", "a card is approved by a person other than its author (rule 10)."
    if sheet == "cards" and values.get("approved_at") and not values.get("approved_by"):
        return "approved_at", "say who approved the card, or leave the instant out."
    return None


def _builder(row: type[Struct]) -> Callable[[int, dict[str, Any]], Any]:
    """Puts values where the row's type wants them: into its fact, its text, or beside them."""
    parts = {
        name: kind for name, kind in row.__annotations__.items() if isinstance(kind, type) and issubclass(kind, Struct)
    }
    inside = {name: kind.__struct_fields__ for name, kind in parts.items()}
    taken = {field for fields in inside.values() for field in fields}

    def build(line: int, values: dict[str, Any]) -> Any:
        made = {name: kind(**{f: values[f] for f in inside[name] if f in values}) for name, kind in parts.items()}
        own = {name: v for name, v in values.items() if name in row.__struct_fields__ and name not in taken}
        if row.__name__ == "WithdrawalRow":
            own = {"assessment": "", "recommendation": ""} | values
        return row(line=line, **made, **own)

    return build
