"""Every command that acts for a person, for every role: allowed as the table of permissions says."""

from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from app.bootstrap.command_line import main
from app.entrypoints.cli.main import load_commands
from app.services.accounts import people
from app.services.accounts.permissions import PERMISSIONS, StaffRole, allows
from app.services.container import Services
from tests.support.bundles import write_small_bundle
from tests.support.small_register import open_small_register

SAID = (
    "--status",
    "announced",
    "--effective-on",
    "2025-12-01",
    "--reason",
    "world_changed",
    "--rationale",
    "So it is.",
)
COMMANDS = {
    "assess": (("assess", "small", "law", *SAID, "--evidence", "story"), "propose"),
    "publish": (("publish", "small", "law-1"), "publish"),
    "decline": (("decline", "small", "law-1", "--why", "No."), "publish"),
    "withdraw": (("withdraw", "small", "law-1", "--why", "No."), "withdraw"),
    "import": (("import", "BUNDLE"), "settings"),
    "open": (("open", "small"), "settings"),
    "discard": (("discard", "small", "--yes"), "settings"),
    "removals text": (
        ("removals", "text", "small", "oath", "--reason", "safety", "--expected-version", "1"),
        "settings",
    ),
    "snapshot withdraw": (
        ("snapshot", "withdraw", "small", "ten", "2024-02-17", "--reason", "safety", "--expected-version", "1"),
        "settings",
    ),
    "snapshot take": (("snapshot", "take", "small", "--review", "ten", "--out", "OUT"), "publish"),
}


def _named(group: click.Group, before: str = "") -> list[str]:
    """Every command that takes --by."""
    found = []
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            found += _named(command, f"{before}{name} ")
        elif any("--by" in p.opts for p in command.params):
            found.append(before + name)
    return found


def test_the_walk_knows_every_command() -> None:
    assert set(_named(click.Group(commands=load_commands()))) == {*COMMANDS, "demo"}


def test_a_role_in_another_register_loads_no_demonstration(
    services: Services, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_small_register(services, tmp_path / "first")
    monkeypatch.setenv("UPTAKE_DATA_DIR", str(services.settings.data_dir))
    with services.accounts.work() as db:
        user = people.add_user(db, "pat@example.org", "Pat", person="pat")
        people.give_role(db, user, "small", StaffRole.ADMINISTRATOR)
    before = services.log.last()
    done = CliRunner().invoke(main, ["demo", "audit-office", "--by", "pat"])
    assert (done.exit_code, "you need the role administrator" in done.output) == (1, True)
    assert services.log.last() == before


@pytest.mark.parametrize("role", [*StaffRole, None])
@pytest.mark.parametrize("name", COMMANDS)
def test_a_role_gives_the_commands_that_the_table_says(
    services: Services, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, role: StaffRole | None
) -> None:
    open_small_register(services, tmp_path / "first")
    monkeypatch.setenv("UPTAKE_DATA_DIR", str(services.settings.data_dir))
    with services.accounts.work() as db:
        user = people.add_user(db, "pat@example.org", "Pat", person="pat")
        if role:
            people.give_role(db, user, "small", role)
    words, permission = COMMANDS[name]
    places = {"BUNDLE": str(write_small_bundle(tmp_path / "bundle")), "OUT": str(tmp_path / "out")}
    before = services.log.last()
    done = CliRunner().invoke(main, [*(places.get(w, w) for w in words), "--by", "pat"])
    refused = f"you need the role {PERMISSIONS[permission].least.value}" in done.output
    assert refused is not allows(role, permission), done.output
    if refused:
        assert done.exit_code == 1
        assert services.log.last() == before


def test_cards_are_approved_in_the_name_of_somebody_who_may(
    services: Services, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_small_register(services, tmp_path / "first")
    monkeypatch.setenv("UPTAKE_DATA_DIR", str(services.settings.data_dir))
    with services.accounts.work() as db:
        people.give_role(db, people.add_user(db, "pat@example.org", "Pat", person="pat"), "small", StaffRole.ANALYST)
    bundle = str(write_small_bundle(tmp_path / "bundle"))
    done = CliRunner().invoke(main, ["import", bundle, "--approve-cards", "pat"])
    assert done.exit_code == 1
    assert "you need the role editor" in done.output
