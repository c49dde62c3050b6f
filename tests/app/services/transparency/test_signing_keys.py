"""The signing keys: made once, listed with their validity, replaced, and marked as compromised."""

import stat
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Barrier

import msgspec
import pytest
from click.testing import CliRunner
from msgspec.structs import replace

from app.adapters.settings import Settings
from app.bootstrap.command_line import main
from app.bootstrap.container import build_services
from app.bootstrap.flask_app import create_app
from app.entrypoints.worker.schedule import TIMETABLE
from app.services.container import Services
from app.services.operations.doctor import examine
from app.services.snapshots.freeze import freeze_review
from app.services.transparency.checkpoints import newest_note
from app.services.transparency.key_list import distrust, read_key_list
from app.services.transparency.signed_notes import Verifier, parse_note
from app.services.transparency.signing_keys import (
    checkpoint_key,
    create_keys,
    key_list,
    known_keys,
    mark_compromised,
    rotate_signing_key,
    signing_key,
)
from domain.errors import Refused
from domain.times import written
from tests.support.pages import Browser
from tests.support.reviews import frozen_reviews

THREADS = 8
AT = datetime(2026, 3, 1, tzinfo=UTC)


def test_threads_that_ask_together_get_one_key(tmp_path: Path) -> None:
    for attempt in range(20):
        settings = Settings(data_dir=tmp_path / str(attempt))
        together = Barrier(THREADS)

        def ask(_: int, settings: Settings = settings, together: Barrier = together) -> str:
            together.wait(10)
            create_keys(settings)
            return signing_key(settings).verifier.public.hex()

        with ThreadPoolExecutor(THREADS) as pool:
            assert len(set(pool.map(ask, range(THREADS)))) == 1
        made = {f.name: stat.S_IMODE(f.stat().st_mode) for f in (settings.data_dir / "keys").iterdir()}
        assert made == dict.fromkeys(("signing.pem", "checkpoints.pem", "public.json"), 0o600)


def test_nothing_is_frozen_under_a_key_of_another_host(small: Services) -> None:
    small.settings = replace(small.settings, base_url="https://uptake.example")
    sentence = "The signing key is of 127.0.0.1, but the address of this site is https://uptake.example."
    with pytest.raises(Refused, match=sentence):
        freeze_review(small, "small", "ten", by="ana")
    assert frozen_reviews(small) == []
    found = [f.sentence for f in examine(small.settings, build_services) if not f.ok]
    assert any(s.startswith(sentence) and "uptake key rotate" in s for s in found)
    rotate_signing_key(small.settings)
    freeze_review(small, "small", "ten", by="ana")
    assert not any(f.sentence.startswith("The signing key") for f in examine(small.settings, build_services))


def test_each_log_has_an_origin_of_its_own(tmp_path: Path) -> None:
    """An installation that is set up again on the same host is another log, and a witness must not take it for a fork."""
    first, second = (Settings(data_dir=tmp_path / name, base_url="https://uptake.example") for name in "ab")
    create_keys(first)
    create_keys(second)
    origin = checkpoint_key(first).name
    assert origin.startswith("uptake.example/")
    assert origin != checkpoint_key(second).name
    rotate_signing_key(replace(first, base_url="https://moved.example"))
    assert checkpoint_key(first).name == origin, "the log is the same"
    assert signing_key(first).name == "moved.example"


def test_an_installation_with_one_key_keeps_it_for_both(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path)
    create_keys(settings)
    for name in ("checkpoints.pem", "public.json"):
        (tmp_path / "keys" / name).unlink()
    old = signing_key(settings)
    create_keys(settings)
    assert checkpoint_key(settings).verifier == old.verifier
    mark_compromised(settings, old.verifier.fingerprint, AT)
    assert checkpoint_key(settings).verifier == old.verifier
    rotate_signing_key(settings, AT, ["packages"])
    assert checkpoint_key(settings).verifier == old.verifier
    assert [(k.use, k.until != "", k.compromised_since != "") for k in key_list(settings).keys] == [
        *(("packages", False, False), ("checkpoints", False, True), ("packages", True, True))
    ]
    rotate_signing_key(settings, AT)
    assert checkpoint_key(settings).name == old.name, "the origin of a log that has checkpoints stays"
    assert checkpoint_key(settings).verifier != old.verifier
    assert old.verifier in known_keys(settings)


def test_a_missing_key_is_not_replaced_by_another_and_stops_only_its_job(small: Services, tmp_path: Path) -> None:
    with pytest.raises(Refused, match=r"signing.pem is missing. Put it back"):
        signing_key(Settings(data_dir=tmp_path))
    listed = key_list(small.settings)
    (small.settings.data_dir / "keys" / "checkpoints.pem").unlink()
    with pytest.raises(Refused, match=r"checkpoints.pem is missing. Put it back"):
        checkpoint_key(small.settings)
    assert set(key_list(small.settings).keys) == set(listed.keys), "what was signed can still be checked"
    next(job for job in TIMETABLE if job.id == "checkpoint").run(small)
    assert newest_note(small.jobs) is None
    found = [f.sentence for f in examine(small.settings, lambda _settings: small) if not f.ok]
    assert any("checkpoints.pem is missing" in s for s in found)


