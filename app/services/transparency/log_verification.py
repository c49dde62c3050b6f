"""Verifies the whole log against its tree and every checkpoint, and names the first event that was changed."""

from collections.abc import Iterable, Sequence
from itertools import pairwise
from pathlib import Path

import msgspec
from msgspec import Struct
from sqlalchemy import Connection, Engine

from app.adapters.record import Record
from app.adapters.settings import Settings
from app.services.transparency import checkpoints
from app.services.transparency.log_length import is_lost
from app.services.transparency.policy import Policy, read_policy
from app.services.transparency.signed_notes import Checkpoint, open_note
from app.services.transparency.signing_keys import known_keys
from app.services.transparency.witnessing import quorum_problem
from domain.errors import Refused
from domain.event_log import WholeRow
from domain.log.events import LossAccepted
from domain.times import instant, to_microseconds
from projections.engine.garbage_collection import paused_garbage_collection
from projections.engine.position import position_of
from projections.transparency.merkle import Frontier, leaf_hash, leaf_hashes
from projections.transparency.queries import leaves

READ_BATCH = 5_000


class EventEnvelope(Struct, gc=False):
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
    record.log.read_corrections()
    notes, checkpoint_problems = read_checkpoints(record.settings, record.jobs, record.log.losses, extra)
    with record.views.connect() as db, paused_garbage_collection():
        check = _LogCheck(record, db, [c.size for c in notes])
        check.run()
    return LogVerification(
        check.tree.size,
        check.tree.root().hex(),
        len(notes),
        check.problems()
        + checkpoint_problems
        + compare_checkpoints(notes, check.roots, check.tree.size)
        + witness_problems,
        [_describe_loss(loss) for loss in record.log.losses],
    )


class _LogCheck:
    """Reads the log once: its tree, whose leaves the tables must repeat, and the columns of its rows.

    `roots` are those at some sizes. Events that were appended since the projections were updated are not compared.
    """

    def __init__(self, record: Record, db: Connection, sizes: Iterable[int]) -> None:
        self.record, self.db = record, db
        self.tree, self.roots = Frontier(), dict.fromkeys(sorted(sizes), b"")
        self.tree_size = position_of(db).count
        self.difference: tuple[int, str] | None = None
        self.mismatch: tuple[int, str] | None = None

    def run(self) -> None:
        last = 0
        while rows := self.record.log.whole_rows_after(last, READ_BATCH):
            hashes = leaf_hashes(row[5] for row in rows)
            if not self.difference:
                self._compare(rows, hashes, last)
            if not self.mismatch:
                self._check_columns(rows)
            grow_with_roots(self.tree, hashes, self.roots)
            last = rows[-1][0]
        if not self.difference and self.tree.size < self.tree_size:
            missing = f"the tree has {self.tree_size} events, the log only {self.tree.size}"
            self.difference = self.tree.size + 1, f"Event {self.tree.size + 1} is missing: {missing}."

    def problems(self) -> list[str]:
        """Sentences, earliest place first."""
        found = [problem for problem in (self.difference, self.mismatch) if problem]
        return [sentence for _, sentence in sorted(found, key=lambda problem: problem[0])]

    def _compare(self, rows: Sequence[WholeRow], hashes: Sequence[bytes], before: int) -> None:
        """Compare leaves with those of the tables; `before` is the id of the row before the first."""
        count = max(0, min(len(hashes), self.tree_size - self.tree.size))
        stored = leaves(self.db, self.tree.size, count)
        if stored == hashes[:count]:
            return
        index = next(n for n in range(count) if n >= len(stored) or stored[n] != hashes[n])
        position = self.tree.size + index + 1
        following = self.record.log.whole_rows_after(rows[index][0], 1)
        self.difference = (
            position,
            _describe_difference(
                position,
                _name(position, rows[index]),
                hashes[index],
                leaf_hash(following[0][5]) if following else None,
                leaves(self.db, position - 1, 2),
            ),
        )

    def _check_columns(self, rows: Sequence[WholeRow]) -> None:
        """Find the first row whose columns contradict its bytes."""
        written_at, stamp_then = "", -1
        for number, row in enumerate(rows, self.tree.size + 1):
            _ident, originator, version, topic, stamp, state = row
            try:
                envelope = _decode_envelope(state)
                if envelope.recorded_at != written_at:
                    written_at = envelope.recorded_at
                    stamp_then = to_microseconds(instant(written_at))
            except (msgspec.MsgspecError, ValueError, Refused):
                mismatch = "its bytes can no longer be read"
            else:
                if (
                    stamp == stamp_then
                    and version == envelope.originator_version
                    and topic == envelope.topic
                    and (originator == envelope.originator_id.replace("-", "") or originator == envelope.originator_id)
                ):
                    continue
                mismatch = _differing_column(row, envelope, stamp_then)
            if mismatch:
                self.mismatch = number, f"{_name(number, row).capitalize()} was changed: {mismatch}."
                return


