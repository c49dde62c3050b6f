"""Time-stamps of a real authority: asked for after the freeze, once, kept only where they hold, checked by others."""

import logging
import os
import signal
import subprocess
import sys
import threading
import zipfile
from base64 import b64decode
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from click.testing import CliRunner

from app.adapters.settings import read_settings
from app.bootstrap.command_line import main
from app.bootstrap.container import build_services
from app.bootstrap.flask_app import create_app
from app.entrypoints.worker.review_freezing import freeze_due
from app.entrypoints.worker.schedule import TIMETABLE
from app.services.container import Services
from app.services.operations.doctor import examine
from app.services.snapshots import timestamp_authority
from app.services.snapshots.freeze import FrozenReview, freeze_review
from app.services.snapshots.rebuild import rebuild
from app.services.snapshots.standalone_verifier import UNKNOWN_SIGNER
from app.services.snapshots.timestamping import timestamp_next
from app.services.snapshots.timestamps import build_request, read_certificates, read_unverified, verify_response
from app.services.snapshots.verify import verify
from domain.errors import Refused
from domain.review.events import ReviewTimestamped
from domain.values import Timestamp
from projections.timeline import queries as timeline
from tests.support.authority import Authority, answering
from tests.support.clock import Clock
from tests.support.pages import Browser
from tests.support.repository import ROOT
from tests.support.reviews import YEARLY_REVIEW_DUE
from tests.support.small_register import open_small_register

MANIFEST = b"0" * 64 + b"  data/scorecard.json\n"
REVIEW = "/small/reviews/ten/2024-02-17/"
KILLED = """
import os, signal, sys
from pathlib import Path
import app.services.snapshots.timestamping as timestamping
from app.adapters.settings import Settings
from app.bootstrap.container import build_services
real = timestamping.request_timestamp
def stop(*given):
    if sys.argv[4] == "with the answer in hand":
        real(*given)
    os.kill(os.getpid(), signal.SIGKILL)
timestamping.request_timestamp = stop
timestamping.timestamp_next(build_services(Settings(data_dir=Path(sys.argv[1]), tsa_url=sys.argv[2], tsa_cert=Path(sys.argv[3]))))
"""


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Authority]:
    with answering(Authority(tmp_path_factory.mktemp("authority") / "good")) as server:
        yield server


@pytest.fixture
def asks(small: Services, authority: Authority) -> Services:
    """The small register, whose worker has its reviews time-stamped."""
    authority.requests.clear()
    authority.answers.clear()
    return _asking(small, authority)


def _asking(services: Services, authority: Authority) -> Services:
    settings = msgspec.structs.replace(services.settings, tsa_url=authority.address, tsa_cert=authority.ca)
    services.settings = settings
    return services


def _stamps(services: Services) -> list[tuple[str, str, Timestamp]]:
    services.catch_up()
    with services.views.connect() as db:
        events = timeline.of_register(db, "small")
    return [
        (e.event.review, e.event.as_of, e.event.timestamp) for e in events if isinstance(e.event, ReviewTimestamped)
    ]


def test_a_frozen_review_is_stamped_once_and_the_log_says_so(
    asks: Services, frozen: FrozenReview, authority: Authority
) -> None:
    before = frozen.file.read_bytes()
    assert timestamp_next(asks)
    assert not timestamp_next(asks)
    assert len(authority.requests) == 1, "what is stamped is not asked about again"
    ((review, as_of, stamp),) = _stamps(asks)
    assert (review, as_of, stamp.authority) == ("ten", "2024-02-17", "Time of the town")
    details = verify_response(
        b64decode(stamp.token), verify(frozen.file).files["manifest-sha256.txt"], read_certificates(authority.ca)
    )
    assert (details.at, details.authority) == (stamp.at, stamp.authority)
    assert frozen.file.read_bytes() == before


def test_nothing_is_asked_without_the_setting(small: Services, frozen: FrozenReview) -> None:
    assert not timestamp_next(small)
    assert _stamps(small) == []


