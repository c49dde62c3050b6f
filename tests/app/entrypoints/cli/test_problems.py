"""Problems of a bundle on the command line: each cause once, all of them in a file, causes as data."""

import csv
import json
from pathlib import Path

from click.testing import CliRunner, Result

from tests.support.bundles import change, write_small_bundle


def _spoil(folder: Path) -> Path:
    """A bundle with the same mistake in several rows."""
    write_small_bundle(folder)
    path = folder / "recommendations.csv"
    path.write_text(path.read_text("utf-8").replace(",offices,", ",No Theme,"), encoding="utf-8", newline="")
    change(folder, "bodies.csv", "senate,Senate,,state", "senate,,,state")
    return folder


def _import(tmp_path: Path, folder: Path, *options: str) -> Result:
    from app.bootstrap.command_line import main

    env = {"UPTAKE_DATA_DIR": str(tmp_path / "store")}
    CliRunner().invoke(main, ["init"], env=env)
    return CliRunner().invoke(main, ["import", str(folder), *options], env=env)


def test_each_cause_is_printed_once(tmp_path: Path) -> None:
    result = _import(tmp_path, _spoil(tmp_path / "small"))
    assert result.exit_code == 1
    assert result.stderr.splitlines() == [
        "bodies.csv, line 4, column name: the cell is empty. Enter a value.",
        "recommendations.csv, theme: “No Theme” is not an id (lines 2 and 4). Use at most 80 lower-case letters, digits and "
        "hyphens, starting with a letter or digit.",
        "Add --problems FILE to write every problem to a CSV file.",
    ]


def test_all_problems_are_written_to_a_file(tmp_path: Path) -> None:
    file = tmp_path / "problems.csv"
    result = _import(tmp_path, _spoil(tmp_path / "small"), "--problems", str(file))
    assert result.exit_code == 1
    assert "--problems" not in result.stderr
    rows = list(csv.reader(file.read_text("utf-8-sig").splitlines()))
    assert rows[0] == ["File", "Row", "Column", "Value", "Problem", "What to do"]
    assert [row[:4] for row in rows[1:]] == [
        ["bodies.csv", "4", "name", ""],
        *(["recommendations.csv", str(line), "theme", "No Theme"] for line in (2, 4)),
    ]


def test_a_dry_run_as_data_has_the_causes(tmp_path: Path) -> None:
    folder = write_small_bundle(tmp_path / "small")
    path = folder / "recommendations.csv"
    path.write_text(path.read_text("utf-8").replace(",report,", ",gazette,"), encoding="utf-8", newline="")
    result = _import(tmp_path, folder, "--dry-run", "--json")
    assert result.exit_code == 1
    data = json.loads(result.stdout)
    (cause,) = data["causes"]
    assert (cause["file"], cause["column"], cause["count"]) == (
        "recommendations.csv",
        "publication",
        len(data["problems"]),
    )
    assert cause["cause"] == "there is no publication “gazette”."
    assert cause["values"] == ["gazette"]
