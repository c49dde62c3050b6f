"""Verifies the whole log against its tree and every checkpoint, and names the first event that was changed."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import msgspec
from msgspec import Struct
from sqlalchemy import Connection

from app.adapters.jobs_db.tables import open_jobs
from app.adapters.record import Record
from app.services.transparency import checkpoints
from app.services.transparency.log_length import is_lost
from app.services.transparency.policy import Policy, read_policy
from app.services.transparency.signed_notes import Checkpoint, open_note
from app.services.transparency.signing_keys import known_keys
from app.services.transparency.witnessing import quorum_problem
from domain.errors import Refused
from domain.log.events import LossAccepted
from domain.times import instant, to_microseconds
from projections.engine.position import position_of
from projections.transparency.merkle import Frontier, leaf_hash
from projections.transparency.queries import leaves

READ_BATCH = 5_000


class EventEnvelope(Struct):
    """The fields of an event that its database row repeats."""

    topic: str
    originator_id: str
    originator_version: int
    recorded_at: str


class LogVerification(Struct):
    """The result. `problems` are sentences, earliest place first; empty if the log is unchanged."""

    events: int
    root: str
    checkpoints: int
    problems: list[str]
    losses: list[str]
    """Sentences about entries that were lost and whose loss was accepted. Checkpoints over them no longer count."""


_decode_envelope = msgspec.json.Decoder(EventEnvelope).decode


def verify(record: Record, extra: Sequence[str] = (), policy: Path | None = None) -> LogVerification:
    """Recompute everything. `extra` are notes from elsewhere, such as a checkpoint that someone saved.

    With a `policy`, the newest checkpoint needs the cosignatures that it asks for. Raises `Refused` for a wrong policy.
    """
    witness_problems = _cosignatures(record, read_policy(policy)) if policy else []
    problems_by_position: list[tuple[int, str]] = []
    record.log.read_corrections()
    notes, checkpoint_problems = _checkpoints(record, extra)
    tree, roots = Frontier(), dict.fromkeys((c.size for c in notes), b"")
    position, difference = 0, ""

    def grow(leaf: bytes) -> None:
        tree.add(leaf)
        if tree.size in roots:
            roots[tree.size] = tree.root()

    with record.views.connect() as db:
        tree_size = position_of(db).count
        stored, computed = _stored_leaves(db), _computed_leaves(record, problems_by_position)
        for leaf, name in computed:
            grow(leaf)
            if difference or tree.size > tree_size:
                continue  # appended since the projections were updated
            expected = next(stored, None)
            if leaf != expected:
                position, following = tree.size, next(computed, None)
                difference = _describe_difference(position, name, leaf, expected, following, next(stored, None))
                if following:
                    grow(following[0])
        if not difference and tree.size < tree_size:
            position = tree.size + 1
            difference = f"Event {tree.size + 1} is missing: the tree has {tree_size} events, the log only {tree.size}."
    if difference:
        problems_by_position.insert(0, (position, difference))
    problems = [sentence for _, sentence in sorted(problems_by_position, key=lambda f: f[0])]
    return LogVerification(
        tree.size,
        tree.root().hex(),
        len(notes),
        problems + checkpoint_problems + _compare_checkpoints(notes, roots, tree.size) + witness_problems,
        [_describe_loss(loss) for loss in record.log.losses],
    )


def _describe_loss(loss: LossAccepted) -> str:
    assert loss.recorded_at is not None
    return (
        f"On {loss.recorded_at:%Y-%m-%d} the operator accepted that entries {loss.kept + 1:,} to {loss.signed:,} of "
        f"{loss.origin} were lost: “{loss.reason}” Checkpoints over them cannot be compared. "
        f"Later ones are of {loss.continues_as}."
    )


def _stored_leaves(db: Connection) -> Iterator[bytes]:
    after = 0
    while batch := leaves(db, after, READ_BATCH):
        yield from batch
        after += len(batch)


def _computed_leaves(record: Record, problems: list[tuple[int, str]]) -> Iterator[tuple[bytes, str]]:
    """Yield each event's leaf and name; the first row whose columns contradict its bytes becomes a problem."""
    row, number = 0, 0
    while batch := record.log.whole_rows_after(row, READ_BATCH):
        for ident, originator, version, topic, stamp, state in batch:
            number += 1
            row = ident
            name = f"event {number} ({topic}, version {version} of {originator})"
            if not problems and (mismatch := _find_mismatch(originator, version, topic, stamp, state)):
                problems.append((number, f"{name.capitalize()} was changed: {mismatch}."))
            yield leaf_hash(state), name


