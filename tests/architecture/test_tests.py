"""How tests are written: shared helpers are in tests/support, and no test waits for a fixed time."""

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


def shared_code_outside_support(source: str) -> Iterator[str]:
    """Each import from a test module or a conftest, and each import of a private name of a test helper."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (a.name for a in node.names if a.name.startswith("tests.") and not _is_support(a.name))
        if isinstance(node, ast.ImportFrom) and (node.level or (node.module or "").split(".")[0] == "tests"):
            module = "." * node.level + (node.module or "")
            for alias in node.names:
                if not _is_support(f"{module}.{alias.name}") or alias.name.startswith("_"):
                    yield f"{module}.{alias.name}"


def _is_support(name: str) -> bool:
    return name.startswith("tests.support.")


def fixed_waits(source: str) -> Iterator[str]:
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call):
            name = getattr(node.func, "attr", getattr(node.func, "id", ""))
            if name in SLEEPS:
                yield f"line {node.lineno}: {name}"


def test_helpers_are_shared_through_support() -> None:
    faults = [(p.name, name) for p in _modules() for name in shared_code_outside_support(p.read_text("utf-8"))]
    assert faults == []


def test_no_test_waits_for_a_fixed_time() -> None:
    modules = [p for p in _modules() if p != SUPPORT / "waiting.py"]
    assert [(p.name, wait) for p in modules for wait in fixed_waits(p.read_text("utf-8"))] == []


@pytest.mark.parametrize("source", [
    "from tests.app.services.mail.conftest import mailbox", "from tests.journeys import test_proposing",
    "from tests.support.pages import _headings", "from .test_other import helper", "import tests.domain.test_rules",
])  # fmt: skip
def test_an_import_from_a_test_is_found(source: str) -> None:
    assert list(shared_code_outside_support(source))


@pytest.mark.parametrize("source", ["time.sleep(1)", "sleep(1)", "page.wait_for_timeout(500)"])
def test_a_fixed_wait_is_found(source: str) -> None:
    assert list(fixed_waits(source))
