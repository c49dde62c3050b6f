"""An office's own sheet on the command line: guess a mapping, import by it, and what goes wrong."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from openpyxl import Workbook

from app.bootstrap.command_line import main

Run = Callable[..., Result]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs `uptake` in a folder with its own store and a tracker as an office keeps it."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("UPTAKE_DATA_DIR", str(tmp_path / "store"))
    write_tracker(tmp_path / "tracker.xlsx")
    assert CliRunner().invoke(main, ["init"]).exit_code == 0
    return lambda *arguments: CliRunner().invoke(main, list(arguments))


def write_tracker(file: Path, status: str = "In Progress") -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["Who did what in 2023"])
    sheet.merge_cells("A1:F1")
    sheet.append([])
    sheet.append(["No.", "Recommendation", "Responsible body", "Theme", "Status", "Last updated", "Link"])
    for n in range(1, 13):
        sheet.append(
            [
                f"R{n}.{n}",
                f"The ministry is to publish the yearly list number {n} and to report on it",
                "Ministry of Justice; Office of the Ombudsman" if n % 2 else "Minstry of Justice",
                "Courts & Prisons",
                ["Complete", status, "Not Started"][n % 3],
                "03/14/2024",
                "www.example.org/gazette" if n % 2 else "https://example.org/a\nhttps://example.org/b",
            ]
        )
    sheet.append([" "] * 7)
    book.create_sheet("Internal").sheet_state = "hidden"
    book.save(file)


@pytest.fixture
def mapped(run: Run) -> Run:
    assert run("map", "tracker.xlsx").exit_code == 0
    return run


def by_map(*more: str) -> tuple[str, ...]:
    return ("import", "tracker.xlsx", "--map", "mapping.toml", "--register", "tracker", *more)


def test_a_guessed_mapping_stores_every_recommendation(mapped: Run) -> None:
    result = mapped(*by_map("--create", "--json"))
    assert result.exit_code == 0, result.output
    numbers = {"stored": 12, "changed": 0, "unchanged": 0, "left_out": 0, "problems": [], "plan": ""}
    assert json.loads(result.stdout) == numbers
    again = mapped(*by_map("--json"))
    assert json.loads(again.stdout) == numbers | {"stored": 0, "unchanged": 12}


def test_a_dry_run_says_the_same_and_stores_nothing(mapped: Run) -> None:
    assert json.loads(mapped(*by_map("--create", "--dry-run", "--json")).stdout)["stored"] == 12
    missing = mapped(*by_map())
    assert (missing.exit_code, missing.stderr) == (1, "There is no register “tracker”. Begin it with --create.\n")


def test_problems_are_printed_by_cause_with_the_rows_of_the_person(mapped: Run, tmp_path: Path) -> None:
    write_tracker(tmp_path / "tracker.xlsx", status="Nearly")
    result = mapped(*by_map("--create", "--json", "--valid-rows"))
    assert result.exit_code == 1
    assert json.loads(result.stdout) == {
        "stored": 8,
        "changed": 0,
        "unchanged": 0,
        "left_out": 4,
        "problems": [
            {
                "cause": "It is not decided what “Nearly” means.",
                "count": 4,
                "rows": [4, 7, 10, 13],
                "column": "Status",
                "cure": "Choose it once for each word.",
            }
        ],
        "plan": "",
    }
    result = mapped(*by_map())
    assert result.exit_code == 1
    assert result.stderr == (
        "Status: It is not decided what “Nearly” means (rows 4, 7, 10 and 13). Choose it once for each word.\n"
        "Add --problems FILE to write every problem to a CSV file.\n"
    )


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (("--create",), "--create belongs to a spreadsheet with a mapping. Add --map, or leave it out."),
        (("--map", "mapping.toml"), "Say which register the spreadsheet belongs to, with --register."),
        (
            ("--map", "mapping.toml", "--register", "r", "--open"),
            "--open cannot be used with a spreadsheet. Its mapping says it, or do it afterwards.",
        ),
    ],
)
def test_options_that_do_not_go_together(mapped: Run, options: tuple[str, ...], sentence: str) -> None:
    result = mapped("import", "tracker.xlsx", *options)
    assert result.exit_code == 2
    assert sentence in " ".join(result.stderr.split())
