"""Packages, copies, checkpoints and removals: in a folder, and in real storage that speaks S3, with the same results."""

import threading
import zipfile
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from uuid import uuid4

import pytest
from flask.testing import FlaskClient
from msgspec.structs import replace

from app.adapters.jobs_db.tables import open_jobs
from app.adapters.objects import ObjectStore, open_objects
from app.adapters.settings import Settings, read_settings
from app.bootstrap.container import build_services
from app.bootstrap.flask_app import create_app
from app.services.accounts.actors import OPERATOR, Operator
from app.services.container import Services
from app.services.locker.copies import check_copy, files_of, remove_copy, set_visibility, store_copy
from app.services.operations.backups.backup import write_backup
from app.services.operations.backups.restore import restore_backup
from app.services.operations.backups.trial_restore import try_restore
from app.services.operations.doctor import examine
from app.services.removals.after_restore import remove_again
from app.services.removals.packages import withdraw_package
from app.services.removals.removal_list import WithdrawnPackage, removals_of
from app.services.snapshots import package_store
from app.services.snapshots.freeze import FrozenReview, freeze_review
from app.services.start_checks import check_objects
from app.services.transparency.checkpoints import archived, make_checkpoint, stored_notes
from app.services.transparency.log_length import missing_end
from app.services.transparency.log_verification import verify
from domain.codes import RemovalReason
from domain.commands import WithdrawPackage
from domain.errors import NotFound, Refused
from tests.support.clock import Clock
from tests.support.object_store import BUCKET, KEY, READING_KEY, SECRET, object_store
from tests.support.small_register import open_small_register

REVIEW = "/small/reviews/ten/2024-02-17"
KINDS = ("folder", "s3")
Place = Callable[[str], str]


@pytest.fixture(scope="module")
def storage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with object_store(tmp_path_factory.mktemp("storage") / "s3") as address:
        yield address


