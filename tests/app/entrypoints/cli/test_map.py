"""`uptake map`: the guessed mapping of a file, on disk or printed, and what it says about it."""

import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from openpyxl import Workbook

from app.bootstrap.command_line import main
from app.services.mapping.toml_files import read_mapping

Run = Callable[..., Result]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs `uptake` in a folder with a tracker, without a store."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("UPTAKE_DATA_DIR", str(tmp_path / "none"))
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "Tracker"
    sheet.append(["Our 2023 report: who did what"])
    sheet.append([])
    sheet.append(["No.", "Recommendation", "Responsible body", "Status", "Comment"])
    for n in range(1, 5):
        text = f"Publish the list number {n} and report on it every year"
        sheet.append([f"R{n}", text, "Ministry of Justice" if n % 2 else "Min. of Justice", "Done", "see the mail"])
    book.create_sheet("Notes").append(["Ask Ana"])
    book.save(tmp_path / "tracker.xlsx")
    return lambda *arguments: CliRunner().invoke(main, list(arguments))


def test_a_mapping_is_written_without_a_store(run: Run, tmp_path: Path) -> None:
    result = run("map", "tracker.xlsx")
    assert (result.exit_code, result.stdout) == (0, "Wrote mapping.toml: 4 recommendations in 5 columns.\n")
    assert result.stderr.splitlines() == [
        "Could not be guessed:",
        "  Column E, “Comment”: Please choose. Different values: 1; rows: 4.",
        "Was assumed:",
        "  No column names the publication. Assumed: “Our 2023 report: who did what”, published by “Not stated” in 2023. "
        "Correct it before you open the register.",
        "  The day of the recommendation is missing. Rows: 4. Assumed: the day of the publication.",
        "  The kind is missing. Rows: 4. Assumed: one-off.",
        "  Success criteria are missing. Rows: 4. The public page will say that the item comes from an earlier record and "
        "that no criteria were written before the first assessment.",
        "  The theme is missing. Rows: 4. Assumed: “All recommendations”.",
        "  The day of the status is missing. Rows: 4. Assumed: 2023.",
        "  The time zone of the register was assumed: UTC.",
        "Names that look alike:",
        "  “Ministry of Justice”, “Min. of Justice”: same",
    ]
    mapping = read_mapping((tmp_path / "mapping.toml").read_text(encoding="utf-8"))
    assert (mapping.sheet, mapping.header_rows, mapping.legacy) == ("Tracker", (3,), True)
    assert [c.field for c in mapping.columns] == ["number", "title", "addressees", "status", "note"]
    assert not (tmp_path / "none").exists()


def test_a_mapping_that_exists_is_replaced_only_on_purpose(run: Run, tmp_path: Path) -> None:
    (tmp_path / "mapping.toml").write_text("# mine\n", encoding="utf-8")
    result = run("map", "tracker.xlsx")
    assert result.exit_code == 1
    assert result.stderr == (
        "Error: mapping.toml exists. Choose another file with --out, or replace it with --overwrite.\n"
    )
    assert (tmp_path / "mapping.toml").read_text(encoding="utf-8") == "# mine\n"
    assert run("map", "tracker.xlsx", "--overwrite").exit_code == 0
    assert "[[columns]]" in (tmp_path / "mapping.toml").read_text(encoding="utf-8")


def test_a_mapping_can_be_printed(run: Run, tmp_path: Path) -> None:
    result = run("map", "tracker.xlsx", "--out", "-")
    assert result.exit_code == 0
    assert tomllib.loads(result.stdout)["sheet"] == "Tracker"
    assert not (tmp_path / "mapping.toml").exists()


def test_a_wrong_sheet_is_refused_with_the_names_of_the_sheets(run: Run, tmp_path: Path) -> None:
    result = run("map", "tracker.xlsx", "--sheet", "Foo")
    assert (result.exit_code, result.stderr) == (
        1,
        "There is no sheet “Foo” in the file. It has: “Tracker”, “Notes”.\n",
    )
    assert not (tmp_path / "mapping.toml").exists()


def test_a_file_of_another_kind_is_refused(run: Run, tmp_path: Path) -> None:
    (tmp_path / "scan.png").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(100))
    result = run("map", "scan.png")
    assert result.exit_code == 1
    assert "scan.png" in result.stderr
    assert run("map", "missing.xlsx").exit_code == 2


def test_a_text_file_is_mapped_with_its_encoding_and_separator(run: Run, tmp_path: Path) -> None:
    rows = ["Nr.;Empfehlung;Zuständig;Stand"]
    rows += [
        f"{n};Die Liste {n} ist für das ganze Jahr zu veröffentlichen;Büro für Straßen;umgesetzt" for n in range(5)
    ]
    (tmp_path / "liste.csv").write_bytes("\r\n".join(rows).encode("cp1252"))
    assert run("map", "liste.csv").exit_code == 0
    mapping = read_mapping((tmp_path / "mapping.toml").read_text(encoding="utf-8"))
    assert (mapping.sheet, mapping.separator) == ("", ";")
    assert mapping.encoding in ("cp1252", "windows-1252", "iso8859-1", "latin-1")
    assert mapping.register is not None
    assert mapping.register.languages == ("de",)
    assert [c.field for c in mapping.columns] == ["number", "title", "addressees", "status"]
