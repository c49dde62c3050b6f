"""Whatever is handed to the commands about snapshots and the log: a sentence, exit 1, and nothing half-written."""

import io
import os
import random
import re
import struct
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st

from app.bootstrap.command_line import main
from app.services.bundles.writing import zip_files
from app.services.container import Services
from app.services.snapshots import bagit, standalone_verifier
from app.services.snapshots.bagit import build_bag
from app.services.snapshots.freeze import FrozenReview
from app.services.snapshots.package_reader import unpack_package
from app.services.snapshots.proof import log_root
from app.services.snapshots.verify import PAYLOAD_FILES, TAG_FILES, verify, verify_files
from app.services.transparency.key_files import SigningKey
from app.services.transparency.signed_notes import Checkpoint, sign_checkpoint
from domain.errors import Refused
from tests.support.repository import ROOT
from tests.support.reviews import frozen_reviews

Uptake = Callable[..., str]
PLAIN = "are not in one folder with plain names"


@pytest.fixture
def uptake(small: Services, monkeypatch: pytest.MonkeyPatch) -> Uptake:
    monkeypatch.setenv("UPTAKE_DATA_DIR", str(small.settings.data_dir))

    def run(*words: str | Path, code: int = 1) -> str:
        result = CliRunner().invoke(main, [str(w) for w in words])
        assert result.exit_code == code, (result.output, result.exception)
        return result.stderr or result.output

    return run


def _whole(name: str, content: bytes = b"x", **more: Any) -> bytes:
    """A zip with one entry that is written as it is given."""
    whole_package = io.BytesIO()
    with zipfile.ZipFile(whole_package, "w") as archive:
        info = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
        for field, value in more.items():
            setattr(info, field, value)
        archive.writestr(info, content)
    return whole_package.getvalue()


@pytest.mark.parametrize(
    "name",
    [
        *(
            "a\\data\\x",
            "a/data\\x",
            "..\\x",
            "C:/data/x",
            "c:\\x",
            "/a/data/x",
            "//host/data/x",
            "a/../x",
            "a/./x",
            "a//x",
        ),
        *("a/data/x/", "a/data/ x", "a/data/x\x00y", "a/data/\u202excod", "a/dаta/x", "ａ/data/x", "a/data/x\n", "x"),
        *("a/.hidden", "~/data/x", "a/data/%2e%2e", "a/data/-rf", "A/data/x", "a/" + "b/" * 30_000 + "x"),
    ],
)
def test_a_name_that_could_lead_elsewhere_is_refused(name: str) -> None:
    with pytest.raises(Refused, match=f"{PLAIN}|The zip has changed at byte"):
        verify_files(*unpack_package(_whole(name), "x.zip"))


