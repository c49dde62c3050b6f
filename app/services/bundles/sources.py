"""Where a bundle comes from: a folder, a zip of it, or a spreadsheet. Nothing in it is trusted."""

from pathlib import Path
from stat import S_ISREG

from app.services.bundles.problems import BundleRefused, Problem, refused
from app.services.bundles.unpacking import TOTAL_LIMIT, unpacked

FILE_LIMIT = 256 * 2**20
FOLDER_LIMIT = 2 * FILE_LIMIT


def files_of(path: Path) -> dict[str, bytes]:
    """The files of a folder or zip by name. Raises `BundleRefused` with what is wrong."""
    if path.is_dir():
        return _folder(path)
    found = unpacked(path.name, archive(path), "this is neither a folder, nor a zip, nor a spreadsheet (.xlsx).")
    return {name: content for name, content in found.items() if _belongs(name)}


def archive(path: Path) -> bytes:
    """The bytes of a zip or spreadsheet. Raises `BundleRefused`."""
    try:
        state = path.stat()
        if not S_ISREG(state.st_mode):
            raise refused(path.name, "this is no plain file.")
        if state.st_size > TOTAL_LIMIT:
            raise refused(path.name, f"the file is larger than {TOTAL_LIMIT // 2**20} MB.")
        return path.read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        raise refused(str(path), "there is nothing here.") from None
    except OSError as e:
        raise refused(path.name, f"it cannot be read: {e.strerror or e}.") from None


def _folder(path: Path) -> dict[str, bytes]:
    found: dict[str, bytes] = {}
    problems = []
    total = 0
    try:
        files = sorted(file for file in path.iterdir() if _belongs(file.name))
    except OSError as e:
        raise refused(path.name, f"it cannot be read: {e.strerror or e}.") from None
    for file in files:
        try:
            if file.is_symlink() or not file.is_file():
                problems.append(Problem(file.name, 0, "", "this is no plain file."))
                continue
            total += (size := file.stat().st_size)
            if size > FILE_LIMIT:
                problems.append(Problem(file.name, 0, "", f"the file is larger than {FILE_LIMIT // 2**20} MB."))
            elif total <= FOLDER_LIMIT:
                found[file.name] = file.read_bytes()
        except OSError as e:
            problems.append(Problem(file.name, 0, "", f"it cannot be read: {e.strerror or e}."))
    if total > FOLDER_LIMIT:
        problems.append(Problem(path.name, 0, "", f"the files are larger than {FOLDER_LIMIT // 2**20} MB together."))
    if problems:
        raise BundleRefused(problems)
    return found


def _belongs(name: str) -> bool:
    """Whether a file may be a part of a bundle. Hidden ones are made by desktops, not by people."""
    return name == "register.json" or (name.lower().endswith(".csv") and not name.startswith("."))
