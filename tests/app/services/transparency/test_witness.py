"""Witnesses: real processes that cosign what extends, refuse a fork, and remember across kill -9."""

import http.client
import os
import re
import signal
import socket
import subprocess
import sys
import threading
from base64 import b64encode
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from hashlib import sha256
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from click.testing import CliRunner
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from msgspec.structs import replace

from app.adapters.jobs_db.tables import open_jobs
from app.bootstrap.command_line import main
from app.entrypoints.worker.schedule import TIMETABLE
from app.services.container import Services
from app.services.operations.doctor import examine
from app.services.transparency import checkpoints
from app.services.transparency.cosignatures import cosignature_times
from app.services.transparency.log_verification import verify
from app.services.transparency.policy import read_policy
from app.services.transparency.signed_notes import (
    COSIGNATURE,
    Checkpoint,
    Verifier,
    open_note,
    parse_verifier,
    sign_checkpoint,
)
from app.services.transparency.signing_keys import checkpoint_key
from app.services.transparency.witnessing import submit_newest
from projections.transparency.merkle import EMPTY_ROOT, consistency, leaf_hash, root_of
from tests.support.processes import free_port
from tests.support.waiting import wait_until

LOG = "log.example/1"
KEY = Ed25519PrivateKey.from_private_bytes(b"log".ljust(32))
VKEY = Verifier(LOG, KEY.public_key().public_bytes_raw()).text


class Tree:
    """A log of texts with proofs and checkpoints, signed by its key."""

    def __init__(self, *entries: str) -> None:
        self.leaves = [leaf_hash(entry.encode()) for entry in entries]

    def root(self, size: int) -> bytes:
        return root_of(self.leaves[:size])

    def request(self, old: int, size: int, key: Ed25519PrivateKey = KEY, origin: str = LOG) -> bytes:
        note = sign_checkpoint(Checkpoint(origin, size, self.root(size)), origin, key)
        proof = consistency(old, size, self._hash_of) if old <= size else []
        return "\n".join([f"old {old}", *(b64encode(h).decode() for h in proof), "", note]).encode()

    def _hash_of(self, level: int, place: int) -> bytes:
        return Tree.of_leaves(self.leaves[place << level : (place + 1) << level]).root(1 << level)

    @staticmethod
    def of_leaves(leaves: list[bytes]) -> "Tree":
        tree = Tree()
        tree.leaves = leaves
        return tree


def uptake(*words: str) -> str:
    run = CliRunner().invoke(main, ["witness", *words])
    assert run.exit_code == 0, run.output
    return run.output.strip()


def new_witness(state: Path, *vkeys: str) -> Verifier:
    verifier = parse_verifier(uptake("init", "--state", str(state), "--name", f"{state.name}.example/w1"), COSIGNATURE)
    for vkey in vkeys:
        uptake("add-log", "--state", str(state), vkey)
    return verifier


