"""The mapping of a register's last file is kept with the register, with what each row said."""

import zlib
from datetime import UTC, datetime

import pytest

from app.services.accounts.actors import Operator
from app.services.container import Services
from app.services.discarding import discard_register
from app.services.mapping.models import SavedMapping
from app.services.mapping.saved import LastFile, SaidRow, find_last_file, save_last_file
from app.services.mapping.types import MappedColumn, SheetMapping
from domain.commands import EstablishRegister
from domain.errors import Refused
from domain.values import RegisterSettings

MAPPING = SheetMapping(
    header_rows=(4,),
    columns=(MappedColumn(column="A", heading="번호", field="number"),),
    words={"status": {"Completed": "implemented"}},
)
LAST = LastFile(
    mapping=MAPPING,
    said={"r1": SaidRow(number="1", title="공개한다", digest="ab", cells={"recommendations.title": "공개한다"})},
    file_name="이행 계획.xlsx",
    digest="0" * 64,
    by="p-1",
    at=datetime(2026, 3, 3, 9, 30, tzinfo=UTC),
)


def test_what_is_saved_is_read_back_and_the_next_file_replaces_it(either: Services) -> None:
    with either.accounts.work() as db:
        assert find_last_file(db, "plan") is None
        save_last_file(db, "plan", LAST)
    with either.accounts.work() as db:
        assert find_last_file(db, "plan") == LAST
        save_last_file(db, "plan", LastFile(mapping=MAPPING, at=LAST.at, file_name="next.xlsx"))
    with either.accounts.work() as db:
        assert find_last_file(db, "plan") == LastFile(mapping=MAPPING, at=LAST.at, file_name="next.xlsx")
        assert find_last_file(db, "another") is None


@pytest.mark.parametrize("change", [{"mapping": '{"version": "x"}'}, {"rows": b"x"}, {"rows": zlib.compress(b"\xc1")}])
def test_what_cannot_be_read_is_refused_with_a_sentence(services: Services, change: dict[str, object]) -> None:
    with services.accounts.work() as db:
        save_last_file(db, "plan", LAST)
    with services.accounts.work() as db:
        saved = db.get(SavedMapping, "plan")
        assert saved
        for name, value in change.items():
            setattr(saved, name, value)
    with services.accounts.work() as db, pytest.raises(Refused, match="Answer the steps again"):
        find_last_file(db, "plan")


def test_it_goes_with_a_discarded_register(services: Services) -> None:
    services.execute(EstablishRegister("plan", settings=RegisterSettings(id="plan", title="Plan")), by="p-1")
    with services.accounts.work() as db:
        save_last_file(db, "plan", LAST)
    discard_register(services, Operator("p-1"), "plan")
    with services.accounts.work() as db:
        assert find_last_file(db, "plan") is None
