"""Bytes in a folder, under their SHA-256: the same bytes lie there once, whoever brings them."""

import os
import tempfile
from hashlib import sha256
from pathlib import Path

from domain.errors import Refused, refusal


class BlobStore:
    """`folder` is made, for its owner only, when the first bytes are put into it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def put(self, content: bytes) -> str:
        """Keep bytes; returns their digest. When this returns they are on the disk, whole."""
        digest = sha256(content).hexdigest()
        path = self._path(digest)
        if path.exists():
            return digest
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with tempfile.NamedTemporaryFile(dir=path.parent, prefix=".new-", delete=False) as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(file.name).replace(path)
        return digest

    def get(self, digest: str) -> bytes:
        """The bytes; never others than those that were put there. Raises `Refused`."""
        try:
            content = self._path(digest).read_bytes()
        except FileNotFoundError:
            raise Refused(refusal("The saved file is missing. Contact your administrator.")) from None
        if sha256(content).hexdigest() != digest:
            raise Refused(refusal("The saved file is damaged, so you cannot download it. Contact your administrator."))
        return content

    def drop(self, digest: str) -> None:
        self._path(digest).unlink(missing_ok=True)

    def mark_changed(self) -> None:
        """Let every process know that what is shown beside the evidence changed: the folder's own time says so."""
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        os.utime(self.folder)

    def last_changed(self) -> int:
        """When that was last."""
        return self.folder.stat().st_mtime_ns if self.folder.is_dir() else 0

    def _path(self, digest: str) -> Path:
        assert len(digest) == 64
        assert digest.isalnum()
        return self.folder / digest[:2] / digest
