"""The processes of `uptake up`: any of them may be killed, none outlives the others, and no second one starts."""

import os
import signal
import socket
import sqlite3
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from app.adapters.settings import Settings
from app.bootstrap.container import build_services
from app.entrypoints.cli.supervision import Child
from projections.engine import views
from tests.support.processes import child, children, free_port, is_alive, stop, wait_until_ready
from tests.support.waiting import wait_until

pytestmark = pytest.mark.skipif(not Path("/proc/self/fd").is_dir(), reason="reads processes in /proc")
ANSWER_SECONDS = 5
START = [sys.executable, "-m", "app.bootstrap"]


def open_databases(pid: int) -> list[str]:
    """The SQLite files that a process has open."""
    links = (str(fd.readlink()) for fd in Path(f"/proc/{pid}/fd").iterdir() if fd.is_symlink())
    return sorted(target for target in links if ".sqlite" in target)


def answers(address: str) -> bool:
    try:
        with urllib.request.urlopen(f"{address}/", timeout=5) as response:
            return bool(response.status == 200)
    except OSError:
        return False


@contextmanager
def running(command: str, data_dir: Path, port: int) -> "Iterator[subprocess.Popen[str]]":
    with (data_dir.parent / f"{command}-{port}.log").open("w") as log:
        process = subprocess.Popen(
            [*START, command, "--port", str(port)],
            env=os.environ | {"UPTAKE_DATA_DIR": str(data_dir), "UPTAKE_WEB_PROCESSES": "2"},
            stdout=subprocess.DEVNULL,
            stderr=log,
            text=True,
        )
    try:
        wait_until_ready(f"http://127.0.0.1:{port}", process)
        yield process
    finally:
        if process.poll() is None:
            stop(process)


@pytest.fixture
def store(tmp_path: Path) -> Path:
    build_services(Settings(data_dir=tmp_path / "store"), create=True).close()
    return tmp_path / "store"


def test_a_web_process_begins_without_an_open_database(store: Path) -> None:
    with running("serve", store, free_port()) as server:
        assert open_databases(server.pid) == [], "what the server has open, each of its processes inherits"
        wait_until(lambda: len(children(server.pid)) >= 2, waits_for="both web processes")
        assert "/markupsafe/" in Path(f"/proc/{server.pid}/maps").read_text(), "it loads the pages for all of them"


def test_the_server_waits_until_the_store_is_prepared(tmp_path: Path) -> None:
    port = free_port()
    with running("up", tmp_path / "new", port):
        assert answers(f"http://127.0.0.1:{port}")
    assert "ended with exit code" not in (tmp_path / f"up-{port}.log").read_text()


def test_a_store_that_cannot_be_prepared_ends_the_server_too(store: Path) -> None:
    (store / "log.sqlite").write_bytes(b"no database " * 1000)
    port = free_port()
    assert refused(store, "up", "--port", str(port)) == "The store cannot be used: file is not a database\n"
    socket.create_server(("127.0.0.1", port)).close()


def test_a_server_ends_that_is_stopped_while_it_starts(store: Path) -> None:
    """A web process that is being started does not hear the signal, and was waited for without end."""
    port, environment = free_port(), os.environ | {"UPTAKE_DATA_DIR": str(store), "UPTAKE_WEB_PROCESSES": "2"}
    with subprocess.Popen([*START, "serve", "--port", str(port)], env=environment, stderr=subprocess.DEVNULL) as server:
        wait_until(lambda: children(server.pid), waits_for="the first web process")
        server.terminate()
        assert server.wait(60) in (0, -signal.SIGTERM)


def test_any_process_may_be_killed_and_all_goes_on(store: Path) -> None:
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    with running("up", store, port) as up:
        wait_until(lambda: child(up.pid, "worker"), waits_for="the worker")
        server, worker = child(up.pid, "serve"), child(up.pid, "worker")
        web_processes = children(server)

        os.kill(web_processes[0], signal.SIGKILL)
        wait_until(lambda: answers(address), ANSWER_SECONDS, "an answer after a web process was killed")
        wait_until(lambda: len(set(children(server)) - set(web_processes)) == 1, waits_for="a new web process")

        os.kill(worker, signal.SIGKILL)
        wait_until(lambda: answers(address), ANSWER_SECONDS, "an answer after the worker was killed")
        wait_until(lambda: child(up.pid, "worker") not in (0, worker), waits_for="a new worker")

        orphans = children(server)
        os.kill(server, signal.SIGKILL)
        wait_until(lambda: answers(address), ANSWER_SECONDS, "an answer after the server was killed")
        wait_until(lambda: child(up.pid, "serve") not in (0, server), waits_for="a new server")
        wait_until(lambda: not any(map(is_alive, orphans)), waits_for="the end of the old web processes")
        wait_until(lambda: answers(address), waits_for="an answer of the new server")
        assert up.poll() is None


