"""The domain, and its tests, run without the application, the web framework and the database library."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
OUTER = ("app", "projections", "flask", "sqlalchemy", "click", "apscheduler", "granian")

IMPORT_EVERYTHING = """
import importlib, pkgutil, domain
for module in pkgutil.walk_packages(domain.__path__, "domain."):
    importlib.import_module(module.name)
"""
RUN_THE_TESTS = """
import pytest
code = pytest.main(["-q", "-p", "no:xdist", "tests/domain"])
assert code == 0, code
"""
REPORT = f"""
import sys
print("outer:", *sorted({{name.partition(".")[0] for name in sys.modules}} & set({OUTER})))
"""


def outer_modules_after(program: str) -> list[str]:
    """The outer packages that a fresh interpreter holds after a program."""
    run = subprocess.run(
        [sys.executable, "-c", program + REPORT], cwd=ROOT, capture_output=True, text=True, timeout=300, check=False
    )
    assert run.returncode == 0, run.stdout + run.stderr
    return run.stdout.splitlines()[-1].split()[1:]


@pytest.mark.parametrize("program", [IMPORT_EVERYTHING, RUN_THE_TESTS], ids=["importing", "testing"])
def test_the_domain_needs_no_outer_layer(program: str) -> None:
    assert outer_modules_after(program) == []


def test_an_outer_layer_would_be_noticed() -> None:
    assert outer_modules_after("import projections.engine.views") == ["projections", "sqlalchemy"]
