"""Next year's file on the command line: everything is listed before anything is stored."""

import csv
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from app.bootstrap.command_line import main

Run = Callable[..., Result]
HEADINGS = ("No.", "Recommendation", "Responsible body", "Page")
ROWS = [
    ("1", "Publish the budget every year", "Ministry of Finance", "p. 1"),
    ("2", "Open a register of lobbyists", "Parliament", "p. 2"),
    ("3", "Appoint a commissioner for information", "Parliament", "p. 3"),
    ("4", "Free the archives of the police", "Ministry of Justice", "p. 4"),
]


def write_plan(rows: Sequence[tuple[str, ...]]) -> None:
    with Path("plan.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([HEADINGS, *rows])


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs `uptake` where the first file of a register is imported already."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("UPTAKE_DATA_DIR", str(tmp_path / "store"))
    runner = CliRunner()
    write_plan(ROWS)
    assert runner.invoke(main, ["init"]).exit_code == 0
    assert runner.invoke(main, ["map", "plan.csv"]).exit_code == 0
    assert runner.invoke(main, [*IMPORT, "--create"]).exit_code == 0
    return lambda *arguments: runner.invoke(main, [*IMPORT, *arguments])


IMPORT = ("import", "plan.csv", "--map", "mapping.toml", "--register", "plan")


def test_a_dry_run_lists_what_is_new_reworded_renumbered_changed_and_gone(run: Run) -> None:
    write_plan(
        [
            ("1", "Publish the whole budget every year", "Ministry of Finance", "p. 1"),
            ("3", "Open a register of lobbyists", "Parliament", "p. 2"),
            ("2", "Appoint a commissioner for information", "Parliament", "p. 33"),
            ("5", "Plant ten thousand trees along the rivers", "Parliament", "p. 5"),
        ]
    )
    dry = run("--update", "--dry-run")
    assert dry.exit_code == 0, dry.output
    *lines, last = dry.stdout.splitlines()
    assert last.startswith("To store exactly this: --expected-plan ")
    assert lines == [
        "Would store: 1 new, 3 changed, 0 unchanged, 0 left out.",
        "New, row 5: “Plant ten thousand trees along the rivers”",
        "Reworded, row 2 (1): “Publish the budget every year”",
        "  Recommendation: “Publish the budget every year” → “Publish the whole budget every year”",
        "Renumbered, row 3 (2): “Open a register of lobbyists”",
        "  No.: “2” → “3”",
        "Renumbered, row 4 (3): “Appoint a commissioner for information”",
        "  Page: “p. 3” → “p. 33”",
        "  No.: “3” → “2”",
        "Gone, stays as it is (4): “Free the archives of the police”",
    ]
    assert run("--update").stdout == "Recommendations: 1 new, 3 changed, 0 unchanged, 0 left out.\n"
    assert run("--update").stdout == "Recommendations: 0 new, 0 changed, 4 unchanged, 0 left out.\n"


def test_without_update_a_changed_file_is_refused(run: Run) -> None:
    write_plan([("1", "Publish the whole budget every year", "Ministry of Finance", "p. 1"), *ROWS[1:]])
    refused = run()
    assert refused.exit_code == 1
    assert "choose to amend it (--update)" in refused.stderr


def test_what_is_stored_is_what_the_dry_run_showed(run: Run) -> None:
    write_plan([("1", "Publish the whole budget every year", "Ministry of Finance", "p. 1"), *ROWS[1:]])
    plan = run("--update", "--dry-run").stdout.split()[-1]
    write_plan([("1", "Publish no budget", "Ministry of Finance", "p. 1"), *ROWS[1:]])
    other_file = run("--update", "--expected-plan", plan)
    assert other_file.exit_code == 1
    assert "changed after the preview, so nothing was stored" in other_file.stderr
    assert run("--update").exit_code == 0
    write_plan([("1", "Publish the whole budget every year", "Ministry of Finance", "p. 1"), *ROWS[1:]])
    assert run("--update", "--expected-plan", plan).exit_code == 1, "the register changed"
    shown = run("--update", "--dry-run").stdout.split()[-1]
    done = run("--update", "--expected-plan", shown)
    assert done.stdout == "Recommendations: 0 new, 1 changed, 3 unchanged, 0 left out.\n", done.output


def test_a_bundle_is_stored_as_its_dry_run_showed(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    uptake = CliRunner()
    assert uptake.invoke(main, ["export", "plan", "bundle"]).exit_code == 0
    file = Path("bundle/recommendations.csv")
    before = file.read_text(encoding="utf-8")
    file.write_text(before.replace("Publish the budget", "Publish the whole budget"), encoding="utf-8")
    update = ("import", "bundle", "--update")
    plan = uptake.invoke(main, [*update, "--dry-run"]).stdout.split("--expected-plan ")[1].split()[0]
    write_plan([("1", "Publish a budget every month", "Ministry of Finance", "p. 1"), *ROWS[1:]])
    assert run("--update").exit_code == 0
    refused = uptake.invoke(main, [*update, "--expected-plan", plan])
    assert (refused.exit_code, "changed after the preview" in refused.stderr) == (1, True), refused.output
    plan = uptake.invoke(main, [*update, "--dry-run"]).stdout.split("--expected-plan ")[1].split()[0]
    assert uptake.invoke(main, [*update, "--expected-plan", plan]).exit_code == 0
