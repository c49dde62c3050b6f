"""Reads a whole bundle, or the rows of some of its tables, or refuses it with every problem."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from msgspec.structs import replace

from app.services.bundles.checking import CheckedTable, check_rows, key_of_row
from app.services.bundles.columns import SHEETS
from app.services.bundles.found_tables import FoundTables, find_tables
from app.services.bundles.problems import BundleProblem, BundleRefused
from app.services.bundles.register_json import FILE
from app.services.bundles.rows import Bundle
from app.services.bundles.settings import SettingsInput
from app.services.bundles.settings_sheets import SHEET_NAMES
from domain.errors import Refusal, refusal
from domain.methodology.versions import methodology_of
from domain.values import RegisterSettings

_ORDER = [FILE, *SHEET_NAMES, *(name for sheet in SHEETS for name in (sheet.file, sheet.name))]

APPROVED_BY_AUTHOR = refusal("success criteria must be approved by someone other than their author (rule 10).")

_NO_TABLE = refusal(
    "it has no table of a register.",
    cure="For a sheet of your own use “Bring your spreadsheet”, or uptake map and uptake import --map.",
)
FindStored = Callable[[str], Bundle | None]
"""Gives the stored bundle of a register, or None."""


def read_bundle(path: Path, *, register: str = "", find_stored: FindStored = lambda _register: None) -> Bundle:
    """Return the bundle in a folder, zip, .xlsx or .csv. Raises `BundleRefused` with every problem, file by file.

    Files without settings hold rows for a stored register: `register`, or the one that the names of the files say. The
    bundle then is what is stored with these rows added, or instead of those with the same key.
    """
    problems: list[BundleProblem] = []
    notes: list[Refusal] = []
    found = find_tables(path, problems, notes)
    stored = None if found.settings else find_stored(register or found.register)
    problems += _absent(found, stored)
    settings = found.settings or (_stored_settings(stored) if stored else SettingsInput())
    checked = {
        sheet.name: check_rows(sheet, settings.languages, found.tables[sheet.name], problems)
        for sheet in SHEETS
        if sheet.name in found.tables
    }
    if "elements" in checked:
        problems += without_core(found.tables["elements"].file, checked["elements"])
    if "cards" in checked and settings.settings:
        problems += _approved_by_author(found.tables["cards"].file, checked["cards"], settings.settings)
    if problems or settings.settings is None:
        places = {found.prefix + name: n for n, name in enumerate(_ORDER)}
        raise BundleRefused(sorted(problems, key=lambda p: (places.get(p.file, len(places)), p.file, p.line)))
    rows: dict[str, Any] = {name: tuple(table.rows) for name, table in checked.items()}
    notes += [note for table in checked.values() for note in table.notes]
    files = {f"{name}.csv": table.file for name, table in found.tables.items() if table.file != f"{name}.csv"}
    if stored:
        return replace(stored, **_added(stored, rows), notes=tuple(notes), files=files)
    return Bundle(
        settings=settings.settings,
        logo=found.logo,
        opened_at=settings.opened_at,
        reviews=settings.reviews,
        **rows,
        notes=tuple(notes),
        files=files,
    )


def _absent(found: FoundTables, stored: Bundle | None) -> Iterator[BundleProblem]:
    """Yield a problem for each thing that a bundle needs and that is missing."""
    if found.settings is None and stored is None and not found.tables:
        yield BundleProblem(found.prefix.rstrip("/"), 0, "", _NO_TABLE)
        return
    what = refusal("the sheet is missing.") if found.prefix else refusal("the file is missing.")
    if found.settings is None and stored is None:
        if found.register:
            what = refusal(
                "there is no register “{register}”, and the settings of a new one are missing.", register=found.register
            )
        yield BundleProblem(found.settings_place, 0, "", what)
    if stored is None:
        for sheet in SHEETS:
            if sheet.needed and sheet.name not in found.tables:
                yield BundleProblem(found.place(sheet.name), 0, "", what)


def _stored_settings(stored: Bundle) -> SettingsInput:
    result = SettingsInput()
    result.settings, result.languages = stored.settings, stored.settings.languages
    return result


def _added(stored: Bundle, rows: dict[str, Any]) -> dict[str, Any]:
    """Return the tables in which a stored row gave way to that with its key, or to which rows were added."""
    tables = {}
    for sheet in SHEETS:
        if sheet.name in rows:
            key_of = key_of_row(sheet)
            by_key = {key_of(row): row for row in getattr(stored, sheet.name)}
            tables[sheet.name] = tuple((by_key | {key_of(row): row for row in rows[sheet.name]}).values())
    return tables


def without_core(file: str, elements: CheckedTable) -> Iterator[BundleProblem]:
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
