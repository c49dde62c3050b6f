"""Every import contract of pyproject.toml notices the import that it forbids."""

import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGES = ("app", "domain", "projections")

FORBIDDEN_IMPORTS = {
    "Imports go down only": ("app.services.inbox.inbox", "app.bootstrap.health"),
    "Entrypoints do not import each other": ("app.entrypoints.api.proofs", "app.entrypoints.public.search"),
    "Packages of a layer form no cycle": ("app.services.accounts.secret", "app.services.comments.mentions"),
    "The domain knows no web": ("domain.errors", "flask"),
    "Projections know no web": ("projections.timeline.queries", "click"),
    "Services and presentation know no web": ("app.services.drafts.models", "flask"),
    "One projection never imports another": ("projections.search.queries", "projections.changes.queries"),
    "Public pages and the API never read": ("app.entrypoints.public.search", "projections.worklist.queries"),
    "Public pages send no commands": ("app.entrypoints.public.search", "domain.commands"),
}
"""The beginning of a contract's name: a module, and an import that must break the contract there."""


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """What the linter says about a copy with all forbidden imports: the section of each broken contract."""
    copy = tmp_path_factory.mktemp("copy")
    for package in PACKAGES:
        shutil.copytree(ROOT / package, copy / package, ignore=lambda _, names: _all_but_code(names))
    shutil.copy(ROOT / "pyproject.toml", copy)
    for module, imported in FORBIDDEN_IMPORTS.values():
        path = copy / f"{module.replace('.', '/')}.py"
        path.write_text(f"{path.read_text(encoding='utf-8')}\nimport {imported}\n", encoding="utf-8")
    script = "from importlinter.cli import lint_imports_command; lint_imports_command()"
    run = subprocess.run([sys.executable, "-c", script], cwd=copy, capture_output=True, text=True)
    assert run.returncode == 1, run.stdout + run.stderr
    broken = run.stdout.split("Broken contracts\n", 1)[1]
    starts = {name: broken.find(f"\n{name}") for name in FORBIDDEN_IMPORTS}
    ends = sorted([*starts.values(), len(broken)])
    return {name: broken[at : ends[ends.index(at) + 1]] for name, at in starts.items() if at >= 0}


def _all_but_code(names: list[str]) -> list[str]:
    return [name for name in names if "." in name and not name.endswith(".py")] + ["__pycache__"]


def test_every_contract_is_tried() -> None:
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    names = [contract["name"] for contract in contracts]
    assert len(names) == len(FORBIDDEN_IMPORTS)
    assert all(any(name.startswith(beginning) for beginning in FORBIDDEN_IMPORTS) for name in names)


@pytest.mark.parametrize("contract", FORBIDDEN_IMPORTS)
def test_a_contract_names_the_import_that_breaks_it(report: dict[str, str], contract: str) -> None:
    module, imported = FORBIDDEN_IMPORTS[contract]
    assert contract in report
    section = report[contract]
    if contract == "Packages of a layer form no cycle":
        assert ".accounts -> .comments" in section or ".comments -> .accounts" in section, section
    else:
        assert f"{module} -> {imported}" in section, section
