"""What a report says about its signature, and how to verify it."""

from base64 import b64encode

from msgspec import Struct

from app.services.snapshots.bagit import check_commands
from app.services.transparency.signed_notes import parse_note


class VerificationInfo(Struct, frozen=True):
    """The fingerprint of the signing key, the root of the log, and the commands to run in the unpacked package."""

    fingerprint: str
    root: str
    commands: list[str]


def verification_info(checkpoint: bytes, fingerprint: str) -> VerificationInfo:
    state, _signatures = parse_note(checkpoint.decode())
    return VerificationInfo(fingerprint, b64encode(state.root).decode(), list(check_commands(state.origin).values()))
