"""Imports that a person has begun: kept for their author, for ninety days."""

from datetime import timedelta

from sqlalchemy import select

from app.adapters.spreadsheets.cells import CellRow, CellSheet, Workbook
from app.services.accounts import people
from app.services.container import Services
from app.services.mapping import drafts
from app.services.mapping.models import SheetImport
from app.services.mapping.types import MappedColumn, RowCorrections, SheetMapping

BOOK = Workbook(
    "plan.csv", "text", "0" * 64, (CellSheet("", (CellRow(1, ("No.", "Title")), CellRow(2, ("1", "A"))), 2),)
)
MAPPING = SheetMapping(header_rows=(1,), columns=(MappedColumn(column="A", heading="No.", field="number"),))


def _user(services: Services, name: str) -> str:
    with services.accounts.work() as db:
        return people.add_user(db, f"{name}@example.org", name).person


def _begin(services: Services, person: str) -> int:
    with services.accounts.work() as db:
        return drafts.begin_import(db, person, "", BOOK, b"No.,Title", MAPPING, services.clock()).id


def test_an_import_is_read_back_as_it_was_begun_and_by_its_author_only(either: Services) -> None:
    ana, ben = _user(either, "ana"), _user(either, "ben")
    number = _begin(either, ana)
    with either.accounts.work() as db:
        assert drafts.find_import(db, ben, number, either.clock()) is None
        kept = drafts.find_import(db, ana, number, either.clock())
        assert kept
        assert (kept.step, kept.file_name, kept.content) == ("file", "plan.csv", b"No.,Title")
        assert drafts.workbook_of(kept) == BOOK
        assert drafts.mapping_of(kept) == MAPPING
        assert drafts.corrections_of(kept) == RowCorrections()


def test_answers_move_forward_and_stay_when_a_person_goes_back(services: Services) -> None:
    ana = _user(services, "ana")
    number = _begin(services, ana)
    with services.accounts.work() as db:
        kept = drafts.find_import(db, ana, number, services.clock())
        assert kept
        before = drafts.version_of(kept)
        drafts.save_answers(kept, services.clock(), MAPPING, RowCorrections({"A2": "2"}), reached="values")
        drafts.save_answers(kept, services.clock(), MAPPING, reached="columns")
        assert kept.step == "values"
        assert drafts.corrections_of(kept).cells == {"A2": "2"}
        assert drafts.version_of(kept) != before
        drafts.save_answers(kept, services.clock(), MAPPING, back_to="columns")
        assert kept.step == "columns"
        drafts.change_file(kept, BOOK, b"", MAPPING, services.clock())
        assert (kept.step, drafts.corrections_of(kept)) == ("file", RowCorrections())


def test_an_import_goes_after_ninety_days_and_with_its_author(services: Services) -> None:
    ana, ben = _user(services, "ana"), _user(services, "ben")
    number = _begin(services, ana)
    _begin(services, ben)
    with services.accounts.work() as db:
        later = services.clock() + timedelta(days=91)
        assert drafts.find_import(db, ana, number, later) is None
        assert drafts.imports_of(db, ana, later) == []
        newest = drafts.begin_import(db, ana, "", BOOK, b"", MAPPING, later).id
    with services.accounts.work() as db:
        assert db.scalars(select(SheetImport.id)).all() == [newest]
        people.remove_user(db, people.find_user(db, "ana@example.org"), erase=False)
    with services.accounts.work() as db:
        assert db.scalars(select(SheetImport.id)).all() == []


def test_a_person_keeps_the_newest_twenty(services: Services) -> None:
    ana = _user(services, "ana")
    numbers = [_begin(services, ana) for _ in range(drafts.MAX_IMPORTS + 1)]
    with services.accounts.work() as db:
        assert {kept.id for kept in drafts.imports_of(db, ana, services.clock())} == set(numbers[1:])
