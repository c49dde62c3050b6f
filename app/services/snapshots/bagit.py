"""The package as a BagIt bag (RFC 8493): payload, manifests, signature, in one stored zip with fixed times."""

from collections.abc import Iterator, Mapping
from hashlib import sha256
from typing import IO

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from app.services.bundles.writing import write_zip
from app.services.snapshots import sshsig
from app.services.snapshots.metadata import SnapshotMetadata
from app.services.snapshots.standalone_verifier import GUIDES
from app.services.transparency.key_files import SigningKey

MANIFEST, TAGS = "manifest-sha256.txt", "tagmanifest-sha256.txt"
SIGNATURE, SIGNERS = f"{MANIFEST}.sig", "allowed_signers"
PAYLOAD = "data/"
Files = Mapping[str, bytes]
"""File contents by path in the bag."""


class Bag(Mapping[str, bytes]):
    """A view of the tag files and the payload as one bag; it copies nothing."""

    def __init__(self, tags: Mapping[str, bytes], payload: Mapping[str, bytes]) -> None:
        self._tags, self._payload = tags, payload

    def __getitem__(self, path: str) -> bytes:
        if path in self._tags or not path.startswith(PAYLOAD):
            return self._tags[path]
        return self._payload[path.removeprefix(PAYLOAD)]

    def __iter__(self) -> Iterator[str]:
        yield from self._tags
        yield from (PAYLOAD + path for path in self._payload)

    def __len__(self) -> int:
        return len(self._tags) + len(self._payload)


def check_commands(identity: str) -> dict[str, str]:
    """The shell commands that check an unpacked package: its checksums and its signature."""
    verify = f"ssh-keygen -Y verify -f {SIGNERS} -I {identity} -n {sshsig.NAMESPACE}"
    return {"sums": f"sha256sum -c {MANIFEST}", "signature": f"{verify} \\\n        -s {SIGNATURE} < {MANIFEST}"}


def build_bag(metadata: SnapshotMetadata, payload: Mapping[str, bytes], key: SigningKey) -> Files:
    """Return the signed bag."""
    manifest = build_manifest(payload, PAYLOAD)
    return build_bag_with_signature(
        metadata, payload, sshsig.sign(manifest, key.private), _signers(key.name, key.private)
    )


def build_bag_with_signature(
    metadata: SnapshotMetadata, payload: Mapping[str, bytes], signature: bytes, signers: bytes
) -> Files:
    """Return the bag around a payload, with an existing signature."""
    identity = signers.split(b" ", 1)[0].decode("utf-8", "replace")
    tags = {
        "bagit.txt": b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n",
        "bag-info.txt": _info(metadata, payload),
        MANIFEST: build_manifest(payload, PAYLOAD),
        SIGNATURE: signature,
        SIGNERS: signers,
        "VERIFY.md": GUIDES[metadata.format].replace("{origin}", identity).encode(),
    }
    return Bag(tags | {TAGS: build_manifest(tags)}, payload)


def write_bag(metadata: SnapshotMetadata, files: Files, dest: IO[bytes]) -> None:
    """Write the bag as one zip."""
    write_zip(((f"{metadata.name}/{name}", content) for name, content in files.items()), dest)


def build_manifest(files: Mapping[str, bytes], folder: str = "") -> bytes:
    return "".join(f"{sha256(files[name]).hexdigest()}  {folder}{name}\n" for name in sorted(files)).encode()


def _signers(identity: str, key: Ed25519PrivateKey) -> bytes:
    return sshsig.allowed_signers(identity, key.public_key().public_bytes_raw())


def _info(metadata: SnapshotMetadata, payload: Files) -> bytes:
    octets = sum(len(content) for content in payload.values())
    lines = [
        f"Source-Organization: {metadata.origin}",
        f"External-Identifier: {metadata.address}",
        f"Bagging-Date: {metadata.known_at[:10]}",
        f"Payload-Oxum: {octets}.{len(payload)}",
    ]
    return ("\n".join(lines) + "\n").encode()
