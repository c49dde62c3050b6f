"""Faults of whole commands and of the database: interrupted imports and restores, backups, older files, lost servers."""

import os
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from app.bootstrap.container import build_services
from app.services.transparency.log_verification import verify
from benchmarks.data import make_bundle, write_files
from benchmarks.faults.calls import KILL, Calls
from benchmarks.faults.expected import History, problems_of_writes, rows_of_file
from benchmarks.faults.site import COMMAND, SITE_WAIT_SECONDS
from benchmarks.faults.trial import NotPossibleHere, Trial, with_data_dir
from tests.support.processes import free_port
from tests.support.waiting import wait_until

IMPORTED = 30
_OTHERS = "FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
"""The connections to the database of the site, without the one that asks."""


def two_starters(trial: Trial) -> None:
    """A second site over the same folder or at the same port is refused, and the first goes on."""
    if not trial.database_url:
        _expect(trial, "up", "--port", str(free_port()), code=1, sentence="already runs over")
    _expect(trial, "serve", "--port", str(trial.site.port), code=1, sentence="cannot listen at")


def _expect(trial: Trial, *arguments: str, code: int = 0, sentence: str = "", **settings: str) -> str:
    """Run a command and note it if it ends otherwise; returns what it said."""
    done = trial.site.run(*arguments, **settings)
    said = done.stdout + done.stderr
    if done.returncode != code or sentence not in said or "Traceback" in said:
        trial.ledger.surprises.append(f"uptake {' '.join(arguments)}: exit {done.returncode}: {said[-300:]}")
    return said


def killed_import(trial: Trial) -> None:
    """An import that is killed stored the register or nothing; run again, it is there once."""
    name = f"extra-{len(trial.ledger.writes)}"
    bundle = write_files(make_bundle(name, IMPORTED, 1, published=True), trial.elsewhere("extra"))
    with _killed(trial, trial.data_dir, "import", str(bundle)):
        pass
    count = _count_of(trial, name)
    if count not in (0, IMPORTED):
        trial.ledger.surprises.append(f"An import that was killed stored {count} of {IMPORTED} recommendations.")
    if count == 0:
        _expect(trial, "import", str(bundle))
        count = _count_of(trial, name)
    if count != IMPORTED:
        trial.ledger.surprises.append(f"A repeated import stored {count} of {IMPORTED} recommendations.")


def _count_of(trial: Trial, register: str) -> int:
    wanted = f'"register":"{register}"'.encode()
    return sum(b'"topic":"recommendation.registered"' in state and wanted in state for _, state in trial.rows())


@contextmanager
def _killed(trial: Trial, folder: Path, *arguments: str, **settings: str) -> Iterator[None]:
    """Run a command that is killed in one of its calls about files in a folder."""
    if not trial.calls.is_available:
        raise NotPossibleHere("there is no C compiler (cc) for the library that kills a process in a call")
    plan_folder = trial.elsewhere("plan-of-command")
    plan_folder.mkdir()
    calls = Calls(plan_folder)
    kind = trial.random.choice(("write", "sync", "open", "write", "read"))
    calls.fail((kind,), KILL, folder, after=trial.random.randrange(200 if kind != "sync" else 12))
    process = subprocess.Popen(
        [*COMMAND, *arguments],
        env=trial.site.environment | calls.environment | settings,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    process.wait(SITE_WAIT_SECONDS)
    yield


def backup_under_load(trial: Trial) -> Path:
    """A backup made while commands are carried out holds all that were acknowledged before, and can be restored."""
    before = [w for w in list(trial.ledger.writes) if w.is_acknowledged]
    folder, restored = trial.elsewhere("backup"), trial.elsewhere("restored")
    _expect(trial, "backup", str(folder))
    _expect(trial, "restore", str(folder), UPTAKE_DATA_DIR=str(restored))
    _check_restored(trial, restored)
    rows = rows_of_file(restored / "log.sqlite")
    trial.ledger.surprises += problems_of_writes(History(rows), before)
    if rows != trial.rows()[: len(rows)]:
        trial.ledger.surprises.append("The log of the backup is not the beginning of the log.")
    return folder


def _check_restored(trial: Trial, folder: Path) -> None:
    with closing(build_services(with_data_dir(trial.settings, folder))) as services:
        services.catch_up()
        trial.ledger.surprises += [f"Restored: {problem}" for problem in verify(services).problems]


def killed_restore(trial: Trial) -> None:
    """A restore that is killed can be run again, without anything to clean up."""
    backup, target = trial.elsewhere("backup"), trial.elsewhere("restored-twice")
    _expect(trial, "backup", str(backup))
    with _killed(trial, trial.folder, "restore", str(backup), UPTAKE_DATA_DIR=str(target)):
        pass
    if not target.exists():
        _expect(trial, "restore", str(backup), UPTAKE_DATA_DIR=str(target))
    _check_restored(trial, target)
    shutil.rmtree(target)


def older_log(trial: Trial) -> None:
    """An older copy of the log under newer checkpoints is found by `uptake log verify`; the right one is not."""
    log, older, newer = trial.data_dir / "log.sqlite", trial.folder / "older", trial.folder / "newer"
    trial.site.suspend()
    shutil.copyfile(log, older)
    trial.site.start()
    trial.wait_for_writes(2)
    trial.site.suspend()
    _expect(trial, "log", "checkpoint")
    log.rename(newer)
    shutil.copyfile(older, log)
    _expect(trial, "log", "verify", code=1, sentence="its end was removed")
    newer.rename(log)
    _expect(trial, "log", "verify")
    trial.site.start()


def _backends(trial: Trial) -> list[int]:
    import psycopg

    with psycopg.connect(trial.database_url) as db:
        return [pid for (pid,) in db.execute(f"SELECT pid {_OTHERS}")]


def cut_connections(trial: Trial) -> None:
    """The database ends every connection, as at a failover."""
    import psycopg

    with psycopg.connect(trial.database_url, autocommit=True) as db:
        db.execute(f"SELECT pg_terminate_backend(pid) {_OTHERS}")


def kill_database(trial: Trial) -> None:
    """A process of the database is killed: it cuts every connection and recovers from its own log."""
    process = trial.random.choice(wait_until(lambda: _backends(trial), waits_for="a connection"))
    os.kill(process, signal.SIGKILL)


def pause_database(trial: Trial) -> None:
    """All connections of the database hang for up to a second."""
    processes = _backends(trial)
    for process in processes:
        os.kill(process, signal.SIGSTOP)
    time.sleep(trial.random.uniform(0.1, 1.0))
    for process in processes:
        os.kill(process, signal.SIGCONT)
