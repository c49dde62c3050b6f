"""Files that are not what they say, or more than they say: refused with a sentence, or made harmless."""

import io
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, PngImagePlugin

from app.adapters.blob_store import BlobStore
from app.adapters.objects.folder import FolderObjects
from app.adapters.settings import Settings
from app.bootstrap.container import build_services
from app.services.container import Services
from app.services.locker.copies import check_copy
from app.services.locker.file_types import HTML, PDF, TEXT, detect_file_type
from domain.errors import Refused
from tests.support.sample_files import HTML_BYTES, PDF_BYTES, SVG_BYTES, picture_bytes


def a_zip() -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr("run.js", "alert(1)")
    return made.getvalue()


def enormous(side: int) -> bytes:
    """A small PNG that says it has `side` × `side` points."""
    honest = picture_bytes()
    header = b"IHDR" + side.to_bytes(4, "big") * 2 + honest[24:29]
    return honest[:12] + header + zlib.crc32(header).to_bytes(4, "big") + honest[33:]


def moving(kind: str) -> bytes:
    made = io.BytesIO()
    frames = [Image.new("RGB", (4, 4), (n * 60, 0, 0)) for n in range(3)]
    frames[0].save(made, kind, save_all=True, append_images=frames[1:])
    return made.getvalue()


REFUSED: dict[str, tuple[Callable[[], bytes], str]] = {
    "nothing": (lambda: b"", "The file is empty"),
    "a program": (lambda: b"MZ\x90\x00\x03", "The file must be PDF, HTML, plain text in UTF-8"),
    "a zip": (a_zip, "The file must be PDF, HTML, plain text in UTF-8"),
    "an archive behind a PDF": (lambda: PDF_BYTES + a_zip(), "both PDF and a zip archive"),
    "an archive behind a picture": (lambda: picture_bytes() + a_zip(), "both PNG and a zip archive"),
    "an archive behind a page": (lambda: HTML_BYTES + a_zip(), "The file must be PDF, HTML, plain text in UTF-8"),
    "a PDF that goes on": (lambda: PDF_BYTES + b"<script>" * 200, "The PDF is cut off"),
    "a PDF with something before it": (lambda: b"\x00" + PDF_BYTES, "The file must be PDF, HTML, plain text in UTF-8"),
    "a drawing with a program": (lambda: SVG_BYTES, "SVG pictures can contain programs"),
    "a drawing after a remark": (lambda: b"<!-- x --><svg onload='alert(1)'/>", "SVG pictures can contain programs"),
    "text with a hidden byte": (lambda: b"words\x00words", "The file must be PDF, HTML, plain text in UTF-8"),
    "text in an unknown encoding": (lambda: "보고서".encode("euc-kr"), "The file must be PDF, HTML, plain text in UTF-8"),
    "a picture cut off": (lambda: picture_bytes(size=(300, 300))[:300], "The picture is damaged"),
    "a picture in name only": (lambda: b"\x89PNG\r\n\x1a\n<script>alert(1)</script>", "The picture is damaged"),
    "a picture of a square kilometre": (lambda: enormous(30_000), "at most 40 million pixels"),
    "a bomb": (lambda: enormous(7_000), "at most 40 million pixels"),
    "a GIF that moves": (lambda: moving("GIF"), "Animated pictures"),
    "a WebP that moves": (lambda: moving("WEBP"), "Animated pictures"),
    "a PNG that moves": (lambda: moving("PNG"), "Animated pictures"),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_a_hostile_file_is_refused_with_a_sentence(services: Services, name: str) -> None:
    make, sentence = REFUSED[name]
    with pytest.raises(Refused, match=sentence) as caught:
        check_copy(services, make())
    assert [r.field for r in caught.value.refusals] == ["file"]


def test_a_file_that_is_too_large_is_refused(tmp_path: Path) -> None:
    small = build_services(Settings(data_dir=tmp_path, largest_file_mb=1), create=True)
    with pytest.raises(Refused, match="larger than 1 MB"):
        check_copy(small, b"a" * (2**20 + 1))
    assert check_copy(small, b"a" * 2**20).kind is TEXT
    small.close()


def test_a_kind_is_told_from_the_bytes() -> None:
    assert detect_file_type(PDF_BYTES) is PDF
    assert detect_file_type(HTML_BYTES) is HTML
    assert detect_file_type('<?xml version="1.0" encoding="EUC-KR"?><html lang="ko">보고'.encode("euc-kr")) is HTML
    assert detect_file_type("Words, 낱말.\n".encode()) is TEXT
    assert detect_file_type("낱말".encode("utf-16")) is TEXT
    assert detect_file_type(b"<script>alert(1)</script>") is TEXT  # handed out as text that is saved, never shown


def test_many_comments_before_something_else_take_no_time() -> None:
    with pytest.raises(Refused):
        detect_file_type(b"<!---->" * 500 + b"\x00")
    assert detect_file_type(b"<!---->" * 500 + b"x") is TEXT
    assert detect_file_type(b"<!-- a -- b -->\n<!doctype html>") is HTML


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_a_picture_loses_what_its_camera_wrote(services: Services, kind: str) -> None:
    exif = Image.Exif()
    exif[0x010E], exif[0x013B], exif[0x0112] = "secret-place", "secret-name", 6
    how: dict[str, Any] = {"exif": exif, "icc_profile": b"secret-profile", "xmp": b"<x>secret-xmp</x>"}
    if kind == "PNG":
        text = PngImagePlugin.PngInfo()
        text.add_text("Comment", "secret-comment")
        how = {"exif": exif, "pnginfo": text, "icc_profile": b"secret-profile"}
    if kind == "JPEG":
        how["comment"] = b"secret-comment"
    brought = picture_bytes(kind, **how)
    assert b"secret-" in brought
    copy = check_copy(services, brought)
    assert b"secret" not in copy.content
    assert copy.original != copy.sha256
    with Image.open(io.BytesIO(copy.content)) as kept:
        assert kept.size == (8, 12), "it was turned as its camera said"
        assert not kept.getexif()
        assert not set(kept.info) & {"exif", "comment", "Comment", "xmp", "icc_profile"}


def test_what_hides_behind_a_picture_is_gone(services: Services) -> None:
    copy = check_copy(services, picture_bytes("JPEG") + b"<script>alert(1)</script>")
    assert b"script" not in copy.content
    assert copy.kind.suffix == "jpg"


def test_bytes_lie_once_under_their_digest_and_are_never_handed_out_changed(tmp_path: Path) -> None:
    blobs = BlobStore(FolderObjects(tmp_path))
    digest = blobs.put(b"words")
    assert blobs.put(b"words") == digest
    (file,) = [p for p in (tmp_path / "locker").rglob("*") if p.is_file()]
    assert file.name == digest
    assert file.stat().st_mode & 0o077 == 0
    assert blobs.get(digest) == b"words"
    file.write_bytes(b"other words")
    with pytest.raises(Refused, match="damaged, so you cannot download it"):
        blobs.get(digest)
    blobs.drop(digest)
    with pytest.raises(Refused, match="missing"):
        blobs.get(digest)