def test_the_timetable_stamps(asks: Services, frozen: FrozenReview) -> None:
    job = next(j for j in TIMETABLE if j.id == "timestamps")
    job.run(asks)  # type: ignore[arg-type]
    assert len(_stamps(asks)) == 1


def test_other_tools_check_what_the_page_offers(
    asks: Services, frozen: FrozenReview, authority: Authority, tmp_path: Path
) -> None:
    browser = Browser(create_app(asks).test_client())
    assert "Time-stamp" not in browser.get(REVIEW).text
    browser.get(f"{REVIEW}timestamp.tsr", status=404)
    timestamp_next(asks)
    page = browser.get(REVIEW)
    assert "Time-stamped by Time of the town at " in page.text
    assert f"{REVIEW}timestamp.tsr" in page.links()
    answer = browser.client.get(f"{REVIEW}timestamp.tsr")
    assert "small_ten_2024-02-17.tsr" in answer.headers["Content-Disposition"]
    (tmp_path / "small_ten_2024-02-17.tsr").write_bytes(answer.data)
    with zipfile.ZipFile(frozen.file) as archive:
        (tmp_path / "manifest-sha256.txt").write_bytes(archive.read(f"{frozen.name}/manifest-sha256.txt"))
    command = next(p for p in page.text.split("\n") if "openssl ts" in p)
    line = command[command.index("openssl ts") :].split("ca.pem")[0] + str(authority.ca)
    run = subprocess.run(line.split(), cwd=tmp_path, capture_output=True, text=True)
    assert (run.returncode, run.stdout) == (0, "Verification: OK\n"), run.stderr
    (tmp_path / "manifest-sha256.txt").write_bytes(MANIFEST)
    assert subprocess.run(line.split(), cwd=tmp_path, capture_output=True).returncode != 0
    (snapshot,) = browser.client.get("/api/v1/registers/small/reviews").get_json()["snapshots"]
    assert b64decode(snapshot["timestamp"]["token"]) == answer.data
    assert "타임스탬프" in browser.get(f"/ko{REVIEW}").text


