"""A server from the machine's own PostgreSQL programs, which refuse to run as root."""

import atexit
import os
import pwd
import shutil
import subprocess
import tempfile
from pathlib import Path


def programs() -> Path | None:
    """The folder of the newest initdb and pg_ctl, which Debian keeps out of PATH."""
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda p: float(p.parts[-3]))
    found = debian[-1] if debian else shutil.which("initdb")
    return Path(found).parent if found else None


def start(bin_: Path) -> str:
    """Start a server that listens on a socket only, and end it with this process; its address."""
    folder = Path(tempfile.mkdtemp(prefix="uptake-pg-"))
    user = None
    if os.geteuid() == 0:
        user = next(p.pw_name for p in pwd.getpwall() if p.pw_name in ("postgres", "nobody"))
        shutil.chown(folder, user)
    data = folder / "data"

    def call(*command: str) -> None:
        # Into a file: the server would hold a pipe open for as long as it runs.
        with (folder / "said").open("a") as said:
            made = subprocess.run(
                [bin_ / command[0], "-D", data, *command[1:]],
                user=user,
                extra_groups=[] if user else None,
                cwd=folder,
                stdout=said,
                stderr=said,
            )
        assert made.returncode == 0, (folder / "said").read_text()

    call("initdb", "-U", "postgres", "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync")
    call("pg_ctl", "-w", "-o", f"-c listen_addresses='' -c unix_socket_directories={folder} -c fsync=off", "start")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    atexit.register(call, "pg_ctl", "-m", "immediate", "stop")
    return f"postgresql://postgres@/postgres?host={folder}"