def test_all_end_with_uptake_up_and_it_starts_again_at_once(store: Path) -> None:
    port = free_port()
    with running("up", store, port) as up:
        wait_until(lambda: child(up.pid, "worker"), waits_for="the worker")
        below = [c for parent in children(up.pid) for c in [parent, *children(parent)]]
        assert len(below) >= 4
        up.kill()
        up.wait()
        wait_until(lambda: not any(map(is_alive, below)), waits_for="the end of all processes")
    with running("up", store, port):
        assert answers(f"http://127.0.0.1:{port}")


def test_a_stop_also_ends_the_web_processes_of_a_server_that_was_killed(store: Path) -> None:
    port = free_port()
    with running("up", store, port) as up:
        server = child(up.pid, "serve")
        orphans = children(server)
        os.kill(server, signal.SIGKILL)
        stop(up)
        assert not any(map(is_alive, orphans)), "they would write after the write-ahead logs were emptied"


@pytest.mark.parametrize("command", ["up", "serve"])
def test_after_an_orderly_stop_each_file_is_complete_without_its_write_ahead_log(store: Path, command: str) -> None:
    port = free_port()
    with running(command, store, port):
        wait_until(lambda: answers(f"http://127.0.0.1:{port}"), waits_for="a page")
        with closing(sqlite3.connect(store / "log.sqlite")) as db, db:
            # The web processes have the file open, so closing it here does not empty the write-ahead log.
            db.execute("INSERT INTO claims VALUES ('a', 'b')")
        assert (store / "log.sqlite-wal").stat().st_size > 0
    for file in [*store.glob("*-wal"), *store.glob("*-shm")]:
        file.unlink()
    with closing(sqlite3.connect(store / "log.sqlite")) as db:
        assert db.execute("SELECT count(*) FROM claims").fetchone() == (1,)


def refused(data_dir: Path, *arguments: str) -> str:
    done = subprocess.run(
        [*START, *arguments],
        env=os.environ | {"UPTAKE_DATA_DIR": str(data_dir)},
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 1
    return done.stderr


def test_a_second_one_over_the_same_data_folder_or_port_is_refused(store: Path, tmp_path: Path) -> None:
    port = free_port()
    with running("up", store, port):
        for file in store.glob("*.lock"):
            file.unlink()
        again = f"Uptake already runs over {store}. Stop it, or name another folder in UPTAKE_DATA_DIR.\n"
        assert refused(store, "up", "--port", str(free_port())) == again
        taken = f"Uptake cannot listen at 127.0.0.1, port {port}: address already in use. Choose another with --port.\n"
        assert refused(store, "serve", "--port", str(port)) == taken
        assert refused(tmp_path / "other", "up", "--port", str(port)) == taken
        assert not (tmp_path / "other").exists()


def test_a_port_of_another_program_is_refused(store: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        assert "address already in use" in refused(store, "serve", "--port", str(other.getsockname()[1]))


def test_catching_up_ends_when_another_process_is_always_first(store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    services = build_services(Settings(data_dir=store))
    monkeypatch.setattr(views, "MAX_LOST_RACES", 3)
    monkeypatch.setattr(services.views.log, "part_after", lambda position, _limit: [(position + 1, 0, b"")])
    monkeypatch.setattr(services.views, "_apply", lambda *_: None)
    with pytest.raises(TimeoutError, match="3 times another process was first"):
        services.catch_up()
    services.close()


def test_the_number_of_a_process_that_ended_is_kept_until_its_group_is_ended(
    store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The system could have given it to another program, whose processes were then killed."""
    monkeypatch.setenv("UPTAKE_DATA_DIR", str(store))
    ended = Child("no-such-command")
    number = ended.leaders[0].pid

    def has_ended() -> bool:
        return os.waitid(os.P_PID, number, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None

    wait_until(has_ended, waits_for="its end")
    ended.start_if_ended()
    assert has_ended(), "no one else has this number"
    assert ended.start_at is not None
    ended.stop()
    with pytest.raises(ChildProcessError):
        has_ended()
