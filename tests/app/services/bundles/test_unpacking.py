"""Zips: tricks, bombs and damage are answered with a sentence, honest ones are read however they were packed."""

import io
import json
import os
import stat
import zipfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.services.bundles import unpacking
from app.services.bundles.problems import BundleRefused
from app.services.bundles.reading import read_bundle
from app.services.bundles.writing import bundle_files
from tests.support.bundles import FILES, REGISTER, write_small_bundle

SMALL = [("register.json", json.dumps(REGISTER).encode()), *((name, text.encode()) for name, text in FILES.items())]
Members = list[tuple[str, bytes]]


def packed(members: Members, mode: int = 0, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in members:
            info = zipfile.ZipInfo(name)
            info.external_attr = mode << 16
            archive.writestr(info, content, method)
    return buffer.getvalue()


def refusal(path: Path, content: bytes) -> str:
    path.write_bytes(content)
    with pytest.raises(BundleRefused) as caught:
        read_bundle(path)
    return "\n".join(str(p) for p in caught.value.problems)


@pytest.mark.parametrize(
    ("members", "mode", "reason"),
    [
        ([("../register.json", b"{}")], 0, "“../register.json” points outside the bundle."),
        ([("/etc/passwd", b"")], 0, "“/etc/passwd” points outside the bundle."),
        ([("C:/register.json", b"")], 0, "“C:/register.json” points outside the bundle."),
        ([("a\\b.csv", b"")], 0, "“a\\b.csv” points outside the bundle."),
        ([("register.json", b"x")], stat.S_IFLNK | 0o777, "“register.json” is a link. Include the file itself."),
        ([("a/b/register.json", b"{}")], 0, "“a/b/register.json” is in a folder inside a folder."),
        ([("register.json", b"{}"), ("register.json", b"{}")], 0, "“register.json” is in it twice."),
        ([("register.json", b"{}"), ("./register.json", b"{}")], 0, "“./register.json” is in it twice."),
        ([("evidence.csv", b"0" * 30_000_000)], 0, "“evidence.csv” unpacks to over 200 times its size."),
        ([(f"f{n}.txt", b"") for n in range(1001)], 0, "it has 1001 files. A bundle has at most 1000."),
    ],
)
@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_zip_with_tricks_is_refused(tmp_path: Path, members: Members, mode: int, reason: str) -> None:
    assert refusal(tmp_path / "bad.zip", packed(members, mode)) == f"bad.zip: {reason}"


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_what_unpacks_at_once_to_any_size_is_not_unpacked(tmp_path: Path, method: int) -> None:
    assert refusal(tmp_path / "bad.zip", packed(SMALL[:1], method=method)) == (
        "bad.zip: “register.json” is neither “stored” nor “deflated”. Make an ordinary zip."
    )


def test_the_limits_hold_whatever_the_headers_promise(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    content = bytes(os.urandom(60_000))
    monkeypatch.setattr(unpacking, "MAX_MEMBER_BYTES", 50_000)
    assert refusal(tmp_path / "a.zip", packed([("x.csv", content)])).startswith("a.zip: “x.csv” unpacks to more than")
    monkeypatch.setattr(unpacking, "MAX_MEMBER_BYTES", 100_000)
    monkeypatch.setattr(unpacking, "MAX_TOTAL_BYTES", 100_000)
    two = packed([("x.csv", content), ("y.csv", content)])
    assert refusal(tmp_path / "b.zip", two).startswith("b.zip: it unpacks to more than")
    monkeypatch.setattr(unpacking, "_MAX_ENTRIES", 1)
    assert refusal(tmp_path / "c.zip", two).startswith("c.zip: it has more than 1 entries")


def test_an_encrypted_member_is_named(tmp_path: Path) -> None:
    content = bytearray(packed(SMALL[:1]))
    content[6] |= 1  # the flag in the file's own header, and in the list of files
    content[content.index(b"PK\x01\x02") + 8] |= 1
    assert refusal(tmp_path / "bad.zip", bytes(content)) == (
        "bad.zip: “register.json” is encrypted. Make the zip without a password."
    )


def test_a_damaged_zip_says_so(tmp_path: Path) -> None:
    content = packed(SMALL)
    assert refusal(tmp_path / "half.zip", content[:-40]) == "half.zip: the zip is damaged. Make it again."
    assert "it cannot be unpacked: " in refusal(tmp_path / "bad.zip", content[:60] + b"????" + content[64:])


def test_what_is_no_bundle_at_all_is_named(tmp_path: Path) -> None:
    assert refusal(tmp_path / "note.txt", b"hello") == (
        "note.txt: this is not a folder, a zip or a spreadsheet (.xlsx)."
    )
    with pytest.raises(BundleRefused, match="nowhere: there is nothing here."):
        read_bundle(tmp_path / "nowhere")
    os.mkfifo(tmp_path / "pipe.zip")
    with pytest.raises(BundleRefused, match="pipe.zip: this is not a regular file."):
        read_bundle(tmp_path / "pipe.zip")


@pytest.mark.parametrize(
    "members",
    [
        SMALL,
        [(f"small/{name}", content) for name, content in SMALL],
        [(f"./{name}", content) for name, content in SMALL],
        [*((f"small/{name}", content) for name, content in SMALL), ("__MACOSX/small/._themes.csv", b"\x00\x05")],
        [*SMALL, ("minutes 12:30.txt", b"ignored")],
    ],
    ids=["flat", "one folder", "dots", "from a Mac", "with a note"],
)
def test_an_ordinary_zip_is_read_like_its_folder(tmp_path: Path, members: Members) -> None:
    (tmp_path / "small.zip").write_bytes(packed(members))
    folder = write_small_bundle(tmp_path / "small")
    assert bundle_files(read_bundle(tmp_path / "small.zip")) == bundle_files(read_bundle(folder))


@given(st.integers(0, 4000), st.binary(min_size=1, max_size=40))
@settings(max_examples=150)
def test_no_damage_raises_anything_but_a_refusal(
    tmp_path_factory: pytest.TempPathFactory, at: int, noise: bytes
) -> None:
    content = packed(SMALL)
    at %= len(content)
    path = tmp_path_factory.mktemp("fuzz") / "small.zip"
    path.write_bytes(content[:at] + noise + content[at + len(noise) :])
    try:
        read_bundle(path)
    except BundleRefused as refused:
        assert refused.problems
