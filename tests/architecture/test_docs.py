"""What the documents say is so."""

import re
import runpy
import tomllib
from pathlib import Path

import pytest

from app.adapters.settings import SETTING_NAMES
from app.bootstrap.command_line import main
from app.entrypoints.cli import command_reference
from app.entrypoints.cli.event_reference import reference
from app.entrypoints.cli.main import load_commands

ROOT = Path(__file__).parents[2]
DOCS = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").rglob("*.md"))]


def test_the_reference_of_events_is_what_the_code_says() -> None:
    assert (ROOT / "docs" / "events.md").read_text(encoding="utf-8") == reference()


def test_the_reference_of_commands_is_what_the_command_line_says() -> None:
    assert (ROOT / "docs" / "commands.md").read_text(encoding="utf-8") == command_reference.reference()


def test_every_command_is_in_the_reference() -> None:
    walked = {path for path, _ in command_reference.walk(load_commands())}
    assert {path.split()[1] for path in walked} == set(main.commands)
    assert set(re.findall(r"^## `(.*)`$", command_reference.reference(), re.MULTILINE)) == walked


def test_the_picture_of_the_layers_is_what_the_contracts_say() -> None:
    script = ROOT / "docs" / "pictures" / "layers.py"
    assert (script.with_name("layers.svg")).read_text(encoding="utf-8") == runpy.run_path(str(script))["draw"]()


def test_every_setting_is_documented() -> None:
    text = (ROOT / "docs" / "operating.md").read_text(encoding="utf-8")
    for name in SETTING_NAMES:
        assert f"UPTAKE_{name.upper()}" in text


@pytest.mark.parametrize("path", DOCS, ids=lambda p: str(p.relative_to(ROOT)))
def test_every_command_that_is_named_is_there(path: Path) -> None:
    for name in re.findall(r"uptake ([a-z]+)(?=[ `\n])", path.read_text(encoding="utf-8")):
        assert name in main.commands, name


def links_of(path: Path) -> list[Path]:
    """What a document links to in the repository."""
    targets = re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", path.read_text(encoding="utf-8"))
    return [(path.parent / target).resolve() for target in targets if "://" not in target]


@pytest.mark.parametrize("path", DOCS, ids=lambda p: str(p.relative_to(ROOT)))
def test_every_link_leads_somewhere(path: Path) -> None:
    assert [str(target) for target in links_of(path) if not target.exists()] == []


def test_every_folder_of_the_map_is_there() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    for folder in re.findall(r"^\| `([a-z]+)/`", text, re.MULTILINE):
        assert (ROOT / folder).is_dir()


@pytest.mark.parametrize("path", DOCS, ids=lambda p: str(p.relative_to(ROOT)))
def test_every_path_that_is_named_is_there(path: Path) -> None:
    if path.parent.name == "how-to":
        return  # these name files to create; tests/how_to follows them
    named = re.findall(
        r"`((?:app|domain|projections|templates|tests|docs|registers)/[\w./-]*)`", path.read_text("utf-8")
    )
    assert [name for name in named if not (ROOT / name).exists()] == []


def test_the_readme_fits_one_screen() -> None:
    assert len((ROOT / "README.md").read_text(encoding="utf-8").splitlines()) <= 50


@pytest.mark.parametrize("middle", ["docs/architecture.md", "docs/states.md"])
def test_three_hops_lead_from_the_readme_to_the_rules(middle: str) -> None:
    assert ROOT / middle in links_of(ROOT / "README.md")
    assert ROOT / "domain" / "methodology" / "rules.py" in links_of(ROOT / middle)


def test_the_licence_section_names_the_folders_of_fonts() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    folders = {path.parent for path in (ROOT / "app").rglob("LICENSE-*")}
    assert {ROOT / name for name in re.findall(r"`(app/[\w/]*fonts)`", text)} == folders


def test_the_two_commands_are_those_of_dev_py() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    help_ = (ROOT / "dev.py").read_text(encoding="utf-8")
    for command in re.findall(r"python3 dev\.py (\w+)", text):
        assert f"\n  {command}" in help_


def test_the_version_is_told_in_the_changes() -> None:
    version = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
    assert f"## {version}" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
