"""Keys of people, as files of OpenSSH, and a FIDO key in software."""

import subprocess
from base64 import b64encode
from hashlib import sha256, sha512
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

FIDO = b"sk-ssh-ed25519@openssh.com"


def sign_with_ssh(folder: Path, message: bytes, *, kind: str = "ed25519", namespace: str = "uptake-review") -> bytes:
    """Sign with a new key; return the signature file that `ssh-keygen` writes."""
    folder.mkdir(exist_ok=True)
    key, file = folder / kind, folder / "draft.json"
    if not key.exists():
        subprocess.run(["ssh-keygen", "-q", "-t", kind, "-N", "", "-f", key], check=True)
    file.write_bytes(message)
    Path(f"{file}.sig").unlink(missing_ok=True)
    subprocess.run(["ssh-keygen", "-q", "-Y", "sign", "-n", namespace, "-f", key, file], check=True)
    return Path(f"{file}.sig").read_bytes()


def sign_with_fido(message: bytes, *, flags: int = 1, namespace: bytes = b"uptake-review") -> bytes:
    """Sign as a FIDO key does (OpenSSH, PROTOCOL.u2f). `flags` 1: a person touched it."""
    key, application, counted = Ed25519PrivateKey.generate(), b"ssh:", bytes([flags]) + (7).to_bytes(4, "big")
    to_sign = b"SSHSIG" + _string(namespace) + _string(b"") + _string(b"sha512") + _string(sha512(message).digest())
    raw = key.sign(sha256(application).digest() + counted + sha256(to_sign).digest())
    public = _string(FIDO) + _string(key.public_key().public_bytes_raw()) + _string(application)
    blob = b"SSHSIG" + (1).to_bytes(4, "big") + _string(public) + _string(namespace) + _string(b"")
    blob += _string(b"sha512") + _string(_string(FIDO) + _string(raw) + counted)
    return b"-----BEGIN SSH SIGNATURE-----\n" + b64encode(blob) + b"\n-----END SSH SIGNATURE-----\n"


def check_with_ssh(folder: Path, message: bytes, signature: bytes) -> bool:
    """Whether `ssh-keygen` finds the signature good, with any key."""
    folder.mkdir(exist_ok=True)
    file = folder / "checked.sig"
    file.write_bytes(signature)
    command = ["ssh-keygen", "-Y", "check-novalidate", "-n", "uptake-review", "-s", str(file)]
    return subprocess.run(command, input=message, capture_output=True, check=False).returncode == 0


def _string(data: bytes) -> bytes:
    return len(data).to_bytes(4, "big") + data
