"""The files with which an operator runs Uptake as a service: each names commands, settings and sources that exist."""

import json
import re
import shlex
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator, Sequence
from pathlib import Path

import click
import pytest

from app.adapters.settings import SETTING_NAMES, read_settings
from app.entrypoints.cli.main import load_commands
from tests.support.repository import ROOT

FOLDER = ROOT / "docs" / "deploy"
UNITS = sorted(FOLDER.glob("*.service"))
CONTAINER = FOLDER / "Containerfile"
EXAMPLES = {path for path in FOLDER.rglob("*/*") if path.is_file()}
"""In folders of their own: tests/app/bootstrap/test_deployment_examples.py checks them."""
UPTAKE = "/opt/uptake/bin/uptake"
SETTINGS = {f"UPTAKE_{name.upper()}" for name in SETTING_NAMES}


def unit_lines(path: Path) -> Iterator[tuple[str, str, str]]:
    """Section, key and value of each setting of a unit."""
    section = ""
    for line in path.read_text(encoding="utf-8").splitlines():
        if match := re.fullmatch(r"\[(\w+)\]", line):
            section = match[1]
        elif line and not line.startswith("#"):
            key, equals, value = line.partition("=")
            assert equals, line
            yield section, key, value


def values(path: Path, key: str) -> list[str]:
    return [value for _, k, value in unit_lines(path) if k == key]


def check_command(words: Sequence[str]) -> None:
    """Parse the words as the command line does; it raises for a command or an option that is not there."""
    assert words[0] == UPTAKE
    command, rest = next(command for command in load_commands() if command.name == words[1]), list(words[2:])
    context = command.make_context(words[1], list(rest))
    while isinstance(command, click.Group):
        rest = [*context._protected_args, *context.args]  # a group may add the name of the command that it means
        name, command, rest = command.resolve_command(context, rest)
        assert command, name
        context = command.make_context(name, list(rest))


def container_lines() -> list[tuple[str, str]]:
    lines = CONTAINER.read_text(encoding="utf-8").splitlines()
    pairs = [line.partition(" ") for line in lines if line and not line.startswith("#")]
    return [(instruction, words) for instruction, _, words in pairs]


def test_every_file_is_checked_and_described() -> None:
    replicated = FOLDER / "litestream.yml"  # tested where it is used: tests/app/services/operations/test_litestream.py
    files = {path for path in FOLDER.rglob("*") if path.is_file()}
    assert {*UNITS, CONTAINER, replicated, *EXAMPLES} == files
    text = "".join((ROOT / "docs" / name).read_text(encoding="utf-8") for name in ("operating.md", "scale.md"))
    for path in files:
        assert f"deploy/{path.relative_to(FOLDER)}" in text


@pytest.mark.parametrize("path", UNITS, ids=lambda p: p.name)
def test_a_unit_runs_a_command_with_settings_that_exist(path: Path) -> None:
    (start,) = values(path, "ExecStart")
    check_command(shlex.split(start))
    names = {value.partition("=")[0] for value in values(path, "Environment")}
    assert names <= SETTINGS
    assert read_settings(dict(v.split("=", 1) for v in values(path, "Environment")), path.parent)


@pytest.mark.parametrize("path", UNITS, ids=lambda p: p.name)
def test_a_unit_starts_again_whatever_ended_it_and_keeps_files_private(path: Path) -> None:
    expected = {"Restart": "always", "UMask": "0077", "StateDirectoryMode": "0700", "StartLimitIntervalSec": "0"}
    assert {key: values(path, key) for key in expected} == {key: [value] for key, value in expected.items()}
    assert float(*values(path, "RestartSec")) <= 1


def test_each_part_that_runs_has_a_unit_and_all_are_hardened_alike() -> None:
    started = {" ".join(shlex.split(*values(path, "ExecStart"))[1:3]).partition(" --")[0] for path in UNITS}
    assert started == {"up", "serve", "worker", "witness serve"}
    keys = ("NoNewPrivileges", "PrivateDevices", "PrivateTmp", "Protect", "Restrict")
    hardening = [{(k, v) for _, k, v in unit_lines(path) if k.startswith(keys)} for path in UNITS]
    assert len(hardening[0]) >= 8
    assert all(each == hardening[0] for each in hardening)


def test_a_witness_has_none_of_the_secrets_and_files_of_an_installation() -> None:
    """It is another organisation's, and must run where nothing else of Uptake does."""
    witness = FOLDER / "uptake-witness.service"
    assert values(witness, "Environment") == values(witness, "EnvironmentFile") == []
    ours, theirs = (
        {
            v
            for path in UNITS
            if (path == witness) == own
            for key in ("User", "StateDirectory")
            for v in values(path, key)
        }
        for own in (True, False)
    )
    assert not ours & theirs
    (start,) = values(witness, "ExecStart")
    (folder,) = values(witness, "StateDirectory")
    assert f"--state /var/lib/{folder}/" in start


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="needs systemd")
@pytest.mark.parametrize("path", UNITS, ids=lambda p: p.name)
def test_systemd_accepts_a_unit(path: Path, tmp_path: Path) -> None:
    unit = tmp_path / path.name
    installed = path.read_text(encoding="utf-8").replace(UPTAKE, sys.executable)  # the check looks for the program
    unit.write_text(re.sub(r"^(User|Group)=.*$", r"\1=root", installed, flags=re.MULTILINE))
    done = subprocess.run(["systemd-analyze", "verify", str(unit)], capture_output=True, text=True, timeout=120)
    assert (done.returncode, [line for line in done.stderr.splitlines() if path.name in line]) == (0, [])


def test_the_container_copies_what_is_there_and_all_that_is_installed() -> None:
    sources = [word for key, words in container_lines() if key == "COPY" for word in words.split()[:-1]]
    assert [source for source in sources if not (ROOT / source).exists()] == []
    build = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["hatch"]["build"]
    wheel = build["targets"]["wheel"]
    needed = {*wheel["packages"], *wheel["force-include"], "pyproject.toml", "README.md", "requirements.lock"}
    assert needed <= {*sources}


def test_the_container_runs_a_command_with_settings_that_exist() -> None:
    steps = dict(container_lines())
    check_command([*json.loads(steps["ENTRYPOINT"]), *json.loads(steps["CMD"])])
    environment = dict(word.split("=", 1) for word in steps["ENV"].split())
    assert environment.keys() <= SETTINGS
    settings = read_settings(environment, CONTAINER.parent)
    assert steps["EXPOSE"] == str(settings.port)
    assert f":{settings.port}/readyz" in steps["HEALTHCHECK"]
    assert str(settings.data_dir).startswith(steps["VOLUME"])
    assert steps["USER"] != "root"


def documented_commands() -> Iterator[list[str]]:
    """The words of each command of Uptake in a block of code for operators."""
    for name in ("operating.md", "scale.md"):
        for block in re.findall(
            r"^```\n(.*?)^```", (ROOT / "docs" / name).read_text("utf-8"), re.DOTALL | re.MULTILINE
        ):
            for line in block.splitlines():
                if match := re.match(rf"(?:sudo -u \S+ )?(?:uptake|{UPTAKE}) (.*)", line):
                    yield [UPTAKE, *shlex.split(match[1], comments=True)]


@pytest.mark.parametrize("words", list(documented_commands()), ids=lambda words: " ".join(words[1:4]))
def test_a_command_of_the_guide_can_be_typed_as_it_is_written(words: list[str]) -> None:
    try:
        check_command(words)
    except click.MissingParameter:
        raise
    except click.BadParameter as e:
        assert "does not exist" in str(e), "its example of a file is not on this machine"
