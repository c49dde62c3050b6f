"""Signatures of the draft of a review, which people make with their own SSH or FIDO keys.

`ssh-keygen -Y sign -n uptake-review` makes them (OpenSSH, PROTOCOL.sshsig); those of a FIDO key are in the form of
OpenSSH, PROTOCOL.u2f. The namespace differs from that of packages: neither can stand for the other.
"""

from base64 import b64decode, b64encode
from binascii import Error
from collections.abc import Sequence
from hashlib import sha256

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from app.presentation.narrative.frozen_notes import Signer
from app.services.snapshots import sshsig
from app.services.snapshots.formats import canonical_json
from app.services.snapshots.metadata import SnapshotMetadata
from app.services.snapshots.standalone_verifier import is_weak
from domain.errors import Refused, refusal
from domain.review.state import SignOff, Stocktaking
from domain.times import day_in, written
from domain.values import PersonalSignature

NAMESPACE = "uptake-review"
DRAFT, FOLDER = "draft.json", "sign-offs"
MAXIMUM_SIZE = 4096
"""Bytes of a signature as text; those of the keys that are read have about 300 to 400."""
_PLAIN, _FIDO = b"ssh-ed25519", b"sk-ssh-ed25519@openssh.com"
_USER_WAS_THERE = 1
"""The flag of a FIDO key that says that a person touched it."""


def draft_bytes(register: str, review: str, as_of: str, summary: str, translations: dict[str, dict[str, str]]) -> bytes:
    """Return what people sign: the summary of a review in all languages, as canonical JSON (RFC 8785)."""
    return canonical_json(
        {"as_of": as_of, "register": register, "review": review, "summary": summary, "translations": translations}
    )


def draft_of(register: str, review: str, as_of: str, preparation: Stocktaking) -> bytes:
    return draft_bytes(register, review, as_of, preparation.summary, preparation.translations)


def signers(sign_offs: Sequence[SignOff], time_zone: str) -> list[Signer]:
    """Who signed off, as pages and reports name them; days are those of the time zone."""
    return [
        Signer(s.name, day_in(time_zone, s.at).isoformat(), fingerprint(s.signature) if s.signature else "")
        for s in sign_offs
        if s.at
    ]


def sign_off_files(metadata: SnapshotMetadata, sign_offs: Sequence[SignOff]) -> dict[str, bytes]:
    """Return the files about those who signed off a review: a list, and what `ssh-keygen` needs to check signatures.

    Raises `Refused` for a signature that is not one of the draft.
    """
    if not sign_offs:
        return {}
    m, files = metadata, dict[str, bytes]()
    draft = draft_bytes(m.register, m.review, m.as_of, m.summary, m.translations)
    for number, signature in enumerate((s.signature for s in sign_offs), 1):
        if signature:
            if read_signature(signature.text.encode(), draft).key != signature.key:
                raise Refused("A signature of the draft was made by another key than the one beside it.")
            files[f"{FOLDER}/{DRAFT}"] = draft
            files[f"{FOLDER}/{number}.sig"] = signature.text.encode()
    rows = [_row(number, s) for number, s in enumerate(sign_offs, 1)]
    return {f"{FOLDER}/list.json": canonical_json(rows), **files}


def _row(number: int, sign_off: SignOff) -> dict[str, object]:
    assert sign_off.at is not None
    row: dict[str, object] = {"at": written(sign_off.at), "name": sign_off.name, "number": number}
    return row | ({"key": sign_off.signature.key} if sign_off.signature else {})


def read_signature(text: bytes, draft: bytes) -> PersonalSignature:
    """Return the signature in a file that `ssh-keygen` wrote. Raises `Refused` unless it signs these bytes."""
    try:
        blob = _unarmor(text)
        key, algorithm, signature = _split(blob)
        _verify(key, signature, sshsig.to_sign(draft, NAMESPACE, algorithm))
    except (ValueError, Error):
        raise Refused(
            refusal(
                "This is not a signature by an Ed25519 key of SSH or FIDO in the namespace {namespace}. "
                "Make one as the page shows, and send the file that ends with “.sig”.",
                namespace=NAMESPACE,
                field="signature",
            )
        ) from None
    except InvalidSignature:
        raise Refused(
            refusal(
                "The signature is not one of this draft. Download the draft again, sign that file, and send the "
                "new signature.",
                field="signature",
            )
        ) from None
    kind, _ = _take(key)
    return PersonalSignature(key=f"{kind.decode()} {b64encode(key).decode()}", text=sshsig.armor_blob(blob).decode())


def fingerprint(signature: PersonalSignature) -> str:
    """The fingerprint of the key, as `ssh-keygen -l` prints it."""
    digest = sha256(b64decode(signature.key.split()[1])).digest()
    return f"SHA256:{b64encode(digest).decode().rstrip('=')}"


def _unarmor(text: bytes) -> bytes:
    """Raises `ValueError` if it is not a signature in the armor of OpenSSH."""
    if len(text) > MAXIMUM_SIZE:
        raise ValueError
    lines = text.decode("ascii").split()
    head, end = sshsig.BEGIN.split(), sshsig.END.split()
    if lines[: len(head)] != head or lines[-len(end) :] != end:
        raise ValueError
    return b64decode("".join(lines[len(head) : -len(end)]), validate=True)


def _split(blob: bytes) -> tuple[bytes, bytes, bytes]:
    """Return public key, hash algorithm and signature of a signature in the right namespace. Raises `ValueError`."""
    if blob[:10] != b"SSHSIG" + (1).to_bytes(4, "big"):
        raise ValueError
    key, rest = _take(blob[10:])
    namespace, rest = _take(rest)
    reserved, rest = _take(rest)
    algorithm, rest = _take(rest)
    signature, rest = _take(rest)
    if rest or reserved or namespace != NAMESPACE.encode() or algorithm not in (b"sha256", b"sha512"):
        raise ValueError
    return key, algorithm, signature


def _verify(key: bytes, signature: bytes, message: bytes) -> None:
    """Raises `InvalidSignature`, or `ValueError` for a key or a signature of another kind."""
    kind, rest = _take(key)
    public, application = _take(rest)
    signed_kind, rest = _take(signature)
    raw, counted = _take(rest)
    if kind != signed_kind or len(public) != 32 or is_weak(public):
        raise ValueError
    if kind == _FIDO:
        name, end = _take(application)
        if end or len(counted) != 5 or not counted[0] & _USER_WAS_THERE:
            raise ValueError
        message = sha256(name).digest() + counted + sha256(message).digest()
    elif kind != _PLAIN or application or counted:
        raise ValueError
    Ed25519PublicKey.from_public_bytes(public).verify(raw, message)


def _take(data: bytes) -> tuple[bytes, bytes]:
    """Split a string with its length (RFC 4251, 5) from what follows it. Raises `ValueError` if it is cut off."""
    end = 4 + int.from_bytes(data[:4], "big")
    if len(data) < 4 or len(data) < end:
        raise ValueError
    return data[4:end], data[end:]
