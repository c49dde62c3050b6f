"""Asks for every address in process, without caches, and counts what each answer costs."""

import sqlite3
import statistics
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from flask import Flask
from flask.testing import FlaskClient
from msgspec import Struct
from sqlalchemy import Engine, event, select

from app.bootstrap.flask_app import create_app
from app.entrypoints.http.security import hash_new_password
from app.services.accounts.models import User
from app.services.container import Services
from benchmarks.growth.addresses import Address, addresses
from benchmarks.growth.plans import Statement
from benchmarks.growth.register import E_MAIL

PASSWORD = "correct horse battery staple"
STEP = 100
"""How many steps of SQLite's virtual machine are counted at once."""
CLEAR_REFS, STATUS = Path("/proc/self/clear_refs"), Path("/proc/self/status")
SKIPPED = ("static", "security.static", "stylesheet", "light_stylesheet", "dark_stylesheet", "hangul_stylesheet")


class Cost(Struct):
    """CPU in seconds, steps of the database and statements, size of the answer in bytes, peak of memory in kB."""

    status: int
    content_type: str
    seconds: float
    steps: int
    statements: int
    size: int
    memory: int


class Counter:
    """What the databases of this process did since it was reset."""

    def __init__(self) -> None:
        self.steps = 0
        self.statements: list[Statement] = []

    def reset(self) -> None:
        self.steps = 0
        self.statements.clear()

    def count_step(self) -> int:
        self.steps += STEP
        return 0


@contextmanager
def counting() -> Iterator[Counter]:
    """Counts on every connection that is opened in the block."""
    counter = Counter()
    files: dict[sqlite3.Connection, str] = {}

    def connected(connection: sqlite3.Connection, _record: object) -> None:
        files[connection] = connection.execute("PRAGMA database_list").fetchone()[2]
        connection.set_progress_handler(counter.count_step, STEP)

    def executing(_db: object, cursor: sqlite3.Cursor, statement: str, *_: object) -> None:
        counter.statements.append(Statement(files[cursor.connection], statement))

    event.listen(Engine, "connect", connected)
    event.listen(Engine, "before_cursor_execute", executing)
    try:
        yield counter
    finally:
        event.remove(Engine, "connect", connected)
        event.remove(Engine, "before_cursor_execute", executing)


def signed_in(app: Flask, services: Services) -> FlaskClient:
    with app.app_context(), services.accounts.work() as db:
        user = db.scalars(select(User).where(User.email == E_MAIL)).one()
        user.password = hash_new_password(PASSWORD, user)
    client = app.test_client()
    page = client.get("/staff/sign-in")
    assert page.status_code == 200
    answer = client.post("/staff/sign-in", data={"email": E_MAIL, "password": PASSWORD})
    assert answer.status_code == 302, answer.text
    return client


def walk(
    services: Services, counter: Counter, *, only: str = "", without: Sequence[str] = (), rounds: int = 1
) -> Iterator[tuple[Address, Cost]]:
    """The cost of every address; those that answer with an error cost what it costs to say so."""
    app = create_app(services)
    app.config["WTF_CSRF_ENABLED"] = False
    reader, member = app.test_client(), signed_in(app, services)
    for address in addresses(app):
        if address.endpoint in SKIPPED or only not in address.path or address.path.endswith(tuple(without)):
            continue
        client = member if address.path.startswith("/staff") else reader
        if rounds > 1:  # what is loaded by the first is not counted
            client.get(address.path).close()
        yield address, _cost(client, address.path, counter, rounds)


def _cost(client: FlaskClient, path: str, counter: Counter, rounds: int) -> Cost:
    costs = [_ask(client, path, counter) for _ in range(rounds)]
    costs[0].seconds = statistics.median(cost.seconds for cost in costs)
    return costs[0]


def _ask(client: FlaskClient, path: str, counter: Counter) -> Cost:

    counter.reset()
    before = _reset_peak()
    started = time.process_time()
    answer = client.get(path, buffered=False)
    size = sum(map(len, answer.response))
    answer.close()
    seconds = time.process_time() - started
    return Cost(
        answer.status_code,
        answer.mimetype or "",
        seconds,
        counter.steps,
        len(counter.statements),
        size,
        _memory("VmHWM") - before,
    )


def _reset_peak() -> int:
    """Let the peak of this process begin at what it holds now, and return that in kB; 0 where there is no such file."""
    if not CLEAR_REFS.exists():
        return 0
    CLEAR_REFS.write_text("5")
    return _memory("VmRSS")


def _memory(name: str) -> int:
    for line in STATUS.read_text().splitlines() if STATUS.exists() else ():
        if line.startswith(name):
            return int(line.split()[1])
    return 0
