"""An attacker with full access to the database changes the past; the check names the change and the event."""

import random
import sqlite3
import stat
from collections.abc import Callable

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import Engine

from app.adapters.jobs_db.tables import open_jobs
from app.bootstrap.flask_app import create_app
from app.entrypoints.worker.schedule import TIMETABLE
from app.services.container import Services
from app.services.transparency import checkpoints, signing_keys
from app.services.transparency.log_verification import verify
from app.services.transparency.signed_notes import Checkpoint, open_note, parse_note, sign_checkpoint
from domain import commands as c
from domain.errors import Refused
from projections.transparency.merkle import includes, is_consistent
from tests.support.pages import Browser
from tests.support.story import Story, propose


@pytest.fixture
def recorded(services: Services) -> Services:
    """A log of some twenty events, with a checkpoint in the middle and one at its end."""
    story = Story(services).evidence("official").evidence("news", "news").recommendation().criteria()
    _signed(services)
    for n in range(6):
        story.propose(effective_on=f"202{n}-01-01")
    _signed(services)
    return services


def _signed(services: Services) -> str | None:
    jobs = open_jobs(services.settings)
    try:
        return checkpoints.make_checkpoint(services, jobs)
    finally:
        jobs.dispose()


def _attack(services: Services, *statements: tuple[str, tuple[object, ...]]) -> None:
    """Change the log past its own defences."""
    with sqlite3.connect(services.settings.data_dir / "log.sqlite") as db:
        for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            db.execute(f"DROP TRIGGER {name}")
        for statement, values in statements:
            db.execute(statement, values)
    db.close()


def _rows(services: Services) -> list[tuple[int, bytes]]:
    return [(row, state) for row, _, state in services.log.rows_after(0, 1000)]


def test_a_log_that_nobody_touched_is_in_order(recorded: Services) -> None:
    report = verify(recorded)
    assert report.problems == []
    assert report.checkpoints == 2
    assert report.events == len(_rows(recorded))


def test_the_database_itself_refuses_to_change_the_past(recorded: Services) -> None:
    with (
        sqlite3.connect(recorded.settings.data_dir / "log.sqlite") as db,
        pytest.raises(sqlite3.Error, match="append-only"),
    ):
        db.execute("UPDATE stored_events SET state = state")
    db.close()


@pytest.mark.parametrize("seed", range(4))
def test_a_changed_byte_is_found_and_its_event_named(recorded: Services, seed: int) -> None:
    chance = random.Random(seed)
    rows = _rows(recorded)
    position = chance.randrange(len(rows))
    row, state = rows[position]
    at = chance.randrange(len(state))
    changed = state[:at] + bytes([state[at] ^ 1 << chance.randrange(7)]) + state[at + 1 :]
    _attack(recorded, ("UPDATE stored_events SET state = ? WHERE rowid = ?", (changed, row)))
    problems = verify(recorded).problems
    assert problems[0].startswith(f"Event {position + 1} (")
    assert "was changed: its bytes are not the recorded ones." in problems[0]
    assert any("does not match" in p for p in problems)


@pytest.mark.parametrize("position", [1, 5, 11])
def test_a_removed_event_is_found(recorded: Services, position: int) -> None:
    row, _ = _rows(recorded)[position - 1]
    _attack(recorded, ("DELETE FROM stored_events WHERE rowid = ?", (row,)))
    assert verify(recorded).problems[0].startswith(f"Event {position} was removed")


def test_a_removed_end_is_found(recorded: Services) -> None:
    rows = _rows(recorded)
    _attack(recorded, ("DELETE FROM stored_events WHERE rowid >= ?", (rows[-3][0],)))
    problems = verify(recorded).problems
    assert (
        problems[0]
        == f"Event {len(rows) - 2} is missing: the tree has {len(rows)} events, the log only {len(rows) - 3}."
    )
    assert "its end was removed" in problems[-1]


def test_two_exchanged_events_are_found(recorded: Services) -> None:
    (one, a), (two, b) = _rows(recorded)[3:5]
    statement = "UPDATE stored_events SET state = ? WHERE rowid = ?"
    _attack(recorded, (statement, (b, one)), (statement, (a, two)))
    assert verify(recorded).problems[0].startswith("Events 4 and 5 were exchanged")


