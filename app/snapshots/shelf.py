"""Where packages are kept: by the digest of their bytes, so that none can take another's place."""

import os
import tempfile
from hashlib import sha256
from pathlib import Path

from app.settings import Settings
from domain.errors import NotFound, say


def put(settings: Settings, package: bytes) -> str:
    """Keep a package, whole or not at all; returns its SHA-256 in hexadecimal."""
    digest = sha256(package).hexdigest()
    write_whole(_file(settings, digest), package)
    return digest


def get(settings: Settings, digest: str) -> Path:
    """The file of a package. Raises `NotFound` where it is not kept on this machine."""
    file = _file(settings, digest)
    if not file.is_file():
        raise NotFound(say("The package {digest} is not kept here; restore it from a backup.", digest=digest[:12]))
    return file


def write_whole(file: Path, content: bytes) -> None:
    """Write a file so that nobody ever sees a part of it. Raises `OSError`; then nothing is left behind."""
    file.parent.mkdir(parents=True, exist_ok=True)
    handle, beside = tempfile.mkstemp(dir=file.parent, prefix=".new-")
    try:
        with os.fdopen(handle, "wb") as opened:
            opened.write(content)
            opened.flush()
            os.fsync(opened.fileno())
        Path(beside).chmod(0o644)
        Path(beside).replace(file)
    except BaseException:
        Path(beside).unlink(missing_ok=True)
        raise


def _file(settings: Settings, digest: str) -> Path:
    return settings.data_dir / "snapshots" / f"{digest}.zip"
