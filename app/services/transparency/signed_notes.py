"""Signed notes and checkpoints as C2SP describes them (https://c2sp.org/signed-note, https://c2sp.org/tlog-checkpoint)."""

from base64 import b64decode, b64encode
from binascii import Error
from hashlib import sha256

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from msgspec import Struct

from domain.errors import Refused

ED25519 = b"\x01"
SIGNATURE_PREFIX = "— "


class Verifier(Struct, frozen=True):
    """A public key with its name; `text` is its published form."""

    name: str
    public: bytes

    @property
    def key_id(self) -> bytes:
        return sha256(self.name.encode() + b"\n" + ED25519 + self.public).digest()[:4]

    @property
    def text(self) -> str:
        return f"{self.name}+{self.key_id.hex()}+{b64encode(ED25519 + self.public).decode()}"

    @property
    def fingerprint(self) -> str:
        """The SHA-256 of the public key, as OpenSSH shows it and people compare it."""
        wire = b"".join(len(part).to_bytes(4, "big") + part for part in (b"ssh-ed25519", self.public))
        return "SHA256:" + b64encode(sha256(wire).digest()).decode().rstrip("=")


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
    verifier = Verifier(name, key.public_key().public_bytes_raw())
    return write_note(checkpoint, name, verifier.key_id + key.sign(checkpoint.text.encode()))


def write_note(checkpoint: Checkpoint, name: str, signature: bytes) -> str:
    """The note with one signature, which begins with the four bytes that name the key."""
    return f"{checkpoint.text}\n{SIGNATURE_PREFIX}{name} {b64encode(signature).decode()}\n"


def open_note(note: str, verifiers: list[Verifier]) -> Checkpoint:
    """Return the checkpoint in a note. Raises `Refused` unless one of the verifiers signed it."""
    checkpoint, signatures = parse_note(note)
    for name, blob in signatures:
        for verifier in verifiers:
            if verifier.name == name and verifier.key_id == blob[:4]:
                try:
                    Ed25519PublicKey.from_public_bytes(verifier.public).verify(blob[4:], checkpoint.text.encode())
                except InvalidSignature:
                    raise Refused(f"The signature of “{name}” under the checkpoint is not valid.") from None
                return checkpoint
    raise Refused("No key that is known here signed this checkpoint.")


def parse_note(note: str) -> tuple[Checkpoint, list[tuple[str, bytes]]]:
    """Parse a note without verifying its signatures. Raises `Refused` if it is not a note."""
    text, separator, signature_lines = note.partition("\n\n")
    lines = text.split("\n")
    try:
        if not separator or len(lines) < 3 or not lines[1].isdigit():
            raise ValueError
        checkpoint = Checkpoint(lines[0], int(lines[1]), b64decode(lines[2], validate=True))
        signatures = []
        for line in signature_lines.splitlines():
            mark, name, blob = line.split(" ")
            if mark != SIGNATURE_PREFIX.strip():
                raise ValueError
            signatures.append((name, b64decode(blob, validate=True)))
    except (ValueError, Error):
        raise Refused("This is not a checkpoint: it needs three lines, an empty one, and a signature.") from None
    if len(checkpoint.root) != 32 or checkpoint.text != f"{text}\n":
        raise Refused("This is not a checkpoint: its second line must be a number and its third a SHA-256 in base64.")
    return checkpoint, signatures


def parse_verifier(text: str) -> Verifier:
    """Parse a public key in the format of `Verifier.text`. Raises `Refused` if it is not one."""
    try:
        name, key_id, blob = text.split("+", 2)
        verifier = Verifier(name, b64decode(blob, validate=True)[1:])
        if verifier.text != text or len(verifier.public) != 32 or verifier.key_id.hex() != key_id:
            raise ValueError
    except (ValueError, Error):
        raise Refused("There is no Ed25519 key in it. Print one with “uptake key show”.") from None
    return verifier
