"""After a move to PostgreSQL the old SQLite store shares its folder with files in use: what is said of it, and deleted."""

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner
from msgspec.structs import replace

from app.adapters.jobs_db.tables import open_jobs
from app.adapters.settings import Settings
from app.bootstrap.command_line import main
from app.bootstrap.container import build_services
from app.services.accounts.actors import Operator
from app.services.container import Services
from app.services.locker.copies import check_copy, store_copy
from app.services.operations.doctor import examine
from app.services.operations.moving.move import delete_old, give_up, move_store
from app.services.removals.evidence_texts import remove_evidence_text
from app.services.removals.overwriting import overwrite_files
from app.services.removals.people import finish_erasing
from app.services.transparency import checkpoints
from app.services.transparency.log_verification import verify
from domain import commands as c
from domain.codes import RemovalReason
from domain.errors import Refused
from tests.support.clock import Clock
from tests.support.postgres import fresh_database
from tests.support.small_register import open_small_register

DELETED = {
    *(f"{name}.sqlite{end}" for name in ("log", "accounts", "jobs") for end in ("", "-wal", "-shm", "-journal")),
    *("store-move.json", "store.lock"),
}


@pytest.fixture
def old(services: Services, tmp_path: Path) -> Settings:
    """A stopped installation on SQLite with keys, a copy of a source and a checkpoint."""
    open_small_register(services, tmp_path / "bundle")
    jobs = open_jobs(services.settings)
    checkpoints.make_checkpoint(services, jobs)
    jobs.dispose()
    store_copy(services, Operator("ana"), "small", "oath", check_copy(services, b"A copy of the oath."))
    services.close()
    return services.settings


def files_in_use(folder: Path) -> dict[str, bytes]:
    names = {path: str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}
    return {n: p.read_bytes() for p, n in names.items() if n not in DELETED and not n.startswith("views/")}


def test_removals_and_the_doctor_name_an_old_store_until_its_databases_are_deleted(old: Settings, clock: Clock) -> None:
    folder, new = old.data_dir, replace(old, database_url=fresh_database())
    run = CliRunner(env={"UPTAKE_DATA_DIR": str(folder), "UPTAKE_DATABASE_URL": new.database_url}).invoke
    moved = run(main, ["migrate-store", "--from", str(folder)])
    command = ["migrate-store", "--delete-old", "--from", str(folder)]
    assert f"delete its databases with “uptake {' '.join(command)}”. Delete nothing else in {folder}:" in moved.output
    assert "run “uptake init”, then “uptake log verify”, which prints the same root, and start" in moved.output

    def findings() -> list[str]:
        found = examine(new, lambda settings: build_services(settings, clock=clock))
        return [f.sentence for f in found if "old SQLite" in f.sentence]

    sentence = f"the old SQLite store in {folder}: when you are sure, delete it with “uptake {' '.join(command)}”"
    services = build_services(new, clock=clock)
    removal = c.RemoveEvidenceText("small", evidence="story", reason=RemovalReason.SAFETY)
    assert remove_evidence_text(services, Operator("ada"), removal).not_overwritten == (sentence,)
    assert finish_erasing(services, "person-ana") == (sentence,)
    assert findings() == [f"Texts and people that are removed now stay in {sentence}."]
    said = run(main, ["removals", "overwrite"])
    assert said.exit_code == 1
    assert f"Old bytes may be left in {sentence}." in said.output

    before = files_in_use(folder)
    assert {name.split("/")[0] for name in before} >= {"keys", "locker", "checkpoints.removals.jsonl"}
    deleted = run(main, command)
    assert deleted.exit_code == 0, deleted.output
    assert files_in_use(folder) == before
    assert not DELETED & {path.name for path in folder.iterdir()}
    assert not (folder / "views").exists()
    assert overwrite_files(services) == ()
    assert findings() == []
    assert verify(services).problems == []
    assert run(main, command).exit_code == 1  # there is none any more
    services.close()


def test_the_copy_of_a_move_that_was_given_up_is_deleted_without_the_files_in_use(
    new_services: Callable[..., Services], tmp_path: Path, clock: Clock
) -> None:
    services = open_small_register(new_services(postgres=True), tmp_path / "bundle")
    services.close()
    source = services.settings
    copy, before = replace(source, database_url=""), files_in_use(source.data_dir)
    move_store(source, copy)
    with pytest.raises(Refused, match="is not a SQLite store that was left"):
        delete_old(copy, source)
    give_up(source, copy)
    delete_old(copy, source)
    assert files_in_use(source.data_dir) == before
    build_services(source, clock=clock).close()


def test_nothing_is_deleted_unless_the_other_store_has_everything(old: Settings, tmp_path: Path) -> None:
    new = Settings(data_dir=tmp_path / "new", trial=True)
    with pytest.raises(Refused, match="is not a SQLite store that was left"):
        delete_old(old, new)
    move_store(old, new)
    before = sorted(old.data_dir.rglob("*"))
    with pytest.raises(Refused, match="is not a SQLite store that was left"):
        delete_old(new, old)
    with pytest.raises(Refused, match="is not a SQLite store that was left"):
        delete_old(old, Settings(data_dir=tmp_path / "other", trial=True))
    (new.data_dir / "log.sqlite").rename(tmp_path / "log.sqlite")
    with pytest.raises(Refused, match="There is no store"):
        delete_old(old, new)
    (tmp_path / "empty").mkdir()
    empty = Settings(data_dir=tmp_path / "empty", trial=True)
    build_services(empty, create=True).close()
    (empty.data_dir / "log.sqlite").rename(new.data_dir / "log.sqlite")
    with pytest.raises(Refused, match="has fewer entries"):
        delete_old(old, new)
    assert sorted(old.data_dir.rglob("*")) == before
