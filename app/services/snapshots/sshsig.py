"""Signatures as `ssh-keygen -Y verify` reads them (OpenSSH, PROTOCOL.sshsig), by an Ed25519 key."""

from base64 import b64decode, b64encode
from binascii import Error
from hashlib import new
from textwrap import wrap

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from app.services.snapshots.standalone_verifier import is_weak
from app.services.transparency.signed_notes import openssh_key
from domain.errors import Refused

NAMESPACE = "uptake-snapshot"
_KIND, _HASH = b"ssh-ed25519", b"sha512"
BEGIN, END = "-----BEGIN SSH SIGNATURE-----", "-----END SSH SIGNATURE-----"


def sign(message: bytes, key: Ed25519PrivateKey) -> bytes:
    """Return the armored signature of a message."""
    return armor(key.sign(to_sign(message)), key.public_key().public_bytes_raw())


def armor(signature: bytes, public: bytes) -> bytes:
    """Return 64 bytes of Ed25519 as the one text that they have here."""
    blob = b"SSHSIG" + (1).to_bytes(4, "big") + _string(_public(public)) + _string(NAMESPACE.encode())
    return armor_blob(blob + _string(b"") + _string(_HASH) + _string(_string(_KIND) + _string(signature)))


def armor_blob(blob: bytes) -> bytes:
    return "\n".join([BEGIN, *wrap(b64encode(blob).decode(), 70), END, ""]).encode()


def verify_signature(message: bytes, signature: bytes, public: bytes) -> None:
    """Raise `Refused` unless the key with these 32 public bytes signed the message, in the text that `armor` gives."""
    try:
        raw = b64decode(b"".join(signature.split(b"\n")[1:-2]), validate=True)[-64:]
        if signature != armor(raw, public) or is_weak(public):
            raise ValueError
        Ed25519PublicKey.from_public_bytes(public).verify(raw, to_sign(message))
    except (ValueError, Error, InvalidSignature):
        raise Refused("The signature of the manifest was not made by this key.") from None


def parse_public_key(line: str) -> bytes:
    """Return the 32 bytes of the key in an OpenSSH line such as `ssh-ed25519 AAAA…`, with or without options."""
    words = line.split()
    try:
        blob = b64decode(words[words.index(_KIND.decode()) + 1], validate=True)
    except (ValueError, IndexError, Error):
        raise Refused("There is no Ed25519 key in it. Use a line such as “ssh-ed25519 AAAA…”.") from None
    if blob[:-32] != _public(b"")[:-4] + (32).to_bytes(4, "big"):
        raise Refused("There is no Ed25519 key in it. Use a line such as “ssh-ed25519 AAAA…”.")
    return blob[-32:]


def allowed_signers(identity: str, public: bytes) -> bytes:
    return f'{identity} namespaces="{NAMESPACE}" {openssh_key(public)}\n'.encode()


def to_sign(message: bytes, namespace: str = NAMESPACE, algorithm: bytes = _HASH) -> bytes:
    """Return what is signed for a message. `algorithm` is `sha256` or `sha512`."""
    digest = new(algorithm.decode(), message).digest()
    return b"SSHSIG" + _string(namespace.encode()) + _string(b"") + _string(algorithm) + _string(digest)


def _public(key: bytes) -> bytes:
    return _string(_KIND) + _string(key)


def _string(data: bytes) -> bytes:
    return len(data).to_bytes(4, "big") + data
