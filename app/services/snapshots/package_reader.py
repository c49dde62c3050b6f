"""Reads a package file strictly, so that it cannot hide anything except the files it lists."""

import re
import struct
import zipfile
from io import BytesIO
from pathlib import Path
from stat import S_ISREG

from app.services.bundles.writing import zip_files
from app.services.snapshots.bagit import Files
from domain.errors import Refused, refusal

MAX_PACKAGE_BYTES = 2**30
"""The largest package that is read, many times the usual size."""
MAX_FILES = 1_000
"""A package has about fifty files."""
_NAME = re.compile(r"[a-z0-9][a-z0-9._-]*(?:/[A-Za-z0-9][A-Za-z0-9._-]*)+", re.ASCII)
_BROKEN = (
    zipfile.BadZipFile,
    zipfile.LargeZipFile,
    RuntimeError,
    NotImplementedError,
    ValueError,
    EOFError,
    OSError,
    struct.error,
    OverflowError,
)


def read_package(file: Path) -> tuple[str, Files]:
    """Return the name of the package and its files in order. Raises `Refused` if it is not a package."""
    try:
        if not S_ISREG(file.stat().st_mode) or file.stat().st_size > MAX_PACKAGE_BYTES:
            raise Refused(f"{file} is not a snapshot: it is not a file, or it is too large.")
        content = file.read_bytes()
    except OSError as e:
        raise Refused(f"{file} cannot be read: {e.strerror or e}.") from None
    return unpack_package(content, str(file))


def unpack_package(content: bytes, name: str) -> tuple[str, Files]:
    """Read a package from bytes; `name` identifies it in messages."""
    try:
        archive = zipfile.ZipFile(BytesIO(content))
        entries = archive.infolist()
    except _BROKEN:
        raise Refused(refusal("{file} is not a zip, or it is incomplete.", file=name)) from None
    if any(first.header_offset for first in entries[:1]):  # the zip of an office file inside one that was cut off
        raise Refused(refusal("{file} is not a zip, or it is incomplete.", file=name))
    folders = {info.filename.split("/", 1)[0] for info in entries}
    if len(folders) != 1 or any(not _NAME.fullmatch(i.filename) or ".." in i.filename for i in entries):
        raise Refused(refusal("{file} is not a snapshot: its files are not in one folder with plain names.", file=name))
    if len(entries) > MAX_FILES or sum(i.file_size for i in entries) > len(content):
        raise Refused(refusal("{file} is not a snapshot: it claims more content than it can have.", file=name))
    if len({i.filename.casefold() for i in entries}) != len(entries):
        raise Refused(refusal("{file} is not a snapshot: a name appears in it twice.", file=name))
    (folder,) = folders
    files: dict[str, bytes] = {}
    for info in entries:
        inner = info.filename.split("/", 1)[1]
        if info.compress_type != zipfile.ZIP_STORED or info.file_size != info.compress_size:
            raise Refused(refusal("{file} is not a snapshot: “{inner}” is compressed.", file=name, inner=inner))
        try:
            files[inner] = archive.read(info)
        except _BROKEN:
            raise Refused(
                refusal("“{inner}” has changed: its checksum in the zip is different.", inner=inner)
            ) from None
    _check_canonical_zip(content, zip_files({f"{folder}/{inner}": data for inner, data in files.items()}), entries)
    return folder, files


def _check_canonical_zip(content: bytes, expected: bytes, entries: list[zipfile.ZipInfo]) -> None:
    """Raise `Refused` if the zip differs from the only form that a package can have."""
    if content == expected:
        return
    common_length = min(len(content), len(expected))
    offset = next((n for n in range(common_length) if content[n] != expected[n]), common_length)
    before = [i.filename.split("/", 1)[1] for i in entries if i.header_offset <= offset]
    raise Refused(
        refusal(
            "The zip has changed at byte {at}, outside its files. The last file before it is “{inner}”.",
            at=offset,
            inner=before[-1] if before else "–",
        )
    )
