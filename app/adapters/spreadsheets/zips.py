"""Reads members of a zip within limits measured while reading, whatever its headers claim."""

import io
import re
import stat
import zipfile
from collections.abc import Iterator
from pathlib import PurePosixPath

from msgspec import Struct

from domain.errors import Refusal, refusal

MAX_COMPRESSION_RATIO, RATIO_CHECKED_FROM_BYTES = 200, 2**20
_PIECE_BYTES = 2**18
_ENTRY = b"PK\x01\x02"
_ABSOLUTE = re.compile(r"/|[A-Za-z]:")
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)  # other methods unpack a block of any size at once


class ZipLimits(Struct, frozen=True):
    """How much a zip may hold: members, bytes of one and of all unpacked, and folders inside each other."""

    members: int
    member_bytes: int
    total_bytes: int
    depth: int
    entries: int
    """Counts entries of nested zips too; more would fill the memory with names."""


class ZipRefused(Exception):
    """A zip is damaged, too large or full of tricks. The reasons are parts of sentences about the zip."""

    def __init__(self, *reasons: Refusal, is_damaged: bool = False, is_encrypted: bool = False) -> None:
        super().__init__(*reasons)
        self.reasons = reasons
        self.is_damaged = is_damaged
        self.is_encrypted = is_encrypted


class LimitedZip:
    """The members of a zip by plain name. Raises `ZipRefused` for damage, tricks and too much."""

    def __init__(self, content: bytes, limits: ZipLimits) -> None:
        self.limits = limits
        self._total = 0
        if content.count(_ENTRY) > limits.entries:
            raise ZipRefused(
                refusal(
                    "it has more than {entries} entries. A bundle has at most {most}.",
                    entries=f"{limits.entries:,}",
                    most=limits.members,
                )
            )
        try:
            self._archive = zipfile.ZipFile(io.BytesIO(content))
            self.members = {_plain_name(i.filename): i for i in _checked_members(self._archive, limits)}
        except ZipRefused:
            raise
        except Exception as e:  # a damaged list of members raises errors of many kinds
            raise _damaged(e) from None

    def read(self, name: str) -> bytes:
        """Return a member."""
        return b"".join(self.pieces(name))

    def pieces(self, name: str) -> Iterator[bytes]:
        """Yield a member piece by piece."""
        info, size = self.members[name], 0
        try:
            with self._archive.open(info) as stream:
                while piece := stream.read(_PIECE_BYTES):
                    size += len(piece)
                    self._check_size(info, size, len(piece))
                    yield piece
        except ZipRefused:
            raise
        except (zipfile.BadZipFile, OSError, EOFError, ValueError, RuntimeError, NotImplementedError) as e:
            raise _damaged(e) from None
        except Exception as e:
            if type(e).__module__ == "zlib":
                raise _damaged(e) from None
            raise

    def _check_size(self, info: zipfile.ZipInfo, size: int, more: int) -> None:
        name, limits = info.filename[:100], self.limits
        self._total += more
        if size > limits.member_bytes:
            raise ZipRefused(
                refusal("“{name}” unpacks to more than {most} MB.", name=name, most=limits.member_bytes // 2**20)
            )
        if size > RATIO_CHECKED_FROM_BYTES and size > MAX_COMPRESSION_RATIO * max(info.compress_size, 1):
            raise ZipRefused(
                refusal("“{name}” unpacks to over {ratio} times its size.", name=name, ratio=MAX_COMPRESSION_RATIO)
            )
        if self._total > limits.total_bytes:
            raise ZipRefused(refusal("it unpacks to more than {most} MB.", most=limits.total_bytes // 2**20))


def _damaged(error: Exception) -> ZipRefused:
    why = str(error).rstrip(".")[:200]
    return ZipRefused(refusal("it cannot be unpacked: {why}.", why=why), is_damaged=True)


def _checked_members(archive: zipfile.ZipFile, limits: ZipLimits) -> list[zipfile.ZipInfo]:
    """Return the files of the zip. Ignores what macOS adds to every zip."""
    infos = [i for i in archive.infolist() if not i.is_dir() and not i.filename.startswith("__MACOSX/")]
    if len(infos) > limits.members:
        raise ZipRefused(
            refusal("it has {count} files. A bundle has at most {most}.", count=len(infos), most=limits.members)
        )
    names: set[str] = set()
    problems = []
    for info in infos:
        name = info.filename[:100]
        if reason := _member_problem(info, name, limits.depth):
            problems.append(reason)
        elif _plain_name(info.filename) in names:
            problems.append(refusal("“{name}” is in it twice.", name=name))
        names.add(_plain_name(info.filename))
    if problems:
        raise ZipRefused(*problems, is_encrypted=any(i.flag_bits & 1 for i in infos))
    return infos


def _member_problem(info: zipfile.ZipInfo, name: str, depth: int) -> Refusal | None:
    whole, parts = info.filename, PurePosixPath(info.filename).parts
    if not parts or _ABSOLUTE.match(whole) or "\\" in whole or ".." in parts or "\x00" in info.orig_filename:
        return refusal("“{name}” points outside the bundle.", name=name)
    if stat.S_ISLNK(info.external_attr >> 16):
        return refusal("“{name}” is a link. Include the file itself.", name=name)
    if info.flag_bits & 1:
        return refusal("“{name}” is encrypted. Make the zip without a password.", name=name)
    if info.compress_type not in _METHODS:
        return refusal("“{name}” is neither “stored” nor “deflated”. Make an ordinary zip.", name=name)
    return refusal("“{name}” is in a folder inside a folder.", name=name) if len(parts) > depth else None


def _plain_name(name: str) -> str:
    """Return a member's name without `./` and double slashes, which some tools write."""
    return str(PurePosixPath(name))
