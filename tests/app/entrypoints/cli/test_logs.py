"""The log of real processes in both forms: who did what is never in it, and libraries chat no more than we do."""

import json
import logging
import sqlite3
import sys
import urllib.request
from contextlib import closing
from pathlib import Path
from urllib.error import HTTPError

import pytest

from app.adapters.logs import JsonFormatter, LineFormatter
from app.adapters.settings import read_settings
from app.services.bundles.importing import ImportOptions, import_bundle
from app.services.container import Services
from domain import commands as c
from domain.errors import Refused
from tests.support.bundles import write_small_bundle
from tests.support.processes import served
from tests.support.waiting import wait_until


@pytest.mark.parametrize("form", ["lines", "json"])
def test_what_processes_log(services: Services, tmp_path: Path, form: str) -> None:
    import_bundle(services, write_small_bundle(tmp_path / "small"), ImportOptions(approve_cards="cem"))
    services.execute(c.OpenRegister("small", origin="x"), by="ana")
    said, at = tmp_path / "said", services.settings.data_dir
    with served("up", at, said, UPTAKE_LOG=form, UPTAKE_WEB_PROCESSES="1") as address:
        _wait_for(said, form, "the worker runs")
        (views,) = at.glob("views/*.sqlite")
        with closing(sqlite3.connect(views)) as db:
            db.execute("ALTER TABLE facts RENAME TO elsewhere")
        with pytest.raises(HTTPError, match="500"):
            urllib.request.urlopen(f"{address}/small/?as_of=2025-01-01")
        _wait_for(said, form, "unexpected error in public.scorecard")
    written = said.read_text("utf-8")
    assert "OperationalError" in written
    assert "in execute" in written, "and where it happened"
    for word in ("alembic", "as_of=2025", "/small/", "127.0.0.1", "no such table"):
        assert word not in written


def _wait_for(said: Path, form: str, message: str) -> None:
    wait_until(lambda: message in _messages(said, form), waits_for=f"“{message}” in the log")


def _messages(said: Path, form: str) -> set[str]:
    lines = said.read_text("utf-8").rpartition("\n")[0].splitlines()  # a last line may be half written
    if form == "json":
        return {json.loads(line)["message"] for line in lines}
    return {line.split(" INFO ")[-1].split(" ERROR ")[-1] for line in lines}


def test_an_error_is_told_without_its_words() -> None:
    try:
        try:
            raise KeyError("ana@example.org")
        except KeyError:
            raise ValueError("a token") from None
    except ValueError:
        record = logging.LogRecord("uptake", logging.ERROR, "", 1, "%s는\nof two lines", ("무엇",), sys.exc_info())
    line = JsonFormatter().format(record)
    assert "\n" not in line
    assert "무엇는" in line
    told = json.loads(line)
    assert (told["level"], told["logger"], told["message"]) == ("error", "uptake", "무엇는\nof two lines")
    for text in (told["error"], LineFormatter().format(record)):
        assert "in test_an_error_is_told_without_its_words" in text
        assert "ValueError\n" in text
        assert text.endswith("KeyError")
    assert "ana@example.org" not in told["error"].replace('raise KeyError("ana@example.org")', "")


def test_a_form_that_is_not_known_is_refused(tmp_path: Path) -> None:
    assert read_settings({}, tmp_path).log == "lines"
    with pytest.raises(Refused, match="The setting log is “xml”: it must be lines or json"):
        read_settings({"UPTAKE_LOG": "xml"}, tmp_path)
