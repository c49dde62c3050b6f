"""Cosignatures: statements of witnesses that a checkpoint extends all that they saw before.

Ed25519, version 1 of https://c2sp.org/tlog-cosignature: the signature is a time in POSIX seconds (8 bytes, big-endian)
and 64 bytes of Ed25519 over the lines `cosignature/v1`, `time SECONDS` and the text of the checkpoint.
"""

from collections.abc import Sequence

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from app.services.transparency.signed_notes import COSIGNATURE, Verifier, signature_line, split_note
from domain.errors import Refused

TIME_BYTES, SIGNATURE_BYTES = 8, 64


def cosign(text: str, name: str, key: Ed25519PrivateKey, seconds: int) -> str:
    """Return the signature line of a witness for the text of a checkpoint, at a time in POSIX seconds."""
    verifier = Verifier(name, key.public_key().public_bytes_raw(), COSIGNATURE)
    signature = key.sign(_statement(text, seconds))
    return signature_line(name, verifier.key_id + seconds.to_bytes(TIME_BYTES, "big") + signature)


def cosignature_times(note: str, witnesses: Sequence[Verifier]) -> dict[Verifier, int]:
    """Return the witnesses that cosigned a note, each with its earliest time in POSIX seconds.

    Signatures of others are ignored. Raises `Refused` if one with the name and the id of a witness is wrong.
    """
    text, signatures = split_note(note)
    times: dict[Verifier, int] = {}
    for name, blob in signatures:
        for witness in witnesses:
            if (witness.name, witness.key_id) == (name, blob[:4]):
                seconds = _verify(text, witness, blob[4:])
                times[witness] = min(seconds, times.get(witness, seconds))
    return times


def _verify(text: str, witness: Verifier, stamped: bytes) -> int:
    seconds, signature = int.from_bytes(stamped[:TIME_BYTES], "big"), stamped[TIME_BYTES:]
    try:
        if len(signature) != SIGNATURE_BYTES or not 0 < seconds < 2**63:
            raise InvalidSignature
        Ed25519PublicKey.from_public_bytes(witness.public).verify(signature, _statement(text, seconds))
    except InvalidSignature:
        raise Refused(f"The cosignature of “{witness.name}” under the checkpoint is not valid.") from None
    return seconds


def _statement(text: str, seconds: int) -> bytes:
    return f"cosignature/v1\ntime {seconds}\n{text}".encode()
