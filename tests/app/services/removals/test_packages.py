"""The package of a frozen review is withdrawn: its addresses say so, its file is gone, and no backup brings it back."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner
from flask import Flask

from app.adapters.settings import Settings
from app.bootstrap.command_line import main
from app.bootstrap.container import build_services
from app.bootstrap.flask_app import create_app
from app.services.accounts.actors import Operator
from app.services.container import Services
from app.services.operations.backups.backup import write_backup
from app.services.removals.packages import finish_withdrawals, withdraw_package
from app.services.removals.removal_list import WithdrawnPackage, read_list, removal_file
from app.services.snapshots import package_store
from app.services.snapshots.freeze import FrozenReview, freeze_review
from domain.codes import RemovalReason
from domain.commands import WithdrawPackage
from domain.errors import Refused
from tests.support.pages import Browser
from tests.support.staff_client import Member, send_form

REVIEW = "/small/reviews/ten/2024-02-17/"
OF = {"review": "ten", "as_of": "2024-02-17"}
Members = Callable[[str], Member]
SENTENCE = "The package of this review was withdrawn on 3 March 2026: safety of a person."


@pytest.fixture
def frozen(small: Services) -> FrozenReview:
    return freeze_review(small, "small", "ten", by="ana")


def withdraw(services: Services) -> None:
    withdraw_package(services, Operator("ana"), WithdrawPackage("small", **OF, reason=RemovalReason.SAFETY))


def test_its_addresses_say_when_and_why_and_the_page_stays(
    small: Services, frozen: FrozenReview, browser: Browser
) -> None:
    assert browser.client.get(f"{REVIEW}package.zip").status_code == 200
    withdraw(small)
    assert not frozen.file.exists()
    for address in ("package.zip", "files/report.pdf", "files/scorecard.json"):
        gone = browser.client.get(REVIEW + address)
        assert (gone.status_code, SENTENCE in gone.text) == (410, True), gone.text
    page = browser.get(REVIEW)
    assert SENTENCE in page.text
    assert "Package (zip)" not in page.text
    assert "Proof of the log" in page.text
    assert frozen.manifest[:4] in page.text
    (snapshot,) = browser.client.get("/api/v1/registers/small/reviews").json["snapshots"]
    assert snapshot["package_withdrawn"] == {"at": "2026-03-03T12:00:00.000001Z", "because": "safety"}
    assert "이 점검의 패키지는" in browser.get(f"/ko{REVIEW}").text
    with pytest.raises(Refused, match="already withdrawn"):
        withdraw(small)


def test_a_withdrawal_that_was_interrupted_is_finished(small: Services, frozen: FrozenReview) -> None:
    """The process ended after the entry in the log, before it listed the removal and deleted the file."""
    small.execute(WithdrawPackage("small", **OF, reason=RemovalReason.SAFETY), by="ana")
    assert frozen.file.exists()
    for _run in range(2):
        finish_withdrawals(small)
        assert not frozen.file.exists()
        (listed,) = read_list(removal_file(small.settings))
        assert isinstance(listed, WithdrawnPackage)
        assert (listed.package, listed.reason) == (frozen.file.stem, RemovalReason.SAFETY)


def test_a_backup_from_before_does_not_bring_it_back(
    small: Services, frozen: FrozenReview, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The restored log does not know of the withdrawal; the list of removals does, with day and reason."""
    write_backup(small, tmp_path / "backup")
    withdraw(small)
    lists = small.settings.data_dir / "checkpoints.removals.jsonl"
    assert lists.is_file()
    monkeypatch.setenv("UPTAKE_DATA_DIR", str(tmp_path / "restored"))
    run = CliRunner()
    assert run.invoke(main, ["restore", str(tmp_path / "backup")]).exit_code == 0
    settings = Settings(data_dir=tmp_path / "restored", trial=True)
    assert package_store.has(settings, frozen.file.stem)
    again = run.invoke(main, ["removals", "again", str(lists)])
    assert "1 text, person or package that was removed had come back" in again.output, again.output
    assert not package_store.has(settings, frozen.file.stem)
    restored = build_services(settings, clock=small.clock)
    gone = create_app(restored).test_client().get(f"{REVIEW}package.zip")
    restored.close()
    assert (gone.status_code, SENTENCE in gone.text) == (410, True), gone.text


def test_administrators_withdraw_it_after_a_page_that_asks(
    staff_app: Flask, small: Services, frozen: FrozenReview, member: Members
) -> None:
    ada = member("ada")
    path = f"/staff{REVIEW}withdraw-package/"
    page = ada.get(f"/staff{REVIEW}")
    assert path in page.links()
    assert re.search(r'<a href="/staff/small/reviews/"[^>]* aria-current="true"', ada.get(path).html)
    refused = send_form(ada, path).text
    assert 'role="alert"' in refused and '<a href="#f-reason">Choose a reason.</a>' in refused
    asks = send_form(ada, path, reason="safety")
    assert "You cannot undo this." in asks.text
    assert frozen.file.exists()
    done = send_form(ada, path, confirms=True, reason="safety")
    assert done.status_code == 302
    done = ada.get(f"/staff{REVIEW}")
    assert "The package is withdrawn." in done.text
    assert SENTENCE in done.text
    assert path not in done.links()
    assert not frozen.file.exists()