def test_answers_that_do_not_hold_are_told_and_asked_for_again(
    asks: Services, frozen: FrozenReview, authority: Authority, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    stranger, late = Authority(tmp_path / "stranger"), Authority(tmp_path / "late", name="Late", expired=True)
    late.ca.write_bytes(authority.ca.read_bytes() + late.ca.read_bytes())
    asks.settings = msgspec.structs.replace(asks.settings, tsa_cert=late.ca)
    other = build_request(MANIFEST).as_bytes()
    again = build_request(verify(frozen.file).files["manifest-sha256.txt"]).as_bytes()
    bad_answers = {
        "This is not an answer of a time-stamping authority": b"<html>Come back later</html>",
        "or it is damaged": lambda request: authority.stamped(request)[:-40],
        "the SHA-256 of its manifest is different": authority.stamped(other),
        "The time-stamp answers another request": authority.stamped(again),
        "The authority gave no time-stamp": lambda _request: authority.stamped(b"0\x03\x02\x01\x01"),
        "does not lead to the given certificate: certificate signature failure": stranger.stamped,
        "does not lead to the given certificate: certificate has expired": late.stamped,
        "does not lead to the given certificate: unsuitable certificate purpose": authority.misused,
        "/tsa answered with status 503 and without a time-stamp": b"",
        "answered with status 200 and without a time-stamp": b"x" * 70_000,
    }
    authority.answers = list(bad_answers.values())
    for sentence in bad_answers:
        caplog.clear()
        assert not timestamp_next(asks)
        (record,) = caplog.records
        assert "the review ten of 2024-02-17 was not time-stamped; trying again later: " in record.message
        assert sentence in record.message, sentence
    assert _stamps(asks) == []
    assert timestamp_next(asks)


def test_an_authority_that_is_down_holds_up_no_freeze(
    asks: Services, authority: Authority, tmp_path: Path, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    down = Authority(tmp_path / "down")
    with answering(down):
        pass
    _asking(asks, down)
    clock.now = YEARLY_REVIEW_DUE
    assert freeze_due(asks) == 1
    assert not timestamp_next(asks)
    assert "did not answer: [Errno 111] Connection refused" in caplog.text
    with answering(down, int(down.address.split(":")[2].split("/")[0])):
        assert timestamp_next(asks)
    assert [(r, d) for r, d, _ in _stamps(asks)] == [("yearly", "2026-09-14")]


def test_an_authority_that_never_answers_is_given_up_on(
    asks: Services, frozen: FrozenReview, authority: Authority, monkeypatch: pytest.MonkeyPatch, caplog: Any
) -> None:
    over = threading.Event()
    monkeypatch.setattr(timestamp_authority, "REQUEST_TIMEOUT_SECONDS", 0.3)
    authority.answers = [lambda request: (over.wait(20) and b"") or b""]
    assert not timestamp_next(asks)
    over.set()
    assert "did not answer: " in caplog.text


@pytest.mark.parametrize("step", ["before it asked", "with the answer in hand"])
def test_a_worker_killed_while_it_asks_leaves_one_stamp(
    new_services: Callable[..., Services], tmp_path: Path, authority: Authority, step: str
) -> None:
    services = _asking(open_small_register(new_services(), tmp_path / "bundle"), authority)
    frozen = freeze_review(services, "small", "ten", by="ana")
    command = [
        sys.executable,
        "-c",
        KILLED,
        str(services.settings.data_dir),
        authority.address,
        str(authority.ca),
        step,
    ]
    run = subprocess.run(command, env=os.environ | {"PYTHONPATH": str(ROOT)}, capture_output=True, text=True)
    assert run.returncode == -signal.SIGKILL, run.stderr
    assert _stamps(services) == []
    assert timestamp_next(services)
    assert not timestamp_next(services)
    assert len(_stamps(services)) == 1
    assert verify(frozen.file).manifest == frozen.manifest


def test_of_two_workers_with_two_answers_one_is_kept(
    asks: Services, frozen: FrozenReview, authority: Authority, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    both = threading.Barrier(2)

    def together(request: bytes) -> bytes:
        both.wait(20)
        return authority.stamped(request)

    authority.answers = [together, together]
    other = build_services(asks.settings, clock=clock)
    threads = [threading.Thread(target=timestamp_next, args=(s,)) for s in (asks, other)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    other.close()
    assert len(authority.requests) == 2
    assert len(_stamps(asks)) == 1
    assert "another process was working on the review" in caplog.text or "is already time-stamped" in caplog.text


def test_a_later_package_holds_the_stamp_of_an_earlier_one_and_comes_out_again(
    asks: Services, frozen: FrozenReview, tmp_path: Path
) -> None:
    timestamp_next(asks)
    asks.clock.go_on(days=1)  # type: ignore[attr-defined]
    later = freeze_review(asks, "small", "yearly", as_of="2025-09-14", by="ana")
    assert b'"topic":"review.timestamped"' in verify(later.file).payload["events.jsonl"]
    assert rebuild(later.file, tmp_path / "again").verdict == "same"
    assert rebuild(frozen.file, tmp_path / "again").verdict == "same"


def test_a_package_that_is_lost_or_damaged_is_passed_over(
    asks: Services, frozen: FrozenReview, caplog: pytest.LogCaptureFixture
) -> None:
    freeze_review(asks, "small", "yearly", as_of="2025-09-14", by="ana")
    frozen.file.write_bytes(b"no zip")
    assert timestamp_next(asks)
    assert "the review ten of 2024-02-17 cannot be time-stamped: The package" in caplog.text
    assert "is damaged. Restore it from a backup" in caplog.text
    frozen.file.unlink()
    assert not timestamp_next(asks)
    assert "is missing. Restore it from a backup" in caplog.text
    assert [r for r, _, _ in _stamps(asks)] == ["yearly"]


def test_the_command_line_checks_a_stamp(
    asks: Services, frozen: FrozenReview, authority: Authority, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    timestamp_next(asks)
    file, token, stranger = tmp_path / "a.zip", tmp_path / "a.tsr", Authority(tmp_path / "stranger")
    file.write_bytes(frozen.file.read_bytes())
    ((_, _, stamp),) = _stamps(asks)
    token.write_bytes(b64decode(stamp.token))
    (tmp_path / "other.tsr").write_bytes(authority.stamped(build_request(MANIFEST).as_bytes()))
    (tmp_path / "none.pem").write_text("no certificate")

    def verified(*words: str | Path, code: int = UNKNOWN_SIGNER) -> str:
        result = CliRunner().invoke(main, ["snapshot", "verify", str(file), *map(str, words)])
        assert result.exit_code == code, result.output
        return " ".join(result.output.split())

    at = stamp.at.strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    good = f"Time-stamped by Time of the town at {at}, under the certificate you named."
    assert good in verified("--timestamp", token, "--tsa-cert", authority.ca)
    unproven = (
        f"Its time-stamp names Time of the town and {at}; this proves nothing until you name the authority's root"
    )
    assert unproven in verified("--timestamp", token)
    assert "stamp" not in verified()
    assert "name the time-stamp too" in verified("--tsa-cert", authority.ca, code=2)
    refusals = (
        ((token, stranger.ca), "does not lead to the given certificate"),
        ((token, tmp_path / "none.pem"), "none.pem has no certificate in PEM"),
        ((token, tmp_path / "no.pem"), "no.pem cannot be read: No such file"),
        ((tmp_path / "no.tsr", authority.ca), "no.tsr cannot be read: No such file"),
        ((tmp_path / "other.tsr", authority.ca), "the SHA-256 of its manifest is different"),
        ((file, authority.ca), "This is not an answer of a time-stamping authority"),
    )
    for (arguments, cert), message in refusals:
        assert message in verified("--timestamp", arguments, "--tsa-cert", cert, code=1)
    monkeypatch.setenv("UPTAKE_DATA_DIR", str(asks.settings.data_dir))
    output = CliRunner().invoke(main, ["snapshot", "list", "small"]).output
    assert f"; time-stamped by Time of the town at {at}" in output


def test_every_changed_byte_of_a_stamp_is_refused_or_changes_nothing(authority: Authority) -> None:
    request = build_request(MANIFEST)
    answer, roots = authority.stamped(request.as_bytes()), read_certificates(authority.ca)
    details, passed = verify_response(answer, MANIFEST, roots, request.nonce), 0
    for place in range(len(answer)):
        changed = answer[:place] + bytes([answer[place] ^ 1 << place % 8]) + answer[place + 1 :]
        try:
            assert verify_response(changed, MANIFEST, roots, request.nonce) == details
            passed += 1
        except Refused as refused:
            assert str(refused).startswith(("The time-stamp", "This is not an answer", "The authority gave no")), (
                refused
            )
    assert passed < 30, "only names of algorithms lie outside of what is signed"
    for cut in range(0, len(answer), 7):
        with pytest.raises(Refused):
            read_unverified(answer[:cut], MANIFEST)


def test_the_settings_go_together(tmp_path: Path) -> None:
    for arguments, message in (
        (
            {"UPTAKE_TSA_URL": "https://time.example.org"},
            "set tsa_cert too: a file with the authority’s root certificate",
        ),
        ({"UPTAKE_TSA_URL": "time.example.org"}, "it must be an address such as https://time.example.org"),
        ({"UPTAKE_TSA_URL": "https://a:b@time.example.org"}, "it must be an address such as https://time.example.org"),
    ):
        with pytest.raises(Refused, match=message):
            read_settings(arguments, tmp_path)


def test_the_doctor_says_what_waits(asks: Services, frozen: FrozenReview, tmp_path: Path) -> None:
    def findings() -> list[tuple[bool, str]]:
        return [(f.ok, f.sentence) for f in examine(asks.settings, build_services) if "stamp" in f.sentence]

    address = asks.settings.tsa_url
    assert findings() == [(False, f"1 frozen reviews wait for a time-stamp of {address}.")]
    timestamp_next(asks)
    assert findings() == [(True, f"No frozen reviews wait for a time-stamp of {address}.")]
    asks.settings = msgspec.structs.replace(asks.settings, tsa_cert=tmp_path / "no.pem")
    assert findings()[0][1].startswith("No review can be time-stamped: ")
