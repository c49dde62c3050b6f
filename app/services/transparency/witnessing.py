"""Submits the newest checkpoint to witnesses and stores their cosignatures (https://c2sp.org/tlog-witness).

A witness that does not answer delays nothing: the next run tries again.
"""

import logging
import re
from base64 import b64encode
from http import HTTPStatus

from sqlalchemy import Engine

from app.adapters.outgoing_post import PRIVATE, PostAnswer, Undeliverable, post
from app.adapters.record import Record
from app.services.transparency import checkpoints
from app.services.transparency.cosignatures import cosignature_times
from app.services.transparency.policy import Policy, Witness, read_policy
from app.services.transparency.signed_notes import signature_line, split_note
from domain.errors import Refused
from projections.transparency import queries as tree

MAX_ANSWER_BYTES = 2**16
log = logging.getLogger("uptake.worker")


def submit_newest(record: Record, jobs: Engine) -> int:
    """Submit the newest checkpoint to each witness of the policy that has not cosigned it; returns how many did now."""
    file = record.settings.witness_policy
    newest = checkpoints.newest_checkpoints(jobs, 1)
    if file is None or not newest:
        return 0
    try:
        policy = read_policy(file)
    except Refused as refused:
        log.warning("no checkpoint was submitted to witnesses: %s", refused)
        return 0
    count = 0
    for name, witness in policy.witnesses.items():
        if not witness.url or checkpoints.last_cosigned_size(jobs, witness.verifier) == newest[0].size:
            continue
        try:
            line = _submit(record, jobs, witness, newest[0].size)
            checkpoints.add_cosignature(jobs, newest[0].size, witness.verifier, line, record.clock())
            count += 1
        except Refused as refused:
            log.warning(
                "the witness %s did not cosign the checkpoint over %d events: %s", name, newest[0].size, refused
            )
    return count


def quorum_problem(policy: Policy, jobs: Engine) -> str:
    """Why the newest checkpoint does not have the cosignatures that a policy asks for; empty if it has."""
    newest = checkpoints.newest_checkpoints(jobs, 1)
    if not newest:
        return "There is no checkpoint yet."
    try:
        if policy.is_met(newest[0].note):
            return ""
        names = ", ".join(policy.cosigners(newest[0].note)) or "none of its witnesses"
    except Refused as refused:
        return str(refused)
    return f"The checkpoint over {newest[0].size:,} events is cosigned by {names}; the policy asks for more."


def _submit(record: Record, jobs: Engine, witness: Witness, size: int) -> str:
    """Return the signature line of a witness. Raises `Refused` without one.

    The witness knows best which checkpoint it saw last: where it names another size, the proof starts there.
    """
    old = min(checkpoints.last_cosigned_size(jobs, witness.verifier), size)
    answer = _post(record, jobs, witness, old, size)
    if answer.status == HTTPStatus.CONFLICT:
        seen = re.fullmatch(rb"(0|[1-9][0-9]{0,18})\n", answer.body)
        if seen is None or int(seen[1]) == old:
            raise Refused("it names no size that it saw last.")
        if int(seen[1]) > size:
            raise Refused(
                f"it saw {int(seen[1])} events, which are more than there are here. If an older backup was restored, "
                "the log has lost its end."
            )
        answer = _post(record, jobs, witness, int(seen[1]), size)
    if answer.status == HTTPStatus.UNPROCESSABLE_ENTITY:
        raise Refused("it saw another log under this origin: the log here does not extend what it cosigned.")
    if answer.status != HTTPStatus.OK:
        raise Refused(f"it answered with status {answer.status}.")
    return _read_cosignature(jobs, witness, size, answer.body)


def _post(record: Record, jobs: Engine, witness: Witness, old: int, size: int) -> PostAnswer:
    with record.views.connect() as db:
        proof = tree.consistency(db, old, size) if old else []
    lines = [f"old {old}", *(b64encode(step).decode() for step in proof), "", checkpoints.bare_note(jobs, size)]
    url = witness.url.rstrip("/") + "/add-checkpoint"
    try:
        return post(
            url,
            "\n".join(lines).encode(),
            {"Content-Type": "text/plain; charset=utf-8"},
            private=record.settings.private_witnesses,
            max_answer_bytes=MAX_ANSWER_BYTES,
        )
    except Undeliverable as e:
        cure = " Set UPTAKE_PRIVATE_WITNESSES if it is meant to be." if e.kind == PRIVATE else ""
        raise Refused(f"{url} cannot be reached ({e.kind}).{cure}") from None


def _read_cosignature(jobs: Engine, witness: Witness, size: int, body: bytes) -> str:
    """The line of a witness in its answer; lines of other keys are ignored. Raises `Refused`."""
    try:
        note = checkpoints.bare_note(jobs, size) + body.decode()
        times = cosignature_times(note, [witness.verifier])
        _text, signatures = split_note(note)
    except UnicodeDecodeError:
        raise Refused("its answer is not text.") from None
    if not times:
        raise Refused("its answer has no cosignature by the key in the policy.")
    key = witness.verifier
    return next(signature_line(name, blob) for name, blob in signatures if (name, blob[:4]) == (key.name, key.key_id))
