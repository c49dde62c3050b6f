"""Opening a register on the command line: its keeper and its licence are given, asked for, or missed in a sentence."""

import json
import os
import pty
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from app.bootstrap.command_line import main
from tests.support.bundles import write_small_bundle

Run = Callable[..., Result]
MISSING = (
    "The register “small” names no keeper (kept_by) and no licence (licence). Add what is missing to its settings in the "
    "browser, or to register.json and import it with --update and --why TEXT.\n"
)
STORED = "Stored 33 events of the register “small”.\n"
OPEN = "The register “small” is open.\n"
WRONG_LICENCE = (
    "“free” is neither the SPDX id of a licence, such as CC-BY-4.0, nor an address that starts with https://.\n"
)


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs `uptake` in a folder with a store and a bundle that names neither keeper nor licence."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("UPTAKE_DATA_DIR", str(tmp_path / "store"))
    write_small_bundle(tmp_path / "small")
    complete({"kept_by": None, "licence": None})
    CliRunner().invoke(main, ["init"])
    return lambda *arguments: CliRunner().invoke(main, list(arguments))


def complete(values: dict[str, str | None]) -> None:
    """Change keys of `register.json`; None removes a key."""
    file = Path("small/register.json")
    settings = json.loads(file.read_text()) | values
    file.write_text(json.dumps({key: value for key, value in settings.items() if value is not None}))


def exported(run: Run) -> dict[str, object]:
    folder = Path(f"exported-{len(list(Path().iterdir()))}")
    assert run("export", "small", str(folder)).exit_code == 0
    settings: dict[str, object] = json.loads((folder / "register.json").read_text())
    return settings


def is_open(run: Run) -> bool:
    return run("open", "small").stderr == "The register “small” is already open.\n"


def outcome(result: Result) -> tuple[int, str, str]:
    return result.exit_code, result.stdout, result.stderr


def test_a_script_opens_what_it_opened_before_and_learns_what_is_missing(run: Run) -> None:
    assert outcome(run("import", "small")) == (0, STORED, "")
    assert outcome(run("open", "small")) == (0, OPEN, MISSING)
    assert is_open(run)


def test_so_does_an_import_that_opens_also_a_second_time(run: Run) -> None:
    assert outcome(run("import", "small", "--open")) == (0, STORED, MISSING)
    assert is_open(run)
    again = run("import", "small", "--open")
    assert outcome(again) == (0, "Nothing to do: all of “small” is already stored.\n", "")


def test_one_event_is_said_in_the_singular(run: Run) -> None:
    run("import", "small")
    complete({"title": "Another title"})
    assert run("import", "small", "--update").stdout == "Stored 1 event of the register “small”.\n"


def test_only_what_is_missing_is_named(run: Run) -> None:
    complete({"licence": "CC0-1.0"})
    result = run("import", "small", "--open")
    assert result.stderr.startswith("The register “small” names no keeper (kept_by). Add what")


def test_the_settings_are_completed_before_it_opens(run: Run) -> None:
    run("import", "small")
    given = run("open", "small", "--kept-by", "The Institute", "--licence", "CC-BY-4.0")
    assert outcome(given) == (0, OPEN, "")
    settings = exported(run)
    assert (settings["kept_by"], settings["licence"]) == ("The Institute", "CC-BY-4.0")


def test_an_import_completes_them_in_the_same_way_each_time(run: Run) -> None:
    command = ("import", "small", "--open", "--kept-by", "The Institute", "--licence", "https://example.org/terms/")
    assert outcome(run(*command)) == (0, STORED, "")
    settings = exported(run)
    assert (settings["kept_by"], settings["licence"]) == ("The Institute", "https://example.org/terms/")
    assert outcome(run(*command)) == (0, "Nothing to do: all of “small” is already stored.\n", "")


@pytest.mark.parametrize("command", [("open", "small"), ("import", "small", "--open")], ids=" ".join)
def test_a_licence_that_is_none_opens_and_changes_nothing(run: Run, command: tuple[str, ...]) -> None:
    run("import", "small")
    before = exported(run)
    assert outcome(run(*command, "--kept-by", "The Institute", "--licence", "free")) == (1, "", WRONG_LICENCE)
    assert exported(run) == before
    assert not is_open(run)


def test_an_import_with_a_wrong_licence_stores_nothing(run: Run) -> None:
    assert outcome(run("import", "small", "--open", "--licence", "free")) == (1, "", WRONG_LICENCE)
    assert run("export", "small", "out").stderr == "There is no register “small”.\n"


def test_an_open_register_is_not_changed_by_opening_it(run: Run) -> None:
    run("import", "small", "--open")
    refused = run("open", "small", "--kept-by", "The Institute")
    assert outcome(refused) == (1, "", "The register “small” is already open.\n")
    assert "kept_by" not in exported(run)


@pytest.mark.parametrize("command", [("open", "small"), ("import", "small", "--open")], ids=" ".join)
def test_on_a_terminal_it_asks(run: Run, command: tuple[str, ...]) -> None:
    if command[0] == "open":
        run("import", "small")
    keyboard, terminal = pty.openpty()
    os.write(keyboard, b"The Institute\nfree\nCC-BY-4.0\n")
    answer = subprocess.run(
        [sys.executable, "-m", "app.bootstrap", *command],
        stdin=terminal,
        capture_output=True,
        text=True,
        env=os.environ
        | {"PYTHONPATH": str(Path(__file__).parents[4]), "UPTAKE_DATA_DIR": str(Path("store").resolve())},
        timeout=60,
        check=False,
    )
    os.close(keyboard)
    os.close(terminal)
    assert (answer.returncode, answer.stdout) == (0, OPEN if command[0] == "open" else STORED)
    assert "Who keeps this register? Its licence, such as CC-BY-4.0: Error: “free” is neither" in answer.stderr
    settings = exported(run)
    assert (settings["kept_by"], settings["licence"]) == ("The Institute", "CC-BY-4.0")
    assert is_open(run)
