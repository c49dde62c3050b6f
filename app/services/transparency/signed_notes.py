"""Signed notes and checkpoints as C2SP describes them (https://c2sp.org/signed-note, https://c2sp.org/tlog-checkpoint)."""

from base64 import b64decode, b64encode
from binascii import Error
from collections.abc import Sequence
from hashlib import sha256

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from msgspec import Struct

from domain.errors import Refused

ED25519 = b"\x01"
COSIGNATURE = b"\x04"
"""The types of signatures: over a text, and of a witness over a checkpoint with the time (C2SP tlog-cosignature)."""
SIGNATURE_PREFIX = "— "
NO_CHECKPOINT = "This is not a checkpoint: it needs three lines, an empty one, and a signature."


class Verifier(Struct, frozen=True):
    """A public key with its name; `text` is its published form, a verifier key (C2SP signed-note)."""

    name: str
    public: bytes
    kind: bytes = ED25519
    """The type of its signatures."""

    @property
    def key_id(self) -> bytes:
        return sha256(self.name.encode() + b"\n" + self.kind + self.public).digest()[:4]

    @property
    def text(self) -> str:
        return f"{self.name}+{self.key_id.hex()}+{b64encode(self.kind + self.public).decode()}"

    @property
    def fingerprint(self) -> str:
        """The SHA-256 of the public key, as OpenSSH shows it and people compare it."""
        return "SHA256:" + b64encode(sha256(_openssh_wire(self.public)).digest()).decode().rstrip("=")


def openssh_key(public: bytes) -> str:
    """The key as a line of OpenSSH, `ssh-ed25519 AAAA…`."""
    return f"ssh-ed25519 {b64encode(_openssh_wire(public)).decode()}"


def _openssh_wire(public: bytes) -> bytes:
    return b"".join(len(part).to_bytes(4, "big") + part for part in (b"ssh-ed25519", public))


class Checkpoint(Struct, frozen=True):
    """The state of a log: its size and its root."""

    origin: str
    size: int
    root: bytes

    @property
    def text(self) -> str:
        return f"{self.origin}\n{self.size}\n{b64encode(self.root).decode()}\n"


def sign_checkpoint(checkpoint: Checkpoint, name: str, key: Ed25519PrivateKey) -> str:
    """Return the signed note: the checkpoint, an empty line, and the signature."""
    return sign_text(checkpoint.text, name, key)


def sign_text(text: str, name: str, key: Ed25519PrivateKey) -> str:
    """Return a text that ends in a line feed as a signed note."""
    verifier = Verifier(name, key.public_key().public_bytes_raw())
    return f"{text}\n{signature_line(name, verifier.key_id + key.sign(text.encode()))}"


def write_note(checkpoint: Checkpoint, name: str, signature: bytes) -> str:
    """The note with one signature, which begins with the four bytes that name the key."""
    return f"{checkpoint.text}\n{signature_line(name, signature)}"


def signature_line(name: str, signature: bytes) -> str:
    return f"{SIGNATURE_PREFIX}{name} {b64encode(signature).decode()}\n"


def open_note(note: str, verifiers: Sequence[Verifier]) -> Checkpoint:
    """Return the checkpoint in a note. Raises `Refused` unless one of the verifiers signed it."""
    checkpoint, _signatures = parse_note(note)
    signer_of(note, verifiers)
    return checkpoint


def signer_of(note: str, verifiers: Sequence[Verifier]) -> tuple[str, Verifier]:
    """Return the text of a note and the first of these keys that signed it.

    Signatures of other keys are ignored. Raises `Refused` if there is no other signature, or if one of a key that has
    the name and the id of a verifier is wrong.
    """
    text, signatures = split_note(note)
    signers = []
    for name, blob in signatures:
        for verifier in verifiers:
            if (verifier.name, verifier.key_id) == (name, blob[:4]):
                try:
                    Ed25519PublicKey.from_public_bytes(verifier.public).verify(blob[4:], text.encode())
                except InvalidSignature:
                    raise Refused(f"The signature of “{name}” under the checkpoint is not valid.") from None
                signers.append(verifier)
    if not signers:
        raise Refused("No key that is known here signed this checkpoint.")
    return text, signers[0]


def parse_note(note: str) -> tuple[Checkpoint, list[tuple[str, bytes]]]:
    """Parse a note with a checkpoint without verifying its signatures. Raises `Refused` if it is none."""
    text, signatures = split_note(note)
    lines = text.split("\n")
    try:
        if len(lines) < 4 or not lines[1].isdigit():
            raise ValueError
        checkpoint = Checkpoint(lines[0], int(lines[1]), b64decode(lines[2], validate=True))
    except (ValueError, Error):
        raise Refused(NO_CHECKPOINT) from None
    if len(checkpoint.root) != 32 or checkpoint.text != text:
        raise Refused("This is not a checkpoint: its second line must be a number and its third a SHA-256 in base64.")
    return checkpoint, signatures


def split_note(note: str) -> tuple[str, list[tuple[str, bytes]]]:
    """Return the text of a note, and the name of the key and the bytes of each signature. Raises `Refused`."""
    text, separator, signature_lines = note.rpartition("\n\n")
    try:
        if not separator or any(c < " " for c in note.replace("\n", "")):
            raise ValueError
        signatures = []
        for line in signature_lines.removesuffix("\n").split("\n"):
            mark, name, blob = line.split(" ")
            if mark != SIGNATURE_PREFIX.strip() or not name or "+" in name:
                raise ValueError
            signatures.append((name, b64decode(blob, validate=True)))
    except (ValueError, Error):
        raise Refused(NO_CHECKPOINT) from None
    return f"{text}\n", signatures


def parse_verifier(text: str, kind: bytes = ED25519) -> Verifier:
    """Parse a public key in the format of `Verifier.text`. Raises `Refused` if it is not one of that kind."""
    try:
        name, key_id, blob = text.split("+", 2)
        verifier = Verifier(name, b64decode(blob, validate=True)[1:], kind)
        if verifier.text != text or len(verifier.public) != 32 or verifier.key_id.hex() != key_id:
            raise ValueError
    except (ValueError, Error):
        raise Refused("There is no Ed25519 key in it. Print one with “uptake key show”.") from None
    return verifier
