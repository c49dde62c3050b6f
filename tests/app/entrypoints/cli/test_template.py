"""`uptake template`: an empty workbook and one of a register, in either language, and back through `uptake import`."""

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from openpyxl import load_workbook

from app.bootstrap.command_line import main
from tests.support.bundles import write_small_bundle

Run = Callable[..., Result]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs `uptake` in a folder with a store that has the small register."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("UPTAKE_DATA_DIR", str(tmp_path / "store"))
    write_small_bundle(tmp_path / "small")
    for words in (("init",), ("import", "small", "--approve-cards", "cem")):
        done = CliRunner().invoke(main, list(words))
        assert done.exit_code == 0, done.output
    return lambda *arguments: CliRunner().invoke(main, list(arguments))


def test_an_empty_template_has_headings_in_the_chosen_language(run: Run, tmp_path: Path) -> None:
    for language, heading in (("en", "Id"), ("ko", "식별자")):
        result = run("template", "--out", f"{language}.xlsx", "--language", language)
        assert (result.exit_code, result.stdout) == (0, f"Wrote {language}.xlsx.\n")
        sheet = load_workbook(tmp_path / f"{language}.xlsx").worksheets[0]
        assert sheet.max_row == 1
        assert heading in [cell.value for cell in sheet[1]]


@pytest.mark.parametrize("language", ["en", "ko"])
def test_the_template_of_a_register_comes_back_without_a_question(run: Run, tmp_path: Path, language: str) -> None:
    assert run("template", "small", "--out", "small.xlsx", "--language", language).exit_code == 0
    sheet = load_workbook(tmp_path / "small.xlsx").worksheets[0]
    assert [cell.value for cell in sheet["B"]][1:] == ["post", "law", "talks"]
    result = run("import", "small.xlsx", "--update", "--dry-run")
    assert result.exit_code == 0, result.output


def test_no_file_is_overwritten_and_an_unknown_register_is_refused(run: Run, tmp_path: Path) -> None:
    (tmp_path / "mine.xlsx").write_bytes(b"mine")
    kept = run("template", "--out", "mine.xlsx")
    assert kept.exit_code == 1
    assert "mine.xlsx already exists. Name a new place." in kept.stderr
    assert (tmp_path / "mine.xlsx").read_bytes() == b"mine"
    unknown = run("template", "nowhere", "--out", "new.xlsx")
    assert unknown.exit_code == 1
    assert "There is no register “nowhere”." in unknown.stderr
    assert not (tmp_path / "new.xlsx").exists()