def test_zips_that_claim_what_they_do_not_hold(package: Path, tmp_path: Path, uptake: Uptake) -> None:
    content = package.read_bytes()
    link = _whole("a/data/x", b"/etc/passwd", external_attr=0o120777 << 16, create_system=3)
    twice = zip_files({"a/data/x": b"1", "a/data/y": b"2"}).replace(b"data/y", b"data/x")
    large = bytearray(zip_files({"a/data/x": b"1"}))
    struct.pack_into("<LL", large, large.index(b"PK\x01\x02") + 20, 2**32 - 2, 2**32 - 2)
    cases: list[tuple[bytes, str]] = [
        (b"", "is not a zip, or it is incomplete"),
        (b"PK\x05\x06" + bytes(18), PLAIN),
        (b"%PDF-1.7\n", "is not a zip, or it is incomplete"),
        (content[:-1], "is not a zip, or it is incomplete"),
        (content[: len(content) // 3], "is not a zip, or it is incomplete"),
        (content[500:], "The zip has changed|is not a zip|has changed"),
        (link, "The zip has changed at byte"),
        (twice, "a name appears in it twice"),
        (zip_files({"a/data/x": b"1", "a/data/X": b"2"}), "a name appears in it twice"),
        (bytes(large), "it claims more content than it can have"),
        (zip_files({f"a/data/{n}": b"" for n in range(1_001)}), "it claims more content than it can have"),
        (_nested(), "it claims more content than it can have"),
        (_whole("a/data/x", b"0" * 10**7, compress_type=zipfile.ZIP_DEFLATED), "more content than it can"),
        (_whole("a/data/x", os.urandom(100), compress_type=zipfile.ZIP_LZMA), "“data/x” is compressed"),
        (_whole("a/data/inner.zip", content), "The zip has changed at byte"),
        (zip_files({"a/data/inner.zip": content}), "“bagit.txt” is missing: the snapshot is incomplete"),
    ]
    for number, (data, message) in enumerate(cases):
        (tmp_path / "x.zip").write_bytes(data)
        sentence = uptake("snapshot", "verify", tmp_path / "x.zip")
        assert any(part in sentence for part in message.split("|")), (number, sentence)
        assert uptake("snapshot", "rebuild", tmp_path / "x.zip", "--out", tmp_path / "out") == sentence
    assert not (tmp_path / "out").exists()


def _nested() -> bytes:
    """Entries that lie within each other: few bytes, each of them counted again and again."""
    inner, size, entries = b"x", 40, []
    for number in range(size):
        name = f"a/data/{number:02}".encode()
        head = struct.pack(
            "<4s5H3L2H", b"PK\x03\x04", 20, 0, 0, 0, 33, zipfile.crc32(inner), len(inner), len(inner), len(name), 0
        )
        entries.append((name, zipfile.crc32(inner), len(inner)))
        inner = head + name + inner
    directory, at = b"", 0
    for name, crc, length in reversed(entries):
        directory += struct.pack(
            "<4s6H3L5H2L", b"PK\x01\x02", 20, 20, 0, 0, 0, 33, crc, length, length, len(name), 0, 0, 0, 0, 0, at
        )
        directory += name
        at += 30 + len(name)
    return inner + directory + struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, size, size, len(directory), len(inner), 0)


def test_files_that_are_none_and_files_that_are_too_large(tmp_path: Path, uptake: Uptake) -> None:
    os.mkfifo(tmp_path / "pipe")
    with (tmp_path / "huge.zip").open("wb") as file:
        file.truncate(2**30 + 1)
    for name, message in (
        ("pipe", "it is not a file, or it is too large"),
        ("huge.zip", "it is not a file, or it is too large"),
    ):
        assert message in uptake("snapshot", "verify", tmp_path / name)
    assert "none.zip cannot be read: No such file" in uptake("snapshot", "verify", tmp_path / "none.zip")
    assert "is a directory" in uptake("snapshot", "verify", tmp_path, code=2)


def test_a_manifest_that_lists_too_little(package: Path) -> None:
    folder, files = unpack_package(package.read_bytes(), "x.zip")

    def refused(changed: bagit.Files, message: str) -> None:
        tags = {n: c for n, c in changed.items() if not n.startswith(bagit.PAYLOAD) and n != bagit.TAGS}
        with pytest.raises(Refused, match=message):
            verify_files(folder, changed | {bagit.TAGS: bagit.build_manifest(tags)})

    lines = files[bagit.MANIFEST].splitlines(keepends=True)
    for n, line in enumerate(lines):
        name = line.split()[1].decode()
        shorter = b"".join(lines[:n] + lines[n + 1 :])
        refused(files | {bagit.MANIFEST: shorter}, f"“{name}” is not listed in “manifest-sha256.txt”")
    refused(files | {bagit.MANIFEST: b""}, "is not listed in “manifest-sha256.txt”")
    refused(
        files | {bagit.MANIFEST: files[bagit.MANIFEST] + lines[0]}, f"Line {len(lines) + 1} of “manifest-sha256.txt”"
    )
    more = files[bagit.MANIFEST] + b"0" * 64 + b"  ../../etc/passwd\n"
    refused(files | {bagit.MANIFEST: more}, "“../../etc/passwd” is missing, although “manifest-sha256.txt” lists it")
    refused(
        files | {bagit.MANIFEST: files[bagit.MANIFEST].replace(b"  data", b" *data")}, "Line 1 of “manifest-sha256.txt”"
    )
    without = {n: c for n, c in files.items() if n != bagit.TAGS}
    with pytest.raises(Refused, match="“tagmanifest-sha256.txt” is missing: the snapshot is incomplete"):
        verify_files(folder, without)


def test_the_page_that_checks_needs_the_same_files() -> None:
    script = (ROOT / "app" / "static" / "js" / "verify.js").read_text("utf-8")
    names = [script.split(f"const {name} = [")[1].split("]")[0] for name in ("TAGS", "REQUIRED")]
    assert re.findall(r'"([^"]+)"', " ".join(names)) == [*TAG_FILES, *(bagit.PAYLOAD + name for name in PAYLOAD_FILES)]
    assert (list(TAG_FILES), list(PAYLOAD_FILES)) == (standalone_verifier.TAGS, standalone_verifier.REQUIRED)


def test_what_a_stranger_signs_may_be_anything(package: Path, tmp_path: Path, uptake: Uptake) -> None:
    """Anyone with a key can sign anything: verifying and rebuilding still answer with a sentence."""
    package_read = verify(package)
    key = SigningKey(package_read.metadata.origin, Ed25519PrivateKey.generate())

    def check_refusal(command: str, lines: list[bytes], message: str, **changed: bytes | None) -> None:
        metadata = b'"log_position":%d' % package_read.metadata.log_position
        contents = package_read.payload | {n.replace("__", "/").replace("_csv", ".csv"): c for n, c in changed.items()}
        events = b"".join(line + b"\n" for line in lines)
        contents |= {
            "snapshot.json": contents["snapshot.json"].replace(metadata, b'"log_position":%d' % len(lines)),
            "events.jsonl": events,
        }
        if "checkpoint" not in changed:
            contents["checkpoint"] = sign_checkpoint(
                Checkpoint(key.name, len(lines), _root(lines)), key.name, key.private
            ).encode()
        files = build_bag(package_read.metadata, {n: c for n, c in contents.items() if c is not None}, key)
        with (tmp_path / "x.zip").open("wb") as dest:
            bagit.write_bag(package_read.metadata, files, dest)
        words = ("--out", tmp_path / "out") if command == "rebuild" else ()
        sentence = uptake("snapshot", command, tmp_path / "x.zip", *words)
        assert message in sentence, sentence

    lines, evidence = package_read.lines, "bundle__evidence_csv"
    check_refusal(
        "verify", [*lines, b'{"leaf":"zz"}'], "A line of events.jsonl is neither an event nor the hash of one"
    )
    check_refusal("verify", [*lines, b'{"leaf":7}'], "A line of events.jsonl is neither an event nor the hash of one")
    check_refusal("verify", lines, "This is not a checkpoint", checkpoint=b"\n\n")
    check_refusal("verify", lines, "The checkpoint or the events are missing", checkpoint=b"\xff")
    check_refusal(
        "verify", lines, "“data/compare.json” is missing: the snapshot is incomplete", **{"compare.json": None}
    )
    check_refusal(
        "verify", lines, "“data/bundle/evidence.csv” is missing: the snapshot is incomplete", **{evidence: None}
    )
    check_refusal("rebuild", [*lines, b'{"topic":"x"}'], "is not an event that this version of Uptake can read")
    check_refusal("rebuild", lines[1:], "The events inside it do not make a package: KeyError: 'small'")
    check_refusal("rebuild", [*lines[:3], *lines[4:]], "The events inside it do not make a package: ")
    check_refusal("rebuild", lines, "The events inside it do not make a package: KeyError", **{evidence: b"a,b\n1,2\n"})
    check_refusal(
        "rebuild", lines, "The events inside it do not make a package: UnicodeDecodeError", **{evidence: b"\xff"}
    )
    check_refusal(
        "rebuild",
        lines,
        '“data/CITATION.cff” does not follow from the events inside the package: line 1 is "cff"',
        **{"CITATION.cff": b"cff"},
    )
    assert [f.name for f in (tmp_path / "out").iterdir()] == [package.name], "the one that came out, whole"


def _root(lines: list[bytes]) -> bytes:
    try:
        return log_root(lines)
    except Refused:
        return bytes(32)


@settings(max_examples=400)
@given(data=st.data())
def test_no_mutation_of_the_zip_ends_in_anything_but_a_sentence(package: Path, data: st.DataObject) -> None:
    content = bytearray(package.read_bytes())
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        heads = [i.header_offset for i in archive.infolist()]
        directory = archive.start_dir
    places = st.one_of(
        st.sampled_from(heads).flatmap(lambda at: st.integers(at, at + 60)),
        st.integers(directory, len(content) - 1),
        st.integers(len(content) - 22, len(content) - 1),
    )
    for _ in range(data.draw(st.integers(1, 4))):
        at, some = data.draw(places), data.draw(st.binary(min_size=1, max_size=8))
        match data.draw(st.sampled_from(["write", "insert", "delete", "double", "cut"])):
            case "write":
                content[at : at + len(some)] = some
            case "insert":
                content[at:at] = some
            case "delete":
                del content[at : at + len(some) * 9]
            case "double":
                content[at:at] = content[at : at + 200]
            case _:
                del content[at:]
    if bytes(content) == package.read_bytes():
        return
    with pytest.raises(Refused):
        verify_files(*unpack_package(bytes(content), "x.zip"))


def test_a_key_that_is_not_the_registers(package: Path, tmp_path: Path, uptake: Uptake) -> None:
    check = ("snapshot", "verify", package, "--key", tmp_path / "key")
    (tmp_path / "key").write_text(SigningKey("x.example", Ed25519PrivateKey.generate()).verifier.text)
    assert "This is not the key that was named" in uptake(*check, code=3)
    for content in (b"", b"\xff\xfe", b"ssh-ed25519", b"ssh-ed25519 AAAA", b"ssh-rsa AAAA", b"x+y+z", b"0" * 10_000):
        (tmp_path / "key").write_bytes(content)
        sentence = uptake(*check)
        assert f"{tmp_path / 'key'} has no Ed25519 key. Copy the line" in sentence or "it is not text" in sentence
    (tmp_path / "key").unlink()
    assert "key cannot be read: No such file" in uptake(*check)


def test_a_review_that_cannot_be_taken(small: Services, tmp_path: Path, uptake: Uptake) -> None:
    cases: list[tuple[tuple[str, ...], str]] = [
        (("small", "--review", "none"), "There is no review “none”. Use one of: ten, yearly."),
        (("none", "--review", "ten"), "There is no register “none” here."),
        (("small", "--review", "ten", "--as-of", "2024-02-30"), "There is no day “2024-02-30” in the calendar"),
        (("small", "--review", "ten", "--as-of", "2024"), "is not a full date"),
        (("small", "--review", "ten", "--as-of", "1999-01-01"), "is not due on 1999-01-01"),
        (("small", "--review", "yearly", "--as-of", "2022-09-14"), "is not due on 2022-09-14"),
        (
            ("small", "--review", "yearly", "--as-of", "2030-09-14"),
            "is not over yet. It will be frozen at 2030-09-14T15:00",
        ),
        (("small", "--review", "ten", "--known-at", "yesterday"), "“yesterday” is not a date and time"),
        (("small", "--review", "ten", "--known-at", "2099-01-01T00:00:00Z"), "is in the future. Enter today"),
        (("small", "--review", "ten", "--known-at", "2024-01-01T00:00:00Z"), "is before the end of the review’s day"),
    ]
    for words, message in cases:
        assert message in uptake("snapshot", "take", *words, "--out", tmp_path / "out")
    assert not list((tmp_path / "out").glob("*"))
    assert frozen_reviews(small) == []
    assert not (small.settings.data_dir / "snapshots").exists()


def test_an_out_that_cannot_be_written_freezes_nothing(small: Services, tmp_path: Path, uptake: Uptake) -> None:
    (tmp_path / "file").write_text("mine")
    take = ("snapshot", "take", "small", "--review", "ten", "--out")
    assert "is a file" in uptake(*take, tmp_path / "file", code=2)
    assert "Not a directory" in uptake(*take, tmp_path / "file" / "below")
    assert "/proc" in uptake(*take, "/proc/uptake")
    assert frozen_reviews(small) == []
    (tmp_path / "out").mkdir()
    there = tmp_path / "out" / "small_ten_2024-02-17.zip"
    there.write_text("mine")
    assert "already exists. Name another folder" in uptake(*take, tmp_path / "out", "--as-of", "2024-02-17")
    assert frozen_reviews(small) == []
    assert "already exists and was not changed" in uptake(*take, tmp_path / "out")
    assert there.read_text() == "mine"
    remaining = next((small.settings.data_dir / "snapshots").glob("*.zip"))
    rebuild = ("snapshot", "rebuild", remaining, "--out")
    assert "already exists. Name another folder" in uptake(*rebuild, tmp_path / "out")
    assert "Not a directory" in uptake(*rebuild, tmp_path / "file" / "below")
    assert "is a file" in uptake(*rebuild, tmp_path / "file", code=2)


FULL = """
import resource, sys
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[1]), int(sys.argv[1])))
from app.bootstrap.command_line import main
main(sys.argv[2:])
"""


def _on_a_full_disk(services: Services, room: int, *words: str | Path) -> subprocess.CompletedProcess[str]:
    """Run `uptake` where no file can grow beyond some bytes: the writing itself fails, as on a disk that is full."""
    environment = os.environ | {"PYTHONPATH": str(ROOT), "UPTAKE_DATA_DIR": str(services.settings.data_dir)}
    command = [sys.executable, "-c", FULL, str(room), *map(str, words)]
    return subprocess.run(command, env=environment, capture_output=True, text=True)


@pytest.mark.parametrize("room", [900_000, 100_000, 10_000])
def test_a_disk_that_fills_up_while_a_package_is_made(small: Services, tmp_path: Path, room: int) -> None:
    out = tmp_path / "out"
    run = _on_a_full_disk(small, room, "snapshot", "take", "small", "--review", "ten", "--out", out)
    assert run.returncode == 1, run.stderr
    assert "Traceback" not in run.stderr
    assert len(run.stderr.splitlines()) == 1, run.stderr
    if room > 100_000:
        assert "The package cannot be saved: File too large. The review was not frozen." in run.stderr
    assert not list((small.settings.data_dir / "snapshots").glob("*"))
    assert not list(out.glob("*"))
    assert frozen_reviews(small) == []


def test_a_disk_that_fills_up_while_a_package_is_made_again(
    small: Services, frozen: FrozenReview, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    run = _on_a_full_disk(small, 900_000, "snapshot", "rebuild", frozen.file, "--out", out)
    assert (run.returncode, len(run.stderr.splitlines())) == (1, 1), run.stderr
    assert "File too large" in run.stderr
    assert not list(out.glob("*"))


def test_a_disk_that_is_full_where_the_package_is_put_out(
    small: Services, uptake: Uptake, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The review is frozen by then, and the sentence says where its package is."""

    def full(*_given: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("app.entrypoints.cli.snapshots._copy", full)
    sentence = uptake("snapshot", "take", "small", "--review", "ten", "--out", tmp_path / "out")
    ((_, _, snapshot),) = frozen_reviews(small)
    remaining = small.settings.data_dir / "snapshots" / f"{snapshot.package}.zip"
    message = f"The review is frozen and its package saved, as {remaining}, but {tmp_path}/out/small_ten_2024-02-17.zip"
    assert sentence == f"{message} cannot be written: No space left on device.\n"
    assert list((tmp_path / "out").iterdir()) == []
    assert verify(remaining).manifest == snapshot.manifest


def test_bad_input_to_the_commands_about_the_log(small: Services, tmp_path: Path, uptake: Uptake) -> None:
    (tmp_path / "note").write_bytes(random.Random(1).randbytes(500))
    (tmp_path / "empty").write_bytes(b"")
    assert "There is no checkpoint in" in uptake("log", "verify", "--checkpoint", tmp_path / "none")
    assert "There is no checkpoint in" in uptake("log", "verify", "--checkpoint", tmp_path / "empty")
    assert "There is no checkpoint in" in uptake("log", "verify", "--checkpoint", tmp_path)
    assert "note: This is not a checkpoint" in uptake("log", "verify", "--checkpoint", tmp_path / "note")
    assert "Not a directory" in uptake("log", "export", tmp_path / "note" / "x")


@pytest.mark.parametrize(
    ("option", "sentences"),
    [
        ("--proof", ["This is not a proof of a log", "Get the proof of this package from the page of its review."]),
        (
            "--timestamp",
            ["This is not an answer of", "Get the time-stamp of this package from the page of its review."],
        ),
        ("--key", ["has no Ed25519 key", "from the publisher’s page /verify/"]),
        ("--keys", ["is not a list of keys", "Get it from /.well-known/uptake-keys.json."]),
    ],
)
def test_a_file_that_is_something_else_is_named_with_its_cure(
    package: Path, tmp_path: Path, uptake: Uptake, option: str, sentences: list[str]
) -> None:
    (tmp_path / "other").write_text("Something else.")
    said = uptake("snapshot", "verify", "--form-only", package, option, tmp_path / "other")
    for part in (str(tmp_path / "other"), *sentences):
        assert part in said
    unreadable = Path("/proc/self/mem")
    if unreadable.exists():
        said = uptake("snapshot", "verify", "--form-only", package, option, unreadable)
        assert f"{unreadable} cannot be read: Input/output error." in said


def test_a_checkpoint_that_is_none_is_named_with_its_cure(small: Services, tmp_path: Path, uptake: Uptake) -> None:
    (tmp_path / "other").write_text("Something else.")
    said = uptake("log", "verify", "--checkpoint", tmp_path / "other")
    assert said.startswith(f"{tmp_path / 'other'}: ")
    assert "Name a file with a checkpoint that you saved." in said
    if Path("/proc/self/mem").exists():
        said = uptake("log", "verify", "--checkpoint", "/proc/self/mem")
        assert "/proc/self/mem cannot be read: Input/output error." in said
