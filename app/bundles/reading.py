"""Reads a bundle whole, or refuses it with everything that is wrong."""

from pathlib import Path
from typing import Any

from app.bundles.checking import rows_of
from app.bundles.columns import BY_NAME, REVIEW_COLUMNS, SHEETS
from app.bundles.problems import BundleRefused, Problem
from app.bundles.register_json import FILE, Read, from_data, read_register
from app.bundles.rows import Bundle
from app.bundles.sources import files_of
from app.bundles.tables import Table, cleaned, from_csv, from_spreadsheet


def read_bundle(path: Path) -> Bundle:
    """The bundle in a folder, a zip or an .xlsx. Raises `Refused`, for its content `BundleRefused`."""
    problems: list[Problem] = []
    if path.suffix.lower() == ".xlsx" and path.is_file():
        register, tables = _spreadsheet(path, problems)
    else:
        register, tables = _files(files_of(path), problems)
    rows: dict[str, tuple[Any, ...]] = {}
    for sheet in SHEETS:
        if table := tables.get(sheet.name):
            rows[sheet.name] = rows_of(sheet, table, problems)
    problems += _elements_have_a_core(rows, tables)
    if problems or register.settings is None:
        order = {FILE: 0} | {table.file: n for n, table in enumerate(tables.values(), 1)}
        raise BundleRefused(sorted(problems, key=lambda p: (order.get(p.file, 99), p.line, p.column)))
    return Bundle(settings=register.settings, opened_at=register.opened_at, reviews=register.reviews, **rows)


def _files(files: dict[str, bytes], problems: list[Problem]) -> tuple[Read, dict[str, Table]]:
    tables: dict[str, Table] = {}
    register = Read()
    if FILE in files:
        register = read_register(files[FILE], problems)
    else:
        problems.append(Problem(FILE, 0, "", "the file is missing."))
    for sheet in SHEETS:
        if sheet.file in files:
            if table := from_csv(sheet.file, files[sheet.file], problems):
                tables[sheet.name] = table
        elif sheet.needed:
            problems.append(Problem(sheet.file, 0, "", "the file is missing."))
    known = {sheet.file for sheet in SHEETS}
    problems += [
        Problem(name, 0, "", "there is no such file in a bundle.")
        for name in files
        if name.lower().endswith(".csv") and name not in known
    ]
    return register, tables


def _spreadsheet(path: Path, problems: list[Problem]) -> tuple[Read, dict[str, Table]]:
    tables = from_spreadsheet(path, problems)
    settings = _settings(tables.pop("register", None), tables.pop("reviews", None), path.name, problems)
    for name, table in tables.items():
        if name not in BY_NAME:
            problems.append(Problem(table.file, 0, "", "there is no such sheet in a bundle."))
    if "recommendations" not in tables:
        problems.append(Problem(f"{path.name}/recommendations", 0, "", "the sheet is missing."))
    return settings, {sheet.name: tables[sheet.name] for sheet in SHEETS if sheet.name in tables}


def _settings(register: Table | None, reviews: Table | None, book: str, problems: list[Problem]) -> Read:
    if register is None:
        problems.append(Problem(f"{book}/register", 0, "", "the sheet is missing."))
        return Read()
    if register.header[:2] != ["key", "value"]:
        problems.append(Problem(register.file, 1, "", "the columns key and value are needed."))
        return Read()
    data: dict[str, Any] = {cells[0]: cells[1] for _, cells in register.records if len(cells) > 1 and cells[1]}
    if reviews:
        if unknown := [name for name in reviews.header if name not in REVIEW_COLUMNS]:
            problems.append(Problem(reviews.file, 1, "", f"unknown columns: {', '.join(unknown)}."))
        data["reviews"] = [_review(reviews.header, cells) for _, cells in reviews.records]
    return from_data(data, register.file, problems)


def _review(header: list[str], cells: list[str]) -> dict[str, Any]:
    entry: dict[str, Any] = {}
    for name, cell in zip(header, cells, strict=False):
        text, _ = cleaned(cell)
        if text and name in REVIEW_COLUMNS:
            number = name in ("years", "every_years") and text.isascii() and text.isdigit()
            entry[name] = int(text[:6]) if number else text
    return entry


def _elements_have_a_core(rows: dict[str, tuple[Any, ...]], tables: dict[str, Table]) -> list[Problem]:
    first: dict[str, int] = {}
    core: set[str] = set()
    for row in rows.get("elements", ()):
        first.setdefault(row.recommendation, row.line)
        if row.fact.core:
            core.add(row.recommendation)
    return [
        Problem(tables["elements"].file, line, "core", f"“{rec}” has no core element; at least one is needed.")
        for rec, line in first.items()
        if rec not in core
    ]
