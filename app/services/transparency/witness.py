"""A witness: it cosigns the checkpoints of the logs that it knows, as long as each extends the one before.

It follows https://c2sp.org/tlog-witness: `add-checkpoint`, and the newest checkpoint of each log for monitors. Of
signatures it knows Ed25519. Checkpoints with extension lines are refused (400).
"""

import re
from base64 import b64decode
from binascii import Error
from hashlib import sha256
from http import HTTPStatus

from msgspec import Struct

from app.adapters.witness_store import LatestCheckpoint, WitnessStore, keep_conflict, latest_of, replace_latest
from app.services.transparency.cosignatures import cosign
from app.services.transparency.key_files import SigningKey
from app.services.transparency.signed_notes import Checkpoint, parse_note, parse_verifier, signature_line, signer_of
from domain.errors import Refused
from projections.transparency.merkle import EMPTY_ROOT, is_consistent

MAX_BODY_BYTES = 2**16
MAX_PROOF_LINES = 63
MAX_SIZE = 2**63 - 1
_OLD = re.compile(r"old (0|[1-9][0-9]{0,18})")


class Answer(Struct, frozen=True):
    status: HTTPStatus
    body: str
    content_type: str = "text/plain; charset=utf-8"


class Submission(Struct, frozen=True):
    """The body of a request: the size that the log takes for the last one, the proof from there, and the checkpoint."""

    old: int
    proof: tuple[bytes, ...]
    checkpoint: Checkpoint
    note: str


def add_checkpoint(store: WitnessStore, key: SigningKey, body: bytes, seconds: int) -> Answer:
    """Judge a checkpoint and cosign it at a time in POSIX seconds. What is cosigned is stored before this returns."""
    try:
        submission = _parse(body)
    except Refused as refused:
        return Answer(HTTPStatus.BAD_REQUEST, f"{refused}\n")
    origin = submission.checkpoint.origin
    keys = [parse_verifier(vkey) for vkey in store.keys(origin)]
    if not keys:
        return Answer(HTTPStatus.NOT_FOUND, "This witness does not know the log. Ask its operator to add its key.\n")
    try:
        _text, signer = signer_of(submission.note, keys)
    except Refused as refused:
        return Answer(HTTPStatus.FORBIDDEN, f"{refused}\n")
    if submission.old > submission.checkpoint.size:
        return Answer(HTTPStatus.BAD_REQUEST, "The old size is above that of the checkpoint.\n")
    by_log = next(
        signature_line(name, blob)
        for name, blob in parse_note(submission.note)[1]
        if (name, blob[:4]) == (signer.name, signer.key_id)
    )
    return _cosign_if_it_extends(store, key, submission, by_log, seconds)


def newest_checkpoint(store: WitnessStore, origin_hash: str) -> Answer:
    """The newest checkpoint that was cosigned of a log, by the SHA-256 of its origin in hexadecimal."""
    for log in store.logs():
        latest = store.latest(log.origin)
        if latest and sha256(log.origin.encode()).hexdigest() == origin_hash:
            return Answer(HTTPStatus.OK, latest.note)
    return Answer(HTTPStatus.NOT_FOUND, "This witness has cosigned no checkpoint of that log.\n")


def _cosign_if_it_extends(
    store: WitnessStore, key: SigningKey, submission: Submission, by_log: str, seconds: int
) -> Answer:
    checkpoint = submission.checkpoint
    with store.writing() as db:
        latest = latest_of(db, checkpoint.origin) or LatestCheckpoint(0, EMPTY_ROOT, "")
        if submission.old != latest.size:
            return Answer(HTTPStatus.CONFLICT, f"{latest.size}\n", "text/x.tlog.size")
        if not is_consistent(latest.size, checkpoint.size, submission.proof, latest.root, checkpoint.root):
            if latest.size:
                keep_conflict(db, checkpoint.origin, submission.note, seconds)
            return Answer(
                HTTPStatus.UNPROCESSABLE_ENTITY,
                f"The proof does not show that the checkpoint extends the one over {latest.size} entries.\n",
            )
        line = cosign(checkpoint.text, key.name, key.private, seconds)
        note = f"{checkpoint.text}\n{by_log}{line}"
        replace_latest(db, checkpoint.origin, LatestCheckpoint(checkpoint.size, checkpoint.root, note))
    return Answer(HTTPStatus.OK, line)


def _parse(body: bytes) -> Submission:
    """Raises `Refused` if the body is not that of a request."""
    try:
        head, separator, note = body.decode().partition("\n\n")
        first, *lines = head.split("\n")
        old = _OLD.fullmatch(first)
        proof = tuple(b64decode(line, validate=True) for line in lines)
        if not separator or old is None or len(proof) > MAX_PROOF_LINES or any(len(step) != 32 for step in proof):
            raise ValueError
    except (ValueError, Error):
        raise Refused("The body needs a line “old SIZE”, lines with hashes, an empty line and a checkpoint.") from None
    checkpoint, _signatures = parse_note(note)
    if not note.endswith("\n") or checkpoint.size > MAX_SIZE:
        raise Refused("The checkpoint has no end, or it is too large.")
    return Submission(int(old[1]), proof, checkpoint, note)
