"""The proof that the log contains the entry which names a package (C2SP tlog-proof); it lies beside the zip.

The order: the package is stored, its digest and that of its manifest are recorded in the log, a checkpoint covers that
entry, and only then is there a proof. The package is public from the entry on.
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

import msgspec
from msgspec import Struct

from app.adapters.record import Record
from app.services.snapshots.verify import VerifiedPackage
from app.services.transparency import checkpoints
from app.services.transparency.policy import Policy, signed_by_log
from app.services.transparency.signed_notes import Checkpoint, Verifier, parse_note
from app.services.transparency.tlog_proof import MAX_PROOF_BYTES, TlogProof, parse_proof
from domain.errors import NotFound, Refused, refusal
from domain.events import read_event
from domain.review.events import ReviewFrozen
from domain.times import written
from projections.timeline import queries as timeline
from projections.transparency import queries as tree

ENDING = ".tlog-proof"


class LogProof(Struct, frozen=True):
    """A proof that fits a package: the place of its entry, counted from 1, and the checkpoint, not yet verified."""

    position: int
    checkpoint: Checkpoint
    note: str

    @property
    def what(self) -> str:
        return f"entry {self.position} of {self.checkpoint.size} of the log {self.checkpoint.origin}"


class ProofVerdict(Struct, frozen=True):
    """What a proof says, whether it is a reason not to trust, and the instant by which the entry existed, if proved."""

    sentence: str
    is_distrusted: bool = False
    existed_by: str = ""


def package_proof(record: Record, register: str, review: str, as_of: str) -> str:
    """Return the proof for a frozen review. Raises `NotFound` if it is not frozen, or no checkpoint covers it yet."""
    with record.views.connect() as db:
        entry = timeline.frozen_review(db, register, review, as_of)
        if entry is None:
            raise NotFound(
                refusal("No review “{review}” of {day} is frozen in this register.", review=review, day=as_of)
            )
        note = checkpoints.note_covering(record.jobs, entry.position)
        if note is None:
            raise NotFound(
                refusal("No checkpoint covers this review yet. The next one does, within minutes. Try again then.")
            )
        path = tree.inclusion(db, entry.position, parse_note(note)[0].size)
    return TlogProof(entry.state, entry.position - 1, tuple(path), note).text


def read_proof(file: Path, zip_file: Path, package: VerifiedPackage) -> LogProof:
    """Read a proof and check that its entry names this package. Raises `Refused` if it does not.

    Who signed the checkpoint is for the caller to verify.
    """
    try:
        return _read_proof(file, zip_file, package)
    except OSError as e:
        raise Refused(f"{file} cannot be read: {e.strerror or e}.") from None
    except UnicodeDecodeError:
        sentence = "This is not a proof of a log: it is not text."
    except Refused as refused:
        sentence = str(refused)
    raise Refused(f"{file}: {sentence} Get the proof of this package from the page of its review.")


def _read_proof(file: Path, zip_file: Path, package: VerifiedPackage) -> LogProof:
    with file.open("rb") as opened:
        proof = parse_proof(opened.read(MAX_PROOF_BYTES).decode())
    try:
        event = read_event(proof.entry)
    except (msgspec.MsgspecError, ValueError, LookupError, TypeError):
        raise Refused("The entry in the proof cannot be read as one of Uptake.") from None
    names = package.metadata.register, package.metadata.review, package.metadata.as_of
    with zip_file.open("rb") as opened:
        digest = sha256(opened.read()).hexdigest()
    if (
        not isinstance(event, ReviewFrozen)
        or (event.register, event.review, event.as_of) != names
        or (event.snapshot.manifest, event.snapshot.package) != (package.manifest, digest)
    ):
        raise Refused("The proof is for something else: its entry does not name this package.")
    return LogProof(proof.index + 1, parse_note(proof.note)[0], proof.note)


def judge_proof(proof: LogProof, logs: Sequence[Verifier] | None, policy: Policy | None) -> ProofVerdict:
    """Verify who signed and cosigned the checkpoint of a proof, by the keys and the policy that a person named.

    `logs` are the keys of a list, or None without one. Keys of the policy, if it names any, count as well.
    """
    known = [*(logs or ()), *(policy.logs if policy else ())]
    if logs is None and not known:
        return ProofVerdict(
            f"Its proof names it as {proof.what}; this proves nothing until you name a key of the log (--keys or "
            "--policy).",
            is_distrusted=policy is not None,
        )
    try:
        signed_by_log(proof.note, known)
        cosigners = policy.cosigners(proof.note) if policy else {}
    except Refused as refused:
        return ProofVerdict(f"Its proof names it as {proof.what}, but is not to be trusted: {refused}", True)
    names = f", cosigned by {', '.join(cosigners)}" if cosigners else ""
    if policy and not policy.is_met(proof.note):
        return ProofVerdict(f"It is {proof.what}{names}, but the policy asks for more cosignatures.", True)
    existed_by = written(datetime.fromtimestamp(max(cosigners.values()), UTC)) if cosigners else ""
    return ProofVerdict(f"The log proves it: it is {proof.what}{names}.", existed_by=existed_by)
