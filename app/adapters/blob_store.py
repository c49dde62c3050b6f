"""Files in a folder, named by their SHA-256. The same bytes are stored once."""

import os
import tempfile
from hashlib import sha256
from pathlib import Path

from domain.errors import Refused, refusal
from projections.engine.private_files import make_private_folder


class BlobStore:
    """Creates `folder`, readable by its owner only, when the first file is stored."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def put(self, content: bytes) -> str:
        """Store bytes durably; returns their digest."""
        digest = sha256(content).hexdigest()
        path = self._path(digest)
        if path.exists():
            return digest
        make_private_folder(path.parent)
        with tempfile.NamedTemporaryFile(dir=path.parent, prefix=".new-", delete=False) as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(file.name).replace(path)
        return digest

    def get(self, digest: str) -> bytes:
        """Return the bytes after checking their digest. Raises `Refused`."""
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
        """Signal to every process that files or notes changed, by the folder's modification time."""
        make_private_folder(self.folder)
        os.utime(self.folder)

    def last_changed(self) -> int:
        """When `mark_changed` last ran, in nanoseconds; 0 if never."""
        return self.folder.stat().st_mtime_ns if self.folder.is_dir() else 0

    def _path(self, digest: str) -> Path:
        assert len(digest) == 64
        assert digest.isalnum()
        return self.folder / digest[:2] / digest