def _find_mismatch(originator: str, version: int, topic: str, stamp: int, state: bytes) -> str:
    """Return how a row's columns differ from its bytes, or an empty string."""
    try:
        envelope = _decode_envelope(state)
        recorded_at = to_microseconds(instant(envelope.recorded_at))
    except (msgspec.MsgspecError, ValueError, Refused):
        return "its bytes can no longer be read"
    pairs = (
        ("aggregate", str(originator).replace("-", ""), envelope.originator_id.replace("-", "")),
        ("version", version, envelope.originator_version),
        ("topic", topic, envelope.topic),
        ("instant", stamp, recorded_at),
    )
    return next((f"its row and its bytes differ in {what}" for what, a, b in pairs if a != b), "")


def _describe_difference(
    position: int,
    name: str,
    leaf: bytes,
    expected: bytes | None,
    following: tuple[bytes, str] | None,
    expected_after: bytes | None,
) -> str:
    """Describe what happened to the first event that differs, from it and the next one."""
    after = following[0] if following else None
    if expected is None:
        return f"{name.capitalize()} was added: the tree ends before it."
    if leaf == expected_after and after == expected:
        return f"Events {position} and {position + 1} were exchanged: {name} is out of order."
    if leaf == expected_after:
        return f"Event {position} was removed: its place now has what was event {position + 1}, {name}."
    if after == expected:
        return f"{name.capitalize()} was inserted: what was event {position} comes after it."
    return f"{name.capitalize()} was changed: its bytes are not the recorded ones."


def _cosignatures(record: Record, policy: Policy) -> list[str]:
    jobs = open_jobs(record.settings)
    try:
        problem = quorum_problem(policy, jobs)
    finally:
        jobs.dispose()
    return [problem] if problem else []


def _checkpoints(record: Record, extra: Sequence[str]) -> tuple[list[Checkpoint], list[str]]:
    """Return every checkpoint signed by a key of this installation, and problems of the others."""
    keys = known_keys(record.settings)
    jobs = open_jobs(record.settings)
    stored = checkpoints.stored_notes(jobs)
    jobs.dispose()
    file = checkpoints.archive_file(record.settings)
    archived = checkpoints.archived_notes(file)
    problems, checkpoints_by_root, lost = [], {}, set[str]()
    for where, notes in (("the database", stored), (str(file), archived), ("the given checkpoint", list(extra))):
        for note in notes:
            try:
                checkpoint = open_note(note, keys)
            except Refused as error:
                problems.append(f"A checkpoint in {where} is not valid: {error.refusals[0]}")
                continue
            if is_lost(checkpoint, record.log.losses):
                lost.add(note)
            else:
                checkpoints_by_root[checkpoint.size, checkpoint.root] = checkpoint
    if missing := sorted(set(stored) - set(archived), key=len):
        problems.append(f"{file} lacks {len(missing)} of the checkpoints in the database.")
    if only_archived := set(archived) - set(stored) - lost:
        problems.append(f"The database lacks {len(only_archived)} of the checkpoints in {file}.")
    return sorted(checkpoints_by_root.values(), key=lambda c: c.size), problems


def _compare_checkpoints(notes: list[Checkpoint], roots: dict[int, bytes], size: int) -> list[str]:
    """Return a problem for the first checkpoint that the log contradicts; it limits where the change is."""
    verified_size = 0
    for note in notes:
        if note.size > size:
            reason = f"the log has only {size}; its end was removed"
            return [f"The checkpoint over {note.size} events does not fit: {reason}."]
        if roots[note.size] != note.root:
            reason = f"something between events {verified_size + 1} and {note.size} has changed since it was signed"
            return [f"The checkpoint over {note.size} events does not match: {reason}."]
        verified_size = note.size
    return []
