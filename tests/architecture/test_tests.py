"""How tests are written: they share code through helpers with public names, and none waits for a fixed time."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.repository import ROOT, tracked_files

TESTS = ROOT / "tests"
SUPPORT = TESTS / "support"
SLEEPS = {"sleep", "wait_for_timeout"}


def _modules() -> list[Path]:
    return [p for p in tracked_files() if p.suffix == ".py" and p.is_relative_to(TESTS)]


def imports_from_tests(source: str) -> Iterator[str]:
    """Each import from a test module or a conftest, and each import of a private name from a helper of the tests."""
    for node in ast.walk(ast.parse(source)):
        names = [(alias.name, "") for alias in node.names] if isinstance(node, ast.Import) else []
        if isinstance(node, ast.ImportFrom):
            names = [("." * node.level + (node.module or ""), alias.name) for alias in node.names]
        for module, name in names:
            is_test = any(part == "conftest" or part.startswith("test_") for part in [*module.split("."), name])
            if module.startswith((".", "tests")) and (is_test or name.startswith("_")):
                yield f"{module} {name}"


def fixed_waits(source: str) -> Iterator[str]:
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call):
            name = getattr(node.func, "attr", getattr(node.func, "id", ""))
            if name in SLEEPS:
                yield f"line {node.lineno}: {name}"


def test_no_test_imports_from_another_test() -> None:
    faults = [(p.name, name) for p in _modules() for name in imports_from_tests(p.read_text("utf-8"))]
    assert faults == []


def test_no_test_waits_for_a_fixed_time() -> None:
    modules = [p for p in _modules() if p != SUPPORT / "waiting.py"]
    assert [(p.name, wait) for p in modules for wait in fixed_waits(p.read_text("utf-8"))] == []


@pytest.mark.parametrize("source", [
    "from tests.app.services.mail.conftest import mailbox", "from tests.journeys import test_proposing",
    "from tests.support.pages import _headings", "from .test_other import helper", "import tests.domain.test_rules",
])  # fmt: skip
def test_an_import_from_a_test_is_found(source: str) -> None:
    assert list(imports_from_tests(source))


@pytest.mark.parametrize("source", ["time.sleep(1)", "sleep(1)", "page.wait_for_timeout(500)"])
def test_a_fixed_wait_is_found(source: str) -> None:
    assert list(fixed_waits(source))
