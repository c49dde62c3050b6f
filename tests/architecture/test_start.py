"""What a command loads: help and answers from the record start without the web, accounts and documents."""

import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from app.bootstrap.command_line import main
from app.entrypoints.cli.main import FAMILIES, load_commands
from tests.support.repository import ROOT

HEAVY = (
    "PIL",
    "alembic",
    "apscheduler",
    "argon2",
    "authlib",
    "cryptography",
    "docx",
    "flask",
    "flask_security",
    "granian",
    "jinja2",
    "nltk",
    "openpyxl",
    "pypdf",
    "requests",
    "sqlalchemy.dialects.postgresql",
    "sqlalchemy.orm",
    "typst",
    "webauthn",
    "werkzeug",
    "xlsxwriter",
)
"""What takes long to load and has no part in an answer from the record."""
REGISTER = "audit-office"
STORE = ("sqlalchemy", "eventsourcing", "projections", "app.services", "rich")
"""What usage and help do not need either."""


def loaded_by(tmp_path: Path, *arguments: str) -> tuple[str, set[str]]:
    """What a command prints and the modules that it loads."""
    script = (
        "import sys; from app.bootstrap.command_line import main\n"
        "main(sys.argv[1:], prog_name='uptake', standalone_mode=False)\n"
        "print(*sys.modules, file=sys.stderr)\n"
    )
    run = subprocess.run(
        [sys.executable, "-c", script, *arguments],
        cwd=ROOT,
        env={"UPTAKE_DATA_DIR": str(tmp_path / "data"), "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
    )
    assert run.returncode == 0, run.stderr
    return run.stdout, set(run.stderr.split())


@pytest.mark.parametrize("arguments", [("--help",), ("--version",)])
def test_help_loads_no_store(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    printed, modules = loaded_by(tmp_path, *arguments)
    assert "uptake" in printed
    assert {name for name in (*HEAVY, *STORE) if name in modules} == set()


def test_answers_from_the_record_load_the_store_alone(tmp_path: Path) -> None:
    loaded_by(tmp_path, "init")
    loaded_by(tmp_path, "demo", REGISTER, "--by", "ana")
    for arguments in (("scorecard", REGISTER), ("scorecard", REGISTER, "--json")):
        printed, modules = loaded_by(tmp_path, *arguments)
        assert "implemented" in printed
        assert "projections.scorecards.queries" in modules
        assert {name for name in HEAVY if name in modules} == set()


def test_the_worker_loads_what_makes_reports_when_a_review_is_due(tmp_path: Path) -> None:
    script = "import sys, app.bootstrap.accounts, app.entrypoints.worker.worker as w; print(*sys.modules)"
    run = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)
    modules = set(run.stdout.split())
    assert {"app.entrypoints.worker.review_freezing", "app.services.snapshots.timestamping"} <= modules
    assert {
        name for name in ("docx", "lxml", "openpyxl", "pypdf", "qrcode", "typst", "xlsxwriter") if name in modules
    } == set()


def test_the_list_of_commands_says_what_each_says_of_itself() -> None:
    listed = {name: summary for family in FAMILIES.values() for name, summary in family.items()}
    assert listed == {command.name: command.get_short_help_str(500) for command in load_commands()}
    help_text = CliRunner().invoke(main, ["--help"], terminal_width=300).output
    for name, summary in listed.items():
        assert f"  {name} " in help_text and summary in help_text, name
