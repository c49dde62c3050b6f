"""Proofs that a log contains an entry, as files (https://c2sp.org/tlog-proof).

    c2sp.org/tlog-proof@v1
    extra eyJ0b3BpYyI6…
    index 118
    gSKyXoYZUgZ6jduWYrkDOARinOMGJveXjgMkBTcdPlQ=
    …

    uptake.example/5266ac905efc438e
    124
    sFodV/vSp5O8n9a8QpW6PRY97tfOSW5bsc2Xl/EQi08=

    — uptake.example/5266ac905efc438e hI2DJw…

The extra data are the bytes of the entry, of which the leaf is the hash. The index counts from 0.
"""

import re
from base64 import b64decode, b64encode
from binascii import Error

from msgspec import Struct

from app.services.transparency.signed_notes import parse_note
from domain.errors import Refused
from projections.transparency.merkle import includes, leaf_hash

HEADER = "c2sp.org/tlog-proof@v1"
MAX_PROOF_BYTES = 2**20
MAX_PATH = 63
_INDEX = re.compile(r"index (0|[1-9][0-9]{0,18})")


class TlogProof(Struct, frozen=True):
    """The entry's bytes, its index from 0, the path from its leaf to the root, and the checkpoint with signatures."""

    entry: bytes
    index: int
    path: tuple[bytes, ...]
    note: str

    @property
    def text(self) -> str:
        extra = f"extra {b64encode(self.entry).decode()}"
        path = [b64encode(step).decode() for step in self.path]
        return "\n".join([HEADER, extra, f"index {self.index}", *path, "", self.note])


def parse_proof(text: str) -> TlogProof:
    """Parse a proof and check that its path leads to the root of its checkpoint; signatures are not verified.

    Raises `Refused` if it is no proof, or if the path leads elsewhere.
    """
    head, separator, note = text.partition("\n\n")
    header, *lines = head.split("\n")
    try:
        if header != HEADER or not separator or len(lines) < 2 or not lines[0].startswith("extra "):
            raise ValueError
        index = _INDEX.fullmatch(lines[1])
        path = tuple(b64decode(line, validate=True) for line in lines[2:])
        if index is None or len(path) > MAX_PATH or any(len(step) != 32 for step in path):
            raise ValueError
        proof = TlogProof(b64decode(lines[0].removeprefix("extra "), validate=True), int(index[1]), path, note)
    except (ValueError, Error):
        raise Refused("This is not a proof of a log: it needs the lines that c2sp.org/tlog-proof describes.") from None
    checkpoint, _signatures = parse_note(note)
    if not includes(leaf_hash(proof.entry), proof.index, checkpoint.size, proof.path, checkpoint.root):
        raise Refused("The proof does not hold: its path does not lead from the entry to the root of the checkpoint.")
    return proof