@pytest.fixture
def place(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Place:
    """The setting for a new, empty place of a kind."""

    def make(kind: str) -> str:
        if kind == "folder":
            (folder := tmp_path / f"objects-{uuid4()}").mkdir()
            return str(folder)
        monkeypatch.setenv("AWS_ENDPOINT_URL", request.getfixturevalue("storage"))
        monkeypatch.setenv("AWS_ACCESS_KEY_ID", KEY)
        monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", SECRET)
        monkeypatch.setenv("AWS_REGION", "us-east-1")
        return f"s3://{BUCKET}/{uuid4()}"

    return make


@pytest.fixture(params=KINDS)
def objects(request: pytest.FixtureRequest, place: Place) -> ObjectStore:
    return open_objects(Settings(objects=place(request.param)))


@pytest.fixture(params=KINDS)
def site(request: pytest.FixtureRequest, place: Place, tmp_path: Path, clock: Clock) -> Iterator[Services]:
    """An installation with the small register, whose objects are in the folder or in the storage."""
    settings = Settings(data_dir=tmp_path / "data", objects=place(request.param), publish_hold_seconds=0, trial=True)
    services = build_services(settings, create=True, clock=clock)
    yield open_small_register(services, tmp_path / "bundle")
    services.close()


@pytest.fixture
def client(site: Services) -> FlaskClient:
    return create_app(site).test_client()


@pytest.fixture
def frozen(site: Services) -> FrozenReview:
    return freeze_review(site, "small", "ten", by="ana")


def _stored(services: Services, folder: str) -> list[str]:
    return list(open_objects(services.settings).names(folder))


def test_objects_are_put_once_and_read_whole_or_in_parts(objects: ObjectStore) -> None:
    content = bytes(range(256)) * 9000
    objects.put("snapshots/a", content)
    objects.put("snapshots/a", b"something else")
    assert objects.has("snapshots/a")
    assert objects.item("snapshots/a").read_bytes() == content
    with objects.item("snapshots/a").open("rb") as stream:
        assert stream.seek(-3, 2) == len(content) - 3
        assert stream.read() == content[-3:]
        assert stream.seek(1_048_570) == 1_048_570
        assert stream.read(20) == content[1_048_570:1_048_590]
    assert objects.remove("snapshots/a")
    assert not objects.remove("snapshots/a")
    assert not objects.has("snapshots/a")
    for read in (objects.item("snapshots/a").read_bytes, lambda: objects.item("snapshots/a").open("rb")):
        with pytest.raises(FileNotFoundError):
            read()


def test_names_are_sorted_and_can_begin_after_one(objects: ObjectStore) -> None:
    for name in ("b/2", "b/10", "b/1", "a/1", "b/deep/er"):
        objects.put(name, b"")
    assert list(objects.names("b")) == ["b/1", "b/10", "b/2", "b/deep/er"]
    assert list(objects.names("b", "b/10")) == ["b/2", "b/deep/er"]
    assert list(objects.names("c")) == []


def test_of_writers_at_once_one_wins_whole(objects: ObjectStore) -> None:
    contents = [bytes([n]) * 200_000 for n in range(8)]
    with ThreadPoolExecutor(8) as pool:
        for number in range(3):
            list(pool.map(partial(objects.put, f"x/{number}"), contents))
            assert objects.item(f"x/{number}").read_bytes() in contents


def test_the_check_leaves_nothing(objects: ObjectStore) -> None:
    objects.check()
    assert [name for folder in ("probe", "", "locker") for name in objects.names(folder)] == []


def test_a_package_is_served_in_parts_and_withdrawn(site: Services, client: FlaskClient, frozen: FrozenReview) -> None:
    (name,) = _stored(site, "snapshots")
    content = open_objects(site.settings).item(name).read_bytes()
    assert name == f"snapshots/{sha256(content).hexdigest()}.zip"
    whole = client.get(f"{REVIEW}/package.zip")
    assert (whole.status_code, whole.data, whole.content_length) == (200, content, len(content))
    assert "immutable" in whole.headers["Cache-Control"]
    part = client.get(f"{REVIEW}/package.zip", headers={"Range": "bytes=1000-1999"})
    assert (part.status_code, part.data) == (206, content[1000:2000])
    same = client.get(f"{REVIEW}/package.zip", headers={"If-None-Match": whole.headers["ETag"]})
    assert (same.status_code, same.data) == (304, b"")
    assert client.get(f"{REVIEW}/files/scorecard.json").json
    assert client.get(f"{REVIEW}/files/nothing.json").status_code == 404
    assert "Package (zip)" in client.get(f"{REVIEW}/").text
    command = WithdrawPackage("small", review="ten", as_of="2024-02-17", reason=RemovalReason.SAFETY)
    withdraw_package(site, Operator("ana"), command)
    assert _stored(site, "snapshots") == []
    assert client.get(f"{REVIEW}/package.zip").status_code == 410
    (listed,) = removals_of(site.settings)
    assert isinstance(listed, WithdrawnPackage)
    assert name == f"snapshots/{listed.package}.zip"


def test_a_copy_is_kept_served_and_really_deleted(site: Services, client: FlaskClient) -> None:
    store_copy(site, OPERATOR, "small", "oath", check_copy(site, b"A copy of the oath."))
    (name,) = _stored(site, "locker")
    with site.accounts.work() as db:
        (file,) = files_of(db, "small", ["oath"])
        set_visibility(file, "in the public domain", public=True)
        digest = file.sha256
    assert name == f"locker/{digest[:2]}/{digest}"
    assert site.blobs.get(digest) == b"A copy of the oath."
    assert any("All 1 saved copies" in f.sentence for f in examine(site.settings, lambda _settings: site))
    with site.accounts.work() as db:
        remove_copy(site, db, files_of(db, "small", ["oath"])[0])
    assert _stored(site, "locker") == []
    with pytest.raises(Refused, match="missing"):
        site.blobs.get(digest)


def test_checkpoints_are_archived_and_an_older_log_is_noticed(site: Services, frozen: FrozenReview) -> None:
    jobs = open_jobs(site.settings)
    make_checkpoint(site, jobs)
    notes = stored_notes(jobs)
    jobs.dispose()
    assert archived(site.settings) == notes
    report = verify(site)
    assert (report.problems, report.checkpoints) == ([], len(notes))
    count = site.log.count()
    assert missing_end(site.settings, lambda: count, ()) is None
    end = missing_end(site.settings, lambda: count - 1, ())
    assert end is not None
    assert (end.kept, end.signed) == (count - 1, count)
    (package,) = _stored(site, "snapshots")
    end = missing_end(site.settings, lambda: 3, ())
    assert end is not None
    assert end.packages == (package.partition("/")[2].removesuffix(".zip"),)


@pytest.mark.parametrize("to", KINDS)
def test_a_backup_is_whole_and_comes_back_in_either(
    site: Services, frozen: FrozenReview, place: Place, tmp_path: Path, clock: Clock, to: str
) -> None:
    store_copy(site, OPERATOR, "small", "oath", check_copy(site, b"A copy of the oath."))
    withdrawn = WithdrawnPackage("0" * 64, RemovalReason.SAFETY, clock())
    remove_again(site, [withdrawn])
    write_backup(site, tmp_path / "backup")
    trial = try_restore(site.settings, tmp_path / "backup", lambda s: build_services(s, clock=clock))
    assert trial.problems == []
    settings = Settings(data_dir=tmp_path / "restored", objects=place(to), trial=True)
    restore_backup(settings, tmp_path / "backup")
    back = build_services(settings, clock=clock)
    back.catch_up()
    for folder in ("snapshots", "locker"):
        assert _stored(back, folder) == _stored(site, folder) != []
    assert removals_of(settings) == [withdrawn]
    assert archived(settings) == archived(site.settings) != []
    assert verify(back).problems == []
    assert create_app(back).test_client().get(f"{REVIEW}/package.zip").status_code == 200
    back.close()


def test_a_missing_package_is_named(site: Services, client: FlaskClient, frozen: FrozenReview) -> None:
    (name,) = _stored(site, "snapshots")
    open_objects(site.settings).remove(name)
    assert client.get(f"{REVIEW}/package.zip").status_code == 404
    with pytest.raises(NotFound, match="Restore it from a backup"):
        package_store.get(site.settings, name.partition("/")[2].removesuffix(".zip"))


def test_a_package_is_read_without_being_loaded_whole(place: Place) -> None:
    objects = open_objects(Settings(objects=place("s3")))
    with objects.temporary("snapshots") as file:
        with zipfile.ZipFile(file, "w") as archive:
            archive.writestr("large", b"\0" * 30_000_000)
            archive.writestr("small", b"words")
        objects.move_in(file, "snapshots/large.zip")
    item = objects.item("snapshots/large.zip")
    pieces: list[int] = []
    with item.open("rb") as stream:
        raw, read = stream.raw, type(stream.raw).readinto

        class Counting(type(raw)):  # type: ignore[misc]
            def readinto(self, buffer: bytearray) -> int:
                pieces.append(count := read(self, buffer))
                return count

        raw.__class__ = Counting
        with zipfile.ZipFile(stream) as archive:
            assert archive.read("small") == b"words"
    assert sum(pieces) < 4_000_000


@pytest.mark.parametrize("command", ["init", "serve", "worker", "up"])
def test_no_process_starts_without_its_objects(command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from click.testing import CliRunner

    from app.bootstrap.command_line import main

    build_services(Settings(data_dir=tmp_path / "data"), create=True).close()
    monkeypatch.setenv("UPTAKE_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("UPTAKE_OBJECTS", str(tmp_path / "not-mounted"))
    monkeypatch.setenv("UPTAKE_PORT", "8162")
    run = CliRunner().invoke(main, [command])
    assert run.exit_code == 1
    assert f"There is no folder {tmp_path / 'not-mounted'}, which UPTAKE_OBJECTS names. Create it" in run.output
    assert not (tmp_path / "not-mounted").exists()


def test_storage_that_cannot_be_used_is_refused_in_a_sentence(
    place: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = Settings(objects=place("s3"))
    check_objects(settings)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", READING_KEY)
    with pytest.raises(Refused, match="does not let Uptake write, read, delete and list with these credentials"):
        check_objects(settings)
    with _storage_that_answers(404, "NoSuchBucket") as address:
        monkeypatch.setenv("AWS_ENDPOINT_URL", address)
        with pytest.raises(Refused, match=f"There is no bucket {BUCKET}. Make it, or correct UPTAKE_OBJECTS."):
            check_objects(settings)
    with _storage_that_answers(200, "") as address:  # takes everything, even what it should refuse
        monkeypatch.setenv("AWS_ENDPOINT_URL", address)
        with pytest.raises(Refused, match="The storage s3://.* Choose another"):
            check_objects(settings)
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
    with pytest.raises(Refused, match="cannot be used: .* Check AWS_ENDPOINT_URL, AWS_REGION and whether it answers"):
        check_objects(settings)


def test_settings_of_objects(tmp_path: Path) -> None:
    def read(**more: str) -> Settings:
        return read_settings({f"UPTAKE_{name.upper()}": text for name, text in more.items()}, tmp_path)

    assert read(objects="s3://uptake/a/b/").objects == "s3://uptake/a/b"
    assert read(objects=str(tmp_path)).objects == str(tmp_path)
    for wrong in ("s3://", "s3://UPPER", "https://example.org/bucket", "s3://bucket/a?b"):
        with pytest.raises(Refused, match="it must be an address such as s3://bucket/prefix, or a folder"):
            read(objects=wrong)
    with pytest.raises(Refused, match="With objects in S3, checkpoints are kept there too. Remove checkpoint_file."):
        read(objects="s3://uptake", checkpoint_file="x")


def test_objects_in_the_data_folder_are_where_they_always_were(site: Services, tmp_path: Path) -> None:
    default = open_objects(replace(site.settings, objects=""))
    assert default.item("snapshots/x.zip") == site.settings.data_dir / "snapshots" / "x.zip"


class _storage_that_answers:  # noqa: N801 - a context manager
    """A server that gives every request the same answer, as a storage gives it."""

    def __init__(self, status: int, code: str) -> None:
        body = f"<Error><Code>{code}</Code></Error>".encode() if code else b""

        class Answers(BaseHTTPRequestHandler):
            def _answer(self) -> None:
                self.rfile.read(int(self.headers.get("Content-Length") or 0))
                self.send_response(status)
                self.send_header("ETag", '"1"')
                self.send_header("Last-Modified", "Mon, 02 Mar 2026 12:00:00 GMT")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def do_GET(self) -> None:
                self._answer()

            def do_PUT(self) -> None:
                self._answer()

            def do_DELETE(self) -> None:
                self._answer()

            def log_message(self, *_: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Answers)

    def __enter__(self) -> str:
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
