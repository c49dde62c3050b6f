"""The page about security: it lists each requirement of ASVS 5.0.0 once, and what it names and counts exists."""

import ast
import re
from collections.abc import Iterator
from datetime import timedelta
from functools import cache
from pathlib import Path

import pytest

from app.adapters.settings import Settings
from app.adapters.spreadsheets.limits import MAX_FILE_BYTES, MAX_ROWS
from app.entrypoints.api import spreadsheets
from app.entrypoints.http.guard import LARGEST_FORM_OF_STRANGERS
from app.services.accounts import login_sessions, one_time_links, recovery
from app.services.accounts.login_attempts import MAX_FAILURES, WINDOW
from app.services.bundles.unpacking import MAX_MEMBERS, MAX_TOTAL_BYTES
from tests.support.repository import ROOT

PAGE = ROOT / "docs" / "security.md"
REQUIREMENTS = Path(__file__).with_name("asvs_5_0_0_ids.txt")
"""The numbers of levels 1 and 2, in their order."""
ROW = re.compile(r"^\| (\d+\.\d+\.\d+) \| ([^|]+) \| ([^|]+) \| ([^|]+) \|$", re.MULTILINE)
TEST = re.compile(r"`([\w/]+\.py)::(\w+)`")
WITH_REASON = ("by reading", "operator", "does not apply", "**not met**")


def rows() -> Iterator[tuple[str, str, str, str]]:
    yield from ROW.findall(PAGE.read_text("utf-8"))


@cache
def names_in(file: str) -> frozenset[str]:
    path = ROOT / "tests" / file
    tree = ast.parse(path.read_text("utf-8")) if path.is_file() else ast.Module([], [])
    return frozenset(n.name for n in ast.walk(tree) if isinstance(n, ast.FunctionDef) and n.name.startswith("test_"))


def test_each_requirement_is_listed_once_in_order() -> None:
    required = REQUIREMENTS.read_text().split()
    assert len(required) == 253
    assert [number for number, *_ in rows()] == required


def test_each_has_a_test_that_exists_or_a_reason() -> None:
    wrong = []
    for number, _words, state, proof in rows():
        named = TEST.findall(proof)
        is_proved = state == "met" and named and TEST.sub("", proof).strip(", ") == ""
        has_reason = state in WITH_REASON and len(proof.split()) >= 2 and not named
        if not (is_proved or has_reason):
            wrong.append(f"{number} is “{state}” with “{proof}”")
        wrong += [f"{number} names {file}::{name}" for file, name in named if name not in names_in(file)]
    assert wrong == []


@pytest.mark.parametrize(
    ("sentence", "value"),
    [
        ("A session ends {} hours after it was last used", login_sessions.IDLE_TIMEOUT / timedelta(hours=1)),
        ("and {} days after it began", login_sessions.MAX_AGE / timedelta(days=1)),
        ("the link of an invitation ({} days)", one_time_links.LINK_TTL / timedelta(days=1)),
        ("of a forgotten password ({} hour)", one_time_links.RECOVERY_TTL / timedelta(hours=1)),
        ("from an administrator ({} day)", recovery.HELP_TTL / timedelta(days=1)),
        ("Within {} minutes an account", WINDOW / timedelta(minutes=1)),
        ("an account takes {} failures", MAX_FAILURES["account"]),
        ("signed in {}, and a network address", MAX_FAILURES["confirmation"]),
        ("a network address {}, for passwords and for tokens each", MAX_FAILURES["address"]),
        ("can be asked for {} times for each account", MAX_FAILURES["recovery"]),
        ("and {} times from one address", MAX_FAILURES["recovery_address"]),
        ("a form of a stranger | {} KiB", LARGEST_FORM_OF_STRANGERS / 1024),
        ("an uploaded table or bundle | {} MB", MAX_FILE_BYTES / 2**20),
        ("unpacks to {} MB and", MAX_TOTAL_BYTES / 2**20),
        ("MB and {} files", MAX_MEMBERS),
        ("a workbook to {} rows", MAX_ROWS),
        ("a sheet through the API | {} rows", spreadsheets.MAX_ROWS),
        ("a copy of a source | {} MB", Settings(data_dir=ROOT).largest_file_mb),
        ("from one address in 15 minutes | {} |", MAX_FAILURES["report_address"]),
        ("| {} for an address, 30 from one network address, 300 altogether", MAX_FAILURES["follow"]),
    ],
)
def test_its_numbers_are_those_of_the_code(sentence: str, value: float) -> None:
    assert sentence.format(f"{value:,.0f}") in " ".join(PAGE.read_text("utf-8").split())