@contextmanager
def running(state: Path, port: int = 0) -> Iterator[tuple[str, "subprocess.Popen[bytes]"]]:
    """A witness in a process of its own: its address, and the process."""
    port = port or free_port()
    command = [sys.executable, "-m", "app.bootstrap", "witness", "serve", "--state", str(state), "--port", str(port)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    address = f"http://127.0.0.1:{port}"

    def is_ready() -> bool:
        assert process.poll() is None, "the witness ended by itself"
        try:
            return ask(address, "GET", "/")[0] == 404
        except OSError:
            return False

    try:
        wait_until(is_ready, waits_for="the witness to listen")
        yield address, process
    finally:
        process.kill()
        process.wait(30)


def ask(address: str, method: str, path: str, body: bytes | None = None) -> tuple[int, str, str]:
    """The status, the type and the text of an answer."""
    connection = http.client.HTTPConnection(urlsplit(address).netloc, timeout=30)
    try:
        connection.request(method, path, body)
        answer = connection.getresponse()
        return answer.status, answer.headers["Content-Type"], answer.read().decode()
    finally:
        connection.close()


def add(address: str, body: bytes) -> tuple[int, str]:
    status, _type, text = ask(address, "POST", "/add-checkpoint", body)
    return status, text


def test_a_witness_follows_the_protocol_across_kill_9(tmp_path: Path) -> None:
    state, port = tmp_path / "w", free_port()
    witness, log, fork = new_witness(state, VKEY), Tree(*"abcdefgh"), Tree(*"abcxefgh")
    assert {oct(f.stat().st_mode & 0o777) for f in state.iterdir()} == {"0o600"}
    with running(state, port) as (address, process):
        status, line = add(address, log.request(0, 3))
        assert status == 200, line
        note = log.request(0, 3).partition(b"\n\n")[2].decode()
        assert list(cosignature_times(note + line, [witness])) == [witness]
        assert ask(address, "POST", "/add-checkpoint", log.request(0, 5)) == (409, "text/x.tlog.size", "3\n")
        assert add(address, log.request(3, 5))[0] == 200
        os.kill(process.pid, signal.SIGKILL)
        process.wait(30)
    with running(state, port) as (address, _):
        assert add(address, log.request(3, 6)) == (409, "5\n"), "what it cosigned was on the disk before"
        assert add(address, fork.request(5, 7))[0] == 422, "a fork"
        assert add(address, fork.request(5, 5))[0] == 422, "another tree of the same size"
        assert add(address, log.request(5, 7).replace(b"old 5\n", b"old 5\n" + b64encode(bytes(32)) + b"\n"))[0] == 422
        assert add(address, log.request(5, 5))[0] == 200, "again, with a new time"
        assert add(address, log.request(9, 7)) == (400, "The old size is above that of the checkpoint.\n")
        assert add(address, log.request(5, 7, Ed25519PrivateKey.generate()))[0] == 403
        assert add(address, log.request(5, 7).replace(f"— {LOG} ".encode(), f"— {LOG}x ".encode()))[0] == 403
        assert add(address, log.request(5, 7, origin="other.example"))[0] == 404
        for wrong in (b"", b"old 05\n\n", b"old 5\nAAAA\n\n", b"\xff", log.request(5, 7).replace(b"old", b"Old")):
            assert add(address, wrong)[0] == 400, wrong
        assert add(address, b"old 5\n" + b"A" * 70_000)[0] == 413
        assert ask(address, "POST", "/other", b"")[0] == 404
        seen = ask(address, "GET", f"/{sha256(LOG.encode()).hexdigest()}/checkpoint")[2]
        assert open_note(seen, [parse_verifier(VKEY)]).size == 5
        assert list(cosignature_times(seen, [witness])) == [witness]
        assert ask(address, "GET", f"/{sha256(b'x').hexdigest()}/checkpoint")[0] == 404
        assert add(address, log.request(5, 8))[0] == 200
    assert re.search(
        r"log.example/1: 1 keys, 8 entries seen; refused 3 that contradict it", uptake("show", "--state", str(state))
    )


def test_an_empty_log_has_the_root_of_an_empty_tree(tmp_path: Path) -> None:
    new_witness(tmp_path / "w", VKEY)
    with running(tmp_path / "w") as (address, _):
        note = sign_checkpoint(Checkpoint(LOG, 0, bytes(32)), LOG, KEY)
        assert add(address, f"old 0\n\n{note}".encode())[0] == 422
        note = sign_checkpoint(Checkpoint(LOG, 0, EMPTY_ROOT), LOG, KEY)
        assert add(address, f"old 0\n\n{note}".encode())[0] == 200


def test_two_witnesses_cosign_and_refuse_a_forked_log(small: Services, tmp_path: Path) -> None:
    """The worker submits; a copy of the log that was changed under the same key gets no cosignature."""
    jobs, log = open_jobs(small.settings), checkpoint_key(small.settings)
    witnesses = {name: new_witness(tmp_path / name, log.verifier.text) for name in ("a", "b")}
    job = next(j for j in TIMETABLE if j.id == "witnesses")
    count = small.catch_up().count
    with ExitStack() as stack:
        addresses = {name: stack.enter_context(running(tmp_path / name))[0] for name in witnesses}
        policy = tmp_path / "policy"
        lines = [f"witness {name} {key.text} {addresses[name]}/" for name, key in witnesses.items()]
        policy.write_text("\n".join([f"log {log.verifier.text}", *lines, "group both all a b", "quorum both", ""]))
        small.settings = replace(small.settings, witness_policy=policy)
        checkpoints.make_checkpoint(small, jobs, count - 2)
        assert submit_newest(small, jobs) == 0, "an address of this machine needs the setting"
        assert verify(small, policy=policy).problems == [
            f"The checkpoint over {count - 2} events is cosigned by none of its witnesses; the policy asks for more."
        ]
        small.settings = replace(small.settings, private_witnesses=True)
        job.run(small)
        job.run(small)
        checkpoints.make_checkpoint(small, jobs, count)
        assert submit_newest(small, jobs) == 2
        assert submit_newest(small, jobs) == 0
        newest = checkpoints.newest_note(jobs)
        assert newest
        assert set(read_policy(policy).cosigners(newest)) == {"a", "b"}
        assert verify(small, policy=policy).problems == []
        with jobs.begin() as db:
            db.execute(checkpoints.cosignatures.delete())
        assert submit_newest(small, jobs) == 2, "each says what it saw, and the proof starts there"
        forked = sign_checkpoint(Checkpoint(log.name, count, bytes(32)), log.name, log.private)
        with jobs.begin() as db:
            db.execute(checkpoints.cosignatures.delete())
            db.execute(
                checkpoints.checkpoints.update().where(checkpoints.checkpoints.c.size == count).values(note=forked)
            )
        assert submit_newest(small, jobs) == 0, "a fork"
        with jobs.begin() as db:
            db.execute(checkpoints.checkpoints.delete().where(checkpoints.checkpoints.c.size == count))
        assert submit_newest(small, jobs) == 0, "an older log than the witnesses saw"
    assert any("is cosigned by a, b" in f or "none of its witnesses" in f for f in _doctor(small))
    jobs.dispose()


def _doctor(services: Services) -> list[str]:
    return [f.sentence for f in examine(services.settings, lambda _settings: services) if not f.ok]


@pytest.mark.parametrize(
    "answer", [b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\n\r\n", b"nonsense\r\n\r\n"]
)
def test_what_is_no_witness_is_not_followed(small: Services, tmp_path: Path, answer: bytes) -> None:
    jobs = open_jobs(small.settings)
    checkpoints.make_checkpoint(small, jobs)
    key = Verifier("w", bytes(31) + b"\1", COSIGNATURE)
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            connection, _ = server.accept()
            with connection:
                connection.recv(10_000)
                connection.sendall(answer)

        thread = threading.Thread(target=serve)
        thread.start()
        (tmp_path / "policy").write_text(f"witness w {key.text} http://127.0.0.1:{server.getsockname()[1]}\nquorum w\n")
        small.settings = replace(small.settings, witness_policy=tmp_path / "policy", private_witnesses=True)
        assert submit_newest(small, jobs) == 0
        thread.join(30)
    jobs.dispose()
