"""A thousand random changes of the log's rows and of its checkpoints: each is found, and the first event is named."""

import random
import sqlite3
from collections.abc import Callable
from fnmatch import fnmatchcase
from typing import Any, Protocol

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from psycopg import connect
from sqlalchemy import Engine, delete, insert

from app.adapters.jobs_db.tables import checkpoints as table
from app.adapters.jobs_db.tables import open_jobs
from app.services.container import Services
from app.services.transparency import checkpoints, signing_keys
from app.services.transparency.log_verification import verify
from app.services.transparency.signed_notes import Checkpoint, parse_note, sign_checkpoint
from tests.support.story import Story

Row = tuple[Any, ...]
"""Its place in the log, then originator_id, originator_version, topic, recorded_at, state."""
PLACE, ORIGINATOR, VERSION, TOPIC, INSTANT, STATE = range(6)


class Attacker(Protocol):
    """An attacker with all rights over the database, who has removed its triggers."""

    def put(self, rows: list[Row]) -> None:
        """Have these rows be the log."""


class OnSQLite:
    def __init__(self, services: Services) -> None:
        self.db = sqlite3.connect(services.settings.data_dir / "log.sqlite", isolation_level=None)
        for (name,) in self.db.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            self.db.execute(f"DROP TRIGGER {name}")
        self.db.execute("PRAGMA synchronous = OFF")

    def put(self, rows: list[Row]) -> None:
        self.db.execute("BEGIN")
        self.db.execute("DELETE FROM stored_events")
        columns = "(rowid, originator_id, originator_version, topic, recorded_at, state)"
        self.db.executemany(f"INSERT INTO stored_events {columns} VALUES (?, ?, ?, ?, ?, ?)", rows)
        self.db.execute("COMMIT")


class OnPostgres:
    def __init__(self, services: Services) -> None:
        self.db = connect(services.settings.database_url, autocommit=True)
        self.db.execute("DROP TRIGGER stored_events_append_only ON stored_events")

    def put(self, rows: list[Row]) -> None:
        columns = "(notification_id, originator_id, originator_version, topic, recorded_at, state)"
        with self.db.transaction(), self.db.cursor() as c:
            c.execute("DELETE FROM stored_events")
            c.executemany(
                f"INSERT INTO stored_events {columns} OVERRIDING SYSTEM VALUE VALUES (%s, %s, %s, %s, %s, %s)", rows
            )


def value(rows: list[Row], chance: random.Random) -> str:
    """A bit of an event's bytes."""
    n = chance.randrange(len(rows))
    state, at = rows[n][STATE], chance.randrange(len(rows[n][STATE]))
    changed = state[:at] + bytes([state[at] ^ 1 << chance.randrange(8)]) + state[at + 1 :]
    rows[n] = (*rows[n][:STATE], changed)
    return f"Event {n + 1} (*) was changed: its bytes are not the recorded ones."


def column(rows: list[Row], chance: random.Random) -> str:
    """A column that says another thing than the bytes do."""
    n, which = chance.randrange(len(rows)), chance.choice((ORIGINATOR, VERSION, TOPIC, INSTANT))
    row = list(rows[n])
    others = {ORIGINATOR: "00000000-0000-0000-0000-00000000000a", VERSION: row[VERSION] + 70, TOPIC: "evidence.shown"}
    row[which] = others.get(which, row[INSTANT] + chance.choice((-1, 1)))
    rows[n] = tuple(row)
    expected = {ORIGINATOR: "aggregate", VERSION: "version", TOPIC: "topic", INSTANT: "instant"}[which]
    return f"Event {n + 1} (*) was changed: its row and its bytes differ in {expected}."


def removed(rows: list[Row], chance: random.Random) -> str:
    n, size = chance.randrange(len(rows)), len(rows)
    del rows[n]
    if n == size - 1:
        return f"Event {size} is missing: the tree has {size} events, the log only {n}."
    return f"Event {n + 1} was removed: its place now has what was event {n + 2}, *."


def swapped(rows: list[Row], chance: random.Random) -> str:
    """Two rows, neighbours or not, whole or their bytes alone."""
    one, two = sorted(chance.sample(range(len(rows)), 2))
    original = STATE if chance.random() < 0.5 else PLACE + 1
    a, b = rows[one], rows[two]
    rows[one], rows[two] = a[:original] + b[original:], b[:original] + a[original:]
    if two == one + 1:
        return f"Events {one + 1} and {two + 1} were exchanged: event {one + 1} (*) is out of order."
    return f"Event {one + 1} (*) was changed: its bytes are not the recorded ones."