def test_the_list_says_which_packages_to_trust(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path / "store")
    create_keys(settings, AT - timedelta(days=9))
    first = signing_key(settings).verifier
    second = rotate_signing_key(settings, AT).verifier
    stranger = Verifier(first.name, bytes(32))

    def reason(signer: Verifier, day: int, start: Verifier | None = None, existed_by: datetime | None = None) -> str:
        (tmp_path / "list").write_bytes(msgspec.json.encode(key_list(settings)))
        dated, proven = written(AT + timedelta(days=day)), written(existed_by) if existed_by else ""
        return distrust(read_key_list(tmp_path / "list"), signer, dated, start.public if start else None, proven)

    assert reason(first, -1) == reason(second, 1) == reason(second, 1, first) == ""
    assert reason(stranger, 1) == "Its key is not a key for packages in the list."
    assert reason(checkpoint_key(settings).verifier, 1) == "Its key is not a key for packages in the list."
    assert reason(first, 1).startswith("Its key was replaced at 2026-03-01")
    assert reason(first, -1, second) == "Its key is not a successor of the key that was named."
    mark_compromised(settings, first.fingerprint, AT - timedelta(days=2))
    assert reason(first, -1).startswith("Its key is compromised since 2026-02-27T00:00:00.000000Z, and the package")
    assert "could have written any date" in reason(first, -5)
    assert reason(first, -5, existed_by=AT - timedelta(days=4)) == ""
    assert "could have written any date" in reason(first, -5, existed_by=AT)
    assert reason(second, 1) == ""
    assert "introduced by one that is compromised since 2026-02-27" in reason(second, 1, first), "a thief could, too"


@pytest.mark.parametrize("back_dated", [timedelta(days=1), timedelta(days=9)])
def test_the_thief_of_a_key_cannot_introduce_another_under_an_earlier_date(
    tmp_path: Path, back_dated: timedelta
) -> None:
    """The holder of a key signs any instant, so a date before the theft proves nothing."""
    settings, stolen_at, file = Settings(data_dir=tmp_path / "store"), AT, tmp_path / "list"
    create_keys(settings, AT - timedelta(days=20))
    stolen = signing_key(settings).verifier
    of_thief = rotate_signing_key(settings, stolen_at - back_dated).verifier
    later = rotate_signing_key(settings, stolen_at + timedelta(days=1)).verifier
    mark_compromised(settings, stolen.fingerprint, stolen_at)
    file.write_bytes(msgspec.json.encode(key_list(settings)))
    listing, dated = read_key_list(file), written(stolen_at + timedelta(days=2))
    for signer in (of_thief, later):
        reason = distrust(listing, signer, written(stolen_at), stolen.public) or distrust(
            listing, signer, dated, stolen.public
        )
        assert reason.startswith(f"The key {of_thief.fingerprint} was introduced by one that is compromised since"), (
            signer.fingerprint
        )
    assert distrust(listing, later, dated, of_thief.public) == "", "a person who trusts the key after it can go on"


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("uptake-keys-1", "uptake-keys-9", "has the format “uptake-keys-9”"),
        ('"use":"packages"', '"use":"all"', "is not a list of keys"),
        ('"from":"2026-03-01T', '"from":"2026-03-02T', "no key in the list signed that"),
        ('"fingerprint":"SHA256:', '"fingerprint":"SHA256:A', "names another key too"),
        ('"until":"2026-03-01T00:00:00.000000Z"', '"until":"soon"', "cannot be used"),
    ],
)
def test_a_list_that_contradicts_itself_is_refused(tmp_path: Path, old: str, new: str, sentence: str) -> None:
    settings, file = Settings(data_dir=tmp_path / "store"), tmp_path / "list"
    create_keys(settings, AT - timedelta(days=1))
    rotate_signing_key(settings, AT)
    good = msgspec.json.encode(key_list(settings)).decode()
    file.write_text(good.replace(old, new))
    with pytest.raises(Refused, match=sentence):
        read_key_list(file)


def test_no_checkpoint_can_be_taken_for_a_succession(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path)
    create_keys(settings)
    rotate_signing_key(settings)
    with pytest.raises(Refused, match="This is not a checkpoint"):
        parse_note(key_list(settings).keys[0].succession)


def test_a_package_is_judged_by_the_published_list(small: Services, tmp_path: Path) -> None:
    package, keys = freeze_review(small, "small", "ten", by="ana").file, tmp_path / "keys.json"
    address = "/.well-known/uptake-keys.json"

    def verdict(*options: str) -> tuple[int, str]:
        keys.write_bytes(create_app(small).test_client().get(address).data)
        run = CliRunner().invoke(main, ["snapshot", "verify", str(package), "--keys", str(keys), *options])
        return run.exit_code, run.output

    assert verdict()[0] == 0
    mark_compromised(small.settings, signing_key(small.settings).verifier.fingerprint, AT - timedelta(days=1000))
    code, output = verdict()
    assert code == 3
    assert "INTACT, SIGNER UNKNOWN" in output
    assert "Its key is compromised since 2023-06-05T00:00:00.000000Z, and the package is dated" in output
    page = Browser(create_app(small).test_client()).get("/verify/")
    assert "Compromised since 5 June 2023" in page.text
    found = [f.sentence for f in examine(small.settings, build_services) if not f.ok]
    assert any("is compromised and still signs packages" in s for s in found)
