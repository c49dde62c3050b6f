"""Files and folders that only the account of this process can use, whatever its umask."""

import os
from contextlib import suppress
from pathlib import Path


def make_private_folder(folder: Path) -> None:
    """Create a folder and its missing parents, unless they are there."""
    for path in reversed([p for p in (folder, *folder.parents) if not p.exists()]):
        path.mkdir(mode=0o700, exist_ok=True)


def make_private_file(file: Path) -> None:
    """Create an empty file, unless it is there. SQLite gives the files next to a database the mode of the database.

    A file that is there is not opened: to close a database would release the locks of all connections of this process.
    """
    with suppress(FileExistsError):
        os.close(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