def test_an_inserted_event_is_found(recorded: Services) -> None:
    rows = _rows(recorded)
    row, state = rows[6]
    _attack(
        recorded,
        ("UPDATE stored_events SET rowid = -rowid WHERE rowid >= ?", (row,)),
        ("UPDATE stored_events SET rowid = 1 - rowid WHERE rowid < 0", ()),
        (
            "INSERT INTO stored_events SELECT ?, 'x', 1, topic, ?, recorded_at FROM stored_events WHERE rowid = ?",
            (row, state, row + 1),
        ),
    )
    problems = verify(recorded).problems
    assert problems[0].startswith("Event 7 (")
    assert "was changed: its row and its bytes differ in aggregate." in problems[0]
    assert problems[1].startswith("Event 8 (")
    assert "was inserted: what was event 8 comes after it." in problems[1]


@pytest.mark.parametrize(
    ("column", "value"), [("topic", "other.topic"), ("originator_version", 99), ("recorded_at", 1)]
)
def test_a_column_that_belies_the_bytes_is_found(recorded: Services, column: str, value: object) -> None:
    row, _ = _rows(recorded)[4]
    _attack(recorded, (f"UPDATE stored_events SET {column} = ? WHERE rowid = ?", (value, row)))
    (problem,) = verify(recorded).problems
    assert problem.startswith("Event 5 (")
    assert "its row and its bytes differ in" in problem


@pytest.mark.parametrize("column", ["originator_id", "originator_version", "topic", "recorded_at"])
def test_a_column_of_another_kind_is_found(recorded: Services, column: str) -> None:
    """SQLite keeps whatever it is given."""
    row, _ = _rows(recorded)[4]
    _attack(recorded, (f"UPDATE stored_events SET {column} = CAST('x' || {column} AS BLOB) WHERE rowid = ?", (row,)))
    (problem,) = verify(recorded).problems
    assert problem.startswith("Event 5 (")


def test_rebuilding_the_tables_hides_nothing_from_the_checkpoints(recorded: Services) -> None:
    row, state = _rows(recorded)[2]
    _attack(recorded, ("UPDATE stored_events SET state = ? WHERE rowid = ?", (state.replace(b"ana", b"eva"), row)))
    recorded.views.rebuild()
    (problem,) = verify(recorded).problems
    first = parse_note(checkpoints.archived_notes(checkpoints.archive_file(recorded.settings))[0])[0].size
    assert problem == (
        f"The checkpoint over {first} events does not match: something between events 1 and {first} has changed since it was signed."
    )


def test_a_checkpoint_that_was_replaced_does_not_count(recorded: Services) -> None:
    file = checkpoints.archive_file(recorded.settings)
    notes = checkpoints.archived_notes(file)
    forged = notes[0].replace("\n", "0\n", 2).replace("0\n", "\n", 1)
    file.write_text(forged + "\n\n" + notes[1] + "\n\n")
    problems = verify(recorded).problems
    assert any("is not valid" in p for p in problems)
    assert any("lacks 1 of the checkpoints in the database" in p for p in problems)


def test_a_checkpoint_of_another_key_does_not_count(recorded: Services, services: Services) -> None:
    name = signing_keys.checkpoint_key(services.settings).name
    foreign = sign_checkpoint(Checkpoint(name, 3, b"0" * 32), name, Ed25519PrivateKey.generate())
    assert "No key that is known here signed this checkpoint." in verify(recorded, [foreign]).problems[0]


def test_a_checkpoint_kept_elsewhere_is_held_against_the_log(recorded: Services) -> None:
    notes_before = checkpoints.archived_notes(checkpoints.archive_file(recorded.settings))
    assert verify(recorded, notes_before).problems == []
    key = signing_keys.checkpoint_key(recorded.settings)
    wrong = sign_checkpoint(Checkpoint(key.name, 4, b"1" * 32), key.name, key.private)
    assert "The checkpoint over 4 events does not match" in verify(recorded, [wrong]).problems[-1]


@pytest.mark.parametrize(
    "note", ["", "a\nb\nc\n\n— x y\n", "a\n1\nAAAA\n\n— x AAAA\n", "a\n1\n" + "A" * 43 + "=\n\nx\n"]
)
def test_what_is_no_checkpoint_is_refused_in_a_sentence(note: str) -> None:
    with pytest.raises(Refused, match="This is not a checkpoint"):
        parse_note(note)