def inserted(rows: list[Row], chance: random.Random) -> str:
    """An event that never was, with a row that fits it; or an old one once more, which cannot have a row that does."""
    n = chance.randrange(len(rows))
    like = list(chance.choice(rows[: n + 1] + rows[n + 2 :]))  # the next one once more looks like an exchange
    like[VERSION] += 50
    if chance.random() < 0.5:
        version = b'"originator_version":%d,' % (like[VERSION] - 50)
        like[STATE] = like[STATE].replace(version, b'"originator_version":%d,' % like[VERSION])
        expected = f"inserted: what was event {n + 1} comes after it."
    else:
        expected = "*"
    rows[n:] = [(rows[n][PLACE], *like[1:]), *((row[PLACE] + 1, *row[1:]) for row in rows[n:])]
    return f"Event {n + 1} (*) was {expected}"


ATTACKS = (value, column, removed, swapped, inserted)


@pytest.fixture
def recorded(services: Services) -> Services:
    return _told(services)


def _told(services: Services) -> Services:
    """A log of some twenty events, with a checkpoint in the middle and one at its end."""
    story = Story(services).evidence("official").evidence("news", "news").recommendation().criteria()
    _checkpoint(services)
    for n in range(6):
        story.propose(effective_on=f"202{n}-01-01")
    _checkpoint(services)
    return services


def _checkpoint(services: Services) -> None:
    jobs = open_jobs(services.settings)
    assert checkpoints.make_checkpoint(services, jobs)
    jobs.dispose()


def _attacked(services: Services, attacker: Attacker, attacks: int) -> None:
    """Each attack is made on the log as it was, found and named, and undone."""
    rows, chance = list(services.log.whole_rows_after(0, 1000)), random.Random(8244)
    for number in range(attacks):
        attack, changed = ATTACKS[number % len(ATTACKS)], list(rows)
        expected = attack(changed, chance)
        assert changed != rows
        attacker.put(changed)
        problems = verify(services).problems
        assert problems, f"attack {number}, {attack.__name__}, was not found; it should have been: {expected}"
        assert fnmatchcase(problems[0], expected), f"{problems[0]} instead of {expected}"
    attacker.put(rows)
    assert verify(services).problems == []


def test_the_rows_in_sqlite(recorded: Services) -> None:
    _attacked(recorded, OnSQLite(recorded), 900)


def test_the_rows_in_postgres_of_which_a_superuser_took_the_guards_away(new_services: Callable[..., Services]) -> None:
    services = _told(new_services(postgres=True))
    _attacked(services, OnPostgres(services), 60)


@pytest.mark.parametrize("where", ["the database", "the file"])
def test_the_checkpoints(recorded: Services, where: str) -> None:
    """One is changed by a bit, replaced by a stranger's over another root or by an older one, or taken away."""
    chance, file, jobs = random.Random(8244), checkpoints.archive_file(recorded.settings), open_jobs(recorded.settings)
    original, content, name = (
        checkpoints.stored_notes(jobs),
        file.read_bytes(),
        signing_keys.checkpoint_key(recorded.settings).name,
    )
    refused = f"A checkpoint in {'the database' if where == 'the database' else file} is not valid: "
    lacking = "The database lacks 1 of" if where == "the database" else f"{file} lacks 1 of"
    for number in range(50):
        notes, n = [note.encode() for note in original], chance.randrange(len(original))
        flipped, size = bytearray(notes[n]), parse_note(original[n])[0].size
        flipped[chance.randrange(len(flipped) - 1)] ^= 1 << chance.randrange(8)
        forged = sign_checkpoint(
            Checkpoint(name, size, chance.randbytes(32)), name, Ed25519PrivateKey.generate()
        ).encode()
        notes[n : n + 1] = ([bytes(flipped)], [forged], [notes[n - 1]], [])[number % 4]
        if where == "the database":
            _keep(jobs, notes)
        else:
            file.write_bytes(b"".join(note + b"\n\n" for note in notes))
        problems = verify(recorded).problems
        assert problems, (number, notes)
        assert problems[0].startswith(refused if number % 4 < 2 else lacking), (number, problems)
        assert number % 4 > 1 or any(p.startswith(lacking) for p in problems)
        _keep(jobs, [note.encode() for note in original])
        file.write_bytes(content)
    assert verify(recorded).problems == []
    jobs.dispose()


def _keep(jobs: Engine, notes: list[bytes]) -> None:
    with jobs.begin() as db:
        db.execute(delete(table))
        for size, note in enumerate(notes, 1):
            db.execute(insert(table).values(size=size, note=note.decode("utf-8", "replace"), made_at="x"))
