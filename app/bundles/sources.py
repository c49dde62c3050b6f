"""Where a bundle comes from: a folder, a zip of it, or a spreadsheet. Nothing in it is trusted."""

import stat
import zipfile
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from app.bundles.problems import BundleRefused, Problem
from domain.errors import Refused

MEMBER_LIMIT = 64 * 2**20
TOTAL_LIMIT = 256 * 2**20
MEMBERS_LIMIT = 1000
RATIO_LIMIT, RATIO_FROM = 200, 2**20


def files_of(path: Path) -> dict[str, bytes]:
    """The files of a folder or zip by name. Raises `Refused` or `BundleRefused` with what is wrong."""
    if path.is_dir():
        return _folder(path)
    if not path.exists():
        raise Refused(f"There is nothing at {path}.")
    if not zipfile.is_zipfile(path):
        raise Refused(f"{path.name} is neither a folder, nor a zip, nor a spreadsheet (.xlsx).")
    return dict(zip_members(path))


def _folder(path: Path) -> dict[str, bytes]:
    found: dict[str, bytes] = {}
    problems = []
    for file in sorted(path.iterdir()):
        if file.name != "register.json" and file.suffix.lower() != ".csv":
            continue
        if file.is_symlink() or not file.is_file():
            problems.append(Problem(file.name, 0, "", "this is no plain file."))
        elif file.stat().st_size > MEMBER_LIMIT:
            problems.append(Problem(file.name, 0, "", f"the file is larger than {MEMBER_LIMIT // 2**20} MB."))
        else:
            found[file.name] = file.read_bytes()
    if problems:
        raise BundleRefused(problems)
    return found


def zip_members(path: Path, *, deep: bool = False) -> Iterator[tuple[str, bytes]]:
    """The members of a zip, one optional top folder taken off, measured while they are read.

    `deep` allows folders in folders, as spreadsheets have them.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            infos = [i for i in archive.infolist() if not i.is_dir()]
            _refuse_tricks(path.name, infos, 10 if deep else 2)
            top = _top_folder(infos)
            total = 0
            for info in infos:
                content = _read(archive, info, path.name)
                total += len(content)
                if total > TOTAL_LIMIT:
                    raise Refused(f"{path.name} unpacks to more than {TOTAL_LIMIT // 2**20} MB.")
                yield info.filename.removeprefix(top), content
    except (zipfile.BadZipFile, zipfile.LargeZipFile, EOFError, OSError, NotImplementedError, RuntimeError) as e:
        raise Refused(f"{path.name} cannot be unpacked: {e}.") from None
    except Exception as e:  # a damaged stream raises the decompressor's own errors
        if isinstance(e, Refused):
            raise
        raise Refused(f"{path.name} is damaged: {e}.") from None


def _refuse_tricks(zip_name: str, infos: list[zipfile.ZipInfo], depth: int) -> None:
    problems = []
    if len(infos) > MEMBERS_LIMIT:
        raise Refused(f"{zip_name} holds {len(infos)} files; a bundle has at most {MEMBERS_LIMIT}.")
    seen: set[str] = set()
    for info in infos:
        name = info.filename
        parts = PurePosixPath(name).parts
        if name.startswith("/") or "\\" in name or ":" in name or ".." in parts or "\x00" in info.orig_filename:
            problems.append(Problem(zip_name, 0, "", f"“{name}” points outside the bundle."))
        elif stat.S_ISLNK(info.external_attr >> 16):
            problems.append(Problem(zip_name, 0, "", f"“{name}” is a link; put the file itself in."))
        elif info.flag_bits & 1:
            problems.append(Problem(zip_name, 0, "", f"“{name}” is encrypted; make the zip without a password."))
        elif len(parts) > depth:
            problems.append(Problem(zip_name, 0, "", f"“{name}” lies in a folder of a folder."))
        elif name in seen:
            problems.append(Problem(zip_name, 0, "", f"“{name}” is in it twice."))
        seen.add(name)
    if problems:
        raise BundleRefused(problems)


def _top_folder(infos: list[zipfile.ZipInfo]) -> str:
    tops = {PurePosixPath(i.filename).parts[0] for i in infos if "/" in i.filename}
    whole = all("/" in i.filename for i in infos)
    return f"{tops.pop()}/" if whole and len(tops) == 1 else ""


def _read(archive: zipfile.ZipFile, info: zipfile.ZipInfo, zip_name: str) -> bytes:
    pieces, size = [], 0
    with archive.open(info) as stream:
        while piece := stream.read(2**18):
            size += len(piece)
            if size > MEMBER_LIMIT:
                raise Refused(f"{zip_name}: “{info.filename}” unpacks to more than {MEMBER_LIMIT // 2**20} MB.")
            if size > RATIO_FROM and size > RATIO_LIMIT * max(info.compress_size, 1):
                raise Refused(f"{zip_name}: “{info.filename}” unpacks to over {RATIO_LIMIT} times its size.")
            pieces.append(piece)
    return b"".join(pieces)