def grow_with_roots(tree: Frontier, hashes: Sequence[bytes], roots: dict[int, bytes]) -> None:
    """Add leaves to a tree; fills in its roots at the sizes that `roots` has."""
    start = tree.size
    ends = [size for size in roots if start < size < start + len(hashes)]
    for begin, end in pairwise([start, *ends, start + len(hashes)]):
        tree.grow(hashes[begin - start : end - start])
        if end in roots:
            roots[end] = tree.root()


def _name(number: int, row: WholeRow) -> str:
    return f"event {number} ({row[3]}, version {row[2]} of {row[1]})"


def _describe_loss(loss: LossAccepted) -> str:
    assert loss.recorded_at is not None
    return (
        f"On {loss.recorded_at:%Y-%m-%d} the operator accepted that entries {loss.kept + 1:,} to {loss.signed:,} of "
        f"{loss.origin} were lost: “{loss.reason}” Checkpoints over them cannot be compared. "
        f"Later ones are of {loss.continues_as}."
    )


def _differing_column(row: WholeRow, envelope: EventEnvelope, stamp: int) -> str:
    """Say how a row's columns differ from its bytes; an empty string if only in the way that an id is written."""
    pairs = (
        ("aggregate", str(row[1]).replace("-", ""), envelope.originator_id.replace("-", "")),
        ("version", row[2], envelope.originator_version),
        ("topic", row[3], envelope.topic),
        ("instant", row[4], stamp),
    )
    return next((f"its row and its bytes differ in {what}" for what, a, b in pairs if a != b), "")


def _describe_difference(
    position: int, name: str, leaf: bytes, following: bytes | None, expected: Sequence[bytes]
) -> str:
    """Describe what happened to the first event that differs, from it, the next one, and the two expected instead."""
    if not expected:
        return f"{name.capitalize()} was added: the tree ends before it."
    expected_after = expected[1] if len(expected) > 1 else None
    if leaf == expected_after and following == expected[0]:
        return f"Events {position} and {position + 1} were exchanged: {name} is out of order."
    if leaf == expected_after:
        return f"Event {position} was removed: its place now has what was event {position + 1}, {name}."
    if following == expected[0]:
        return f"{name.capitalize()} was inserted: what was event {position} comes after it."
    return f"{name.capitalize()} was changed: its bytes are not the recorded ones."


def _cosignatures(record: Record, policy: Policy) -> list[str]:
    problem = quorum_problem(policy, record.jobs)
    return [problem] if problem else []


def read_checkpoints(
    settings: Settings, jobs: Engine, losses: Sequence[LossAccepted], extra: Sequence[str] = ()
) -> tuple[list[Checkpoint], list[str]]:
    """Return every checkpoint signed by a key of this installation, and problems of the others."""
    keys = known_keys(settings)
    stored = checkpoints.stored_notes(jobs)
    place = checkpoints.archive_place(settings)
    archived = checkpoints.archived(settings)
    problems, checkpoints_by_root, lost = [], {}, set[str]()
    for where, notes in (("the database", stored), (place, archived), ("the given checkpoint", list(extra))):
        for note in notes:
            try:
                checkpoint = open_note(note, keys)
            except Refused as error:
                problems.append(f"A checkpoint in {where} is not valid: {error.refusals[0]}")
                continue
            if is_lost(checkpoint, losses):
                lost.add(note)
            else:
                checkpoints_by_root[checkpoint.size, checkpoint.root] = checkpoint
    if missing := sorted(set(stored) - set(archived), key=len):
        problems.append(f"{place} lacks {len(missing)} of the checkpoints in the database.")
    if only_archived := set(archived) - set(stored) - lost:
        problems.append(f"The database lacks {len(only_archived)} of the checkpoints in {place}.")
    return sorted(checkpoints_by_root.values(), key=lambda c: c.size), problems


def compare_checkpoints(notes: list[Checkpoint], roots: dict[int, bytes], size: int) -> list[str]:
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
