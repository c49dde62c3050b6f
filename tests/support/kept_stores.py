"""Stores that many tests begin with, made once in a process and copied: making one takes longer than most tests.

A copy is what the test would have made itself: the same steps at the same instant.
"""

import sqlite3
import tempfile
from collections.abc import Callable
from contextlib import closing
from datetime import datetime
from pathlib import Path

from app.services.container import Services

ACCOUNTS = "accounts.sqlite"
_kept: dict[str, tuple[Path, datetime]] = {}
"""The folder of each state, and the instant at which it was complete."""


def kept(name: str, services: Services, files: str, make: Callable[[], object]) -> None:
    """Bring the store of `services` to a state: make it, or copy its databases from where it was made first.

    `name` says all that the state depends on, besides the time; `files` is the pattern of its databases.
    """
    clock = services.clock
    key = f"{name} {clock()}"
    if services.settings.database_url:
        make()
    elif key in _kept:
        folder, clock.now = _kept[key]  # type: ignore[attr-defined]
        _copy(folder, services.settings.data_dir, files)
    else:
        make()
        folder = Path(tempfile.mkdtemp(prefix="uptake-kept-"))
        _copy(services.settings.data_dir, folder, files)
        _kept[key] = folder, clock()


def keep_tables_of_accounts(services: Services) -> None:
    """Let the accounts be opened with the newest tables."""
    kept("accounts", services, ACCOUNTS, lambda: _open_and_close_accounts(services))


def _open_and_close_accounts(services: Services) -> None:
    services.accounts.close()
    del services.__dict__["accounts"]


def _copy(source: Path, target: Path, files: str) -> None:
    """Copy databases, which may be open; their other files follow by themselves."""
    for file in source.rglob(files):
        copy = target / file.relative_to(source)
        copy.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        copy.touch(0o600)
        with closing(sqlite3.connect(file)) as old, closing(sqlite3.connect(copy)) as new:
            old.backup(new)
