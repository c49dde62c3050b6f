"""Lets file system calls of processes fail, and moves their clock: a small library, preloaded into each of them."""

import errno
import mmap
import os
import shutil
import struct
import subprocess
from pathlib import Path

CALLS = ("open", "read", "write", "sync", "truncate", "rename", "unlink", "mkdir", "map")
"""The kinds of calls, in the order of the library."""
OFF, ONCE, ALWAYS = 0, 1, 2
KILL = 0
_LAYOUT = struct.Struct("iIiiiiq256s")
_SOURCE = Path(__file__).with_name("calls.c")


def compiler() -> str | None:
    """The C compiler of this machine, or None."""
    return shutil.which("cc") or shutil.which("gcc")


class Calls:
    """The plan that all processes of a site share. Without a compiler, `is_available` is False and nothing can fail."""

    def __init__(self, folder: Path) -> None:
        self.is_available = compiler() is not None
        self.environment: dict[str, str] = {}
        if not self.is_available:
            return
        library, plan = folder / "calls.so", folder / "plan"
        command = [str(compiler()), "-shared", "-fPIC", "-O2", "-o", str(library), str(_SOURCE), "-ldl"]
        subprocess.run(command, check=True)
        plan.write_bytes(bytes(_LAYOUT.size))
        with plan.open("r+b") as file:
            self._plan = mmap.mmap(file.fileno(), _LAYOUT.size)
        self.environment = {"LD_PRELOAD": str(library), "FAULT_PLAN": str(plan)}

    def fail(
        self,
        calls: tuple[str, ...],
        error: int,
        folder: Path,
        *,
        after: int = 0,
        once: bool = True,
        partial: bool = False,
    ) -> None:
        """Let calls about files below a folder fail: one, or all from then on, after some that still succeed.

        With the error `KILL` the process that makes the call is killed there.
        """
        bits = sum(1 << CALLS.index(call) for call in calls)
        where = os.fsencode(folder)
        self._plan[:] = _LAYOUT.pack(OFF, bits, error, after, 0, partial, 0, where)
        self._plan[:4] = struct.pack("i", ONCE if once else ALWAYS)

    def fill_disk(self, folder: Path, after: int) -> None:
        """As a disk that is full in the middle of a write."""
        self.fail(("write", "truncate", "mkdir"), errno.ENOSPC, folder, after=after, once=False, partial=True)

    def make_read_only(self, folder: Path) -> None:
        """As a file system that the kernel mounted read-only after an error."""
        calls = ("open", "write", "truncate", "rename", "unlink", "mkdir")
        self.fail(calls, errno.EROFS, folder, once=False)

    def move_clock(self, seconds: int) -> None:
        self._plan[:] = _LAYOUT.pack(OFF, 0, 0, 0, 0, 0, seconds * 10**9, b"")

    @property
    def failures(self) -> int:
        """How many calls have failed since the plan was set."""
        return int(_LAYOUT.unpack(self._plan[:])[4])

    def clear(self) -> None:
        """Let everything succeed again, with the right clock."""
        if self.is_available:
            self._plan[:] = bytes(_LAYOUT.size)
