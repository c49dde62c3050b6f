"""Every file that Uptake writes of a register is read back as the same register."""

from collections.abc import Iterator
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import pytest

from app.adapters.settings import Settings
from app.bootstrap.container import build_services
from app.services.bundles.columns import SHEETS
from app.services.bundles.importing import ImportOptions, export_register, find_register, import_bundle
from app.services.bundles.reading import read_bundle
from app.services.bundles.rows import Bundle
from app.services.bundles.writing import bundle_files, write_bundle
from app.services.container import Services
from app.services.tables.bundle_tables import bundle_tables
from app.services.tables.csv_files import DataTable, stream_plain_csv, stream_spreadsheet_csv
from app.services.tables.dictionary import build_dictionary
from app.services.tables.streamed_workbook import stream_workbook
from tests.support.clock import Clock
from tests.support.random_story import RandomStory
from tests.support.repository import ROOT
from tests.support.story import REGISTER

NOW = datetime(2026, 11, 28, tzinfo=UTC)


@pytest.fixture(scope="module", params=("built-in", 1, 2, 3))
def stored(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Services, str]]:
    """The register of the project, or one in which staff do random things."""
    folder: Path = tmp_path_factory.mktemp("stored")
    clock = Clock(NOW) if request.param == "built-in" else Clock()
    services = build_services(Settings(data_dir=folder, database_url=""), create=True, clock=clock)
    if request.param == "built-in":
        register = import_bundle(services, ROOT / "registers" / "dprk-enablers", ImportOptions()).register
    else:
        RandomStory(services, request.param).run(250)
        register = REGISTER
    yield services, register
    services.close()


def same(read: Bundle, bundle: Bundle) -> bool:
    return bundle_files(read) == bundle_files(bundle)


def test_a_bundle_is_read_back(stored: tuple[Services, str], tmp_path: Path) -> None:
    bundle = export_register(*stored)
    for name in ("folder", "bundle.zip"):
        write_bundle(bundle, tmp_path / name)
        read = read_bundle(tmp_path / name)
        assert same(read, bundle)
        assert read.notes == ()


def test_a_workbook_is_read_back_without_what_is_made_for_reading(stored: tuple[Services, str], tmp_path: Path) -> None:
    bundle = export_register(*stored)
    tables = [*bundle_tables(bundle), build_dictionary(bundle.settings.languages)]
    path = tmp_path / "register.xlsx"
    path.write_bytes(b"".join(stream_workbook([("Register", bundle.settings.title)], tables, NOW)))
    read = read_bundle(path)
    assert same(read, bundle)
    assert [str(note) for note in read.notes] == [
        "“register.xlsx/about” left out: it is made for reading.",
        "“register.xlsx/columns” left out: it is made for reading.",
    ]


def test_headings_and_values_are_read_back_in_any_letter_case(stored: tuple[Services, str], tmp_path: Path) -> None:
    bundle = export_register(*stored)
    codes = {(s.name, c.name) for s in SHEETS for c in s.columns if not isinstance(c.kind, str)}
    tables = [
        DataTable(
            table.name.title(),
            tuple(name.upper() for name in table.header),
            tuple(
                tuple(
                    cell.replace("_", " ").title() if (table.name, name) in codes else cell
                    for name, cell in zip(table.header, row, strict=True)
                )
                for batch in table.batches()
                for row in batch
            ),
        )
        for table in bundle_tables(bundle)
    ]
    path = tmp_path / "register.xlsx"
    path.write_bytes(b"".join(stream_workbook([("Register", bundle.settings.title)], tables, NOW)))
    assert same(read_bundle(path), bundle)


def test_each_table_as_csv_is_read_back_into_its_register(stored: tuple[Services, str], tmp_path: Path) -> None:
    services, register = stored
    bundle = export_register(services, register)
    for table in list(bundle_tables(bundle))[1:]:
        if table.name == "reviews":
            continue
        for suffix, pieces in (("", stream_plain_csv(table)), ("-spreadsheet", stream_spreadsheet_csv(table))):
            path = tmp_path / f"{register}-{table.name}{suffix}.csv"
            path.write_bytes(b"".join(pieces))
            read = read_bundle(path, find_stored=partial(find_register, services))
            assert same(read, bundle)
            assert read.notes == ()


def test_what_is_read_back_is_stored_already(stored: tuple[Services, str], tmp_path: Path) -> None:
    services, register = stored
    path = tmp_path / "register.xlsx"
    bundle = export_register(services, register)
    path.write_bytes(b"".join(stream_workbook([("Register", bundle.settings.title)], bundle_tables(bundle), NOW)))
    before = services.log.last()
    assert import_bundle(services, read_bundle(path), ImportOptions(allow_legacy=True)).stored == 0
    assert services.log.last() == before
