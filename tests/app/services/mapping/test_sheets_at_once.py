"""Sheets that are imported at once or into a register that changed meanwhile: all of it is stored or nothing."""

import threading

from app.adapters.spreadsheets.reading import read_file
from app.services.accounts.actors import Operator
from app.services.bundles.exporting import export_bundle
from app.services.container import Services
from app.services.mapping.guessing import guess_mapping
from app.services.mapping.importing import SheetOptions, import_sheet
from app.services.mapping.results import SheetResult
from app.services.mapping.saved import find_last_file
from domain.errors import Refused
from tests.support.office_sheets import XLSX, follow_up_workbook

OPTIONS = SheetOptions(register="audit", create=True, update=True, valid_rows=True)
LONG_NAME = "é" * 400 + ".xlsx"


def _import(services: Services, name: str = XLSX, rows: int = 14) -> SheetResult:
    book = read_file(name, follow_up_workbook(rows))
    return import_sheet(services, Operator("ana"), book, guess_mapping(book).mapping, OPTIONS)


def _recommendations(services: Services) -> int:
    services.catch_up()
    with services.views.connect() as db:
        bundle = export_bundle(db, "audit")
    return len(bundle.recommendations) if bundle else 0


def test_two_imports_at_once_store_each_row_once(either: Services) -> None:
    either.catch_up()
    refused: list[Refused] = []
    both = threading.Barrier(2)

    def store() -> None:
        both.wait(30)
        try:
            _import(either)
        except Refused as e:
            refused.append(e)

    threads = [threading.Thread(target=store) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert len(refused) <= 1
    assert _recommendations(either) == 14
    assert _import(either).unchanged == 14


def test_a_file_with_the_longest_name_is_remembered(either: Services) -> None:
    _import(either, LONG_NAME)
    with either.accounts.work() as db:
        last = find_last_file(db, "audit")
    assert last
    assert len(last.file_name) <= 255
    assert last.file_name.endswith(".xlsx")
