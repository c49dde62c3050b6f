"""The commands of docs/operating.md and docs/scale.md are run as they are written, and do what the text says."""

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from app.adapters.settings import SETTING_NAMES, Settings, read_settings
from app.bootstrap.command_line import main
from app.bootstrap.container import build_services
from domain import commands as c
from domain.values import Theme
from tests.support.postgres import fresh_database
from tests.support.repository import ROOT

GUIDES = {name: (ROOT / "docs" / name).read_text(encoding="utf-8") for name in ("operating.md", "scale.md")}
RUN_HERE = re.compile(
    r"(sudo -u \S+ )?(/opt/uptake/bin/)?uptake (backup|restore|log accept-loss|migrate-store|witness)\b"
)
SETTING = re.compile(r"(UPTAKE_[A-Z_]+|AWS_[A-Z_]+)=")
RUN_ELSEWHERE = {
    r"uptake log correct-stamps ": "tests/app/services/operations/test_clock.py",
    r"(umask|export|litestream) ": "tests/app/services/operations/test_litestream.py",
    r"(archive_mode:|archive_command:|pgbackrest) ": "tests/app/services/operations/test_point_in_time.py",
    r"AWS_\w+=": "tests/app/adapters/test_objects.py",
}
CHANGES_THE_MACHINE = r"(useradd|install|cd|systemctl|kubectl|cp) |python3 -m venv |/opt/uptake/bin/pip "
"""Needs the rights of an administrator or a cluster: tests of the files that these lines name stand in for a run."""
OTHER, OLD = "/mnt/other/uptake-2027-01-01", "/var/lib/uptake"
DATABASE = "postgresql://uptake@db.example.org/uptake"
KEY = "uptake.example/5266ac905efc438e+683590ed+AX…"


def lines_of(guide: str) -> Iterator[str]:
    """The lines of the blocks of code."""
    for block in re.findall(r"^ *```\n(.*?)^ *```", GUIDES[guide], re.DOTALL | re.MULTILINE):
        yield from (line.strip() for line in block.splitlines() if line.strip())


class Operator:
    """Types what the guide says, with places of a test instead of its examples."""

    def __init__(self, **settings: str) -> None:
        self.settings = settings

    def type(self, beginning: str, places: dict[str, str] | None = None, exit_code: int = 0) -> str:
        """Run the one line of the guide that begins like this; returns what it prints."""
        found = [line for line in lines_of("operating.md") if RUN_HERE.match(line) and beginning in line]
        (words,) = [shlex.split(line, comments=True) for line in found]
        words = words[1 + next(n for n, word in enumerate(words) if word.rpartition("/")[2] == "uptake") :]
        return self.run(*[(places or {}).get(word, word) for word in words], exit_code=exit_code)

    def run(self, *words: str, exit_code: int = 0) -> str:
        """Run another command that the text of the guide names."""
        environment = {f"UPTAKE_{name.upper()}": value for name, value in self.settings.items()}
        result = CliRunner(env=environment).invoke(main, list(words))
        assert result.exit_code == exit_code, result.output
        return result.output

    def root(self) -> str:
        (root,) = re.findall(r"^Root: (.*)$", self.run("log", "verify"), re.MULTILINE)
        return str(root)


def _installed(data_dir: Path, **settings: str) -> Operator:
    operator = Operator(data_dir=str(data_dir), **settings)
    operator.run("init")
    operator.run("demo", "audit-office")
    return operator


def _name_a_theme(data_dir: Path) -> None:
    services = build_services(Settings(data_dir=data_dir))
    services.execute(c.NameTheme("audit-office", theme=Theme(id="later", title="Later")), by="ana")
    services.close()


@pytest.mark.parametrize("guide", GUIDES)
def test_every_line_to_type_or_to_copy_is_run_by_a_test(guide: str) -> None:
    elsewhere = "|".join(RUN_ELSEWHERE)
    assert [
        line
        for line in lines_of(guide)
        if not (RUN_HERE.match(line) or SETTING.match(line) or re.match(f"{elsewhere}|{CHANGES_THE_MACHINE}", line))
    ] == []
    assert [test for test in RUN_ELSEWHERE.values() if not (ROOT / test).is_file()] == []


def test_a_backup_is_made_tried_and_restored(tmp_path: Path) -> None:
    (tmp_path / "backups").mkdir()
    places = {OTHER: str(tmp_path / "by-hand")}
    operator = _installed(tmp_path / "data", backup_dir=str(tmp_path / "backups"))
    operator.type("backup /mnt", places)
    operator.type("backup verify", places)
    operator.type("backup run")
    assert "passed at" in operator.type("backup list")
    new = Operator(data_dir=str(tmp_path / "new"))
    new.type("uptake restore", places)
    assert new.root() == operator.root()


def test_an_older_backup_is_gone_on_with_after_the_loss_is_accepted(tmp_path: Path) -> None:
    places, signed = {OTHER: str(tmp_path / "backup")}, str(tmp_path / "checkpoints.txt")
    old = _installed(tmp_path / "old", checkpoint_file=signed)
    old.type("backup /mnt", places)
    _name_a_theme(tmp_path / "old")
    old.run("log", "checkpoint")
    new = Operator(data_dir=str(tmp_path / "new"), checkpoint_file=signed)
    new.type("uptake restore", places)
    assert "accept-loss" in new.run("doctor", exit_code=1)
    new.type("log accept-loss")
    assert "were lost: “The disk broke; the newest backup was of Monday.”" in new.run("log", "verify")
    new.run("removals", "again")


def test_a_store_is_moved_to_postgresql_and_the_old_one_deleted(tmp_path: Path) -> None:
    old, url = tmp_path / "old", fresh_database()
    before = _installed(old)
    root = before.root()
    places = {OLD: str(old), DATABASE: url}
    moved = before.type("migrate-store --from", places)
    assert f"Root: {root}" in moved
    before.run("init", exit_code=1)
    now = Operator(data_dir=str(old), database_url=url)
    now.run("init")
    assert now.root() == root
    now.type("migrate-store --delete-old", places)
    assert not (old / "log.sqlite").exists()
    assert now.root() == root


def test_a_witness_is_made_and_given_a_log(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    operator = _installed(tmp_path / "data")
    (key,) = re.findall(r"^(\S+/\S+) .* checkpoints from", operator.run("key", "show"), re.MULTILINE)
    (tmp_path / "witness").mkdir()
    monkeypatch.chdir(tmp_path / "witness")
    operator.type("witness init")
    operator.type("witness add-log", {KEY: key})
    assert [path.name for path in (tmp_path / "witness").iterdir()] == ["state"]


def test_settings_to_copy_are_read(tmp_path: Path) -> None:
    lines = [line for guide in GUIDES for line in lines_of(guide) if line.startswith("UPTAKE_")]
    values = dict(word.split("=", 1) for line in lines for word in shlex.split(line))
    assert values.keys() <= {f"UPTAKE_{name.upper()}" for name in SETTING_NAMES}
    settings = read_settings(values, tmp_path)
    assert (settings.objects, settings.cdn_seconds) == ("s3://uptake/prod", 300)
