"""Reads the files of a bundle from a folder, zip or spreadsheet; trusts none of them."""

from pathlib import Path
from stat import S_ISREG

from app.services.bundles.logo_settings import LOGO
from app.services.bundles.problems import BundleProblem, BundleRefused, refuse_file
from app.services.bundles.unpacking import MAX_TOTAL_BYTES, unpack
from domain.errors import refusal

MAX_FILE_BYTES = 256 * 2**20
MAX_FOLDER_BYTES = 2 * MAX_FILE_BYTES


def read_files(path: Path) -> dict[str, bytes]:
    """Return the files of a folder or zip by name. Raises `BundleRefused`."""
    if path.is_dir():
        return _folder(path)
    files = unpack(path.name, read_archive(path), refusal("this is not a folder, a zip or a spreadsheet (.xlsx)."))
    return {name: content for name, content in files.items() if _belongs(name)}


def read_archive(path: Path) -> bytes:
    """Return the bytes of a zip or spreadsheet. Raises `BundleRefused`."""
    try:
        state = path.stat()
        if not S_ISREG(state.st_mode):
            raise refuse_file(path.name, refusal("this is not a regular file."))
        if state.st_size > MAX_TOTAL_BYTES:
            raise refuse_file(path.name, refusal("the file is larger than {most} MB.", most=MAX_TOTAL_BYTES // 2**20))
        return path.read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        raise refuse_file(str(path), refusal("there is nothing here.")) from None
    except OSError as e:
        raise refuse_file(path.name, refusal("it cannot be read: {why}.", why=str(e.strerror or e))) from None


def _folder(path: Path) -> dict[str, bytes]:
    contents: dict[str, bytes] = {}
    problems = []
    total = 0
    try:
        files = sorted(file for file in path.iterdir() if _belongs(file.name))
    except OSError as e:
        raise refuse_file(path.name, refusal("it cannot be read: {why}.", why=str(e.strerror or e))) from None
    for file in files:
        try:
            if file.is_symlink() or not file.is_file():
                problems.append(BundleProblem(file.name, 0, "", refusal("this is not a regular file.")))
                continue
            total += (size := file.stat().st_size)
            if size > MAX_FILE_BYTES:
                problems.append(
                    BundleProblem(
                        file.name, 0, "", refusal("the file is larger than {most} MB.", most=MAX_FILE_BYTES // 2**20)
                    )
                )
            elif total <= MAX_FOLDER_BYTES:
                contents[file.name] = file.read_bytes()
        except OSError as e:
            problems.append(
                BundleProblem(file.name, 0, "", refusal("it cannot be read: {why}.", why=str(e.strerror or e)))
            )
    if total > MAX_FOLDER_BYTES:
        problems.append(
            BundleProblem(
                path.name,
                0,
                "",
                refusal("the files are larger than {most} MB together.", most=MAX_FOLDER_BYTES // 2**20),
            )
        )
    if problems:
        raise BundleRefused(problems)
    return contents


def _belongs(name: str) -> bool:
    """Whether a file can be part of a bundle. Desktop programs create hidden files; those are ignored."""
    return name in ("register.json", LOGO) or (name.lower().endswith(".csv") and not name.startswith("."))
