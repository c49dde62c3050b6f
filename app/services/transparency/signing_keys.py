"""The key that signs checkpoints: one per installation, readable by its owner only. Former public keys remain."""

import json
import os
import tempfile
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from msgspec import Struct

from app.adapters.settings import Settings
from app.services.transparency.signed_notes import Verifier
from domain.errors import Refusal, Refused, refusal
from projections.engine.private_files import make_private_folder


class SigningKey(Struct, frozen=True):
    name: str
    private: Ed25519PrivateKey

    @property
    def verifier(self) -> Verifier:
        return Verifier(self.name, self.private.public_key().public_bytes_raw())


def signing_key(settings: Settings) -> SigningKey:
    """Return the current key; creates it if needed, named after the current public host, which never changes."""
    file = _key_file(settings)
    if not file.is_file():
        _write_key(file, SigningKey(settings.origin, Ed25519PrivateKey.generate()))
    try:
        name, _, pem = file.read_text("ascii").partition("\n")
        private = serialization.load_pem_private_key(pem.encode(), None)
    except ValueError:
        raise Refused(f"{file} does not contain the signing key. Put the right file back.") from None
    if not isinstance(private, Ed25519PrivateKey):
        raise Refused(f"{file} has a key of another kind. Use an Ed25519 key.")
    return SigningKey(name, private)


def host_problem(settings: Settings) -> Refusal | None:
    """What is wrong if the key was made for another host than the site has now: signatures would name the old one."""
    key = signing_key(settings)
    if key.name == settings.origin:
        return None
    return refusal(
        "The signing key is of {key}, but the address of this site is {address}. Set UPTAKE_BASE_URL to the right "
        "address, or make a key for it with “uptake key rotate”.",
        key=key.name,
        address=settings.base_url,
    )


def known_keys(settings: Settings) -> list[Verifier]:
    """Return the public keys of all signing keys, current first."""
    former_file = _former_keys_file(settings)
    former_keys = json.loads(former_file.read_text("utf-8")) if former_file.is_file() else []
    return [signing_key(settings).verifier, *(Verifier(f["name"], bytes.fromhex(f["public"])) for f in former_keys)]


def rotate_signing_key(settings: Settings) -> SigningKey:
    """Replace the signing key; saves the old public key and destroys the old private key."""
    old, former_file = signing_key(settings), _former_keys_file(settings)
    former_keys = json.loads(former_file.read_text("utf-8")) if former_file.is_file() else []
    former_keys.append({"name": old.name, "public": old.verifier.public.hex()})
    _write_file(former_file, json.dumps(former_keys, indent=1).encode())
    _write_key(_key_file(settings), SigningKey(settings.origin, Ed25519PrivateKey.generate()), replace=True)
    return signing_key(settings)


def _key_file(settings: Settings) -> Path:
    return settings.data_dir / "keys" / "signing.pem"


def _former_keys_file(settings: Settings) -> Path:
    return settings.data_dir / "keys" / "former.json"


def _write_key(file: Path, key: SigningKey, *, replace: bool = False) -> None:
    pem = key.private.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    _write_file(file, f"{key.name}\n".encode() + pem, replace=replace)


def _write_file(file: Path, content: bytes, *, replace: bool = True) -> None:
    """Write atomically, readable by the owner only; without `replace`, an existing file stays."""
    make_private_folder(file.parent)
    # A name of its own for each call: threads of one process write the first key at the same moment too.
    handle, name = tempfile.mkstemp(dir=file.parent, prefix=f"{file.stem}.", suffix=".new")
    temporary = Path(name)
    with os.fdopen(handle, "wb") as stream:
        stream.write(content)
    if replace:
        temporary.replace(file)
        return
    try:
        os.link(temporary, file)
    except FileExistsError:
        pass
    finally:
        temporary.unlink()
