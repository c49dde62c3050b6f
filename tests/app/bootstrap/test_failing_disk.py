"""A disk that fails or is full: requests are answered with a sentence, nothing typed is lost, and all goes on afterwards."""

import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.exc import OperationalError

from app.adapters.database import disk_failure
from app.bootstrap.flask_app import create_app
from app.services.accounts import one_time_links
from app.services.accounts.actors import OPERATOR
from app.services.container import Services
from tests.support.full_disk import SENTENCE, full_disk
from tests.support.staff_client import PROPOSAL_FIELDS, PROPOSE_PATH, Member, add_people, form_version, set_passwords


def test_what_staff_typed_is_on_the_page_and_can_be_sent_again(
    small: Services, hashing_cost: None, caplog: pytest.LogCaptureFixture
) -> None:
    add_people(small)
    app = create_app(small)
    set_passwords(app, small)
    ana = Member(app, "ana")
    ana.sign_in()
    form: dict[str, Any] = PROPOSAL_FIELDS | {"action": "send", "version": form_version(ana, PROPOSE_PATH)}
    ana.post(PROPOSE_PATH, **form | {"rationale": ""})  # so that it has a token
    before = small.log.count()
    with full_disk():
        refused = ana.post(PROPOSE_PATH, **form)
    assert (refused.status_code, refused.headers["Retry-After"]) == (503, "5")
    assert refused.headers["Cache-Control"] == "no-store"
    for words in (SENTENCE, "The bill passed one chamber.", "March 2025", "What you typed is kept on this page."):
        assert words in refused.text
    assert small.log.count() == before, "nothing is half written"
    assert any("the disk failed in staff.propose" in r.getMessage() for r in caplog.records)
    assert ana.post(PROPOSE_PATH, **form).status_code == 302
    assert small.log.count() == before + 1


def test_a_password_is_in_no_page(small: Services, hashing_cost: None) -> None:
    app = create_app(small)
    with small.accounts.work() as db:
        path = f"/staff/welcome/{one_time_links.create_link(db, None, small.clock(), by=OPERATOR)}/"
    first = Member(app, "first")
    first.get(path)
    first.post(path, name="")  # so that it has a token
    with full_disk():
        refused = first.post(
            path, name="Ada", email="ada@example.org", password="pine rabbit 12", again="pine rabbit 12"
        )
    assert (refused.status_code, "Ada" in refused.text) == (503, True)
    assert "pine rabbit" not in refused.text


def _read_only(folder: Path) -> None:
    (folder / "db").touch()
    sqlite3.connect(f"file:{folder}/db?mode=ro", uri=True).execute("CREATE TABLE t (x)")


def _cannot_be_opened(folder: Path) -> None:
    sqlite3.connect(folder / "none" / "db")


def _full(folder: Path) -> None:
    db = sqlite3.connect(folder / "db")
    db.execute("CREATE TABLE t (x)")
    db.execute("PRAGMA max_page_count = 2")
    db.execute("INSERT INTO t VALUES (zeroblob(100000))")


def _limited(folder: Path) -> None:
    with full_disk():
        sqlite3.connect(folder / "db").execute("CREATE TABLE t (x)")


def _through_sqlalchemy(folder: Path) -> None:
    (folder / "db").touch()
    with create_engine(f"sqlite:///file:{folder}/db?mode=ro&uri=true").begin() as db:
        db.execute(text("CREATE TABLE t (x)"))


def _no_room(_folder: Path) -> None:
    with open("/dev/full", "wb", buffering=0) as file:  # noqa: PTH123
        file.write(b"x")


def _input_output(_folder: Path) -> None:
    Path("/proc/self/mem").read_bytes()


@pytest.mark.parametrize(
    ("fail", "said"),
    [
        (_read_only, "attempt to write a readonly database"),
        (_through_sqlalchemy, "attempt to write a readonly database"),
        (_cannot_be_opened, "unable to open database file"),
        (_full, "database or disk is full"),
        (_limited, "disk I/O error"),
        (_no_room, "No space left on device"),
        (_input_output, "Input/output error"),
    ],
)
def test_what_the_system_says_of_a_disk_is_known(tmp_path: Path, fail: Callable[[Path], None], said: str) -> None:
    with pytest.raises((OSError, sqlite3.Error, OperationalError)) as failed:
        fail(tmp_path)
    assert disk_failure(failed.value) == said
    wrapped = RuntimeError("x")
    wrapped.__cause__ = failed.value
    assert disk_failure(wrapped) == said


def test_other_errors_of_files_and_of_sqlite_are_none_of_a_disk(tmp_path: Path) -> None:
    for fail in (
        lambda: (tmp_path / "none").read_bytes(),
        lambda: sqlite3.connect(tmp_path / "db").execute("SELECT * FROM nothing"),
        lambda: sqlite3.connect(":memory:").execute("SELECT", ("too", "many")),
    ):
        with pytest.raises((OSError, sqlite3.Error)) as failed:
            fail()
        assert disk_failure(failed.value) == ""