@pytest.mark.parametrize("tail", [None, "", "the beginning of a note", "a note without its end", "foreign"])
def test_the_file_of_checkpoints_is_completed_from_the_database(recorded: Services, tail: str | None) -> None:
    file = checkpoints.archive_file(recorded.settings)
    whole = file.read_bytes()
    second = whole.index(b"\n\n\n") + 3
    tails = {
        "": b"",
        "the beginning of a note": whole[second:-40],
        "a note without its end": whole[second:-2],
        "foreign": b"x",
    }
    if tail is None:
        file.unlink()
    else:
        file.write_bytes(whole[:second] + tails[tail])
    assert _signed(recorded) is None, "the log has not grown"
    foreign = tail == "foreign"
    assert any("is not valid" in problem for problem in verify(recorded).problems) == foreign
    assert file.read_bytes() == (whole[:second] + b"x\n\n\n" + whole[second:] if foreign else whole)
    assert foreign or verify(recorded).problems == []


def test_a_checkpoint_is_made_once_for_each_growth(recorded: Services) -> None:
    assert _signed(recorded) is None
    recorded.execute(_proposal(), by="ana")
    assert _signed(recorded)
    assert len(checkpoints.archived_notes(checkpoints.archive_file(recorded.settings))) == 3


def test_the_worker_signs_what_grew(recorded: Services) -> None:
    recorded.execute(_proposal(), by="ana")
    jobs: Engine = open_jobs(recorded.settings)
    job = next(j for j in TIMETABLE if j.id == "checkpoint")
    job.run(recorded)
    job.run(recorded)
    assert len(checkpoints.stored_notes(jobs)) == 3
    jobs.dispose()


def test_a_new_key_signs_and_the_old_ones_work_stays_checkable(recorded: Services) -> None:
    old = signing_keys.checkpoint_key(recorded.settings).verifier
    signing_keys.rotate_signing_key(recorded.settings)
    new = signing_keys.checkpoint_key(recorded.settings).verifier
    assert old.public != new.public
    assert [k for k in signing_keys.known_keys(recorded.settings) if k.name == old.name] == [new, old]
    recorded.execute(_proposal(), by="ana")
    note = _signed(recorded)
    assert note
    assert open_note(note, [new]).origin == new.name
    assert verify(recorded).problems == []
    for file in ("signing.pem", "checkpoints.pem", "public.json"):
        assert stat.S_IMODE((recorded.settings.data_dir / "keys" / file).stat().st_mode) == 0o600


def test_proofs_of_the_api_hold_under_the_signed_checkpoint(recorded: Services) -> None:
    client = create_app(recorded).test_client()
    answer = client.get("/api/v1/checkpoint").json
    checkpoint = open_note(answer["note"], signing_keys.known_keys(recorded.settings))
    first = parse_note(checkpoints.archived_notes(checkpoints.archive_file(recorded.settings))[0])[0]
    body = client.get(f"/api/v1/proofs/inclusion?position=3&size={checkpoint.size}").json
    path = [bytes.fromhex(h) for h in body["path"]]
    assert includes(bytes.fromhex(body["leaf"]), 2, checkpoint.size, path, checkpoint.root)
    body = client.get(f"/api/v1/proofs/consistency?first={first.size}&second={checkpoint.size}").json
    proof = [bytes.fromhex(h) for h in body["proof"]]
    assert is_consistent(first.size, checkpoint.size, proof, first.root, checkpoint.root)
    for bad in (
        "inclusion?position=0",
        "inclusion?position=99&size=5",
        "consistency?first=9&second=2",
        "inclusion?size=999999",
    ):
        assert client.get(f"/api/v1/proofs/{bad}").status_code == 400


def test_the_page_shows_the_newest_checkpoint_and_the_keys(recorded: Services) -> None:
    app = create_app(recorded)
    for prefix in ("", "/ko"):
        page = Browser(app.test_client()).get(f"{prefix}/verify/")
        assert signing_keys.checkpoint_key(recorded.settings).verifier.text in page.text
        assert (
            str(parse_note(checkpoints.archived_notes(checkpoints.archive_file(recorded.settings))[-1])[0].size)
            in page.text
        )


def test_both_stores_are_checked(new_services: Callable[..., Services]) -> None:
    for postgres in (False, True):
        services = new_services(postgres=postgres)
        Story(services).evidence("official").recommendation().criteria()
        assert _signed(services)
        report = verify(services)
        assert (report.problems, report.checkpoints) == ([], 1)


def _proposal() -> c.ProposeAssessment:
    return propose(effective_on="2025-06-01")
