"""What a report says about its own signature, and how anybody checks it."""

from base64 import b64encode

from msgspec import Struct

from app.services.snapshots.bagit import commands
from app.services.transparency.signed_notes import parsed


class Seal(Struct, frozen=True):
    """The fingerprint of the signing key, the root of the log, and what to run in the unpacked package."""

    fingerprint: str
    root: str
    commands: list[str]


def seal_of(checkpoint: bytes, fingerprint: str) -> Seal:
    of, _signatures = parsed(checkpoint.decode())
    return Seal(fingerprint, b64encode(of.root).decode(), list(commands(of.origin).values()))
