"""Unpacks a zip in memory within limits measured while reading, whatever its headers claim."""

import io
import re
import stat
import zipfile
from pathlib import PurePosixPath

from app.services.bundles.problems import BundleProblem, BundleRefused, refuse_file

MAX_MEMBER_BYTES = 64 * 2**20
MAX_TOTAL_BYTES = 256 * 2**20
MAX_MEMBERS = 1000
MAX_COMPRESSION_RATIO, RATIO_CHECKED_FROM_BYTES = 200, 2**20
_ENTRY = b"PK\x01\x02"
_MAX_ENTRIES = 100 * MAX_MEMBERS  # counts entries of nested zips too; more would fill the memory with names
_ABSOLUTE = re.compile(r"/|[A-Za-z]:")
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)  # other methods unpack a block of any size at once


def unpack(name: str, content: bytes, reason_if_not_zip: str, *, deep: bool = False) -> dict[str, bytes]:
    """Return the members of a zip by name, without an optional top folder. Raises `BundleRefused`.

    `reason_if_not_zip` is the reason for anything that is not a zip; `deep` allows nested folders, as in spreadsheets.
    """
    if not zipfile.is_zipfile(io.BytesIO(content)):
        raise refuse_file(name, "the zip is damaged. Make it again." if content[:2] == b"PK" else reason_if_not_zip)
    if content.count(_ENTRY) > _MAX_ENTRIES:
        raise refuse_file(name, f"it has more than {_MAX_ENTRIES:,} entries. A bundle has at most {MAX_MEMBERS}.")
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            members = {_plain_name(i.filename): i for i in _checked_members(name, archive, 10 if deep else 2)}
            top = "" if deep else _top_folder(list(members))
            contents: dict[str, bytes] = {}
            total = 0
            for member, info in members.items():
                contents[member.removeprefix(top)] = piece = _read(archive, info, name)
                total += len(piece)
                if total > MAX_TOTAL_BYTES:
                    raise refuse_file(name, f"it unpacks to more than {MAX_TOTAL_BYTES // 2**20} MB.")
            return contents
    except BundleRefused:
        raise
    except Exception as e:  # a damaged stream raises the decompressor's own errors
        raise refuse_file(name, f"it cannot be unpacked: {str(e).rstrip('.')[:200]}.") from None


def _checked_members(zip_name: str, archive: zipfile.ZipFile, depth: int) -> list[zipfile.ZipInfo]:
    """Return the files of the zip. Raises `BundleRefused` for hostile names. Ignores what macOS adds to every zip."""
    infos = [i for i in archive.infolist() if not i.is_dir() and not i.filename.startswith("__MACOSX/")]
    if len(infos) > MAX_MEMBERS:
        raise refuse_file(zip_name, f"it has {len(infos)} files. A bundle has at most {MAX_MEMBERS}.")
    names: set[str] = set()
    problems = []
    for info in infos:
        if reason := _member_problem(info, depth) or ("is in it twice." if _plain_name(info.filename) in names else ""):
            problems.append(BundleProblem(zip_name, 0, "", f"“{info.filename[:100]}” {reason}"))
        names.add(_plain_name(info.filename))
    if problems:
        raise BundleRefused(problems)
    return infos


def _member_problem(info: zipfile.ZipInfo, depth: int) -> str:
    name, parts = info.filename, PurePosixPath(info.filename).parts
    if not parts or _ABSOLUTE.match(name) or "\\" in name or ".." in parts or "\x00" in info.orig_filename:
        return "points outside the bundle."
    if stat.S_ISLNK(info.external_attr >> 16):
        return "is a link. Include the file itself."
    if info.flag_bits & 1:
        return "is encrypted. Make the zip without a password."
    if info.compress_type not in _METHODS:
        return "is neither “stored” nor “deflated”. Make an ordinary zip."
    return "is in a folder inside a folder." if len(parts) > depth else ""


def _plain_name(name: str) -> str:
    """Return a member's name without `./` and double slashes, which some tools write."""
    return str(PurePosixPath(name))


def _top_folder(names: list[str]) -> str:
    tops = {name.partition("/")[0] if "/" in name else "" for name in names}
    return f"{top}/" if len(tops) == 1 and (top := tops.pop()) else ""


def _read(archive: zipfile.ZipFile, info: zipfile.ZipInfo, zip_name: str) -> bytes:
    pieces, size = [], 0
    with archive.open(info) as stream:
        while piece := stream.read(2**18):
            size += len(piece)
            if size > MAX_MEMBER_BYTES:
                raise refuse_file(
                    zip_name, f"“{info.filename[:100]}” unpacks to more than {MAX_MEMBER_BYTES // 2**20} MB."
                )
            if size > RATIO_CHECKED_FROM_BYTES and size > MAX_COMPRESSION_RATIO * max(info.compress_size, 1):
                raise refuse_file(
                    zip_name, f"“{info.filename[:100]}” unpacks to over {MAX_COMPRESSION_RATIO} times its size."
                )
            pieces.append(piece)
    return b"".join(pieces)
