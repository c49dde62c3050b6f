"""Reads a whole bundle, or refuses it with every problem."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from app.services.bundles.checking import CheckedTable, check_rows
from app.services.bundles.columns import SHEETS, SHEETS_BY_NAME
from app.services.bundles.problems import BundleProblem, BundleRefused
from app.services.bundles.register_json import FILE, read_register
from app.services.bundles.rows import Bundle
from app.services.bundles.settings import SettingsInput
from app.services.bundles.settings_sheets import SHEET_NAMES, read_settings_sheets
from app.services.bundles.sources import read_files
from app.services.bundles.spreadsheets import read_spreadsheet
from app.services.bundles.table_names import TableNames
from app.services.bundles.tables import BundleTable, read_csv
from domain.errors import Refusal, refusal
from domain.methodology.versions import methodology_of
from domain.values import RegisterSettings

_ORDER = [FILE, *SHEET_NAMES, *(name for sheet in SHEETS for name in (sheet.file, sheet.name))]

APPROVED_BY_AUTHOR = refusal("success criteria must be approved by someone other than their author (rule 10).")


def read_bundle(path: Path) -> Bundle:
    """Return the bundle in a folder, zip or .xlsx. Raises `BundleRefused` with every problem, file by file."""
    problems: list[BundleProblem] = []
    notes: list[Refusal] = []
    if path.suffix.lower() == ".xlsx" and not path.is_dir():
        book = f"{path.name}/"
        register, tables = _spreadsheet(path, problems, notes)
    else:
        book = ""
        register, tables = _files(read_files(path), problems, notes)
    checked = {
        sheet.name: check_rows(sheet, register.languages, tables[sheet.name], problems)
        for sheet in SHEETS
        if sheet.name in tables
    }
    if "elements" in checked:
        problems += _without_core(tables["elements"].file, checked["elements"])
    if "cards" in checked and register.settings:
        problems += _approved_by_author(tables["cards"].file, checked["cards"], register.settings)
    if problems or register.settings is None:
        places = {book + name: n for n, name in enumerate(_ORDER)}
        raise BundleRefused(sorted(problems, key=lambda p: (places.get(p.file, len(places)), p.file, p.line)))
    rows: dict[str, Any] = {name: tuple(table.rows) for name, table in checked.items()}
    notes += [note for table in checked.values() for note in table.notes]
    return Bundle(
        settings=register.settings,
        opened_at=register.opened_at,
        reviews=register.reviews,
        **rows,
        notes=tuple(notes),
    )


def _files(
    files: dict[str, bytes], problems: list[BundleProblem], notes: list[Refusal]
) -> tuple[SettingsInput, dict[str, BundleTable]]:
    tables: dict[str, BundleTable] = {}
    register = read_register(files[FILE], problems) if FILE in files else SettingsInput()
    named = TableNames(SHEETS_BY_NAME).assign([name for name in files if name != FILE], problems, notes)
    missing = [FILE] if FILE not in files else []
    missing += [sheet.file for sheet in SHEETS if sheet.needed and sheet.name not in named]
    problems += [BundleProblem(name, 0, "", refusal("the file is missing.")) for name in missing]
    for sheet in SHEETS:
        if (file := named.get(sheet.name)) and (table := read_csv(file, files[file], problems)):
            tables[sheet.name] = table
    return register, tables


def _spreadsheet(
    path: Path, problems: list[BundleProblem], notes: list[Refusal]
) -> tuple[SettingsInput, dict[str, BundleTable]]:
    tables = read_spreadsheet(path, {*SHEET_NAMES, *SHEETS_BY_NAME}, problems, notes)
    files_with_problems = {problem.file for problem in problems}
    for name in ("register", *(sheet.name for sheet in SHEETS if sheet.needed)):
        file = f"{path.name}/{name}"
        if name not in tables and file not in files_with_problems:
            problems.append(BundleProblem(file, 0, "", refusal("the sheet is missing.")))
    return read_settings_sheets(tables.get("register"), tables.get("reviews"), problems, notes), tables


def _without_core(file: str, elements: CheckedTable) -> Iterator[BundleProblem]:
    """Yield a problem for each recommendation whose elements are all not core; ignores rows that are invalid."""
    excluded = {values.get("recommendation") for values in elements.invalid}
    excluded |= {row.recommendation for row in elements.rows if row.fact.core}
    if None in excluded:
        return
    first: dict[str, int] = {}
    for row in elements.rows:
        if first.setdefault(row.recommendation, row.line) == row.line and row.recommendation not in excluded:
            reason = refusal("“{text}” has no core element.", cure="Add at least one.", text=row.recommendation)
            yield BundleProblem(file, row.line, "core", reason)


def _approved_by_author(file: str, cards: CheckedTable, settings: RegisterSettings) -> Iterator[BundleProblem]:
    """Yield a problem for success criteria approved by their author, unless the methodology ever allows it."""
    if methodology_of(settings.methodology).author_may_approve:
        return
    for row in cards.rows:
        if row.approved_by and row.approved_by == row.fact.author:
            yield BundleProblem(file, row.line, "approved_by", APPROVED_BY_AUTHOR)
