"""Finds the settings and the tables of a register in a folder, a zip, a workbook or a single CSV file."""

from collections.abc import Collection
from pathlib import Path

from msgspec import Struct

from app.services.bundles.columns import SHEETS_BY_NAME
from app.services.bundles.logo_settings import LOGO, read_logo
from app.services.bundles.office_tables import read_office_csv, read_workbook
from app.services.bundles.problems import BundleProblem
from app.services.bundles.register_json import FILE, read_register
from app.services.bundles.settings import SettingsInput
from app.services.bundles.settings_sheets import SHEET_NAMES, read_settings_sheets
from app.services.bundles.sources import read_archive, read_files
from app.services.bundles.table_names import TableNames, register_in_name
from app.services.bundles.tables import BundleTable, is_plain_csv, read_csv
from domain.errors import Refusal
from domain.values import Logo

WORKBOOKS = frozenset({".xlsx", ".ods"})


class FoundTables(Struct):
    """What was found; its tables still have to be checked."""

    settings: SettingsInput | None
    """None if the file has no settings: it then holds rows for a register that is stored."""
    tables: dict[str, BundleTable]
    settings_place: str
    """The file or sheet in which the settings would be."""
    prefix: str = ""
    """What precedes the name of a table in the names of files of problems."""
    logo: Logo = Logo()
    register: str = ""
    """The register that the names of the files say, if they do."""

    def place(self, table: str) -> str:
        """The file or sheet in which a table would be."""
        return f"{self.prefix}{table}" if self.prefix else f"{table}.csv"


def find_tables(path: Path, problems: list[BundleProblem], notes: list[Refusal]) -> FoundTables:
    """Return the settings and tables of a file or folder. Raises `BundleRefused` if it cannot be opened."""
    suffix = path.suffix.lower()
    if suffix in WORKBOOKS and not path.is_dir():
        return _in_workbook(path, problems, notes)
    if suffix == ".csv" and not path.is_dir():
        return _in_files({path.name: read_archive(path)}, problems, notes)
    return _in_files(read_files(path), problems, notes)


def _in_files(files: dict[str, bytes], problems: list[BundleProblem], notes: list[Refusal]) -> FoundTables:
    png = files.pop(LOGO, b"")
    settings = read_register(files[FILE], problems) if FILE in files else None
    logo = read_logo(settings.logo_words, png, problems) if settings else Logo()
    tables: dict[str, BundleTable] = {}
    named = TableNames(SHEETS_BY_NAME).assign([name for name in files if name != FILE], problems, notes)
    for name, file in _in_order(named, SHEETS_BY_NAME):
        columns = SHEETS_BY_NAME[name].columns
        table = (
            read_csv(file, files[file], problems)
            if is_plain_csv(files[file], {column.name for column in columns})
            else read_office_csv(file, name, files[file], problems, notes)
        )
        if table:
            tables[name] = table
    registers = {register_in_name(name, SHEETS_BY_NAME) for name in files if name != FILE}
    register = registers.pop() if len(registers) == 1 else ""
    return FoundTables(settings, tables, FILE, logo=logo, register=register)


def _in_workbook(path: Path, problems: list[BundleProblem], notes: list[Refusal]) -> FoundTables:
    prefix = f"{path.name}/"
    tables = read_workbook(path, (*SHEET_NAMES, *SHEETS_BY_NAME), problems, notes)
    place = f"{prefix}register"
    if "register" not in tables and not any(problem.file == place for problem in problems):
        return FoundTables(None, tables, place, prefix)
    settings = read_settings_sheets(tables.get("register"), tables.get("reviews"), problems, notes)
    read_logo(settings.logo_words, b"", problems)
    return FoundTables(settings, tables, place, prefix)


def _in_order(named: dict[str, str], names: Collection[str]) -> list[tuple[str, str]]:
    return [(name, named[name]) for name in names if name in named]
