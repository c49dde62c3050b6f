"""Files with private keys: the name of the key on the first line, then the key as PEM. Their owner alone reads them."""

import os
import tempfile
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from msgspec import Struct

from app.adapters.key_settings import KeySource
from app.services.transparency.signed_notes import Verifier
from domain.errors import Refused
from projections.engine.private_files import make_private_folder


class SigningKey(Struct, frozen=True):
    name: str
    private: Ed25519PrivateKey

    @property
    def verifier(self) -> Verifier:
        return Verifier(self.name, self.private.public_key().public_bytes_raw())


def read_key_file(file: Path) -> SigningKey:
    """Return the key in a file. Raises `Refused` if there is none."""
    return read_key(KeySource("", "", file, is_set=False))


def read_key(source: KeySource) -> SigningKey:
    """Return the key in a setting or a file. Raises `Refused` if there is none."""
    try:
        name, _, pem = source.read().partition("\n")
        private = serialization.load_pem_private_key(pem.encode("ascii"), None)
    except ValueError:
        raise Refused(f"{source.place} does not contain the signing key. {source.cure}") from None
    if not isinstance(private, Ed25519PrivateKey):
        raise Refused(f"{source.place} has a key of another kind. {source.cure}")
    return SigningKey(name, private)


def write_key_file(file: Path, key: SigningKey, *, replace: bool = False) -> None:
    pem = key.private.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    write_private_file(file, f"{key.name}\n".encode() + pem, replace=replace)


def write_private_file(file: Path, content: bytes, *, replace: bool = True) -> None:
    """Write atomically and durably, readable by the owner only; without `replace`, an existing file stays."""
    make_private_folder(file.parent)
    # A name of its own for each call: threads of one process write the first key at the same moment too.
    handle, name = tempfile.mkstemp(dir=file.parent, prefix=f"{file.stem}.", suffix=".new")
    temporary = Path(name)
    with os.fdopen(handle, "wb") as stream:
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())
    if replace:
        temporary.replace(file)
        return
    try:
        os.link(temporary, file)
    except FileExistsError:
        pass
    finally:
        temporary.unlink()
